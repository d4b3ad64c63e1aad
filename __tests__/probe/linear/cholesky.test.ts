import { describe, expect, it } from 'vitest';
import { dotProducts } from '../../../src/linear-algebra/dot-products.ts';
import { cholesky } from '../../../src/probe/linear/cholesky.ts';
import { seededRandom } from '../../../src/random.ts';

describe('the Cholesky factor', () => {
  it('solves for any size and any number of right-hand sides', () => {
    const random = seededRandom(3, 'cholesky');
    for (const n of [1, 2, 3, 5, 12, 31])
      for (const count of [1, 2, 3, 4, 7]) {
        const rows = Float64Array.from({ length: n * 40 }, () => random.normal());
        const a = dotProducts(rows, n, rows, n, 40);
        const wanted = Float64Array.from({ length: count * n }, () => random.normal());
        const found = new Float64Array(count * n);
        cholesky(a, n).solve(dotProducts(wanted, count, a, n, n), count, found);
        found.forEach((x, at) => {
          expect(x).toBeCloseTo(wanted[at]!, 8);
        });
      }
  });

  it('reads the lower triangle only', () => {
    const found = new Float64Array(2);
    cholesky(Float64Array.of(4, Number.NaN, 2, 5), 2).solve(Float64Array.of(8, 9), 1, found);
    expect([...found]).toEqual([1.375, 1.25]);
  });

  it('refuses a matrix that is not positive definite, or not finite', () => {
    for (const a of [
      [1, 0, 2, 1],
      [Number.NaN, 0, 0, 1],
      [0, 0, 0, 0],
    ])
      expect(() => cholesky(Float64Array.from(a), 2)).toThrowError(
        expect.objectContaining({ code: 'measure-refused' }),
      );
  });
});
