import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Evidence, evidenceSchema } from '../../src/evidence/schema.ts';
import { seededRandom } from '../../src/random.ts';
import { decide } from '../../src/verdict/decide.ts';
import { judge } from '../../src/verdict/judge.ts';
import { writeDamaged } from '../helpers/pictures.ts';
import {
  drawRepository,
  drawStripes,
  edgeNetwork,
  measureText,
  type Run,
  stripeManifest,
  temporaryFolders,
  writeFiles,
} from '../helpers/stripes.ts';

const folders = temporaryFolders();
const scratchFolders = temporaryFolders();
let drawn: string;
let folder: string;

beforeAll(async () => {
  drawn = await folders.make('drawn');
  await drawRepository(drawn);
});
beforeEach(async () => {
  folder = await scratchFolders.make('repository');
  await cp(drawn, folder, { recursive: true });
});
afterEach(() => scratchFolders.clear());
afterAll(() => folders.clear());

const measureIn = async (text: string): Promise<Run> => measureText(folder, text, await scratchFolders.make('store'));
const quick =
  '{ encoders: [{ id: small, ref: weights/edges.onnx }], images: 40, seeds: 3, configurations: 1, reference: off, probes: [linear] }';
const probeOnly = (id: string, network = id) => `{ id: ${id}, weights: weights/${network}.onnx }`;
const codesOf = (evidence: Evidence | null) => evidence!.findings.map(({ code, about }) => `${code} ${about}`);

describe('evidence of particular repositories', { timeout: 60_000 }, () => {
  it('has a tie, exactly 0, between two names of one candidate, whatever is claimed', async () => {
    const text = stripeManifest({
      candidates: [
        '{ id: first, weights: weights/edges.onnx, sample: data/near }',
        '{ id: second, weights: weights/edges.onnx, sample: data/near }',
      ],
      chosen: 'first',
      claims: ['embedding.mmd closer_than', 'visual.sharpness closer_than', 'probe.linear greater_than'].map(
        (test, i) => {
          const [measure, relation] = test.split(' ');
          return `{ id: C${i}, factor: performance, text: First., test: { measure: ${measure}, subject: first, relation: ${relation}, object: second } }`;
        },
      ),
    });
    const { evidence, loaded } = await measureIn(text);
    // Some scores are refused of 20 images a class.
    const same = evidence!.comparisons.filter(
      ({ subject, object, refused }) => subject === 'first' && object === 'second' && refused === undefined,
    );
    expect(same.length).toBeGreaterThanOrEqual(12);
    for (const { estimate } of same)
      expect([estimate!.value, estimate!.standardError, estimate!.low, estimate!.high]).toEqual([0, 0, 0, 0]);
    const verdicts = judge(loaded.manifest, evidence);
    expect(verdicts.claims.map(({ verdict }) => verdict)).not.toContain('contradicted');
    expect(verdicts.claims.map(({ verdict }) => verdict)).not.toContain('supported');
    expect(verdicts.choice.verdict).toBe('tied');
  });

  it('names the random control of one architecture scratch', async () => {
    await writeFiles(folder, { 'weights/tilted.onnx': edgeNetwork(3) });
    const text = stripeManifest({ candidates: [probeOnly('edges'), probeOnly('tilted')], claims: [], evidence: quick });
    const { evidence } = await measureIn(text);
    expect(evidence!.candidates.map(({ id }) => id)).toEqual(['edges', 'tilted', 'scratch', 'mean_colour']);
    const pairs = evidence!.comparisons.map(({ subject, object }) => `${subject} ${object}`);
    expect(pairs).toContain('edges scratch');
    expect(pairs).toContain('scratch tilted');
  });

  it('leaves out and names images that cannot be read when they are few, and the gate warns', async () => {
    await rm(join(folder, 'data/target/across/004.png'));
    await writeDamaged(join(folder, 'data/target/across'), '004.png');
    const { evidence, loaded, problems } = await measureIn(stripeManifest({ claims: [], evidence: quick }));
    expect(problems).toEqual([]);
    expect(evidence!.target.set!.unreadable).toEqual(['across/004.png']);
    expect(evidence!.target.set!.sampled).toHaveLength(39);
    expect(evidence!.target.set!.sampled).not.toContain('across/004.png');
    const found = evidence!.findings.find(({ code }) => code === 'images_unreadable')!;
    expect(found).toMatchObject({ about: 'target' });
    expect(found.text).toContain('across/004.png');
    expect(evidence!.measurements.find(({ measure }) => measure === 'probe.linear')!.n).toEqual({
      target: 39,
      groups: 39,
    });
    const verdicts = judge(loaded.manifest, evidence);
    const decision = decide({
      manifest: loaded.manifest,
      verdicts,
      problems: [],
      locate: loaded.locate,
      today: '2026-01-01',
      measured: true,
      evidence,
    });
    expect(decision.gate).toBe('warn');
    expect(decision.action!.text).toContain('across/004.png');
  });

  it('is refused, at the line of the set, when more than one image in twenty cannot be read', async () => {
    for (const id of ['000.png', '001.png', '002.png']) await writeDamaged(join(folder, 'data/target/across'), id);
    for (const id of ['000.png', '001.png']) await writeDamaged(join(folder, 'data/far'), id);
    const { evidence, problems } = await measureIn(stripeManifest({ claims: [], evidence: quick }));
    expect(evidence).toBeNull();
    expect(problems).toMatchObject([
      { code: 'dataset-unreadable', path: 'target.data', level: 'error', location: { file: 'transfer.yml', line: 4 } },
      { code: 'dataset-unreadable', path: 'candidates[1].sample', location: { line: 7 } },
    ]);
    expect(problems[0]!.message).toContain('3 of 40');
    expect(problems[0]!.message).toContain('across/000.png');
  });

  it('says who has no weights and who has no sample', async () => {
    const text = stripeManifest({
      candidates: ['{ id: edges, weights: weights/edges.onnx }', '{ id: pictures, sample: data/far }'],
      claims: [
        '{ id: C1, factor: performance, text: Edges., test: { measure: probe.linear, subject: edges, relation: greater_than, object: pictures } }',
        '{ id: C2, factor: performance, text: Edges., test: { measure: probe.linear, subject: edges, relation: greater_than, object: scratch } }',
        '{ id: C3, factor: visual_similarity, text: Edges., test: { measure: visual.noise, subject: edges, relation: closer_than, object: pictures } }',
      ],
      evidence: quick,
    });
    const { evidence, loaded, told } = await measureIn(text);
    expect(codesOf(evidence)).toEqual(expect.arrayContaining(['no_sample edges', 'no_weights pictures']));
    expect(told.steps.has('Reading edges')).toBe(false);
    const { claims } = judge(loaded.manifest, evidence);
    expect(claims.map(({ verdict }) => verdict)).toEqual([
      'no_evidence',
      expect.not.stringMatching('no_evidence'),
      'no_evidence',
    ]);
  });

  it('trains no probe where nobody has weights', async () => {
    const candidates = ['{ id: near, sample: data/near }', '{ id: far, sample: data/far }'];
    const { evidence, told } = await measureIn(
      stripeManifest({ candidates, chosen: 'near', claims: [], evidence: quick }),
    );
    expect([...told.steps.keys()]).not.toContain('Training linear probes');
    expect(evidence!.measurements.some(({ measure }) => measure === 'probe.linear')).toBe(false);
    expect(codesOf(evidence)).toEqual(expect.arrayContaining(['no_weights near', 'no_weights far']));
    expect(evidence!.candidates.map(({ role }) => role)).toEqual(['candidate', 'candidate']);
  });

  it('keeps the distances when the target is too small for a probe, and says why there is none', async () => {
    await rm(join(folder, 'data/target/across'), { recursive: true });
    await drawStripes(join(folder, 'data/target/across'), 2, { along: 'x' });
    const { evidence, problems, loaded } = await measureIn(stripeManifest({ evidence: quick }));
    expect(problems).toEqual([]);
    expect(evidence!.findings).toContainEqual(
      expect.objectContaining({ code: 'measure_refused', about: 'target', measure: 'probe.linear' }),
    );
    expect(codesOf(evidence)).toContain('few_groups target');
    expect(evidence!.measurements.some(({ measure }) => measure === 'visual.lightness')).toBe(true);
    expect(judge(loaded.manifest, evidence).claims[0]!.verdict).toBe('no_evidence');
  });

  it('names a network that cannot be read at its line', async () => {
    await writeFiles(folder, { 'weights/edges.onnx': 'no network' });
    const { evidence, problems } = await measureIn(
      stripeManifest({ claims: [], evidence: '{ images: 40, reference: off }' }),
    );
    expect(evidence).toBeNull();
    expect(problems).toMatchObject([{ code: 'model-invalid', path: 'candidates[0].weights', location: { line: 6 } }]);
  });

  it('keeps groups together: patients in file names are counted and never split', async () => {
    const rename = async (label: string) => {
      for (let i = 0; i < 20; i++) {
        const from = join(folder, `data/target/${label}/${String(i).padStart(3, '0')}.png`);
        await cp(from, join(folder, `data/patients/${label}/p${label[0]}${Math.floor(i / 2)}_${i % 2}.png`));
      }
    };
    await rename('across');
    await rename('upright');
    const text = stripeManifest({
      target: "{ path: data/patients, group_pattern: '^(p[a-z]\\d+)_' }",
      candidates: [probeOnly('edges'), probeOnly('colour')],
      evidence: quick,
      claims: [],
    });
    const { evidence } = await measureIn(text);
    expect(evidence!.target).toMatchObject({ task: 'binary', set: { images: 40, groups: 20 } });
    expect(evidence!.measurements[0]!.n).toEqual({ target: 40, groups: 20 });
    expect(codesOf(evidence)).toContain('few_groups target');
    expect(evidence!.findings.find(({ code }) => code === 'few_groups')!.text).toContain('20 groups');
  });

  it('scores several labels an image by macro AUC', async () => {
    const rows = ['across', 'upright'].flatMap((label) =>
      Array.from({ length: 20 }, (_, i) => {
        const coin = seededRandom(0, 'coin', label, i).integer(2);
        return `target/${label}/${String(i).padStart(3, '0')}.png,${Number(label === 'across')},${coin}`;
      }),
    );
    await writeFiles(folder, { 'data/labels.csv': ['path,across,coin', ...rows].join('\n') });
    const text = stripeManifest({
      target: '{ format: csv, path: data/labels.csv, labels: [across, coin] }',
      candidates: [probeOnly('edges'), probeOnly('colour')],
      evidence: quick,
      claims: [],
    });
    const { evidence } = await measureIn(text);
    expect(evidenceSchema.parse(evidence)).toEqual(evidence);
    expect(evidence!.target).toMatchObject({
      task: 'multilabel',
      metric: 'macro_auc',
      set: { classes: ['across', 'coin'] },
    });
    const scores = new Map(evidence!.measurements.map(({ candidate, estimate }) => [candidate, estimate!.value]));
    // One label is certain, the other a coin: the mean of 1 and about one half.
    expect(scores.get('edges')).toBeGreaterThan(0.6);
    expect(scores.get('edges')).toBeLessThan(0.9);
    expect(scores.get('colour')).toBeLessThan(0.65);
  });

  it('reads images of 16 bits as those of 8', async () => {
    for (const label of ['across', 'upright'])
      for (let i = 0; i < 20; i++) {
        const name = `${String(i).padStart(3, '0')}.png`;
        const { data } = await sharp(join(folder, 'data/target', label, name))
          .greyscale()
          .raw()
          .toBuffer({ resolveWithObject: true });
        const deep = Uint16Array.from(data, (value) => value * 257);
        await writeFiles(folder, { [`data/deep/${label}/.keep`]: '' });
        await sharp(deep, { raw: { width: 16, height: 16, channels: 1 } })
          .toColourspace('grey16')
          .png()
          .toFile(join(folder, 'data/deep', label, name));
        expect((await sharp(join(folder, 'data/deep', label, name)).metadata()).depth).toBe('ushort');
      }
    const of = async (target: string) => {
      const { evidence, problems } = await measureIn(stripeManifest({ target, claims: [], evidence: quick }));
      expect(problems).toEqual([]);
      const lightness = evidence!.measurements.find(
        (m) => m.measure === 'visual.lightness' && m.candidate === 'colour',
      );
      const probe = evidence!.measurements.find((m) => m.measure === 'probe.linear' && m.candidate === 'edges');
      return [lightness!.estimate!.value, probe!.estimate!.value];
    };
    const [eight, sixteen] = [await of('data/target'), await of('data/deep')];
    expect(sixteen[0]).toBeCloseTo(eight[0]!, 1);
    expect(sixteen[1]).toBe(1);
    expect(eight[1]).toBe(1);
  });
});
