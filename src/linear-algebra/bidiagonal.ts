import type { Band } from './band.ts';
import { reflectColumns, reflector, reflectRows } from './reflectors.ts';

/** An upper bidiagonal matrix; `beside[i]` lies right of `diagonal[i]`. */
export interface Bidiagonal {
  diagonal: Float64Array;
  beside: Float64Array;
}

/**
 * Brings an upper band matrix to bidiagonal form by reflections from both sides, which leave its singular values as they
 * are; the band is overwritten. Every row in turn is cut to two numbers, and what that adds outside the band is chased
 * along it to its end: only so much that the next row finds the band as this one did (Murata & Horikoshi 1975 for
 * symmetric bands; Lang 1996 for these). 8 n² width operations.
 */
export function bidiagonalOf({ data, size, width, stride }: Band): Bidiagonal {
  const v = new Float64Array(width);
  const shares = new Float64Array(3 * width);
  const place = (row: number, column: number) => row * stride + column - row + width;
  for (let start = 0; width > 1 && start + 2 < size; start++) {
    let row = start;
    let first = start + 1;
    let last = Math.min(start + width, size - 1);
    for (; first < last; row = first, first += width, last = Math.min(last + width, size - 1)) {
      const length = last - first + 1;
      const fromRight = reflector(data, place(row, first), length, v, 0);
      if (fromRight !== 0) reflectRows(data, place(row + 1, first), stride - 1, last - row, v, length, fromRight);
      // Column `first` below the diagonal, gathered because it lies across the rows.
      const column = shares.subarray(0, length);
      for (let i = 0; i < length; i++) column[i] = data[place(first + i, first)]!;
      const fromLeft = reflector(column, 0, length, v, 0);
      for (let i = 0; i < length; i++) data[place(first + i, first)] = column[i]!;
      const wide = Math.min(last + width, size - 1) - first;
      if (fromLeft !== 0) reflectColumns(data, place(first, first + 1), stride - 1, length, v, wide, fromLeft, shares);
    }
  }
  const diagonal = Float64Array.from({ length: size }, (_, i) => data[place(i, i)]!);
  const beside = Float64Array.from({ length: Math.max(0, size - 1) }, (_, i) =>
    width > 0 ? data[place(i, i + 1)]! : 0,
  );
  return { diagonal, beside };
}
