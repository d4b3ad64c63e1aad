import { TransferEvidenceError } from '../../errors.ts';
import type { Matrix } from '../../matrix.ts';

/**
 * All dot products of the rows of two sets, accumulated in float64: `out[i · b.rows + j] = a_i · b_j`.
 * With `a === b` the lower triangle is mirrored, so the result is symmetric to the bit. Each product is summed in the
 * order of the columns whatever its place, so equal rows give equal numbers to the bit.
 * @throws shape-mismatch when the two sets differ in columns
 */
export function gram(a: Matrix, b: Matrix): Float64Array {
  if (a.columns !== b.columns)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `Two sets in one embedding need equal columns; ${a.columns} and ${b.columns} were given.`,
    );
  const d = a.columns;
  const left = Float64Array.from(a.data);
  const right = a === b ? left : Float64Array.from(b.data);
  const out = new Float64Array(a.rows * b.rows);
  // Bands of b small enough to stay in the second-level cache while all of a passes by.
  const band = Math.max(4, (32768 / Math.max(1, d)) & ~3);
  for (let from = 0; from < b.rows; from += band) {
    const to = Math.min(b.rows, from + band);
    for (let i = 0; i < a.rows; i += 2) {
      // A symmetric result needs only the tiles that reach the diagonal.
      const last = a === b ? Math.min(to, i + 2) : to;
      for (let j = from; j < last; j += 4) tile(left, right, out, d, i, a.rows, j, b.rows);
    }
  }
  if (a === b) mirror(out, a.rows);
  return out;
}

/** Two rows of a times four of b. Past an edge a row is taken twice and its product written once more, unchanged. */
function tile(
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
  d: number,
  i: number,
  aRows: number,
  j: number,
  bRows: number,
): void {
  const i1 = Math.min(i + 1, aRows - 1);
  const j1 = Math.min(j + 1, bRows - 1);
  const j2 = Math.min(j + 2, bRows - 1);
  const j3 = Math.min(j + 3, bRows - 1);
  let p = i * d;
  let p1 = i1 * d;
  let q = j * d;
  let q1 = j1 * d;
  let q2 = j2 * d;
  let q3 = j3 * d;
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  for (const end = p + d; p < end; ) {
    const x = a[p++]!;
    const y = a[p1++]!;
    const v0 = b[q++]!;
    const v1 = b[q1++]!;
    const v2 = b[q2++]!;
    const v3 = b[q3++]!;
    s00 += x * v0;
    s01 += x * v1;
    s02 += x * v2;
    s03 += x * v3;
    s10 += y * v0;
    s11 += y * v1;
    s12 += y * v2;
    s13 += y * v3;
  }
  out[i * bRows + j] = s00;
  out[i * bRows + j1] = s01;
  out[i * bRows + j2] = s02;
  out[i * bRows + j3] = s03;
  out[i1 * bRows + j] = s10;
  out[i1 * bRows + j1] = s11;
  out[i1 * bRows + j2] = s12;
  out[i1 * bRows + j3] = s13;
}

function mirror(square: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) square[i * n + j] = square[j * n + i]!;
}
