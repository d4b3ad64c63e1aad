import { describe, expect, it } from 'vitest';
import { plainProducts } from '../../../src/linear-algebra/products.ts';
import { type Matrix, matrix, selectRows } from '../../../src/matrix.ts';
import { fid, fidOfMoments } from '../../../src/similarity/embedding/fid.ts';
import { type Moments, momentsOf, momentsOfChunks, scatterOfSet } from '../../../src/similarity/embedding/moments.ts';
import { normalRows } from '../../helpers/sets.ts';

const range = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i);

/** By the definition, one entry at a time. */
function covarianceOf(set: Matrix): number[] {
  const { data, rows, columns } = set;
  const mean = (k: number) => range(0, rows).reduce((sum, row) => sum + data[row * columns + k]!, 0) / rows;
  const means = Array.from({ length: columns }, (_, k) => mean(k));
  return Array.from({ length: columns ** 2 }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let row = 0; row < rows; row++)
      sum += (data[row * columns + i]! - means[i]!) * (data[row * columns + j]! - means[j]!);
    return sum / (rows - 1);
  });
}

function expectMoments(found: Moments, set: Matrix, digits = 10): void {
  const d = set.columns;
  const covariance = covarianceOf(set);
  expect(found.count).toBe(set.rows);
  expect(found.factor.rows).toBeLessThanOrEqual(Math.min(set.rows, d));
  for (let i = 0, at = 0; i < d; i++)
    for (let j = 0; j < d; j++, at++) {
      let value = 0;
      for (let k = 0; k < found.factor.rows; k++)
        value += found.factor.data[k * d + i]! * found.factor.data[k * d + j]!;
      expect(value).toBeCloseTo(covariance[at]!, digits);
    }
  expect(found.variance).toBeCloseTo(
    range(0, d).reduce((sum, k) => sum + covariance[k * (d + 1)]!, 0),
    digits,
  );
}

describe('moments', () => {
  it.each([
    [5, 9],
    [9, 9],
    [40, 9],
    [3000, 4],
  ])('are mean and covariance on both sides of n = d and of a chunk: %i × %i', async (rows, columns) => {
    const set = normalRows(rows, columns, 1, 3);
    expectMoments(await momentsOf(set, range(0, rows), plainProducts), set);
  });

  it('of chunks are those of all rows together, wherever they are cut and far from the origin', async () => {
    const set = normalRows(100, 6, 1, 1e4);
    for (const cuts of [
      [0, 100],
      [0, 1, 2, 100],
      [0, 30, 30, 90, 100],
    ]) {
      const chunks = cuts.slice(1).map((to, i) => selectRows(set, [...range(cuts[i]!, to)]));
      expectMoments(await momentsOfChunks(chunks, plainProducts), set, 8);
    }
  });

  it('of chunks give FID without the rows', async () => {
    const [x, y] = [normalRows(60, 5, 1), normalRows(50, 5, 2, 0.5)];
    const chunked = async function* (set: Matrix) {
      for (let from = 0; from < set.rows; from += 17)
        yield selectRows<Float32Array | Float64Array>(set, [...range(from, Math.min(set.rows, from + 17))]);
    };
    const value = await fidOfMoments(
      await momentsOfChunks(chunked(x), plainProducts),
      await momentsOfChunks(chunked(y), plainProducts),
      plainProducts,
    );
    expect(value).toBeCloseTo(await fid(x, y), 10);
  });

  it('of most rows follow from those of all', async () => {
    const set = normalRows(80, 6, 1, 2);
    const whole = await scatterOfSet(set, plainProducts);
    for (const rows of [range(0, 76), range(13, 80), range(0, 80), range(0, 30)])
      expectMoments(await momentsOf(set, rows, plainProducts, whole), selectRows(set, [...rows]));
  });

  it('of most rows keep their digits when the rows left out carried the whole spread', async () => {
    const set = normalRows(80, 6, 1);
    for (let k = 0; k < 6; k++) set.data[k] = 1e9 * (k + 1);
    const whole = await scatterOfSet(set, plainProducts);
    const rows = range(1, 80);
    expectMoments(await momentsOf(set, rows, plainProducts, whole), selectRows(set, [...rows]));
  });

  it('needs chunks of equal columns and 2 rows', async () => {
    await expect(momentsOfChunks([normalRows(3, 2, 1), normalRows(3, 4, 1)], plainProducts)).rejects.toThrow(
      expect.objectContaining({ code: 'shape-mismatch' }),
    );
    for (const chunks of [[], [normalRows(1, 2, 1)], [matrix(new Float64Array(0), 0, 2)]])
      await expect(momentsOfChunks(chunks, plainProducts)).rejects.toThrow(
        expect.objectContaining({ code: 'measure-refused' }),
      );
  });
});
