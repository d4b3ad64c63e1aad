import { type Matrix, matrix } from '../matrix.ts';
import { gram } from '../similarity/embedding/gram.ts';

/**
 * All dot products of the rows of `a` with the rows of `b`: `a.rows × b.rows`. Every product of matrices of this folder
 * goes through here. Equal rows give equal numbers to the bit.
 */
export function rowProducts(a: Matrix, b: Matrix): Matrix<Float64Array> {
  return matrix(gram(a, b), a.rows, b.rows);
}

/** The columns of the given rows as rows: `columns × rows.length`. */
export function transposedRows({ data, columns }: Matrix, rows: ArrayLike<number>): Matrix<Float64Array> {
  const count = rows.length;
  const out = new Float64Array(columns * count);
  for (let i = 0; i < count; i++) {
    const from = rows[i]! * columns;
    for (let k = 0; k < columns; k++) out[k * count + i] = data[from + k]!;
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
