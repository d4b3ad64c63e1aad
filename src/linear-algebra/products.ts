import { TransferEvidenceError } from '../errors.ts';
import { type Matrix, matrix } from '../matrix.ts';
import { dotProducts } from './dot-products.ts';

/**
 * Products of matrices in float64, however they are computed. Results differ between implementations, and between numbers
 * of threads, by rounding alone.
 */
export interface Products {
  /** Whether large products run on compiled code, so that one product beats loops that do an eighth of its work. */
  readonly compiled: boolean;
  /**
   * A Bᵀ, the dot products of all rows: `a.rows × b.rows`. With `a === b` symmetric to the bit.
   * @param room that the result is written to the beginning of, for many products of one size; default new memory
   * @throws shape-mismatch when `a` and `b` differ in columns
   */
  rows(a: Matrix, b: Matrix, room?: Float64Array): Promise<Matrix<Float64Array>>;
  /**
   * A B: `a.rows × b.columns`.
   * @param room as of {@link rows}
   * @throws shape-mismatch when `a` has other columns than `b` has rows
   */
  product(a: Matrix<Float64Array>, b: Matrix<Float64Array>, room?: Float64Array): Promise<Matrix<Float64Array>>;
}

/** Products in loops: for small matrices, and where no runtime is at hand. */
export const plainProducts: Products = {
  compiled: false,
  rows: async (a, b, room) => {
    requireEqual('columns', a.columns, 'columns', b.columns);
    const left = inDoubles(a);
    const right = a === b ? left : inDoubles(b);
    const out = outOf(room, a.rows * b.rows);
    dotProducts(left.data, a.rows, right.data, b.rows, a.columns, out);
    return matrix(out, a.rows, b.rows);
  },
  product: async (a, b, room) => {
    requireEqual('columns', a.columns, 'rows', b.rows);
    const out = outOf(room, a.rows * b.columns);
    dotProducts(a.data, a.rows, transposed(b).data, b.columns, a.columns, out);
    return matrix(out, a.rows, b.columns);
  },
};

/** The beginning of the room that is given, or new memory where there is none. */
export function outOf(room: Float64Array | undefined, count: number): Float64Array {
  return room === undefined ? new Float64Array(count) : room.subarray(0, count);
}

/** @throws shape-mismatch */
export function requireEqual(of: string, first: number, and: string, second: number): void {
  if (first !== second)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `A product needs as many ${of} in the first matrix as ${and} in the second; ${first} and ${second} were given.`,
    );
}

/** Rows become columns. */
export function transposed({ data, rows, columns }: Matrix): Matrix<Float64Array> {
  const out = new Float64Array(data.length);
  // In squares that stay in the cache on both sides; each is written as it will lie, which is quickest for few columns.
  const side = 32;
  for (let fromColumn = 0; fromColumn < columns; fromColumn += side)
    for (let fromRow = 0; fromRow < rows; fromRow += side) {
      const toRow = Math.min(rows, fromRow + side);
      const toColumn = Math.min(columns, fromColumn + side);
      for (let j = fromColumn; j < toColumn; j++)
        for (let i = fromRow, from = fromRow * columns + j; i < toRow; i++, from += columns)
          out[j * rows + i] = data[from]!;
    }
  return matrix(out, columns, rows);
}

/** The same numbers in float64; copied only where they are not. */
export function inDoubles({ data, rows, columns }: Matrix): Matrix<Float64Array> {
  return { data: data instanceof Float64Array ? data : new Float64Array(data), rows, columns };
}
