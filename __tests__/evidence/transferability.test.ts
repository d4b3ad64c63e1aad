import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReadSet } from '../../src/evidence/describe-sets.ts';
import { evidenceSchema, type Measurement } from '../../src/evidence/schema.ts';
import { openStore, type Store } from '../../src/evidence/store.ts';
import { measureTransferability, type TransferabilityRequest } from '../../src/evidence/transferability.ts';
import { type Matrix, matrix } from '../../src/matrix.ts';
import { transferabilityMeasures } from '../../src/measures.ts';
import { describeVisually, visualColumns } from '../../src/similarity/visual/index.ts';
import { leep } from '../../src/transferability/leep.ts';
import { labelledSet, softmaxRows } from '../helpers/labelled.ts';
import { normalRows } from '../helpers/sets.ts';

let folder: string;
let store: Store;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scores-'));
  store = openStore(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const { features, labels } = labelledSet({ perClass: 60, classes: 2, columns: 10, apart: 2 });
const looks = describeVisually({ width: 16, height: 16, data: new Uint8Array(16 * 16 * 3).fill(90) } as never);

/** A target as it was read: grey images, and features by network. */
function target(known: Record<string, Matrix>, change: (label: number) => number[] = (label) => [label]): ReadSet {
  const visual = matrix(new Float64Array(labels.length * visualColumns), labels.length, visualColumns);
  labels.forEach((_, row) => {
    visual.data.set(looks, row * visualColumns);
  });
  return {
    digest: `target of ${Object.keys(known)}`,
    groups: labels.map((_, i) => `p${i}`),
    visual,
    features: new Map(Object.entries(known)),
    images: labels.map((label, i) => ({ id: `${i}.png`, labels: change(label) })) as never,
    unreadable: [],
    devices: ['cpu'],
  };
}

const network = (digest: string, classes = 0) =>
  ({ digest, heads: classes === 0 ? [] : [{ digest: `head of ${digest}`, classes }] }) as never;
const known = {
  good: features,
  noise: normalRows(120, 10, 1),
  wide: normalRows(120, 24, 2),
  random: normalRows(120, 10, 3),
};
const request = (rest: Partial<TransferabilityRequest> = {}): TransferabilityRequest => ({
  networks: {
    own: new Map([
      ['good', network('good', 10)],
      ['noise', network('noise', 10)],
      ['wide', network('wide', 24)],
    ]),
    random: new Map([['good', [network('random', 10)]]]),
  },
  target: target({
    ...known,
    ...Object.fromEntries(Object.entries(known).map(([id, rows]) => [`head of ${id}`, softmaxRows(rows)])),
  }),
  task: 'binary',
  seed: 4,
  ...rest,
});
const options = { progress: () => undefined };

describe('transferability in the evidence', { timeout: 60_000 }, () => {
  it('has every score of every candidate beside its null and baselines, and every paired difference', async () => {
    const { measurements, comparisons, findings, known } = await measureTransferability(request(), store, options);
    expect(known).toBe(0);
    expect(evidenceSchema.shape.measurements.parse(measurements)).toEqual(measurements);
    expect(evidenceSchema.shape.comparisons.parse(comparisons)).toEqual(comparisons);
    expect(findings).toEqual([]);
    expect(measurements.map(({ measure, candidate }) => `${measure} ${candidate}`)).toEqual(
      transferabilityMeasures.flatMap((measure) => ['good', 'noise', 'wide'].map((id) => `${measure} ${id}`)),
    );
    for (const { measure, candidate, estimate, readAgainst, p } of measurements) {
      const names = readAgainst.map(({ name }) => name);
      const grows = ['transferability.h_score', 'transferability.gbc'].includes(measure);
      // Mean colour has three features, so where the number of features counts it is no yardstick; it is grey here.
      expect(names.filter((name) => name !== 'mean_colour')).toEqual(
        candidate === 'good' ? ['label_shuffled', 'scratch'] : ['label_shuffled'],
      );
      const head = ['transferability.leep', 'transferability.nce'].includes(measure);
      if (grows || head) expect(names).not.toContain('mean_colour');
      expect(estimate!.low).toBeLessThanOrEqual(estimate!.value);
      if (candidate === 'good') expect(p).toBe(1 / 40);
    }
    expect(measurements.find(({ measure }) => measure === 'transferability.logme')!.readAgainst[1]).toMatchObject({
      name: 'mean_colour',
      value: expect.any(Number),
    });
    const pairs = (measure: string) => comparisons.filter((one) => one.measure === measure);
    for (const measure of transferabilityMeasures) {
      const unequal = ['transferability.h_score', 'transferability.gbc'].includes(measure);
      expect(pairs(measure).map(({ subject, object, estimate }) => [subject, object, estimate !== null])).toEqual([
        ['good', 'noise', true],
        ['good', 'wide', !unequal],
        ['noise', 'wide', !unequal],
      ]);
      expect(pairs(measure)[0]!.estimate!.low).toBeGreaterThan(0);
    }
    expect(pairs('transferability.gbc')[1]!.refused).toMatch(/good has 10 and wide 24/);
    expect(pairs('transferability.knn')[0]!.p).toBeLessThan(0.05);
    expect(pairs('transferability.logme')[0]!.p).toBeUndefined();
  });

  it('is taken from the store the next time, to the last bit, and not for another seed', async () => {
    const again = await measureTransferability(request(), store, options);
    const fresh = await measureTransferability(request(), openStore(join(folder, 'other')), options);
    expect(again.known).toBe(24);
    expect(JSON.stringify({ ...again, known: 0 })).toBe(JSON.stringify(fresh));
    expect((await measureTransferability(request({ seed: 5 }), store, options)).known).toBe(0);
  });

  it('says once what it refused and why', async () => {
    const few = target({ good: features });
    const heads = { digest: 'head of good', classes: 10 };
    few.features = new Map([...few.features, [heads.digest, softmaxRows(features)]]);
    const half = { ...few, images: few.images.map((image, i) => ({ ...image, labels: [i < 30 ? 1 : 0] })) };
    const { measurements, findings } = await measureTransferability(
      request({ target: { ...half, digest: 'few' } }),
      store,
      options,
    );
    const refusals = measurements.filter(({ estimate }) => estimate === null);
    expect(refusals.map(({ measure }) => measure)).toEqual(['transferability.nleep']);
    expect(findings).toMatchObject([
      { code: 'measure_refused', measure: 'transferability.nleep', text: expect.stringContaining('the rarest has 30') },
    ]);
  });

  it('reads the head that a random twin shares with the candidate, by its number of classes', async () => {
    const twin = {
      digest: 'random',
      heads: [
        { digest: 'other head', classes: 24 },
        { digest: 'head of random', classes: 10 },
      ],
    } as never;
    const { networks, ...rest } = request();
    const of = async (random: never) =>
      (
        await measureTransferability(
          { ...rest, networks: { ...networks, random: new Map([['good', [random]]]) } },
          store,
          options,
        )
      ).measurements.find(({ measure, candidate }) => measure === 'transferability.leep' && candidate === 'good')!;
    const scratchOf = ({ readAgainst }: Measurement) => readAgainst.find(({ name }) => name === 'scratch')?.value;
    const found = scratchOf(await of(twin));
    expect(found).toBeCloseTo(leep(softmaxRows(known.random), labels), 12);
    expect(scratchOf(await of(network('random', 24)))).toBeUndefined();
  });

  it('has no LEEP and NCE of a network without a head: refused, told in its details, and no finding', async () => {
    const { networks, ...rest } = request();
    const own = new Map([...networks.own, ['noise', network('noise')] as const]);
    const { measurements, comparisons, findings } = await measureTransferability(
      { ...rest, networks: { ...networks, own } },
      store,
      options,
    );
    expect(findings).toEqual([]);
    const heads = measurements.filter(({ measure }) => /leep|nce$/.test(measure) && !measure.includes('nleep'));
    expect(
      heads.map(({ candidate, estimate, details }) => [candidate, estimate === null, details.sourceClasses]),
    ).toEqual(
      ['leep', 'nce'].flatMap(() => [
        ['good', false, 10],
        ['noise', true, null],
        ['wide', false, 24],
      ]),
    );
    expect(heads[1]!.refused).toContain('no source head');
    const pair = comparisons.find(({ measure, object }) => measure === 'transferability.leep' && object === 'noise')!;
    expect([pair.estimate, pair.refused]).toEqual([null, heads[1]!.refused]);
    const scored = measurements.filter(
      ({ measure, candidate }) => measure === 'transferability.knn' && candidate === 'noise',
    );
    expect(scored[0]!.estimate).not.toBeNull();
  });

  it('is not defined for several labels an image, and says so once', async () => {
    const several = target({ good: features }, (label) => (label === 0 ? [] : [0, 1]));
    const { measurements, findings } = await measureTransferability(
      request({ target: several, task: 'multilabel' }),
      store,
      options,
    );
    expect(measurements).toEqual([]);
    expect(findings).toMatchObject([{ code: 'measure_refused', text: expect.stringContaining('several labels') }]);
  });

  it('has nothing to say without labels or features', async () => {
    const none = { measurements: [], comparisons: [], findings: [], known: 0 };
    expect(await measureTransferability(request({ task: 'unlabelled' }), store, options)).toEqual(none);
    expect(await measureTransferability(request({ target: target({}) }), store, options)).toEqual(none);
  });

  it('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('Stopped by a test.'));
    await expect(measureTransferability(request({ seed: 6 }), store, { ...options, signal })).rejects.toThrow(
      'Stopped',
    );
  });
});
