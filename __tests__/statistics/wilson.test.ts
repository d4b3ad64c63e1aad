import { describe, expect, it } from 'vitest';
import { wilson } from '../../src/statistics/wilson.ts';
import { expectGolden, readGolden } from '../helpers/golden.ts';

const golden = readGolden<{ proportions: [number, number][] }, { wilson95: [number, number][] }>('statistics');

describe('the interval of a share', () => {
  it('agrees with statsmodels', () => {
    golden.inputs.proportions.forEach(([found, n], at) => {
      const { low, high } = wilson(found, n);
      expectGolden(low, golden.expected.wilson95[at]![0], golden);
      expectGolden(high, golden.expected.wilson95[at]![1], golden);
    });
  });

  it('is mirrored for what was not found', () => {
    const [some, rest] = [wilson(7, 31), wilson(24, 31)];
    expect(some.low).toBeCloseTo(1 - rest.high, 12);
    expect(some.high).toBeCloseTo(1 - rest.low, 12);
  });

  it.each([
    [0, 0],
    [3, 2],
    [-1, 5],
    [Number.NaN, 5],
  ])('refuses %s of %s', (found, n) => {
    expect(() => wilson(found, n)).toThrow(expect.objectContaining({ code: 'measure-refused' }));
  });
});
