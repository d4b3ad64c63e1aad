import { describe, expect, it } from 'vitest';
import { type Matrix, matrix, selectRows } from '../../../src/matrix.ts';
import type { MeasureName } from '../../../src/measures.ts';
import { compareSets, pairKey } from '../../../src/similarity/compare.ts';
import { cmmd, unbiasedCmmd } from '../../../src/similarity/embedding/cmmd.ts';
import { createGrams } from '../../../src/similarity/embedding/grams.ts';
import { mind } from '../../../src/similarity/embedding/mind.ts';
import { coverage, density, precision, recall } from '../../../src/similarity/embedding/prdc.ts';
import { mapped, normalRows } from '../../helpers/sets.ts';

const compare = (measure: MeasureName, target: Matrix, sources: Record<string, Matrix>, more = {}) =>
  compareSets({ measure, target, sources: new Map(Object.entries(sources)), seed: 7, ...more });

const distanceOf = async (measure: MeasureName, target: Matrix, source: Matrix, more = {}) =>
  (await compare(measure, target, { source }, more)).distances.get('source')!;

describe('the comparison of sets', () => {
  const [target, source] = [normalRows(60, 5, 1), normalRows(45, 5, 2, 0.3)];

  it.each([
    ['embedding.precision', precision],
    ['embedding.recall', recall],
    ['embedding.density', density],
    ['embedding.coverage', coverage],
    ['embedding.cmmd', unbiasedCmmd],
  ] as const)('in %s is the measure itself, with the source as the fake set', async (name, measure) => {
    expect((await distanceOf(name, target, source)).estimate!.value).toBeCloseTo(await measure(source, target), 12);
  });

  it('in MIND is the measure along its own directions', async () => {
    const { estimate, details } = await distanceOf('embedding.mind', target, source);
    expect(estimate!.value).toBeCloseTo(await mind(source, target, { seed: 7 }), 10);
    expect(details.directions).toBe(256);
  });

  it('in CMMD has the official, biased number beside it', async () => {
    const { estimate, details } = await distanceOf('embedding.cmmd', target, source);
    expect(details.biased).toBeCloseTo(await cmmd(source, target), 12);
    expect(details.biased).toBeGreaterThan(estimate!.value);
  });

  it('gives the same numbers whether counts are shared between measures or not', async () => {
    const grams = createGrams();
    for (const measure of ['embedding.precision', 'embedding.coverage', 'embedding.recall'] as const)
      expect(await distanceOf(measure, target, source, { grams })).toEqual(await distanceOf(measure, target, source));
    // Other groups are other neighbours, with the same dot products too.
    const sourceGroups = new Map([['source', Array.from({ length: 45 }, (_, row) => `p${row % 9}`)]]);
    expect(await distanceOf('embedding.recall', target, source, { grams, sourceGroups })).toEqual(
      await distanceOf('embedding.recall', target, source, { sourceGroups }),
    );
  });
});

describe('neighbourhoods of patients', () => {
  it('reach to other patients, so many images of each make no set small', async () => {
    const target = normalRows(40, 4, 1);
    const patients = normalRows(40, 4, 2);
    const groups = Array.from({ length: 160 }, (_, row) => `p${row % 40}`);
    const fourEach = selectRows(
      patients,
      groups.map((_, row) => row % 40),
    );
    const own = async (sources: Map<string, readonly string[]> | undefined) =>
      (await distanceOf('embedding.recall', target, fourEach, sources && { sourceGroups: sources })).estimate!.value;
    // Of four copies of each image the fifth nearest is another patient, but only just.
    expect(await own(new Map([['source', groups]]))).toBeGreaterThan((await own(undefined)) + 0.1);
  });
});

describe('the null of values that do not fall to 0', () => {
  it('is that of samples in the proportion of source and target', async () => {
    const target = normalRows(240, 4, 1);
    const found = await Promise.all(
      [2, 3, 4, 5].map((seed) => distanceOf('embedding.coverage', target, normalRows(60, 4, seed))),
    );
    // A quarter as many images cover about 1 − (1 + 1/4)⁻⁵ of the balls, not 0.97 of them.
    const mean = found.reduce((sum, { estimate }) => sum + estimate!.value, 0) / found.length;
    expect(mean).toBeLessThan(0.8);
    expect(Math.abs(found[0]!.splitHalf!.value - mean)).toBeLessThan(0.06);
  });

  it('is about 0.5 for the domain classifier, and bounds what two samples of the target differ by', {
    timeout: 60_000,
  }, async () => {
    const results = await Promise.all(
      Array.from({ length: 24 }, async (_, world) => {
        const [target, a, b] = [0, 1, 2].map((i) => normalRows(100, 6, 3 * world + i));
        return compare('embedding.domain_classifier', target!, { a: a!, b: b! });
      }),
    );
    const half = results[0]!.distances.get('a')!.splitHalf!;
    expect(half.low).toBeLessThan(0.5);
    expect(half.high).toBeGreaterThan(0.5);
    const within = results.filter((result) => {
      const { estimate, nullHalfWidth } = result.differences.get(pairKey('a', 'b'))!;
      return Math.abs(estimate!.value) <= nullHalfWidth!;
    });
    expect(within.length).toBeGreaterThanOrEqual(22);
  });
});

describe('the domain classifier in the comparison of sets', () => {
  it('orders a farther source behind a nearer one and says how sure it is', async () => {
    const target = normalRows(120, 8, 1);
    const sources = { near: normalRows(120, 8, 2, 0.2), far: normalRows(120, 8, 3, 0.8) };
    const { differences, distances } = await compare('embedding.domain_classifier', target, sources);
    expect(differences.get(pairKey('near', 'far'))!.estimate!.high).toBeLessThan(0);
    expect(distances.get('far')!.details).toMatchObject({ converged: 1 });
    expect(distances.get('far')!.details.proxyADistance).toBeGreaterThan(1);
  });

  it('keeps an interval where it tells every image apart', async () => {
    const target = normalRows(100, 3, 1);
    const { estimate } = await distanceOf(
      'embedding.domain_classifier',
      target,
      mapped(target, (x) => x + 50),
    );
    expect(estimate!.value).toBe(1);
    expect(estimate!.standardError).toBeGreaterThan(0.005);
  });

  it('answers for a target of few patients, whose halves hold one or two', async () => {
    const target = normalRows(120, 5, 1);
    const targetGroups = Array.from({ length: 120 }, (_, row) => (row < 100 ? 'large' : `p${row % 4}`));
    const { estimate, splitHalf } = await distanceOf(
      'embedding.domain_classifier',
      target,
      normalRows(110, 5, 2, 0.5),
      { targetGroups },
    );
    expect(Number.isFinite(estimate!.value)).toBe(true);
    expect(Number.isFinite(splitHalf!.value)).toBe(true);
  });

  it('takes as many images as it can in time, and says how many', { timeout: 60_000 }, async () => {
    const tall = (seed: number) => matrix(normalRows(520, 2, seed).data, 520, 2);
    const { details } = await distanceOf('embedding.domain_classifier', tall(1), tall(2));
    expect(details).toMatchObject({ sourceImages: 500, targetImages: 500 });
  });
});
