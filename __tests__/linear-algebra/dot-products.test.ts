import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dotProducts } from '../../src/linear-algebra/dot-products.ts';
import { seededRandom } from '../../src/random.ts';

function numbers(length: number, seed: number): Float64Array {
  const random = seededRandom(seed, 'dot products');
  return Float64Array.from({ length }, () => random.normal());
}

/** The definition, one pair at a time. */
function plainly(a: Float64Array, m: number, b: Float64Array, n: number, length: number): number[] {
  return Array.from({ length: m * n }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < length; k++) sum += a[Math.floor(at / n) * length + k]! * b[(at % n) * length + k]!;
    return sum;
  });
}

describe('dot products', () => {
  it('are those of the definition for any numbers of rows and columns', () => {
    fc.assert(
      fc.property(fc.nat(8), fc.nat(8), fc.constantFrom(0, 1, 5, 255, 256, 300), fc.nat(99), (m, n, length, seed) => {
        const [a, b] = [numbers(m * length, seed), numbers(n * length, seed + 1)];
        const found = dotProducts(a, m, b, n, length);
        plainly(a, m, b, n, length).forEach((value, at) => {
          expect(found[at]).toBeCloseTo(value, 10);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('of rows with themselves are exactly symmetric', () => {
    for (const n of [1, 2, 3, 4, 7, 9]) {
      const a = numbers(n * 301, n);
      const found = dotProducts(a, n, a, n, 301);
      plainly(a, n, a, n, 301).forEach((value, at) => {
        expect(found[at]).toBeCloseTo(value, 10);
        expect(found[at]).toBe(found[(at % n) * n + Math.floor(at / n)]);
      });
    }
  });
});
