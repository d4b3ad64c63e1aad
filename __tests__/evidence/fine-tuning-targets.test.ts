import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evidenceSchema } from '../../src/evidence/schema.ts';
import { seededRandom } from '../../src/random.ts';
import { judge } from '../../src/verdict/judge.ts';
import {
  drawRepository,
  drawStripes,
  measureText,
  type Run,
  temporaryFolders,
  writeFiles,
} from '../helpers/stripes.ts';
import { filters, pairsOf, scoreOf, steady, tuned, weightsOnly, writeNetworks } from '../helpers/tuned.ts';

const folders = temporaryFolders();
let folder: string;

beforeAll(async () => {
  folder = await folders.make('repository');
  await drawRepository(folder);
  await writeNetworks(folder, { filters: filters() });
});
afterAll(() => folders.clear());

const measured = async (manifest: Parameters<typeof tuned>[0], options: Parameters<typeof measureText>[3] = {}) =>
  measureText(
    folder,
    tuned({
      candidates: weightsOnly('edges'),
      claims: [
        `{ id: C1, factor: performance, text: Edges., test: { measure: probe.${(manifest.probes ?? 'finetune').split(', ').at(-1)}, subject: edges, relation: greater_than, object: scratch } }`,
      ],
      ...manifest,
    }),
    await folders.make('store'),
    { timing: steady, ...options },
  );
const codesOf = ({ evidence }: Run) =>
  evidence!.findings.flatMap(({ code, measure }) => (measure ? [`${code} ${measure}`] : []));
const measuresOf = ({ evidence }: Run) => [
  ...new Set(evidence!.measurements.map(({ measure, candidate }) => `${measure} ${candidate}`)),
];
const verdictOf = ({ loaded, evidence }: Run) => judge(loaded.manifest, evidence).claims[0]!.verdict;
const pictures = ['across', 'upright'].flatMap((label) =>
  Array.from({ length: 20 }, (_, i) => ({ label, path: `target/${label}/${String(i).padStart(3, '0')}.png` })),
);
const table = async (name: string, head: string, row: (picture: (typeof pictures)[number], i: number) => string) => {
  await writeFiles(folder, { [`data/${name}.csv`]: [`path,${head}`, ...pictures.map(row)].join('\n') });
  return `data/${name}.csv`;
};

describe('fine-tuning on targets of every kind', { timeout: 60_000 }, () => {
  it('scores several labels an image by macro AUC', async () => {
    const coin = seededRandom(0, 'coin');
    const path = await table(
      'labels',
      'across,coin',
      ({ label, path }) => `${path},${Number(label === 'across')},${coin.integer(2)}`,
    );
    const run = await measured({ target: `{ format: csv, path: ${path}, labels: [across, coin] }` });
    expect(run.problems).toEqual([]);
    expect(evidenceSchema.parse(run.evidence)).toEqual(run.evidence);
    expect(run.evidence!.target).toMatchObject({ task: 'multilabel', metric: 'macro_auc' });
    // One label is certain, the other a coin.
    const { value } = scoreOf(run.evidence, 'edges').estimate!;
    expect(value).toBeGreaterThan(0.6);
    expect(value).toBeLessThan(0.9);
  });

  it('scores three classes by balanced accuracy', async () => {
    for (const [label, along] of [
      ['across', 'x'],
      ['upright', 'y'],
      ['plain', 'none'],
    ] as const)
      await drawStripes(join(folder, 'data/three', label), 12, { along });
    const run = await measured({ target: 'data/three' });
    expect(run.evidence!.target).toMatchObject({ task: 'multiclass', metric: 'balanced_accuracy' });
    expect(scoreOf(run.evidence, 'edges').estimate!.value).toBeGreaterThan(0.8);
    expect(scoreOf(run.evidence, 'edges').readAgainst[0]).toEqual({ name: 'chance', value: 1 / 3 });
  });

  it('keeps images of one patient on one side, and counts patients', async () => {
    const path = await table('patients', 'kind,patient', ({ label, path }, i) => `${path},${label},${label} ${i >> 1}`);
    const run = await measured({ target: `{ format: csv, path: ${path}, label: kind, group: patient }` });
    expect(scoreOf(run.evidence, 'edges').n).toEqual({ target: 24, groups: 12 });
    expect(run.evidence!.findings.map(({ code }) => code)).toContain('few_groups');
    expect(verdictOf(run)).toBe('inconclusive');
  });

  it('draws no verdict where no candidate does better than chance', async () => {
    const random = seededRandom(2, 'shuffled');
    const labels = random.shuffled(pictures.map(({ label }) => label));
    const path = await table('shuffled', 'kind', ({ path }, i) => `${path},${labels[i]}`);
    const run = await measured({ target: `{ format: csv, path: ${path}, label: kind }` });
    expect(codesOf(run)).toContain('target_at_chance probe.finetune');
    expect(verdictOf(run)).toBe('inconclusive');
  });

  it('draws no verdict where the mean colour solves the task', async () => {
    for (const [label, grey] of [
      ['dark', 80],
      ['light', 180],
    ] as const)
      await drawStripes(join(folder, 'data/shades', label), 20, { along: label === 'dark' ? 'x' : 'y', grey });
    const run = await measured({ target: 'data/shades' });
    expect(codesOf(run)).toContain('solved_by_mean_colour probe.finetune');
    expect(scoreOf(run.evidence, 'edges').readAgainst).toContainEqual(
      expect.objectContaining({ name: 'mean_colour', value: 1 }),
    );
    expect(verdictOf(run)).toBe('inconclusive');
  });

  it('says why a target with too few groups of a class has none, and keeps the linear probe', async () => {
    await drawStripes(join(folder, 'data/few/across'), 4, { along: 'x' });
    await drawStripes(join(folder, 'data/few/upright'), 12, { along: 'y' });
    await drawStripes(join(folder, 'data/few/plain'), 12, { along: 'none' });
    const run = await measured({ target: 'data/few', probes: 'linear, last_block, finetune' });
    expect(codesOf(run).filter((code) => code.startsWith('measure_refused probe'))).toEqual([
      'measure_refused probe.finetune',
      'measure_refused probe.last_block',
    ]);
    expect(run.evidence!.findings.find(({ measure }) => measure === 'probe.finetune')!.text).toContain(
      'at least 5 groups',
    );
    expect(measuresOf(run)).toContain('probe.linear edges');
    expect(measuresOf(run).filter((name) => name.startsWith('probe.finetune'))).toEqual([]);
    expect(run.told.steps.has('Timing a few steps')).toBe(false);
    expect(verdictOf(run)).toBe('no_evidence');
  });

  it('leaves out target images that cannot be read', async () => {
    await drawStripes(join(folder, 'data/damaged/across'), 20, { along: 'x' });
    await drawStripes(join(folder, 'data/damaged/upright'), 20, { along: 'y' });
    await rm(join(folder, 'data/damaged/upright/003.png'));
    await writeFiles(folder, { 'data/damaged/upright/003.png': 'no picture' });
    const run = await measured({ target: 'data/damaged' });
    expect(run.evidence!.target.set!.unreadable).toEqual(['upright/003.png']);
    expect(scoreOf(run.evidence, 'edges').estimate!.value).toBe(1);
    expect(run.evidence!.probes[0]!.run!.images).toBe(39);
  });
});

describe('the probes that are asked for', { timeout: 60_000 }, () => {
  it('finetune alone: the mean colour is there to be read against, and no other control', async () => {
    const run = await measured({ probes: 'finetune' });
    expect(measuresOf(run)).toEqual(['probe.finetune edges', 'probe.finetune scratch']);
    const meanColour = scoreOf(run.evidence, 'edges').readAgainst.find(({ name }) => name === 'mean_colour')!;
    expect(meanColour.value).toBeLessThan(0.7);
    expect(run.told.steps.has('Training linear probes')).toBe(false);
    expect(run.evidence!.environment.device).toBe('cpu');
  });

  it('last_block alone: with all before the last block as it was', async () => {
    const run = await measured({
      probes: 'last_block',
      candidates: weightsOnly('filters'),
      chosen: 'filters',
      claims: [],
    });
    expect(measuresOf(run).filter((name) => !name.startsWith('probe.last_block'))).toEqual([]);
    expect(scoreOf(run.evidence, 'filters', 'probe.last_block').details).toMatchObject({ strategy: 'last_block' });
    expect(pairsOf(run.evidence, 'probe.last_block')).toContain('filters − scratch');
    expect(run.evidence!.probes.map(({ measure }) => measure)).toEqual(['probe.last_block']);
  });

  it('both: each has scores of its own, and the same size', async () => {
    const run = await measured({
      probes: 'finetune, last_block',
      candidates: weightsOnly('filters'),
      chosen: 'filters',
      claims: [],
    });
    const [finetune, lastBlock] = run.evidence!.probes;
    expect([finetune!.measure, lastBlock!.measure]).toEqual(['probe.finetune', 'probe.last_block']);
    expect(lastBlock!.run).toEqual(finetune!.run);
    const [all, last] = (['probe.finetune', 'probe.last_block'] as const).map((m) =>
      scoreOf(run.evidence, 'filters', m),
    );
    expect(all!.key).not.toBe(last!.key);
    expect([...run.told.steps].filter(([name]) => /tuning|last/.test(name))).toEqual([
      ['Fine-tuning', 6],
      ['Training last blocks', 6],
    ]);
  });

  it('linear alone: no network is trained', async () => {
    const run = await measureText(
      folder,
      tuned({ candidates: weightsOnly('edges', 'filters') }).replace(/probes: .*$/m, 'probes: [linear] }'),
      await folders.make('store'),
    );
    expect(run.evidence!.probes).toEqual([]);
    const probed = run.evidence!.measurements.filter(({ measure }) => measure.startsWith('probe.'));
    expect(new Set(probed.map(({ measure }) => measure))).toEqual(new Set(['probe.linear']));
    expect([...run.told.steps.keys()].filter((step) => /tun|train/i.test(step))).toEqual(['Training linear probes']);
  });
});
