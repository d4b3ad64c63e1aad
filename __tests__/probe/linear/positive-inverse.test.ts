import { describe, expect, it } from 'vitest';
import { dotProducts } from '../../../src/linear-algebra/dot-products.ts';
import { plainProducts } from '../../../src/linear-algebra/products.ts';
import { matrix } from '../../../src/matrix.ts';
import { positiveInverse } from '../../../src/probe/linear/positive-inverse.ts';
import { seededRandom } from '../../../src/random.ts';

describe('the inverse of a positive definite matrix', () => {
  // In loops alone, halved once with an odd number of rows, and several times.
  it.each([1, 5, 64, 65, 131, 300])(
    'times the matrix is the identity, and is symmetric to the bit: %i rows',
    async (n) => {
      const random = seededRandom(4, 'positive inverse');
      const rows = Float64Array.from({ length: n * (n + 20) }, () => random.normal());
      const a = matrix(dotProducts(rows, n, rows, n, n + 20), n, n);
      for (let i = 0; i < n; i++) a.data[i * n + i]! += 1;
      const given = a.data.slice();
      const inverse = await positiveInverse(a, plainProducts);
      expect(a.data).toEqual(given);
      const { data } = await plainProducts.product(inverse, a);
      let [apart, asymmetric] = [0, 0];
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          apart = Math.max(apart, Math.abs(data[i * n + j]! - Number(i === j)));
          asymmetric += Number(inverse.data[i * n + j] !== inverse.data[j * n + i]);
        }
      expect(apart).toBeLessThan(1e-10);
      expect(asymmetric).toBe(0);
    },
  );

  it('refuses a matrix that is not positive definite, in either half', async () => {
    for (const at of [3, 120]) {
      const a = matrix(new Float64Array(130 * 130), 130, 130);
      for (let i = 0; i < 130; i++) a.data[i * 130 + i] = i === at ? -1 : 2;
      await expect(positiveInverse(a, plainProducts)).rejects.toMatchObject({ code: 'measure-refused' });
    }
  });
});
