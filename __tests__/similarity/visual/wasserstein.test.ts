import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { histogramWasserstein, wasserstein } from '../../../src/similarity/visual/wasserstein.ts';

const numbers = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 });

describe('wasserstein', () => {
  it('is the mean step of sorted samples of one size', () => {
    expect(wasserstein(Float64Array.of(3, 1, 2), Float64Array.of(5, 1, 3))).toBe(1);
  });

  it('takes samples of unequal size by their shares', () => {
    // Half of {0, 4} against thirds of {0, 0, 3}: 1/3·… from 1/2 to 2/3 at 4, the last third at 1.
    expect(wasserstein(Float64Array.of(0, 4), Float64Array.of(0, 0, 3))).toBeCloseTo(4 / 6 + 1 / 3, 14);
  });

  it('agrees with the histogram form on whole numbers', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const histogram = (values: number[]) =>
          Float64Array.from({ length: 10 }, (_, bin) => values.filter((v) => v === bin).length / values.length);
        expect(wasserstein(Float64Array.from(a), Float64Array.from(b))).toBeCloseTo(
          histogramWasserstein(histogram(a), histogram(b), 1),
          10,
        );
      }),
    );
  });
});
