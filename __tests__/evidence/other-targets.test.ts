import { cp, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { identityOf, meanRanks, rememberTarget, type TargetRecord } from '../../src/evidence/other-targets.ts';
import type { Evidence, Finding } from '../../src/evidence/schema.ts';
import { openStore } from '../../src/evidence/store.ts';
import { clothing } from '../helpers/evidence.ts';
import { drawRepository, drawStripes, measureText, stripeManifest, temporaryFolders } from '../helpers/stripes.ts';

const folders = temporaryFolders();
afterAll(() => folders.clear());

const candidates = ['a', 'b', 'c'].map((id) => ({
  id,
  role: 'candidate' as const,
  weights: { digest: `net ${id}` } as NonNullable<Evidence['candidates'][number]['weights']>,
  sample: null,
}));
const here = { name: 'here', fingerprint: 'f', sketch: ['1', '2'] };
let count = 0;
const record = (scores: Record<string, number>, more: Partial<TargetRecord> = {}): TargetRecord => ({
  version: 1,
  name: `target ${++count}`,
  fingerprint: `print ${count}`,
  sketch: [`image ${count}`],
  images: 100,
  measure: 'probe.linear',
  metric: 'auc',
  scores: Object.entries(scores).map(([id, value]) => [`net ${id}`, value]),
  ...more,
});
const ranksOf = (records: TargetRecord[], of = candidates) => {
  const found = meanRanks(here, { candidates: of }, records);
  return found && { ...found, ranks: Object.fromEntries(found.ranks.map((one) => [one.candidate, one.meanRank])) };
};

describe('the mean rank on other targets', () => {
  it('is the mean over targets of the place by the probe, equal scores sharing theirs', () => {
    expect(ranksOf([record({ a: 0.9, b: 0.8, c: 0.7 }), record({ a: 0.5, b: 0.6, c: 0.5 })])).toEqual({
      targets: 2,
      fineTuned: 0,
      ranks: { a: (1 + 2.5) / 2, b: (2 + 1) / 2, c: (3 + 2.5) / 2 },
    });
  });

  it('is by fine-tuning where a target has it, else by the linear probe, and counts the target once', () => {
    const linear = record({ a: 0.9, b: 0.8, c: 0.7 });
    const tuned = { ...record({ a: 0.1, b: 0.2, c: 0.3 }), measure: 'probe.finetune' as const };
    const same = { ...tuned, name: linear.name, fingerprint: linear.fingerprint, sketch: linear.sketch };
    expect(ranksOf([linear, same])).toEqual({ targets: 1, fineTuned: 1, ranks: { a: 3, b: 2, c: 1 } });
  });

  it.each([
    ['of its own name, grown by some images', { name: 'here' }],
    ['of its own images under another name', { fingerprint: 'f' }],
    ['that has some of its images under another name', { sketch: ['2', '3'] }],
  ])('takes no target for another one %s', (_, more) => {
    expect(ranksOf([record({ a: 0.9, b: 0.8, c: 0.7 }, more)])).toBeUndefined();
  });

  it('counts two targets that share images once, the larger', () => {
    const small = record({ a: 0.9, b: 0.8, c: 0.7 }, { sketch: ['x'], images: 50 });
    const grown = record({ a: 0.7, b: 0.8, c: 0.9 }, { sketch: ['x', 'y'], images: 60 });
    expect(ranksOf([small, grown])).toMatchObject({ targets: 1, ranks: { a: 3, b: 2, c: 1 } });
  });

  it('is taken only where all candidates were measured that were measured anywhere', () => {
    const both = record({ a: 0.9, b: 0.8 });
    expect(ranksOf([both])).toEqual({ targets: 1, fineTuned: 0, ranks: { a: 1, b: 2 } });
    expect(ranksOf([both, record({ a: 0.9, b: 0.8, c: 0.95, other: 1 })])).toEqual({
      targets: 1,
      fineTuned: 0,
      ranks: { a: 2, b: 3, c: 1 },
    });
    expect(ranksOf([both, record({ b: 0.9, c: 0.8 })])).toBeUndefined();
    expect(ranksOf([record({ a: 0.9 })])).toBeUndefined();
  });

  it('gives one network under two names one place', () => {
    const twice = [...candidates.slice(0, 2), { ...candidates[0]!, id: 'again' }];
    expect(ranksOf([record({ a: 0.9, b: 0.8 })], twice)!.ranks).toEqual({ a: 1, b: 2, again: 1 });
  });
});

describe('what the store keeps of a target', { timeout: 60_000 }, () => {
  const { evidence: alike } = clothing();
  const evidence: Evidence = {
    ...alike,
    candidates: alike.candidates.map(({ id, weights, ...rest }) => ({
      id,
      ...rest,
      weights: weights && { ...weights, digest: `net ${id}` },
    })),
  };
  const networks = evidence.candidates.flatMap(({ weights }) => (weights === null ? [] : [weights.digest]));
  const remembered = async (findings: Finding[]): Promise<TargetRecord[]> => {
    const store = openStore(await folders.make('store'));
    await rememberTarget(here, { ...evidence, findings }, store);
    const keys = (await Promise.all(networks.map((network) => store.keysOf('target', `${network}-`)))).flat();
    const records = (await Promise.all(keys.map((key) => store.readJson('target', key)))) as TargetRecord[];
    return records.filter((one, i) => records.findIndex(({ measure }) => measure === one.measure) === i);
  };
  const about = (code: Finding['code'], whom: string): Finding => ({
    code,
    about: whom,
    ...(code === 'target_at_chance' ? { measure: 'probe.linear' as const } : {}),
    text: 'It is so.',
  });

  it('is the score of every network, without those that a finding casts doubt on', async () => {
    const all = await remembered([]);
    const linear = all.find(({ measure }) => measure === 'probe.linear')!;
    const expected = evidence.candidates.filter(({ role, weights }) => role === 'candidate' && weights !== null);
    expect(linear.scores.map(([network]) => network).toSorted()).toEqual(
      [...new Set(expected.map(({ weights }) => weights!.digest))].toSorted(),
    );
    for (const [network, value] of linear.scores) {
      const { id } = expected.find(({ weights }) => weights!.digest === network)!;
      const own = evidence.measurements.find((one) => one.measure === 'probe.linear' && one.candidate === id)!;
      expect(value).toBe(own.estimate!.value);
    }
    const seen = expected[0]!;
    const fewer = await remembered([about('weights_saw_target', seen.id)]);
    expect(fewer.find(({ measure }) => measure === 'probe.linear')!.scores).toEqual(
      linear.scores.filter(([network]) => network !== seen.weights!.digest),
    );
  });

  it('is nothing where no candidate does better than chance', async () => {
    const all = await remembered([about('target_at_chance', 'target')]);
    expect(all.filter(({ measure }) => measure === 'probe.linear')).toEqual([]);
  });
});

describe('reviews of several targets with one store', { timeout: 120_000 }, () => {
  let folder: string;
  let store: string;
  const evidence =
    '{ encoders: [{ id: small, ref: weights/edges.onnx }], images: 40, seeds: 3, configurations: 2, reference: "off", probes: [linear] }';
  const text = stripeManifest({ evidence });
  const bars = stripeManifest({ evidence, target: 'data/bars' }).replace('name: stripes', 'name: Secret bars');
  beforeAll(async () => {
    folder = await folders.make('repository');
    store = await folders.make('store');
    await drawRepository(folder);
    await drawStripes(join(folder, 'data/bars/across'), 20, { along: 'x', seed: 7, grey: 150 });
    await drawStripes(join(folder, 'data/bars/upright'), 20, { along: 'y', seed: 8, grey: 150 });
  });

  it('rank the candidates by what they did on the others, the first one as soon as there is another', async () => {
    const first = await measureText(folder, text, store);
    expect(first.evidence!.otherTargets).toBeUndefined();
    const second = await measureText(folder, bars, store);
    expect(second.evidence!.otherTargets).toEqual({
      targets: 1,
      fineTuned: 0,
      ranks: [
        { candidate: 'edges', meanRank: 1 },
        { candidate: 'colour', meanRank: 2 },
      ],
    });
    const again = await measureText(folder, text, store);
    expect([again.cached, again.evidence!.otherTargets]).toEqual([true, second.evidence!.otherTargets]);
    const { otherTargets, ...rest } = again.evidence!;
    expect(rest).toEqual(first.evidence);
  });

  it('take neither the same target grown nor a renamed copy of it for another', async () => {
    const own = await folders.make('store');
    await measureText(folder, text, own);
    await cp(join(folder, 'data/target'), join(folder, 'data/grown'), { recursive: true });
    await drawStripes(join(folder, 'data/grown/across/more'), 2, { along: 'x', seed: 9 });
    const grown = stripeManifest({ evidence, target: 'data/grown' });
    expect((await measureText(folder, grown, own)).evidence!.otherTargets).toBeUndefined();
    const renamed = grown.replace('name: stripes', 'name: something else');
    expect((await measureText(folder, renamed, own)).evidence!.otherTargets).toBeUndefined();
  });

  it('leave no name and no path of a target in what the others read', async () => {
    const kept = await readdir(join(store, 'target'), { recursive: true, withFileTypes: true });
    const files = kept.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    // Two targets, each under the two networks that were measured on it.
    expect(files).toHaveLength(4);
    for (const file of files) expect(await readFile(file, 'utf8')).not.toMatch(/secret|bars|stripes|data|png/i);
  });

  it('know a target by its name, but for case, spaces and dashes', () => {
    const target = { contents: new Map([['x.png', 'ab']]), digest: 'd' } as never;
    const nameOf = (targetName: string) => identityOf({ targetName, target }).name;
    expect(nameOf('Chest X-ray')).toBe(nameOf('chest xray'));
    expect(nameOf('Chest X-ray')).not.toBe(nameOf('chest ct'));
  });
});
