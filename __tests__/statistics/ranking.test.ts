import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kendallTauB, kendallW } from '../../src/statistics/agreement.ts';
import { kendallWPermutationP, permutationP } from '../../src/statistics/permutation-p.ts';
import { regretAt } from '../../src/statistics/regret.ts';
import { spearman } from '../../src/statistics/spearman.ts';
import { weightedTau } from '../../src/statistics/weighted-tau.ts';
import { expectGolden, readGolden } from '../helpers/golden.ts';

interface Agreement {
  weighted_tau: number;
  spearman: number;
  regret_at_1: number;
  regret_at_3: number;
}
const golden = readGolden<
  { cases: Record<string, { score: number[]; truth: number[] }> },
  { cases: Record<string, Agreement> }
>('ranking');
const values = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 3, maxLength: 9 });

describe.each(Object.keys(golden.inputs.cases))('%s agrees with scipy', (name) => {
  const { score, truth } = golden.inputs.cases[name]!;
  const expected = golden.expected.cases[name]!;

  it('in weighted τ and Spearman’s ρ', () => {
    expectGolden(weightedTau(score, truth)!, expected.weighted_tau, golden);
    expectGolden(spearman(score, truth)!, expected.spearman, golden);
  });

  it('in regret at 1 and 3', () => {
    expectGolden(regretAt(1, score, truth), expected.regret_at_1, golden);
    expectGolden(regretAt(3, score, truth), expected.regret_at_3, golden);
  });
});

describe.each([
  ['weighted τ', weightedTau],
  ['Spearman’s ρ', spearman],
] as const)('%s', (_, correlation) => {
  it('is 1 for one order, −1 for its reverse, nothing without any order', () => {
    expect(correlation([1, 2, 3, 4], [10, 20, 30, 40])).toBeCloseTo(1, 12);
    expect(correlation([1, 2, 3, 4], [4, 3, 2, 1])).toBeCloseTo(-1, 12);
    expect(correlation([1, 1, 1], [1, 2, 3])).toBeNull();
  });

  it('does not mind which side comes first or in which order the items stand', () => {
    fc.assert(
      fc.property(values, fc.nat(), (a, by) => {
        const b = a.map((_, i) => (i * 7 + by) % 11);
        const turned = (list: number[]) => [...list].reverse();
        const value = correlation(a, b);
        if (value === null) return;
        expect(correlation(b, a)).toBeCloseTo(value, 12);
        expect(correlation(turned(a), turned(b))).toBeCloseTo(value, 12);
      }),
    );
  });

  it('refuses lists of different length', () => {
    expect(() => correlation([1, 2], [1])).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
  });
});

it('Spearman’s ρ changes its sign with the direction', () => {
  fc.assert(
    fc.property(values, (a) => {
      const b = a.map((_, i) => (i * 5) % 7);
      const value = spearman(a, b);
      if (value === null) return;
      const turned = b.map((x) => -x);
      expect(spearman(a, turned)).toBeCloseTo(-value, 12);
    }),
  );
});

describe('weightedTau', () => {
  it('minds a mistake at the top more than one at the bottom', () => {
    const top = weightedTau([5, 4, 3, 2, 1], [4, 5, 3, 2, 1])!;
    const bottom = weightedTau([5, 4, 3, 2, 1], [5, 4, 3, 1, 2])!;
    expect(top).toBeLessThan(bottom);
  });
});

describe('regretAt', () => {
  it('is 0 when the first choice is the best, and then for any number of choices', () => {
    expect(regretAt(1, [3, 1, 2], [80, 70, 75])).toBe(0);
    expect(regretAt(1, [1, 3, 2], [80, 70, 75])).toBe(10);
    expect(regretAt(2, [1, 3, 2], [80, 70, 75])).toBe(5);
  });

  it.each([
    [0, [1], [1]],
    [1, [], []],
    [1, [Number.NaN], [1]],
  ])('refuses k = %d of %j', (k, score, truth) => {
    expect(() => regretAt(k, score, truth)).toThrow(expect.objectContaining({ code: 'measure-refused' }));
  });
});

describe('permutationP', () => {
  it.each([
    [3, 2 / 6],
    [4, 2 / 24],
    [5, 2 / 120],
  ])('of one order of %d sources is no smaller than 2 ÷ K!', (count, smallest) => {
    const order = Array.from({ length: count }, (_, i) => i);
    for (const correlation of [weightedTau, kendallTauB, spearman])
      expect(permutationP(correlation, order, order)).toEqual({ p: smallest, exact: true });
  });

  it('is the share of orders at least as far from 0, worked out by hand', () => {
    // Of the 6 orders of three, ρ is 1, ½, ½, −½, −½, −1.
    expect(permutationP(spearman, [1, 2, 3], [1, 3, 2])).toEqual({ p: 1, exact: true });
  });

  it('draws orders beyond 8 items, the same ones for the same seed', () => {
    const order = Array.from({ length: 12 }, (_, i) => i);
    const found = permutationP(spearman, order, order, 3)!;
    expect(found.exact).toBe(false);
    expect(found.p).toBe(1 / 10_000);
    expect(permutationP(spearman, order, order, 3)).toEqual(found);
  });
});

describe('kendallWPermutationP', () => {
  it('of two raters of three sources counts the orders of the second', () => {
    const one = [1, 2, 3];
    expect(kendallWPermutationP([one, one])).toEqual({ p: 1 / 6, exact: true });
    expect(kendallWPermutationP([one, [3, 2, 1]])).toEqual({ p: 1, exact: true });
  });

  it('has nothing to say where no rater has an order', () => {
    const flat = [1, 1, 1];
    expect(kendallW([flat, flat])).toBeNull();
    expect(kendallWPermutationP([flat, flat])).toBeNull();
  });

  it('draws where there are too many ways', () => {
    const row = [1, 2, 3, 4, 5, 6];
    const found = kendallWPermutationP([row, row, row])!;
    expect(found.exact).toBe(false);
    expect(found.p).toBeLessThan(0.01);
  });
});
