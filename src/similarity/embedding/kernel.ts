/** Kernel values within and between two samples, row-major: xx n × n, yy m × m, xy n × m. */
export interface KernelBlocks {
  xx: Float64Array;
  yy: Float64Array;
  xy: Float64Array;
}

/** Σ_{i≠j} k_ij over the chosen rows of a symmetric `size` × `size` kernel matrix. */
export function offDiagonalSum(kernel: Float64Array, size: number, rows: Int32Array): number {
  let total = 0;
  for (let a = 0; a < rows.length; a++) {
    const base = rows[a]! * size;
    let even = 0;
    let odd = 0;
    let b = a + 1;
    for (; b + 1 < rows.length; b += 2) {
      even += kernel[base + rows[b]!]!;
      odd += kernel[base + rows[b + 1]!]!;
    }
    if (b < rows.length) even += kernel[base + rows[b]!]!;
    total += even + odd;
  }
  return 2 * total;
}

/** Σ_i k_ij over the chosen rows i of a kernel matrix with `columns` columns j. */
export function columnSums(kernel: Float64Array, columns: number, rows: Int32Array): Float64Array {
  const sums = new Float64Array(columns);
  for (const row of rows) {
    const base = row * columns;
    for (let column = 0; column < columns; column++) sums[column]! += kernel[base + column]!;
  }
  return sums;
}

/**
 * The unbiased estimate of squared MMD as a full U-statistic,
 * mean_{i≠j} k(x_i, x_j) + mean_{i≠j} k(y_i, y_j) − 2 mean k(x_i, y_j). Lower is closer; below 0 by chance when the two
 * are alike, and never cut off there. Gretton et al. 2012, JMLR 13:723, lemma 6 (equation 3).
 * @param x,y the rows of each sample that take part, at least 2 of each
 */
export function unbiasedMmd(kernels: KernelBlocks, x: Int32Array, y: Int32Array): number {
  const n = Math.round(Math.sqrt(kernels.xx.length));
  const m = Math.round(Math.sqrt(kernels.yy.length));
  const sums = columnSums(kernels.xy, m, x);
  let cross = 0;
  for (const column of y) cross += sums[column]!;
  return (
    offDiagonalSum(kernels.xx, n, x) / (x.length * (x.length - 1)) +
    offDiagonalSum(kernels.yy, m, y) / (y.length * (y.length - 1)) -
    (2 * cross) / (x.length * y.length)
  );
}
