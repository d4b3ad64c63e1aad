import { Matrix as Dense, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { plainProducts } from '../../src/linear-algebra/products.ts';
import { singularValues } from '../../src/linear-algebra/singular-values.ts';
import { type Matrix, matrix } from '../../src/matrix.ts';
import { seededRandom } from '../../src/random.ts';

function filled(rows: number, columns: number, value: (row: number, column: number) => number): Matrix<Float64Array> {
  return matrix(
    Float64Array.from({ length: rows * columns }, (_, at) => value(Math.floor(at / columns), at % columns)),
    rows,
    columns,
  );
}

const normal = (rows: number, columns: number, seed: number) => {
  const random = seededRandom(seed, 'singular values');
  return filled(rows, columns, () => random.normal());
};

async function ascending(given: Matrix<Float64Array>): Promise<Float64Array> {
  return (await singularValues(given, plainProducts)).sort();
}

function byMlMatrix({ data, rows, columns }: Matrix<Float64Array>): number[] {
  const dense = new Dense(Array.from({ length: rows }, (_, row) => data.slice(row * columns, (row + 1) * columns)));
  return new SingularValueDecomposition(dense, { autoTranspose: true }).diagonal
    .toSorted((a, b) => a - b)
    .slice(-Math.min(rows, columns));
}

describe('singular values', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 5],
    [15, 7],
    [16, 16],
    [17, 17],
    [40, 33],
    [33, 100],
    [90, 90],
  ])('are those that ml-matrix finds, to rounding of the largest: %i × %i', async (rows, columns) => {
    const random = seededRandom(rows, 'kinds');
    const kinds = [
      normal(rows, columns, 1),
      // A column of zeros gives a zero on the diagonal.
      filled(rows, columns, (_, column) => (column === 2 ? 0 : random.normal())),
      filled(rows, columns, (_, column) => random.normal() * Math.exp(-column / 8)),
    ];
    for (const given of kinds) {
      const found = await ascending(given);
      const expected = byMlMatrix(given);
      expect(found.length).toBe(expected.length);
      expected.forEach((value, i) => {
        expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(1e-13 * expected.at(-1)!);
      });
    }
  });

  it('are as many as the rank, the others rounding of zero, for repeated rows and for features that hardly vary', async () => {
    const random = seededRandom(1, 'rank');
    const repeated = await ascending(filled(90, 60, (row, column) => Math.sin((row % 3) + column)));
    expect([...repeated.slice(0, 58)].every((value) => value < 1e-13 * repeated[59]!)).toBe(true);
    expect(repeated[58]).toBeGreaterThan(1);
    const given = filled(80, 50, (_, column) => random.normal() * Math.exp(-2 * column));
    const squares = given.data.reduce((sum, value) => sum + value ** 2, 0);
    const found = await ascending(given);
    expect(found.reduce((sum, value) => sum + value ** 2, 0) / squares).toBeCloseTo(1, 13);
  });

  it('keep the digits of small ones, which eigenvalues of the square would lose', async () => {
    // Orthogonal columns of lengths 1, 1e-3 … 1e-12.
    const lengths = [1, 1e-3, 1e-6, 1e-9, 1e-12];
    const base = normal(40, 5, 3);
    const columns = Array.from({ length: 5 }, (_, c) =>
      Float64Array.from({ length: 40 }, (_, r) => base.data[r * 5 + c]!),
    );
    for (let pass = 0; pass < 2; pass++)
      columns.forEach((column, c) => {
        for (const before of columns.slice(0, c)) {
          const along = before.reduce((sum, x, i) => sum + x * column[i]!, 0);
          before.forEach((x, i) => {
            column[i] = column[i]! - along * x;
          });
        }
        const length = Math.hypot(...column);
        for (let i = 0; i < column.length; i++) column[i] = column[i]! / length;
      });
    const found = await ascending(filled(40, 5, (row, column) => columns[column]![row]! * lengths[column]!));
    lengths.toReversed().forEach((length, i) => {
      expect(Math.abs(found[i]! - length)).toBeLessThan(1e-15);
    });
  });

  it('scale with the matrix, at any scale', async () => {
    const given = normal(20, 20, 5);
    const expected = await ascending(given);
    for (const scale of [1e-150, 1e150]) {
      const found = await ascending(filled(20, 20, (row, column) => given.data[row * 20 + column]! * scale));
      found.forEach((value, i) => {
        expect(value / scale).toBeCloseTo(expected[i]!, 12);
      });
    }
  });

  it('are numbers where entries are so small beside others that their squares vanish', async () => {
    const scales = [1, 1e20, -1e20, 1e-160, -3e-161, 0];
    for (let seed = 0; seed < 2000; seed++) {
      const random = seededRandom(seed, 'vanishing squares');
      const values = await ascending(
        filled(3, 3, () => scales[random.integer(scales.length)]! * (1 + random.integer(3))),
      );
      expect(values.every(Number.isFinite), `seed ${seed}`).toBe(true);
    }
  });

  it('are zeros for zeros, and refused for what is no number', async () => {
    expect(await singularValues(matrix(new Float64Array(12), 3, 4), plainProducts)).toEqual(new Float64Array(3));
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY])
      await expect(singularValues(matrix(Float64Array.of(1, 2, 3, wrong), 2, 2), plainProducts)).rejects.toThrow(
        expect.objectContaining({ code: 'measure-refused' }),
      );
  });
});
