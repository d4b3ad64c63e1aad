import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openDataset } from '../../src/dataset/open.ts';
import type { Comparison } from '../../src/evidence/schema.ts';
import { loadManifest } from '../../src/manifest/load.ts';
import { type Review, review } from '../../src/review.ts';
import { listen, temporaryFolders } from '../helpers/stripes.ts';

const here = dirname(fileURLToPath(import.meta.url));
const data = fileURLToPath(new URL('../../../shared/data', import.meta.url));
const present = existsSync(data);
const title = present
  ? 'on real images and networks'
  : 'on real images and networks (left out: ../shared/data is not there)';
const folders = temporaryFolders();
afterAll(() => folders.clear());

async function reviewOf(manifest: string): Promise<Review> {
  const result = await review({
    mode: 'review',
    manifest: `${manifest}.yml`,
    workspace: here,
    roots: [data],
    device: 'cpu',
    seed: 0,
    offline: true,
    store: await folders.make('store'),
    context: { commit: null, runUrl: null, today: '2026-01-01', reproduce: '' },
    log: listen(),
  });
  expect(result.problems.filter(({ level }) => level === 'error')).toEqual([]);
  expect(result.evidence!.findings.filter(({ code }) => code === 'infrastructure')).toEqual([]);
  return result;
}

const verdictOf = ({ verdicts }: Review, id: string) => verdicts!.claims.find(({ claim }) => claim.id === id)!.verdict;

/** A probe's difference of two candidates, subject − object, whichever way round it is stored. */
function differenceOf(
  { evidence }: Review,
  subject: string,
  object: string,
  measure: Comparison['measure'] = 'probe.linear',
) {
  const is = (a: string, b: string) => (c: Comparison) => c.measure === measure && c.subject === a && c.object === b;
  const stored = evidence!.comparisons.find(is(subject, object));
  if (stored) return stored.estimate!;
  const { value, low, high } = evidence!.comparisons.find(is(object, subject))!.estimate!;
  return { value: -value, low: -high, high: -low };
}

describe.skipIf(!present)(title, { timeout: 300_000 }, () => {
  it('finds one candidate under two names tied with itself, by exactly nothing', async () => {
    const result = await reviewOf('twins');
    const pairs = result.evidence!.comparisons.filter(
      ({ subject, object }) => subject === 'imagenet' && object === 'imagenet-again',
    );
    expect(pairs.map(({ measure }) => measure)).toEqual(
      expect.arrayContaining(['probe.linear', 'embedding.mmd', 'embedding.kid', 'visual.lightness']),
    );
    for (const { estimate, refused } of pairs) {
      if (refused !== undefined) continue;
      expect([estimate!.value, estimate!.standardError]).toEqual([0, 0]);
    }
    expect([verdictOf(result, 'C1'), verdictOf(result, 'C2')]).toEqual(['inconclusive', 'inconclusive']);
    expect(result.decision.state).toBe('tied');
  });

  it('finds the person detector worst on lung tissue, and does not order the other two', async () => {
    const result = await reviewOf('lc25000_lung');
    expect(differenceOf(result, 'imagenet', 'vww').low).toBeGreaterThan(0);
    expect(differenceOf(result, 'cifar10', 'vww').low).toBeGreaterThan(0);
    const { groups } = result.verdicts!.ranking.find(({ measure }) => measure === 'probe.linear')!;
    const places = (id: string) => groups.flatMap(({ members }, place) => (members.includes(id) ? [place] : []));
    expect(places('vww')).toEqual([groups.length - 1]);
    expect(places('imagenet')).toEqual(places('cifar10'));

    const open = differenceOf(result, 'imagenet', 'cifar10');
    expect([open.low < 0, open.high > 0]).toEqual([true, true]);
    expect([verdictOf(result, 'C2'), verdictOf(result, 'C3')]).toEqual(['supported', 'inconclusive']);
  });

  it('finds ImageNet ten points above birds on clothes', async () => {
    const result = await reviewOf('clothing');
    expect(verdictOf(result, 'C1')).toBe('supported');
  });

  it('finds by fine-tuning that weights help a network of depthwise layers, and a network as good as itself', async () => {
    const result = await reviewOf('fine-tuning');
    const { probes, measurements } = result.evidence!;
    // There is time for all of it on any machine.
    expect(probes[0]!.run).toEqual(probes[0]!.planned);
    // Five seeds of the network, under whichever name, and of its random twin.
    expect(probes[0]!.runs).toBe(10);
    const score = (id: string) => measurements.find(({ candidate }) => candidate === id)!.estimate!.value;
    // A third is chance. So few steps take thirteen depthwise layers hardly anywhere from random weights.
    expect(score('vww')).toBeGreaterThan(0.75);
    expect(score('scratch')).toBeLessThan(0.65);
    expect(differenceOf(result, 'vww', 'scratch', 'probe.finetune').low).toBeGreaterThan(0);
    expect(verdictOf(result, 'C1')).toBe('supported');
    const same = differenceOf(result, 'vww', 'vww-again', 'probe.finetune');
    expect([same.low, same.value, same.high].map(Math.abs)).toEqual([0, 0, 0]);
    expect(verdictOf(result, 'C2')).toBe('inconclusive');
  });

  it('takes the patients of films from their names, and measures every candidate', async () => {
    const { manifest } = await loadManifest('nih_cxr.yml', { base: here });
    const films = await openDataset(manifest!.target.data, { base: here, roots: [data] });
    expect(films.grouped).toBe(true);
    for (const { id, group } of films.images) expect(`${id} of ${group}`).toMatch(/\/(\d{8})_\S+ of \1$/);

    const result = await reviewOf('nih_cxr');
    const { target, measurements } = result.evidence!;
    expect(target.set!.groups).toBe(new Set(films.images.map(({ group }) => group)).size);
    for (const measure of ['embedding.mmd', 'visual.lightness', 'probe.linear'] as const)
      for (const id of ['imagenet', 'birds', 'insects'])
        expect(measurements.find((m) => m.measure === measure && m.candidate === id)?.estimate).toBeTruthy();
  });
});
