import type { Products } from '../linear-algebra/products.ts';
import { type Matrix, matrix } from '../matrix.ts';

/** Rows that are turned to columns at a time, so that no second copy of the features is held. */
const chunkRows = 1024;

/** All dot products of the columns over the given rows: `columns × columns`. */
export async function columnProducts(
  features: Matrix,
  rows: Int32Array,
  products: Products,
): Promise<Matrix<Float64Array>> {
  const { columns } = features;
  const sums = matrix(new Float64Array(columns * columns), columns, columns);
  const room = rows.length > chunkRows ? new Float64Array(sums.data.length) : undefined;
  const chunkRoom = new Float64Array(Math.min(chunkRows, rows.length) * columns);
  for (let from = 0; from < rows.length; from += chunkRows) {
    const chunk = transposedRows(features, rows.subarray(from, from + chunkRows), chunkRoom);
    if (from === 0) await products.rows(chunk, chunk, sums.data);
    else {
      const { data } = await products.rows(chunk, chunk, room);
      for (let at = 0; at < data.length; at++) sums.data[at]! += data[at]!;
    }
  }
  return sums;
}

/** The columns of the given rows as rows: `columns × rows.length`. */
function transposedRows({ data, columns }: Matrix, rows: Int32Array, room: Float64Array): Matrix<Float64Array> {
  const count = rows.length;
  const out = room.subarray(0, columns * count);
  // In squares that stay in the cache on both sides.
  const side = 32;
  for (let fromRow = 0; fromRow < count; fromRow += side)
    for (let fromColumn = 0; fromColumn < columns; fromColumn += side) {
      const toRow = Math.min(count, fromRow + side);
      const toColumn = Math.min(columns, fromColumn + side);
      for (let i = fromRow; i < toRow; i++) {
        const from = rows[i]! * columns;
        for (let k = fromColumn; k < toColumn; k++) out[k * count + i] = data[from + k]!;
      }
    }
  return matrix(out, columns, count);
}

/** The rows and columns of a square matrix that are named. */
export function principalSubmatrix({ data, columns }: Matrix, rows: ArrayLike<number>): Matrix<Float64Array> {
  const count = rows.length;
  const out = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    const from = rows[i]! * columns;
    for (let j = 0; j < count; j++) out[i * count + j] = data[from + rows[j]!]!;
  }
  return matrix(out, count, count);
}
