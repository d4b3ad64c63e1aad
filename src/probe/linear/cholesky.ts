import { TransferEvidenceError } from '../../errors.ts';
import { tileSums } from './tile.ts';

/** A factored symmetric positive definite matrix. */
export interface Cholesky {
  /** Solves A x = b for `count` right-hand sides, one per row of `values` (count × n), into `out` of the same shape. */
  solve(values: Float64Array, count: number, out: Float64Array): void;
}

/**
 * Factors A = L Lᵀ by rows, three at a time (Cholesky–Banachiewicz), so that almost all of the work is dot products
 * of contiguous rows.
 * @param entry the matrix, n × n, row-major; only its lower triangle is read
 * @throws measure-refused when A is not positive definite
 */
export function cholesky(entry: Float64Array, n: number): Cholesky {
  // Padded with rows of the identity to whole blocks of three.
  const size = n + ((3 - (n % 3)) % 3);
  const lower = new Float64Array(size * size);
  for (let i = 0; i < n; i++) lower.set(entry.subarray(i * n, i * n + i + 1), i * size);
  for (let i = n; i < size; i++) lower[i * size + i] = 1;
  const sums = new Float64Array(9);
  for (let i = 0; i < size; i += 3) {
    for (let j = 0; j <= i; j += 3) {
      tileSums(lower, i * size, size, lower, j * size, size, 0, j, sums);
      for (let r = 0; r < 3; r++) {
        const row = (i + r) * size;
        for (let c = 0; c < 3 && j + c <= i + r; c++) {
          const column = (j + c) * size;
          let rest = lower[row + j + c]! - sums[r * 3 + c]!;
          for (let k = j; k < j + c; k++) rest -= lower[row + k]! * lower[column + k]!;
          if (i + r !== j + c) lower[row + j + c] = rest / lower[column + j + c]!;
          else if (rest > 0) lower[row + j + c] = Math.sqrt(rest);
          else
            throw new TransferEvidenceError(
              'measure-refused',
              `A positive definite matrix was expected; pivot ${i + r} of ${n} is ${rest}. Check the features for values that are not finite.`,
            );
        }
      }
    }
  }
  const upper = new Float64Array(size * size);
  for (let i = 0; i < size; i++) for (let j = i; j < size; j++) upper[i * size + j] = lower[j * size + i]!;
  return { solve: (values, count, out) => solve(lower, upper, size, n, values, count, out) };
}

function solve(
  lower: Float64Array,
  upper: Float64Array,
  size: number,
  n: number,
  values: Float64Array,
  count: number,
  out: Float64Array,
): void {
  const x = new Float64Array(count * size);
  for (let k = 0; k < count; k++) x.set(values.subarray(k * n, k * n + n), k * size);
  const sums = new Float64Array(9);
  const tiled = count - (count % 3);
  for (let i = 0; i < size; i += 3) {
    for (let k = 0; k < count; k += k < tiled ? 3 : 1) {
      const width = k < tiled ? 3 : 1;
      if (width === 3) tileSums(lower, i * size, size, x, k * size, size, 0, i, sums);
      else columnSums(lower, i * size, size, x, k * size, 0, i, sums);
      for (let c = 0; c < width; c++) {
        const at = (k + c) * size + i;
        const x0 = (x[at]! - sums[c]!) / lower[i * size + i]!;
        const x1 = (x[at + 1]! - sums[3 + c]! - lower[(i + 1) * size + i]! * x0) / lower[(i + 1) * size + i + 1]!;
        const row = (i + 2) * size + i;
        x[at + 2] = (x[at + 2]! - sums[6 + c]! - lower[row]! * x0 - lower[row + 1]! * x1) / lower[row + 2]!;
        x[at] = x0;
        x[at + 1] = x1;
      }
    }
  }
  for (let i = size - 3; i >= 0; i -= 3) {
    for (let k = 0; k < count; k += k < tiled ? 3 : 1) {
      const width = k < tiled ? 3 : 1;
      if (width === 3) tileSums(upper, i * size, size, x, k * size, size, i + 3, size, sums);
      else columnSums(upper, i * size, size, x, k * size, i + 3, size, sums);
      for (let c = 0; c < width; c++) {
        const at = (k + c) * size + i;
        const x2 = (x[at + 2]! - sums[6 + c]!) / upper[(i + 2) * size + i + 2]!;
        const x1 = (x[at + 1]! - sums[3 + c]! - upper[(i + 1) * size + i + 2]! * x2) / upper[(i + 1) * size + i + 1]!;
        const row = i * size + i;
        x[at] = (x[at]! - sums[c]! - upper[row + 1]! * x1 - upper[row + 2]! * x2) / upper[row]!;
        x[at + 1] = x1;
        x[at + 2] = x2;
      }
    }
  }
  for (let k = 0; k < count; k++) out.set(x.subarray(k * size, k * size + n), k * n);
}

/** As {@link tileSums} for one row of `b`: `sums` 0, 3 and 6. Two running sums a row hide the additions' latency. */
function columnSums(
  a: Float64Array,
  aStart: number,
  aStride: number,
  b: Float64Array,
  bStart: number,
  from: number,
  to: number,
  sums: Float64Array,
): void {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let t0 = 0;
  let t1 = 0;
  let t2 = 0;
  let k = from;
  for (; k + 1 < to; k += 2) {
    const p = aStart + k;
    const y0 = b[bStart + k]!;
    const y1 = b[bStart + k + 1]!;
    s0 += a[p]! * y0;
    t0 += a[p + 1]! * y1;
    s1 += a[p + aStride]! * y0;
    t1 += a[p + aStride + 1]! * y1;
    s2 += a[p + 2 * aStride]! * y0;
    t2 += a[p + 2 * aStride + 1]! * y1;
  }
  if (k < to) {
    const y = b[bStart + k]!;
    s0 += a[aStart + k]! * y;
    s1 += a[aStart + aStride + k]! * y;
    s2 += a[aStart + 2 * aStride + k]! * y;
  }
  sums[0] = s0 + t0;
  sums[3] = s1 + t1;
  sums[6] = s2 + t2;
}
