import { tileSums } from './tile.ts';

/** Columns taken at a time, so that the six rows a tile reads stay in the first-level cache. */
const strip = 256;

/**
 * All dot products of the rows of `a` (m × length, row-major) with the rows of `b` (n × length): m × n, row-major.
 * With `a === b` only one triangle is computed and mirrored.
 */
export function dotProducts(a: Float64Array, m: number, b: Float64Array, n: number, length: number): Float64Array {
  const out = new Float64Array(m * n);
  const symmetric = a === b && m === n;
  const sums = new Float64Array(9);
  const tiledRows = m - (m % 3);
  const tiledColumns = n - (n % 3);
  for (let from = 0; from < length; from += strip) {
    const to = Math.min(length, from + strip);
    for (let i = 0; i < tiledRows; i += 3) {
      const end = symmetric ? i + 3 : tiledColumns;
      for (let j = 0; j < end; j += 3) {
        tileSums(a, i * length, length, b, j * length, length, from, to, sums);
        for (let r = 0; r < 3; r++)
          for (let c = 0; c < 3; c++) {
            const at = (i + r) * n + j + c;
            out[at] = out[at]! + sums[3 * r + c]!;
          }
      }
    }
  }
  for (let i = 0; i < m; i++) {
    const end = symmetric ? i + 1 : n;
    for (let j = i < tiledRows ? tiledColumns : 0; j < end; j++)
      out[i * n + j] = dot(a, i * length, b, j * length, length);
  }
  if (symmetric) for (let i = 0; i < m; i++) for (let j = i + 1; j < n; j++) out[i * n + j] = out[j * n + i]!;
  return out;
}

/** Dot product of `length` numbers of `a` from `aStart` and of `b` from `bStart`. */
export function dot(a: Float64Array, aStart: number, b: Float64Array, bStart: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let k = 0;
  for (; k + 3 < length; k += 4) {
    s0 += a[aStart + k]! * b[bStart + k]!;
    s1 += a[aStart + k + 1]! * b[bStart + k + 1]!;
    s2 += a[aStart + k + 2]! * b[bStart + k + 2]!;
    s3 += a[aStart + k + 3]! * b[bStart + k + 3]!;
  }
  for (; k < length; k++) s0 += a[aStart + k]! * b[bStart + k]!;
  return s0 + s1 + (s2 + s3);
}
