/**
 * All dot products of the rows of `a` (m × length, row-major) with the rows of `b` (n × length): m × n, row-major. With
 * `a === b` the lower triangle is mirrored, so the result is symmetric to the bit. Each product is summed in the order of
 * the columns whatever its place, so equal rows give equal numbers to the bit.
 * @param out that the products are written to; default new memory
 */
export function dotProducts(
  a: Float64Array,
  m: number,
  b: Float64Array,
  n: number,
  length: number,
  out: Float64Array = new Float64Array(m * n),
): Float64Array {
  const symmetric = a === b && m === n;
  // Bands of b small enough to stay in the second-level cache while all of a passes by.
  const band = Math.max(4, (32768 / Math.max(1, length)) & ~3);
  for (let from = 0; from < n; from += band) {
    const to = Math.min(n, from + band);
    for (let i = 0; i < m; i += 2) {
      // A symmetric result needs only the tiles that reach the diagonal.
      const last = symmetric ? Math.min(to, i + 2) : to;
      for (let j = from; j < last; j += 4) tile(a, b, out, length, i, m, j, n);
    }
  }
  if (symmetric) mirrorLower(out, n);
  return out;
}

/** Copies the lower triangle of a square onto the upper. */
export function mirrorLower(square: Float64Array, n: number): void {
  // In squares that stay in the cache on both sides.
  const side = 32;
  for (let top = 0; top < n; top += side)
    for (let left = 0; left <= top; left += side) {
      const bottom = Math.min(n, top + side);
      for (let i = top; i < bottom; i++) {
        const right = Math.min(i, left + side);
        for (let j = left; j < right; j++) square[j * n + i] = square[i * n + j]!;
      }
    }
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
