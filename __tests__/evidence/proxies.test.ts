import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proxyOf } from '../../src/evidence/proxy.ts';
import { evidenceSchema } from '../../src/evidence/schema.ts';
import { judge } from '../../src/verdict/judge.ts';
import { writeDamaged } from '../helpers/pictures.ts';
import { drawRepository, drawStripes, listen, measureText, type Run, temporaryFolders } from '../helpers/stripes.ts';
import { pairsOf, scoreOf, steady, tuned } from '../helpers/tuned.ts';

const folders = temporaryFolders();
const claim = (id: string, subject: string, object: string) =>
  `{ id: ${id}, factor: performance, text: Better., test: { measure: probe.finetune, subject: ${subject}, relation: greater_than, object: ${object} } }`;
/** Small and short: what is asked here is who is compared with whom. */
const manifest = (rest: Parameters<typeof tuned>[0]) => tuned({ finetune: ', batch: 4, proxy: convnext', ...rest });
const sample = (id: string, path = `data/${id}`) => `{ id: ${id}, sample: ${path} }`;
let folder: string;
let store: string;
let three: Run;

const measured = (text: string, own: string, options: Parameters<typeof measureText>[3] = {}) =>
  measureText(folder, text, own, {
    timing: steady,
    change: (plan) => ({ ...plan, fineTuning: { ...plan.fineTuning!, pretrainingSteps: 4 } }),
    ...options,
  });

beforeAll(async () => {
  folder = await folders.make('repository');
  store = await folders.make('store');
  await drawRepository(folder);
  await drawStripes(join(folder, 'data/bright/a'), 12, { along: 'x', grey: 200 });
  await drawStripes(join(folder, 'data/bright/b'), 12, { along: 'none', grey: 200 });
  await drawStripes(join(folder, 'data/dark/a'), 12, { along: 'y', grey: 60 });
  await drawStripes(join(folder, 'data/dark/b'), 12, { along: 'none', grey: 60 });
  three = await measured(
    manifest({
      probes: 'linear, finetune',
      candidates: [sample('near'), sample('bright'), sample('dark'), sample('far')],
      chosen: 'near',
      claims: [claim('C1', 'near', 'bright'), claim('C2', 'near', 'scratch'), claim('C3', 'near', 'far')],
    }),
    store,
  );
}, 120_000);
afterAll(() => folders.clear());

/** How many proxies were pretrained. */
const pretrainings = ({ told }: Run) => (told.steps.get('Pretraining proxies') ?? 0) / 4;

describe('proxies', { timeout: 120_000 }, () => {
  it('make three labelled samples a complete experiment', () => {
    expect(three.problems).toEqual([]);
    expect(evidenceSchema.parse(three.evidence)).toEqual(three.evidence);
    const scored = three.evidence!.measurements.filter(({ measure }) => measure === 'probe.finetune');
    expect(scored.map(({ candidate }) => candidate)).toEqual(['near', 'bright', 'dark', 'scratch']);
    for (const found of scored) expect(proxyOf(found)).toBe('convnext');
    expect(pairsOf(three.evidence)).toEqual([
      'near − bright',
      'near − dark',
      'near − scratch',
      'bright − dark',
      'bright − scratch',
      'dark − scratch',
    ]);
    expect(new Set(scored.map(({ estimate }) => estimate!.value)).size).toBeGreaterThan(1);
    expect(scoreOf(three.evidence, 'near').readAgainst.map(({ name }) => name)).toEqual([
      'chance',
      'mean_colour',
      'scratch',
    ]);
    const verdicts = judge(three.loaded.manifest, three.evidence).claims.map(({ verdict }) => verdict);
    expect(verdicts.slice(0, 2)).not.toContain('no_evidence');
    expect(verdicts[2]).toBe('no_evidence');
  });

  it('stand in for no candidate whose sample has no labels', () => {
    const codes = three.evidence!.findings.map(({ code, about }) => `${code} ${about}`);
    expect(codes).toEqual(expect.arrayContaining(['proxy near', 'proxy bright', 'proxy dark', 'no_weights far']));
    expect(pretrainings(three)).toBe(3);
  });

  it('are pretrained once, whoever names the images, and kept', async () => {
    const again = await measured(
      manifest({ candidates: [sample('other', 'data/bright'), sample('near')], chosen: 'other' }),
      store,
    );
    expect(pretrainings(again)).toBe(0);
    expect(scoreOf(again.evidence, 'other').estimate).toEqual(scoreOf(three.evidence, 'bright').estimate);
    expect(again.told.steps.has('Fine-tuning')).toBe(false);
  });

  it('of one candidate are not compared with the weights of another', async () => {
    const run = await measured(
      manifest({
        candidates: [sample('near'), '{ id: edges, weights: weights/edges.onnx }'],
        chosen: 'edges',
        claims: [claim('C1', 'edges', 'near'), claim('C2', 'edges', 'scratch'), claim('C3', 'near', 'scratch')],
      }),
      store,
    );
    expect(pairsOf(run.evidence).sort()).toEqual(['edges − scratch', 'near − scratch']);
    expect(proxyOf(scoreOf(run.evidence, 'near'))).toBe('convnext');
    expect(proxyOf(scoreOf(run.evidence, 'edges'))).toBeNull();
    const claims = judge(run.loaded.manifest, run.evidence).claims.map(({ verdict }) => verdict);
    expect(claims[0]).toBe('no_evidence');
    expect(claims.slice(1)).not.toContain('no_evidence');
    // The two random twins are not each other's.
    const scratch = (id: string) => scoreOf(run.evidence, id).readAgainst.find(({ name }) => name === 'scratch')!.value;
    expect(scoreOf(run.evidence, 'scratch').estimate!.value).toBe(scratch('edges'));
    expect(scoreOf(run.evidence, 'scratch of near').estimate!.value).toBe(scratch('near'));
  });

  it('leave out images of a sample that cannot be read', async () => {
    await drawStripes(join(folder, 'data/damaged/a'), 12, { along: 'x', grey: 90 });
    await drawStripes(join(folder, 'data/damaged/b'), 12, { along: 'y', grey: 90 });
    await rm(join(folder, 'data/damaged/b/004.png'));
    await writeDamaged(join(folder, 'data/damaged/b'), '004.png');
    const run = await measured(manifest({ candidates: [sample('damaged')], chosen: 'damaged' }), store);
    expect(run.problems).toEqual([]);
    expect(run.evidence!.candidates[0]!.sample!.unreadable).toEqual(['b/004.png']);
    expect(scoreOf(run.evidence, 'damaged').estimate).not.toBeNull();
  });

  it('are none where the manifest wants none', async () => {
    const run = await measured(
      tuned({ finetune: ', proxy: off', candidates: [sample('near'), sample('dark')], chosen: 'near' }),
      store,
    );
    expect(run.evidence!.probes).toEqual([]);
    expect(run.evidence!.findings.map(({ code }) => code).filter((code) => code === 'no_weights')).toHaveLength(2);
  });

  it('are stopped with everything else', async () => {
    const cancel = new AbortController();
    const reason = new Error('Stopped by a test.');
    const told = listen((name) => name.startsWith('Pretraining') && cancel.abort(reason));
    const text = manifest({ candidates: [sample('near')], chosen: 'near' });
    const stopped = measured(text, await folders.make('store'), { told, signal: cancel.signal });
    await expect(stopped).rejects.toBe(reason);
    expect(told.steps.has('Fine-tuning')).toBe(false);
  });
});
