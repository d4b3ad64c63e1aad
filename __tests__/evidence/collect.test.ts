import { cp, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TransferEvidenceError } from '../../src/errors.ts';
import { evidenceSchema } from '../../src/evidence/schema.ts';
import { measureNames, measures } from '../../src/measures.ts';
import { decide } from '../../src/verdict/decide.ts';
import { judge } from '../../src/verdict/judge.ts';
import {
  bytesOf,
  drawRepository,
  edgeNetwork,
  listen,
  measureText,
  type Run,
  seesColour,
  seesStripes,
  stripeManifest,
  temporaryFolders,
  writeFiles,
} from '../helpers/stripes.ts';

/** Measures of similarity, each a step for all sources together. */
const distances = measureNames.filter((name) => ['visual', 'embedding'].includes(measures[name].family)).length;

const folders = temporaryFolders();
const text = stripeManifest();
let folder: string;
let store: string;
let first: Run;

beforeAll(async () => {
  folder = await folders.make('repository');
  store = await folders.make('store');
  await drawRepository(folder);
  first = await measureText(folder, text, store);
}, 60_000);
afterAll(() => folders.clear());

/** Entries of a store by kind: path and the file itself, which a rewrite would replace. */
async function entries(directory: string, kind: string): Promise<Map<string, number>> {
  const found = await readdir(join(directory, kind), { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return new Map(await Promise.all(files.map(async (file) => [file, (await stat(file)).ino] as const)));
}

describe('evidence', { timeout: 60_000 }, () => {
  it('fits its schema and names what was measured on what', () => {
    const { evidence, problems, cached } = first;
    expect([problems, cached]).toEqual([[], false]);
    expect(evidenceSchema.parse(evidence)).toEqual(evidence);
    expect(evidence!.target).toMatchObject({ name: 'stripes', task: 'binary', metric: 'auc' });
    expect(evidence!.target.set).toMatchObject({
      images: 40,
      groups: 40,
      classes: ['across', 'upright'],
      unreadable: [],
    });
    expect(evidence!.target.set!.sampled.slice(0, 2)).toEqual(['across/000.png', 'across/001.png']);
    expect(evidence!.encoders).toMatchObject([{ id: 'small', dimension: 2 }]);
    expect(evidence!.environment).toMatchObject({ device: 'cpu', platform: `${process.platform}-${process.arch}` });
    expect(evidence!.environment.onnxruntime).toMatch(/^\d+\.\d+/);
    expect(first.told.steps).toEqual(
      new Map([
        ['Reading the target', 40],
        ['Reading edges', 30],
        ['Reading colour', 30],
        ['Comparing image sets', distances],
        // Two candidates; three random twins of one and one of the other, which has no weights to draw; the mean colour.
        ['Training linear probes', 7 * 15],
        ['Scoring transferability', 2 * 8],
      ]),
    );
  });

  it('has every measure of every candidate, each difference once, and the controls', () => {
    const { measurements, comparisons, candidates } = first.evidence!;
    const measured = (measure: string) => measurements.filter((m) => m.measure === measure).map((m) => m.candidate);
    expect(measured('embedding.mmd')).toEqual(['edges', 'colour']);
    expect(measured('visual.resolution')).toEqual(['edges', 'colour']);
    expect(measured('probe.linear')).toEqual([
      'edges',
      'colour',
      'scratch of edges',
      'scratch of colour',
      'mean_colour',
    ]);
    expect(candidates.map(({ id, role }) => `${role} ${id}`)).toEqual([
      'candidate edges',
      'candidate colour',
      'control scratch of edges',
      'control scratch of colour',
      'control mean_colour',
    ]);
    expect(candidates[0]!.weights).toMatchObject({ input: [3, 16, 16], dimension: 2, parameters: 24 });
    expect(candidates[0]!.sample).toMatchObject({ images: 30, groups: 30 });
    expect(comparisons.filter((c) => c.measure === 'visual.lightness')).toMatchObject([
      { subject: 'edges', object: 'colour' },
    ]);
  });

  it('compares a candidate with the random twin of its own architecture under the name scratch', () => {
    const pairs = first
      .evidence!.comparisons.filter(({ measure }) => measure === 'probe.linear')
      .map(({ subject, object }) => `${subject} − ${object}`);
    expect(pairs).toContain('edges − scratch');
    expect(pairs).toContain('colour − scratch');
    expect(pairs).toContain('scratch of edges − colour');
    const { readAgainst } = first.evidence!.measurements.find(
      (m) => m.candidate === 'edges' && m.measure === 'probe.linear',
    )!;
    const twin = first.evidence!.measurements.find((m) => m.candidate === 'scratch of edges')!;
    expect(readAgainst.find(({ name }) => name === 'scratch')!.value).toBe(twin.estimate!.value);
    expect(readAgainst.find(({ name }) => name === 'chance')!.value).toBe(0.5);
  });

  it('measures what the pictures were drawn to show', () => {
    const { measurements } = first.evidence!;
    const value = (measure: string, candidate: string) =>
      measurements.find((m) => m.measure === measure && m.candidate === candidate)!.estimate!.value;
    expect(value('probe.linear', 'edges')).toBe(1);
    expect(value('probe.linear', 'colour')).toBeLessThan(0.7);
    expect(value('probe.linear', 'mean_colour')).toBeLessThan(0.7);
    expect(value('visual.lightness', 'edges')).toBeLessThan(2);
    // L* of grey 128 is 54, of grey 220 it is 87.
    expect(value('visual.lightness', 'colour')).toBeCloseTo(33.4, 0);
    const { claims } = judge(first.loaded.manifest, first.evidence);
    expect(claims.map(({ claim, verdict }) => `${claim.id} ${verdict}`)).toEqual(['C1 supported', 'C2 supported']);
  });

  it('has a key for each number that tells all that determines it', async () => {
    const keys = (run: Run) =>
      new Set(run.evidence!.measurements.filter((m) => m.measure === 'probe.linear').map((m) => m.key));
    const more = await measureText(folder, text.replace('seeds: 3', 'seeds: 4'), store);
    expect(keys(first).size).toBe(5);
    expect([...keys(more)].filter((key) => keys(first).has(key))).toEqual([]);
  });

  it('is the same to the last byte when measured again from nothing, timings aside', async () => {
    const again = await measureText(folder, text, await folders.make('store'));
    expect(again.cached).toBe(false);
    expect(bytesOf(again.evidence)).toBe(bytesOf(first.evidence));
  });

  it('comes from the store the second time: no image is decoded and no network is opened', async () => {
    const localCopy = await folders.make('empty');
    const without = await measureText(folder, text, await folders.make('store'), { localCopy });
    expect(without.evidence!.findings).toMatchObject([{ code: 'infrastructure', about: 'run' }]);

    const again = await measureText(folder, text, store, { localCopy });
    expect(again.cached).toBe(true);
    expect(again.told.steps.size).toBe(0);
    // Timings too, so that a comment about it is the same to the letter.
    expect(again.evidence).toEqual(first.evidence);
  });

  it('is not taken from a store that holds something else under its key', async () => {
    const { openStore } = await import('../../src/evidence/store.ts');
    const other = await folders.make('store');
    await openStore(other).writeJson('evidence', first.evidence!.plan, { schema: 'another' });
    const again = await measureText(folder, text, other, { localCopy: await folders.make('empty') });
    expect(again.cached).toBe(false);
  });

  it('of one more candidate uses what is known: its network alone runs, on the target alone', async () => {
    const own = await folders.make('store');
    await cp(store, own, { recursive: true });
    const before = await entries(own, 'features');
    await writeFiles(folder, { 'weights/third.onnx': edgeNetwork(2) });
    const third = '{ id: third, weights: weights/third.onnx, sample: data/far }';
    const run = await measureText(folder, stripeManifest({ candidates: [seesStripes, seesColour, third] }), own);
    expect(run.told.steps).toEqual(
      new Map([
        ['Reading the target', 40],
        ['Comparing image sets', distances],
        ['Training linear probes', 15],
        ['Scoring transferability', 3 * 8],
      ]),
    );
    const after = await entries(own, 'features');
    expect(after.size).toBe(before.size + 1);
    for (const [file, inode] of before) expect(after.get(file)).toBe(inode);
    // Five probes, and six scores of either candidate that was there before.
    expect(run.evidence!.timings.cached).toBe(5 + 2 * 8);
    const fresh = await measureText(
      folder,
      stripeManifest({ candidates: [seesStripes, seesColour, third] }),
      await folders.make('store'),
    );
    expect(bytesOf(run.evidence)).toBe(bytesOf(fresh.evidence));
  });

  it('of an interrupted run is gone on with: the same evidence, without reading again', async () => {
    const own = await folders.make('store');
    const cancel = new AbortController();
    const reason = new TransferEvidenceError('cancelled', 'Stopped by a test.');
    const told = listen((name) => name === 'Comparing image sets' && cancel.abort(reason));
    await expect(measureText(folder, text, own, { told, signal: cancel.signal })).rejects.toBe(reason);
    expect([...told.steps.keys()]).not.toContain('Training linear probes');

    const next = await measureText(folder, text, own);
    expect(next.cached).toBe(false);
    expect([...next.told.steps.keys()]).toEqual([
      'Comparing image sets',
      'Training linear probes',
      'Scoring transferability',
    ]);
    expect(bytesOf(next.evidence)).toBe(bytesOf(first.evidence));
  });

  it('of a run that was interrupted among its images goes on as well', async () => {
    const own = await folders.make('store');
    const cancel = new AbortController();
    const reason = new TransferEvidenceError('cancelled', 'Stopped by a test.');
    const told = listen((name, done) => name === 'Reading edges' && done === 5 && cancel.abort(reason));
    await expect(measureText(folder, text, own, { told, signal: cancel.signal })).rejects.toBe(reason);
    const next = await measureText(folder, text, own);
    expect(next.told.steps.has('Reading the target')).toBe(false);
    expect(next.told.steps.get('Reading edges')).toBe(30);
    expect(bytesOf(next.evidence)).toBe(bytesOf(first.evidence));
  });

  it('is absent when the time ran out, and says so; the gate stays open and nothing is stored as whole', async () => {
    const own = await folders.make('store');
    const run = await measureText(folder, text, own, { change: (plan) => ({ ...plan, budgetSeconds: 0.001 }) });
    const { evidence, loaded, problems } = run;
    expect(problems).toEqual([]);
    expect(evidence!.findings).toMatchObject([{ code: 'infrastructure', about: 'run' }]);
    expect(evidence!.findings[0]!.text).toContain('time budget');
    expect(evidence!.measurements).toEqual([]);
    const verdicts = judge(loaded.manifest, evidence);
    expect(verdicts.claims.map(({ verdict }) => verdict)).toEqual(['no_evidence', 'no_evidence']);
    const decision = decide({
      manifest: loaded.manifest,
      verdicts,
      problems: [],
      locate: loaded.locate,
      today: '2026-01-01',
      measured: true,
      evidence,
    });
    expect([decision.state, decision.gate]).toEqual(['no_evidence', 'pass']);

    const next = await measureText(folder, text, own);
    expect(next.cached).toBe(false);
    expect(bytesOf(next.evidence)).toBe(bytesOf(first.evidence));
  });

  it('is measured under a time budget of months', async () => {
    const run = await measureText(folder, text, store, {
      change: (plan) => ({ ...plan, digest: `${plan.digest}x`, budgetSeconds: 999_999 * 3600 }),
    });
    expect(run.evidence!.findings.map(({ code }) => code)).not.toContain('infrastructure');
  });
});
