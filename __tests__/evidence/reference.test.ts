import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Encoder, withDigest } from '../../src/encoder/encoder.ts';
import { describeReference } from '../../src/evidence/reference.ts';
import { openStore, type Store } from '../../src/evidence/store.ts';
import { deadLeaves, type ReferenceSet } from '../../src/reference/built-in.ts';
import { drawDeadLeaves } from '../../src/reference/dead-leaves.ts';
import { loadNatives, type Natives } from '../../src/runtime/natives.ts';
import { rankings } from '../../src/verdict/ranking.ts';
import { drawRepository, measureText, type Run, stripeManifest, temporaryFolders } from '../helpers/stripes.ts';
import { meanOfChannels, plain, tinyNetwork } from '../helpers/tiny-network.ts';

const folders = temporaryFolders();
afterAll(() => folders.clear());
afterEach(() => vi.unstubAllEnvs());

const few: ReferenceSet = { id: 'few', images: 6, digest: 'few' };

/** The mean of each channel, from 0 to 1, in the image's own size. */
function meanColour(id: string, std: [number, number, number] = [1, 1, 1]): Encoder {
  return withDigest({
    id,
    name: id,
    model: tinyNetwork(['N', 3, 256, 256], 3, meanOfChannels),
    input: 'input',
    layout: 'NCHW',
    channels: 3,
    height: 256,
    width: 256,
    preprocessing: { ...plain, std },
    fixedBatch: null,
    output: 'features',
    dimension: 3,
    sees: '',
    parameters: 0,
    notes: [],
  });
}

describe('the built-in reference', { timeout: 60_000 }, () => {
  let natives: Natives;
  let temporary: string;
  let store: Store;
  const look = (encoders: readonly Encoder[], more: { signal?: AbortSignal } = {}) => {
    let read = 0;
    const onProgress = (done: number) => {
      read = done;
    };
    const options = { device: 'cpu' as const, natives: natives.from, sharp: natives.sharp!, onProgress, ...more };
    return describeReference(few, encoders, store, options).then((described) => ({ ...described, read }));
  };

  beforeAll(async () => {
    natives = await loadNatives({ need: ['onnxruntime-node', 'sharp'], log: () => {} });
    temporary = await folders.make('temporary');
    store = openStore(await folders.make('store'));
  });

  it('is described as any image is, from files that are gone afterwards', async () => {
    vi.stubEnv('TMPDIR', temporary);
    const encoder = meanColour('mean');
    const { features, read } = await look([encoder]);
    expect(read).toBe(6);
    const rows = features.get(encoder.digest)!;
    expect(rows).toMatchObject({ rows: 6, columns: 3 });
    for (let index = 0; index < 6; index++) {
      const { data } = drawDeadLeaves(index);
      for (const channel of [0, 1, 2]) {
        const levels = data.filter((_, at) => at % 3 === channel);
        const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length / 255;
        expect(rows.data[index * 3 + channel]).toBeCloseTo(mean, 4);
      }
    }
    expect((await readdir(temporary)).filter((name) => name.startsWith('transfer-evidence-'))).toEqual([]);
  });

  it('is drawn again only for an encoder that is new', async () => {
    const known = meanColour('under another name');
    const other = meanColour('other', [0.5, 1, 1]);
    expect((await look([known])).read).toBe(0);
    const { features, read } = await look([known, other]);
    expect(read).toBe(6);
    const [first, second] = [known, other].map(({ digest }) => features.get(digest)!.data[0]!);
    expect(second! / first!).toBeCloseTo(2, 4);
    expect((await look([known, other])).read).toBe(0);
  });

  it('says where it could not be written', async () => {
    const missing = join(temporary, 'not-there');
    vi.stubEnv('TMPDIR', missing);
    await expect(look([meanColour('new', [0.25, 1, 1])])).rejects.toMatchObject({
      code: 'runtime-missing',
      message: expect.stringContaining(`cannot be written to ${missing} (`),
    });
    await expect(access(missing)).rejects.toThrow();
  });

  it('is heard when it is to stop', async () => {
    const reason = new Error('enough');
    await expect(look([meanColour('newer', [0.2, 1, 1])], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe('evidence with the built-in reference', { timeout: 90_000 }, () => {
  let folder: string;
  let store: string;
  let off: Run;
  let run: Run;
  const text = stripeManifest({
    evidence:
      '{ encoders: [{ id: small, ref: weights/edges.onnx }], images: 40, seeds: 3, configurations: 1, probes: [linear] }',
  });

  beforeAll(async () => {
    folder = await folders.make('repository');
    store = await folders.make('store');
    await drawRepository(folder);
    off = await measureText(folder, text.replace('images: 40', 'images: 40, reference: off'), store);
    run = await measureText(folder, text, store);
  }, 90_000);

  it('holds its distance to the target and each source’s difference from it, and nothing else of it', () => {
    const { reference, ...rest } = run.evidence!;
    expect(reference).toMatchObject({ id: 'dead leaves', images: 200, digest: deadLeaves.digest });
    expect(reference!.measurements).toMatchObject([
      { measure: 'embedding.mmd', encoder: 'small', candidate: 'dead leaves', n: { target: 40, source: 200 } },
    ]);
    expect(reference!.measurements[0]!.details.sourceImages).toBe(30);
    const pairs = reference!.comparisons.map(({ measure, subject, object }) => [measure, subject, object]);
    expect(pairs).toEqual([
      ['embedding.mmd', 'edges', 'dead leaves'],
      ['embedding.mmd', 'colour', 'dead leaves'],
    ]);
    expect(JSON.stringify(rest)).not.toContain('dead leaves');
  });

  it('has every other number as without it', () => {
    const numbers = ({ evidence }: Run) => ({ ...evidence, plan: '', reference: null, timings: null });
    expect(off.evidence!.reference).toBeNull();
    expect(numbers(run)).toEqual(numbers(off));
    expect(rankings(run.evidence!)).toEqual(rankings(off.evidence!));
    expect(run.evidence!.plan).not.toBe(off.evidence!.plan);
    expect(run.told.steps.get('Reading the reference images')).toBe(200);
    expect(off.told.steps.has('Reading the reference images')).toBe(false);
  });

  it('is not drawn where no candidate has images', async () => {
    const bare = text
      .replaceAll(', sample: data/near', '')
      .replaceAll(', sample: data/far', '')
      .replace(/ {2}claims:\n(?: {4}.*\n)+/, '');
    const { evidence, told } = await measureText(folder, bare, await folders.make('store'));
    expect(evidence!.reference).toBeNull();
    expect(told.steps.has('Reading the reference images')).toBe(false);
  });
});
