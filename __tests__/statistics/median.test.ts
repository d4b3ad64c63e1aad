import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { middleValues } from '../../src/statistics/median.ts';

describe('the middle values', () => {
  it('are those of the sorted numbers, with repeats and in any order', () => {
    const value = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), (values) => {
        const sorted = Float64Array.from(values).sort();
        const found = middleValues(Float64Array.from(values));
        // −0 and 0 are equal here; sorting puts one before the other.
        expect(found[0] - sorted[(values.length - 1) >> 1]! || 0).toBe(0);
        expect(found[1] - sorted[values.length >> 1]! || 0).toBe(0);
      }),
    );
  });

  it('are found among many that are sorted, reversed or all alike', () => {
    const n = 50_001;
    for (const at of [(i: number) => i, (i: number) => n - i, () => 7]) {
      const values = Float64Array.from({ length: n }, (_, i) => at(i));
      const expected = Float64Array.from(values).sort()[25_000];
      expect(middleValues(values)).toEqual([expected, expected]);
    }
  });
});
