import type { Matrix } from '../matrix.ts';
import { reflectColumns, reflector, reflectRows } from './reflectors.ts';
import type { SymmetricBand } from './symmetric-band.ts';

/** A symmetric tridiagonal matrix; `beside[i]` lies between `diagonal[i]` and `diagonal[i + 1]`. */
export interface Tridiagonal {
  diagonal: Float64Array;
  beside: Float64Array;
}

/**
 * Brings a symmetric band matrix to tridiagonal form by reflections from both sides, which leave its eigenvalues as they
 * are; the band is overwritten, and some columns B by Qᵀ B. Every column in turn is cut to two numbers, and what that adds
 * outside the band is chased along it to its end: only so much that the next column finds the band as this one did
 * (Murata & Horikoshi 1975). 6 n² width operations, and 2 n² for each column of B.
 * @param columns n × c, overwritten
 */
export function tridiagonalOf(
  { data, size, width, stride }: SymmetricBand,
  columns: Matrix<Float64Array>,
): Tridiagonal {
  const v = new Float64Array(width);
  const shares = new Float64Array(Math.max(width, columns.columns));
  const place = (row: number, column: number) => row * stride + column - row + 2 * width;
  for (let start = 0; width > 1 && start + 2 < size; start++) {
    let column = start;
    let first = start + 1;
    let last = Math.min(start + width, size - 1);
    for (; first < last; column = first, first = last + 1, last = Math.min(last + width, size - 1)) {
      const length = last - first + 1;
      // The column lies across the rows.
      const gathered = shares.subarray(0, length);
      for (let i = 0; i < length; i++) gathered[i] = data[place(first + i, column)]!;
      const scale = reflector(gathered, 0, length, v, 0);
      for (let i = 0; i < length; i++) data[place(first + i, column)] = gathered[i]!;
      if (scale === 0) continue;
      reflectColumns(data, place(first, column + 1), stride - 1, length, v, first - 1 - column, scale, shares);
      reflectBothSides(data, place(first, first), stride - 1, v, length, scale, shares);
      const below = Math.min(last + width, size - 1) - last;
      reflectRows(data, place(last + 1, first), stride - 1, below, v, length, scale);
      if (columns.columns > 0)
        reflectColumns(
          columns.data,
          first * columns.columns,
          columns.columns,
          length,
          v,
          columns.columns,
          scale,
          shares,
        );
    }
  }
  return {
    diagonal: Float64Array.from({ length: size }, (_, i) => data[place(i, i)]!),
    beside: Float64Array.from({ length: Math.max(0, size - 1) }, (_, i) => data[place(i + 1, i)]!),
  };
}

/**
 * Reflects a symmetric square from both sides on its lower half, rows `step` apart: A − v wᵀ − w vᵀ with
 * w = p − ½ scale (p · v) v and p = scale · A v.
 * @param w `length` numbers to work in
 */
function reflectBothSides(
  a: Float64Array,
  start: number,
  step: number,
  v: Float64Array,
  length: number,
  scale: number,
  w: Float64Array,
): void {
  w.fill(0, 0, length);
  for (let i = 0, row = start; i < length; i++, row += step) {
    const own = v[i]!;
    let sum = a[row + i]! * own;
    for (let k = 0; k < i; k++) {
      const x = a[row + k]!;
      sum += x * v[k]!;
      w[k]! += x * own;
    }
    w[i]! += sum;
  }
  let along = 0;
  for (let i = 0; i < length; i++) along += w[i]! * v[i]!;
  const shift = (scale * scale * along) / 2;
  for (let i = 0; i < length; i++) w[i] = scale * w[i]! - shift * v[i]!;
  for (let i = 0, row = start; i < length; i++, row += step) {
    const own = v[i]!;
    const other = w[i]!;
    for (let k = 0; k <= i; k++) a[row + k] = a[row + k]! - own * w[k]! - other * v[k]!;
  }
}
