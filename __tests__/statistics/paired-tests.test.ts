import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/random.ts';
import { clopperPearson } from '../../src/statistics/clopper-pearson.ts';
import { deLong, deLongPaired } from '../../src/statistics/delong.ts';
import { mcNemar } from '../../src/statistics/mcnemar.ts';
import { normalPValue } from '../../src/statistics/normal.ts';
import { wilson } from '../../src/statistics/wilson.ts';
import { expectGolden, readGolden } from '../helpers/golden.ts';

const golden = readGolden<
  {
    delong: { score1: number[]; score2: number[]; positive: number[] };
    mcnemar: { b: number; c: number };
    proportions: [number, number][];
  },
  {
    delong: Record<'auc1' | 'auc2' | 'var1' | 'var2' | 'cov' | 'z' | 'p', number>;
    mcnemar: { exact: number; mid_p: number };
    wilson95: [number, number][];
    clopper_pearson95: [number, number][];
  }
>('statistics');
const { inputs, expected } = golden;

describe.each(inputs.proportions)('%d of %d', (found, n) => {
  const index = inputs.proportions.findIndex(([a, b]) => a === found && b === n);

  it('has Wilson’s interval', () => {
    const { low, high } = wilson(found, n);
    expectGolden(low, expected.wilson95[index]![0], golden);
    expectGolden(high, expected.wilson95[index]![1], golden);
  });

  it('has the interval of Clopper and Pearson', () => {
    const { low, high } = clopperPearson(found, n);
    expectGolden(low, expected.clopper_pearson95[index]![0], golden);
    expectGolden(high, expected.clopper_pearson95[index]![1], golden);
  });
});

describe('clopperPearson', () => {
  it('is the mirror image for those that were not found', () => {
    const { low, high } = clopperPearson(7, 30, 0.9);
    const other = clopperPearson(23, 30, 0.9);
    expect(other.low).toBeCloseTo(1 - high, 12);
    expect(other.high).toBeCloseTo(1 - low, 12);
  });

  it('lies around the share for thousands of units too', () => {
    const { low, high } = clopperPearson(1500, 5000);
    expect(low).toBeGreaterThan(0.28);
    expect(low).toBeLessThan(0.3);
    expect(high).toBeGreaterThan(0.3);
    expect(high).toBeLessThan(0.32);
  });

  it.each([
    [1, 0],
    [-1, 5],
    [6, 5],
    [1.5, 5],
    [Number.NaN, 5],
  ])('refuses %d of %d', (found, n) => {
    expect(() => clopperPearson(found, n)).toThrow(expect.objectContaining({ code: 'measure-refused' }));
  });
});

describe('McNemar’s test', () => {
  it('agrees with statsmodels', () => {
    const { b, c } = inputs.mcnemar;
    const { exact, midP } = mcNemar(b, c);
    expectGolden(exact, expected.mcnemar.exact, golden);
    expectGolden(midP, expected.mcnemar.mid_p, golden);
  });

  it('does not mind which comes first, and finds nothing in no difference', () => {
    expect(mcNemar(3, 9)).toEqual(mcNemar(9, 3));
    expect(mcNemar(0, 0)).toEqual({ exact: 1, midP: 1 });
    expect(mcNemar(5, 5).exact).toBe(1);
  });

  it('is worked out by hand for five of five', () => {
    expect(mcNemar(5, 0).exact).toBeCloseTo(2 / 32, 14);
    expect(mcNemar(5, 0).midP).toBeCloseTo(1 / 32, 14);
  });

  it.each([
    [-1, 2],
    [1.5, 2],
    [Number.NaN, 2],
  ])('refuses %d and %d', (b, c) => {
    expect(() => mcNemar(b, c)).toThrow(expect.objectContaining({ code: 'measure-refused' }));
  });
});

describe('DeLong’s test', () => {
  const positive = inputs.delong.positive.map((is) => is === 1);

  it('agrees with the reference in AUCs, variances, covariance, z and p', () => {
    const found = deLongPaired(positive, inputs.delong.score1, inputs.delong.score2);
    expectGolden(found.first.auc, expected.delong.auc1, golden);
    expectGolden(found.second.auc, expected.delong.auc2, golden);
    expectGolden(found.first.variance, expected.delong.var1, golden);
    expectGolden(found.second.variance, expected.delong.var2, golden);
    expectGolden(found.covariance, expected.delong.cov, golden);
    expectGolden(found.difference / found.standardError, expected.delong.z, golden);
    expectGolden(found.p, expected.delong.p, golden);
  });

  it('finds no difference of a score with itself, in whatever unit', () => {
    const { score1 } = inputs.delong;
    const found = deLongPaired(
      positive,
      score1,
      score1.map((x) => 3 * x + 1),
    );
    expect(found).toMatchObject({ difference: 0, p: 1 });
  });

  it('states a variance near that of many samples', () => {
    const random = seededRandom(5, 'delong');
    const samples = Array.from({ length: 400 }, () => {
      const truth = Array.from({ length: 60 }, (_, i) => i % 2 === 0);
      return deLong(
        truth,
        truth.map((is) => random.normal() + (is ? 1 : 0)),
      );
    });
    const mean = samples.reduce((sum, { auc }) => sum + auc, 0) / samples.length;
    const seen = samples.reduce((sum, { auc }) => sum + (auc - mean) ** 2, 0) / (samples.length - 1);
    const stated = samples.reduce((sum, { variance }) => sum + variance, 0) / samples.length;
    expect(stated / seen).toBeGreaterThan(0.8);
    expect(stated / seen).toBeLessThan(1.25);
  });

  it('refuses one image of a kind, a score that is none, and lists of different length', () => {
    expect(() => deLong([true, false, false], [1, 2, 3])).toThrow(expect.objectContaining({ code: 'measure-refused' }));
    const four = [true, true, false, false];
    expect(() => deLong(four, [1, Number.NaN, 2, 3])).toThrow(expect.objectContaining({ code: 'measure-refused' }));
    expect(() => deLong(four, [1])).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
  });
});

describe('normalPValue', () => {
  it('is two-sided', () => {
    expect(normalPValue(1.959963984540054)).toBeCloseTo(0.05, 12);
    expect(normalPValue(-1.959963984540054)).toBeCloseTo(0.05, 12);
    expect(normalPValue(0)).toBe(1);
  });
});
