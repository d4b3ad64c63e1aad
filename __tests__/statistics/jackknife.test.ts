import { describe, expect, it } from 'vitest';
import { blockCount, blocksOf, jackknife } from '../../src/statistics/jackknife.ts';

const refused = expect.objectContaining({ code: 'measure-refused' });

describe('blockCount', () => {
  it('is 20, 10 below 200 images in any set, and never more than the groups of any set', () => {
    expect(blockCount([{ rows: 200, groups: 200 }])).toBe(20);
    expect(
      blockCount([
        { rows: 500, groups: 500 },
        { rows: 199, groups: 199 },
      ]),
    ).toBe(10);
    expect(
      blockCount([
        { rows: 500, groups: 7 },
        { rows: 500, groups: 500 },
      ]),
    ).toBe(7);
  });

  it('refuses fewer than 5 groups', () => {
    expect(() => blockCount([{ rows: 500, groups: 4 }])).toThrow(refused);
  });
});

describe('blocksOf', () => {
  it('deals rows in turn', () => {
    expect([...blocksOf(7, 3)]).toEqual([0, 1, 2, 0, 1, 2, 0]);
  });

  it('keeps a patient in one block, whatever the order of the rows', () => {
    const groups = ['p3', 'p1', 'p3', 'p2', 'p1', 'p4'];
    expect([...blocksOf(6, 3, groups)]).toEqual([2, 0, 2, 1, 0, 0]);
    expect([...blocksOf(6, 3, groups.toReversed())]).toEqual([0, 0, 1, 2, 0, 2]);
  });

  it('refuses groups that do not fit the rows', () => {
    expect(() => blocksOf(3, 2, ['a'])).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
  });
});

describe('jackknife', () => {
  it('gives the mean of n numbers its textbook standard error when every block is one number', () => {
    const numbers = [3, 1, 4, 1, 5, 9, 2, 6];
    const sum = 31;
    const leftOut = numbers.map((x) => (sum - x) / 7);
    const mean = sum / 8;
    const s2 = numbers.reduce((total, x) => total + (x - mean) ** 2, 0) / 7;
    const estimate = jackknife(mean, leftOut);
    expect(estimate.standardError).toBeCloseTo(Math.sqrt(s2 / 8), 12);
    expect(estimate.degreesOfFreedom).toBe(7);
  });

  it('has no error where no block matters', () => {
    expect(jackknife(0, [0, 0, 0, 0, 0])).toMatchObject({ value: 0, standardError: 0, low: 0, high: 0 });
  });

  it('refuses one block and numbers that are none', () => {
    expect(() => jackknife(1, [1])).toThrow(refused);
    expect(() => jackknife(1, [1, Number.NaN])).toThrow(refused);
  });
});
