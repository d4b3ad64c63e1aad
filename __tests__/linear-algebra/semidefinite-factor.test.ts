import { describe, expect, it } from 'vitest';
import { plainProducts, transposed } from '../../src/linear-algebra/products.ts';
import { semidefiniteFactor } from '../../src/linear-algebra/semidefinite-factor.ts';
import { type Matrix, matrix } from '../../src/matrix.ts';
import { normalRows } from '../helpers/sets.ts';

const squareOf = async (rows: Matrix) => {
  const columns = transposed(rows);
  return plainProducts.rows(columns, columns);
};

async function expectFactor(square: Matrix<Float64Array>, rank: number): Promise<void> {
  const factor = await semidefiniteFactor(square, plainProducts);
  expect(factor.rows).toBe(rank);
  const back = await squareOf(factor);
  const largest = square.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  back.data.forEach((value, at) => {
    expect(Math.abs(value - square.data[at]!)).toBeLessThanOrEqual(1e-13 * largest);
  });
}

describe('the factor of a semidefinite matrix', () => {
  it.each([1, 5, 64, 65, 150])('multiplies back to it, over any number of blocks: %i', async (n) => {
    await expectFactor(await squareOf(normalRows(2 * n, n, n)), n);
  });

  it('has as many rows as the matrix has rank: constant, doubled and dependent columns give none', async () => {
    const base = normalRows(200, 70, 1);
    const wide = matrix(new Float64Array(200 * 80), 200, 80);
    for (let row = 0; row < 200; row++) {
      const at = (column: number) => base.data[row * 70 + column]!;
      for (let column = 0; column < 80; column++)
        wide.data[row * 80 + column] =
          column < 5 ? 0 : column < 75 ? at(column - 5) : column < 78 ? at(3) : at(1) - 2 * at(60);
    }
    await expectFactor(await squareOf(wide), 70);
  });

  it('does not mind columns of very different scale', async () => {
    const rows = normalRows(60, 20, 2);
    const scaled = matrix(
      rows.data.map((value, at) => value * 10 ** ((at % 20) - 10)),
      60,
      20,
    );
    const factor = await semidefiniteFactor(await squareOf(scaled), plainProducts);
    expect(factor.rows).toBe(20);
  });
});
