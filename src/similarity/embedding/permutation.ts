import type { Random } from '../../random.ts';
import { allRows } from '../rows.ts';
import { offDiagonalSum } from './kernel.ts';

/** A symmetric kernel matrix of both samples together, with the sums that every relabelling shares. */
export interface PooledKernel {
  kernel: Float64Array;
  size: number;
  /** Σ_{j≠i} k_ij of each row. */
  rowSums: Float64Array;
  /** Σ_{i≠j} k_ij. */
  total: number;
}

/** Puts the blocks xx (n × n), yy (m × m), xy (n × m) into one (n + m) × (n + m) matrix. */
export function poolKernels(blocks: { xx: Float64Array; yy: Float64Array; xy: Float64Array }): PooledKernel {
  const n = Math.round(Math.sqrt(blocks.xx.length));
  const m = Math.round(Math.sqrt(blocks.yy.length));
  const size = n + m;
  const kernel = new Float64Array(size * size);
  for (let i = 0; i < n; i++) {
    kernel.set(blocks.xx.subarray(i * n, (i + 1) * n), i * size);
    kernel.set(blocks.xy.subarray(i * m, (i + 1) * m), i * size + n);
    for (let j = 0; j < m; j++) kernel[(n + j) * size + i] = blocks.xy[i * m + j]!;
  }
  for (let j = 0; j < m; j++) kernel.set(blocks.yy.subarray(j * m, (j + 1) * m), (n + j) * size + n);
  const rowSums = new Float64Array(size);
  let total = 0;
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0; j < size; j++) if (j !== i) sum += kernel[i * size + j]!;
    rowSums[i] = sum;
    total += sum;
  }
  return { kernel, size, rowSums, total };
}

/** Unbiased MMD² between the given rows of the pool and all the others; at least 2 rows on each side. */
export function mmdOfSplit(pool: PooledKernel, rows: Int32Array): number {
  const n = rows.length;
  const m = pool.size - n;
  const within = offDiagonalSum(pool.kernel, pool.size, rows);
  let leaving = -within;
  for (const row of rows) leaving += pool.rowSums[row]!;
  const others = pool.total - within - 2 * leaving;
  return within / (n * (n - 1)) + others / (m * (m - 1)) - (2 * leaving) / (n * m);
}

/**
 * Permutation p of “both samples are one distribution”: (1 + #{null ≥ observed}) / (1 + B). Whole units (patients,
 * slides, or single images) change sides and each side keeps its number of units, so images of one patient are never
 * counted as independent. Gretton et al. 2012, section 5; Phipson & Smyth 2010 for the added ones.
 * @param units rows of the pool in units; the first `first` units are the first sample
 */
export function permutationP(
  pool: PooledKernel,
  units: readonly Int32Array[],
  first: number,
  random: Random,
  permutations = 999,
): number {
  const observed = mmdOfSplit(pool, rowsOf(units, allRows(first), pool.size));
  // A relabelling that gives the same split sums in another order; it counts as a tie.
  const tie = 1e-12 * (Math.abs(pool.total) / (pool.size * pool.size) + Math.abs(observed));
  const order = allRows(units.length);
  // The side with fewer units is drawn; the statistic does not mind which side is which.
  const drawn = Math.min(first, units.length - first);
  let reached = 0;
  for (let b = 0; b < permutations; b++) {
    for (let i = 0; i < drawn; i++) {
      const j = i + random.integer(order.length - i);
      const swapped = order[i]!;
      order[i] = order[j]!;
      order[j] = swapped;
    }
    if (mmdOfSplit(pool, rowsOf(units, order.subarray(0, drawn), pool.size)) >= observed - tie) reached++;
  }
  return (1 + reached) / (1 + permutations);
}

/** The rows of the chosen units, ascending, so that a pass over them reads the kernel in order. */
function rowsOf(units: readonly Int32Array[], chosen: Iterable<number>, size: number): Int32Array {
  const taken = new Uint8Array(size);
  let count = 0;
  for (const unit of chosen)
    for (const row of units[unit]!) {
      taken[row] = 1;
      count++;
    }
  const rows = new Int32Array(count);
  for (let row = 0, at = 0; row < size; row++) if (taken[row]) rows[at++] = row;
  return rows;
}
