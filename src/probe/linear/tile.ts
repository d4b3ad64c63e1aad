/**
 * The nine dot products, over columns `from` to `to`, of three rows of `a` with three rows of `b`, into `sums` row by row
 * of `a`. Three by three running sums and their six operands are what the floating-point registers hold.
 */
export function tileSums(
  a: Float64Array,
  aStart: number,
  aStride: number,
  b: Float64Array,
  bStart: number,
  bStride: number,
  from: number,
  to: number,
  sums: Float64Array,
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
  let p0 = aStart + from;
  let p1 = p0 + aStride;
  let p2 = p1 + aStride;
  let q0 = bStart + from;
  let q1 = q0 + bStride;
  let q2 = q1 + bStride;
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
  sums[0] = s00;
  sums[1] = s01;
  sums[2] = s02;
  sums[3] = s10;
  sums[4] = s11;
  sums[5] = s12;
  sums[6] = s20;
  sums[7] = s21;
  sums[8] = s22;
}
