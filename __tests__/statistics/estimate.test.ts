import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atLevel, estimateFrom } from '../../src/statistics/estimate.ts';
import { pValue } from '../../src/statistics/p-value.ts';

const refused = expect.objectContaining({ code: 'measure-refused' });
const estimate = fc
  .record({
    value: fc.double({ min: -100, max: 100, noNaN: true }),
    standardError: fc.double({ min: 1e-6, max: 50, noNaN: true }),
    degreesOfFreedom: fc.integer({ min: 1, max: 200 }),
  })
  .map((from) => estimateFrom({ ...from, method: 'test' }));

describe('estimateFrom', () => {
  it('draws a symmetric 95 % interval unless another level is asked for', () => {
    const { low, high, level } = estimateFrom({ value: 3, standardError: 2, degreesOfFreedom: 4, method: 'test' });
    expect(level).toBe(0.95);
    expect(low).toBeCloseTo(3 - 2 * 2.7764451051977987, 12);
    expect(high).toBeCloseTo(3 + 2 * 2.7764451051977987, 12);
  });

  it('has no width without error', () => {
    const { low, high } = estimateFrom({ value: 3, standardError: 0, degreesOfFreedom: 9, method: 'test' });
    expect([low, high]).toEqual([3, 3]);
  });

  it.each([
    { value: Number.NaN },
    { value: Infinity },
    { standardError: -1 },
    { standardError: Number.NaN },
    { degreesOfFreedom: 0 },
    { level: 1 },
  ])('refuses %o rather than give an interval that is none', (wrong) => {
    const from = { value: 0, standardError: 1, degreesOfFreedom: 9, method: 'test', ...wrong };
    expect(() => estimateFrom(from)).toThrow(refused);
  });

  it('gives wider intervals at higher levels and comes back to the first', () => {
    fc.assert(
      fc.property(estimate, (first) => {
        const wider = atLevel(first, 0.99);
        expect(wider.low).toBeLessThan(first.low);
        expect(wider.high).toBeGreaterThan(first.high);
        expect(atLevel(wider, first.level)).toEqual(first);
      }),
    );
  });
});

describe('pValue', () => {
  it('is 1 − level at the ends of the interval', () => {
    fc.assert(
      fc.property(estimate, fc.constantFrom(0.8, 0.95, 0.99), (first, level) => {
        const { low, high } = atLevel(first, level);
        expect(pValue(first, low)).toBeCloseTo(1 - level, 6);
        expect(pValue(first, high)).toBeCloseTo(1 - level, 6);
      }),
    );
  });

  it('is 1 at the value itself, and 0 or 1 without error', () => {
    const exact = estimateFrom({ value: 2, standardError: 0, degreesOfFreedom: 9, method: 'test' });
    expect(pValue(exact, 2)).toBe(1);
    expect(pValue(exact, 1)).toBe(0);
    expect(pValue(estimateFrom({ ...exact, standardError: 1 }), 2)).toBe(1);
  });
});
