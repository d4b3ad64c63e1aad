import { cp, readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TransferEvidenceError } from '../../src/errors.ts';
import { evidenceSchema } from '../../src/evidence/schema.ts';
import { openStore } from '../../src/evidence/store.ts';
import { judge } from '../../src/verdict/judge.ts';
import {
  bytesOf,
  drawRepository,
  listen,
  measureText,
  type Run,
  temporaryFolders,
  writeFiles,
} from '../helpers/stripes.ts';
import { comparisonsOf, filters, pairsOf, scoreOf, steady, tuned, writeNetworks } from '../helpers/tuned.ts';

const folders = temporaryFolders();
const weights = (id: string, network = id) => `{ id: ${id}, weights: weights/${network}.onnx }`;
const text = tuned({
  probes: 'linear, finetune',
  candidates: [weights('edges'), weights('again', 'edges'), weights('colour'), weights('filters')],
  claims: [
    '{ id: C1, factor: performance, text: Edges., test: { measure: probe.finetune, subject: edges, relation: greater_than, object: again } }',
  ],
});
/** Three seeds of three networks and of a random twin of each; the mean of channels has no weights, and no twin of its own look. */
const everyRun = 3 * 6;
let folder: string;
let store: string;
let first: Run;

beforeAll(async () => {
  folder = await folders.make('repository');
  store = await folders.make('store');
  await drawRepository(folder);
  await writeNetworks(folder, { filters: filters() });
  first = await measureText(folder, text, store, { timing: steady });
}, 60_000);
afterAll(() => folders.clear());

/** The runs of a store: path and the file itself, which a rewrite would replace. */
async function runsIn(directory: string): Promise<Map<string, number>> {
  const found = await readdir(join(directory, 'training-run'), { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return new Map(await Promise.all(files.map(async (file) => [file, (await stat(file)).ino] as const)));
}

describe('fine-tuning', { timeout: 60_000 }, () => {
  it('scores every candidate and a random twin of every architecture, each beside what it is read against', () => {
    const { evidence, problems } = first;
    expect(problems).toEqual([]);
    expect(evidenceSchema.parse(evidence)).toEqual(evidence);
    const measured = evidence!.measurements.filter(({ measure }) => measure === 'probe.finetune');
    expect(measured.map(({ candidate }) => candidate)).toEqual([
      'edges',
      'scratch of edges',
      'again',
      'colour',
      'scratch of colour',
      'filters',
      'scratch of filters',
    ]);
    for (const { estimate, n, details, readAgainst } of measured) {
      expect(estimate).toMatchObject({ level: 0.95, degreesOfFreedom: expect.any(Number) });
      // Three of five folds are tested.
      expect(n).toEqual({ target: 24, groups: 24 });
      expect(details).toMatchObject({ seeds: 3, learningRates: 1, steps: 60, batch: 16, device: 'cpu', proxy: null });
      expect(readAgainst.find(({ name }) => name === 'chance')!.value).toBe(0.5);
    }
    expect(scoreOf(evidence, 'edges').readAgainst).toContainEqual({
      name: 'mean_colour',
      ...interval(scoreOf(evidence, 'mean_colour', 'probe.linear')),
    });
    expect(scoreOf(evidence, 'filters').readAgainst).toContainEqual({
      name: 'scratch',
      ...interval(scoreOf(evidence, 'scratch of filters')),
    });
    expect(scoreOf(evidence, 'scratch of filters').readAgainst.map(({ name }) => name)).not.toContain('scratch');
    expect(evidence!.environment.device).toBe('cpu');
  });

  const interval = ({ estimate }: { estimate: { value: number; low: number; high: number } | null }) => {
    const { value, low, high } = estimate!;
    return { value, low, high };
  };

  it('measures what the networks were made to see', () => {
    expect(scoreOf(first.evidence, 'edges').estimate!.value).toBe(1);
    expect(scoreOf(first.evidence, 'colour').estimate!.value).toBeLessThan(0.75);
  });

  it('has a tie, exactly 0, between two names of one network, which is trained once', async () => {
    const same = comparisonsOf(first.evidence).find(
      ({ subject, object }) => subject === 'edges' && object === 'again',
    )!;
    expect(same.estimate).toMatchObject({ value: 0, standardError: 0, low: 0, high: 0 });
    expect(scoreOf(first.evidence, 'again').estimate).toEqual(scoreOf(first.evidence, 'edges').estimate);
    expect(first.evidence!.probes).toMatchObject([{ measure: 'probe.finetune', runs: everyRun }]);
    expect((await runsIn(store)).size).toBe(everyRun);
    expect(first.told.steps.get('Fine-tuning')).toBe(everyRun);
    expect(judge(first.loaded.manifest, first.evidence).claims[0]!.verdict).toBe('inconclusive');
  });

  it('compares each candidate with the twin of its own architecture under the name scratch', () => {
    expect(pairsOf(first.evidence)).toEqual(
      expect.arrayContaining(['edges − scratch', 'scratch − again', 'colour − scratch', 'filters − scratch']),
    );
    expect(pairsOf(first.evidence)).toContain('scratch of edges − colour');
    expect(first.evidence!.candidates.filter(({ role }) => role === 'control').map(({ id }) => id)).toEqual([
      'scratch of edges',
      'scratch of colour',
      'scratch of filters',
      'mean_colour',
    ]);
  });

  it('is the same to the last byte when measured again from nothing', async () => {
    const again = await measureText(folder, text, await folders.make('store'), { timing: steady });
    expect(bytesOf(again.evidence)).toBe(bytesOf(first.evidence));
  });

  it('goes on where it was stopped: no run of the store is trained again, and the evidence is the same', async () => {
    const own = await folders.make('store');
    const cancel = new AbortController();
    const reason = new TransferEvidenceError('cancelled', 'Stopped by a test.');
    const told = listen((name, done) => name === 'Fine-tuning' && done === 7 && cancel.abort(reason));
    await expect(measureText(folder, text, own, { told, timing: steady, signal: cancel.signal })).rejects.toBe(reason);
    const before = await runsIn(own);
    // Seven, and what another thread had under way.
    expect(before.size).toBeGreaterThanOrEqual(7);
    expect(before.size).toBeLessThan(everyRun);

    const trained: number[] = [];
    const next = await measureText(folder, text, own, {
      told: listen((name, done) => name === 'Fine-tuning' && trained.push(done)),
      timing: () => Promise.reject(new Error('The size is known.')),
    });
    expect(trained[0]).toBe(before.size);
    expect(trained).toHaveLength(1 + everyRun - before.size);
    const after = await runsIn(own);
    expect(after.size).toBe(everyRun);
    for (const [file, inode] of before) expect(after.get(file)).toBe(inode);
    expect(bytesOf(next.evidence)).toBe(bytesOf(first.evidence));
  });

  it('of one more candidate trains that one alone', async () => {
    const own = await folders.make('store');
    await cp(store, own, { recursive: true });
    await writeNetworks(folder, { others: filters({ seed: 1 }) });
    const more = text.replace('chosen:', `  - ${weights('others')}\nchosen:`);
    const trained: number[] = [];
    const run = await measureText(folder, more, own, {
      told: listen((name, done) => name === 'Fine-tuning' && trained.push(done)),
      timing: steady,
    });
    // Its random twin is that of the network with the same look.
    expect(trained).toEqual([everyRun, everyRun + 1, everyRun + 2, everyRun + 3]);
    expect(scoreOf(run.evidence, 'filters').key).toBe(scoreOf(first.evidence, 'filters').key);
    expect(scoreOf(run.evidence, 'others').key).not.toBe(scoreOf(run.evidence, 'filters').key);
  });

  it('trains nothing when all is known, and says that it was', async () => {
    const again = await measureText(folder, text, store, {
      change: (plan) => ({ ...plan, digest: `${plan.digest}x` }),
    });
    expect(again.cached).toBe(false);
    expect(again.told.steps.has('Fine-tuning')).toBe(false);
    expect(again.told.steps.has('Timing a few steps')).toBe(false);
    expect(again.evidence!.timings).toMatchObject({ measured: 0 });
    expect(bytesOf(again.evidence).replace(/"plan": "\w+"/, '')).toBe(
      bytesOf(first.evidence).replace(/"plan": "\w+"/, ''),
    );
  });

  it('has other runs under another seed, augmentation or optimiser', async () => {
    const known = new Set((await runsIn(store)).keys());
    const small = (changes: Partial<Parameters<typeof tuned>[0]>) =>
      tuned({ candidates: [weights('edges')], chosen: 'edges', ...changes });
    const names = (files: Iterable<string>) => [...files].map((file) => file.split('/').at(-1)!);
    const trainedBy = async (manifest: string, seed = 0) => {
      const own = await folders.make('store');
      await measureText(folder, manifest, own, { timing: steady, seed });
      return names((await runsIn(own)).keys());
    };
    const before = names(known);
    expect((await trainedBy(small({}))).every((name) => before.includes(name))).toBe(true);
    for (const changed of [
      await trainedBy(small({}), 1),
      await trainedBy(small({ finetune: ', optimiser: adamw' })),
      await trainedBy(small({ finetune: ', augment: { flip: false }' })),
    ])
      expect(changed.filter((name) => before.includes(name))).toEqual([]);
  });

  it('is forgotten by the store where nobody asked for it in months; downloads are left alone', async () => {
    const own = await folders.make('store');
    await cp(store, own, { recursive: true });
    const old = new Date(Date.now() - 100 * 86_400_000);
    const [unread] = (await runsIn(own)).keys();
    await writeFiles(own, { 'weights/abc.onnx': 'a network', 'training-run/ab/abc.json': '' });
    for (const file of ['weights/abc.onnx', 'training-run/ab/abc.json']) await utimes(join(own, file), old, old);
    await utimes(unread!, old, old);
    await measureText(folder, text, own, { change: (plan) => ({ ...plan, digest: `${plan.digest}y` }) });
    await openStore(own).prune(new Date());
    expect(await readdir(join(own, 'weights'))).toEqual(['abc.onnx']);
    const left = await runsIn(own);
    expect(left.has(join(own, 'training-run/ab/abc.json'))).toBe(false);
    // It was read again.
    expect(left.has(unread!)).toBe(true);
  });
});
