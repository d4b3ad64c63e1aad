/**
 * Columns taken at a time, so that the six rows a tile reads stay in the first-level cache. Three by three
 * running sums and their six operands are what the floating-point registers hold.
 */
const strip = 256;

/**
 * All dot products of the rows of `a` (m × length, row-major) with the rows of `b` (n × length): m × n, row-major.
 * With `a === b` only one triangle is computed and mirrored.
 */
export function dotProducts(a: Float64Array, m: number, b: Float64Array, n: number, length: number): Float64Array {
  const out = new Float64Array(m * n);
  const symmetric = a === b && m === n;
  const tiledRows = m - (m % 3);
  const tiledColumns = n - (n % 3);
  for (let from = 0; from < length; from += strip) {
    const to = Math.min(length, from + strip);
    for (let i = 0; i < tiledRows; i += 3) {
      const end = symmetric ? i + 3 : tiledColumns;
      for (let j = 0; j < end; j += 3) addTile(a, b, out, i, j, n, length, from, to);
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

function addTile(
  a: Float64Array,
  b: Float64Array,
  out: Float64Array,
  i: number,
  j: number,
  n: number,
  length: number,
  from: number,
  to: number,
): void {
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  let p0 = i * length + from;
  let p1 = p0 + length;
  let p2 = p1 + length;
  let q0 = j * length + from;
  let q1 = q0 + length;
  let q2 = q1 + length;
  for (let k = from; k < to; k++) {
    const x0 = a[p0++]!;
    const x1 = a[p1++]!;
    const x2 = a[p2++]!;
    const y0 = b[q0++]!;
    const y1 = b[q1++]!;
    const y2 = b[q2++]!;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s20 += x2 * y0;
    s21 += x2 * y1;
    s22 += x2 * y2;
  }
  const o = i * n + j;
  out[o] = out[o]! + s00;
  out[o + 1] = out[o + 1]! + s01;
  out[o + 2] = out[o + 2]! + s02;
  out[o + n] = out[o + n]! + s10;
  out[o + n + 1] = out[o + n + 1]! + s11;
  out[o + n + 2] = out[o + n + 2]! + s12;
  out[o + 2 * n] = out[o + 2 * n]! + s20;
  out[o + 2 * n + 1] = out[o + 2 * n + 1]! + s21;
  out[o + 2 * n + 2] = out[o + 2 * n + 2]! + s22;
}
