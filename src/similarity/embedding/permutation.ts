import { type Products, plainProducts, transposed } from '../../linear-algebra/products.ts';
import { type Matrix, matrix } from '../../matrix.ts';
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
  const yx = transposed(matrix(blocks.xy, n, m)).data;
  for (let i = 0; i < n; i++) {
    kernel.set(blocks.xx.subarray(i * n, (i + 1) * n), i * size);
    kernel.set(blocks.xy.subarray(i * m, (i + 1) * m), i * size + n);
  }
  for (let j = 0; j < m; j++) {
    kernel.set(yx.subarray(j * n, (j + 1) * n), (n + j) * size);
    kernel.set(blocks.yy.subarray(j * m, (j + 1) * m), (n + j) * size + n);
  }
  const rowSums = new Float64Array(size);
  let total = 0;
  for (let i = 0; i < size; i++) {
    let sum = -kernel[i * size + i]!;
    for (let at = i * size; at < (i + 1) * size; at++) sum += kernel[at]!;
    rowSums[i] = sum;
    total += sum;
  }
  return { kernel, size, rowSums, total };
}

/** Unbiased MMD² between the given rows of the pool and all the others; at least 2 rows on each side. */
export function mmdOfSplit(pool: PooledKernel, rows: Int32Array): number {
  return splitMmd(pool, {
    rows: rows.length,
    within: offDiagonalSum(pool.kernel, pool.size, rows),
    all: sumOver(pool, rows),
  });
}

/** What a split's MMD² is made of. */
interface SplitSums {
  /** Rows on the first side. */
  rows: number;
  /** Σ_{i≠j} k_ij over them. */
  within: number;
  /** Of them with all rows. */
  all: number;
}

function splitMmd(pool: PooledKernel, { rows: n, within, all }: SplitSums): number {
  const m = pool.size - n;
  const leaving = all - within;
  const others = pool.total - within - 2 * leaving;
  return within / (n * (n - 1)) + others / (m * (m - 1)) - (2 * leaving) / (n * m);
}

/** Relabellings that are multiplied at a time. */
const batch = 500;

/**
 * Permutation p of “both samples are one distribution”: (1 + #{null ≥ observed}) / (1 + B). Whole units (patients,
 * slides, or single images) change sides and each side keeps its number of units, so images of one patient are never
 * counted as independent. Gretton et al. 2012, section 5; Phipson & Smyth 2010 for the added ones.
 * @param units rows of the pool in units; the first `first` units are the first sample
 * @param options.permutations B, default 999
 * @param options.products compiled ones take all sums of many relabellings as one product of 0/1 rows with the kernel
 */
export async function permutationP(
  pool: PooledKernel,
  units: readonly Int32Array[],
  first: number,
  random: Random,
  options: { permutations?: number; products?: Products } = {},
): Promise<number> {
  const { permutations = 999, products = plainProducts } = options;
  const observed = mmdOfSplit(pool, rowsOf(units, allRows(first), pool.size));
  // A relabelling that gives the same split sums in another order; it counts as a tie.
  const tie = 1e-12 * (Math.abs(pool.total) / (pool.size * pool.size) + Math.abs(observed));
  const bands = products.compiled ? bandsBelow(pool) : undefined;
  const order = allRows(units.length);
  // The side with fewer units is drawn; the statistic does not mind which side is which.
  const drawn = Math.min(first, units.length - first);
  let reached = 0;
  for (let done = 0; done < permutations; done += batch) {
    const splits = Array.from({ length: Math.min(batch, permutations - done) }, () => {
      for (let i = 0; i < drawn; i++) {
        const j = i + random.integer(order.length - i);
        const swapped = order[i]!;
        order[i] = order[j]!;
        order[j] = swapped;
      }
      return bands ? rowsInTurn(units, order, drawn) : rowsOf(units, order.subarray(0, drawn), pool.size);
    });
    const within = bands
      ? await productSums(bands, splits, products)
      : Float64Array.from(splits, (rows) => offDiagonalSum(pool.kernel, pool.size, rows));
    splits.forEach((rows, split) => {
      const sums = { rows: rows.length, within: within[split]!, all: sumOver(pool, rows) };
      if (splitMmd(pool, sums) >= observed - tie) reached++;
    });
  }
  return (1 + reached) / (1 + permutations);
}

/** Rows of the kernel that are multiplied at a time. */
const bandRows = 128;

/** The kernel below its diagonal in bands of rows, each as wide as its last row is long. */
function bandsBelow({ kernel, size }: PooledKernel): Matrix<Float64Array>[] {
  const bands: Matrix<Float64Array>[] = [];
  for (let from = 0; from < size; from += bandRows) {
    const to = Math.min(size, from + bandRows);
    const band = matrix(new Float64Array((to - from) * to), to - from, to);
    for (let row = from; row < to; row++)
      band.data.set(kernel.subarray(row * size, row * size + row), (row - from) * to);
    bands.push(band);
  }
  return bands;
}

/** Σ_{i≠j} k_ij over the rows of each split: 2 gᵀ L g, where g is 1 at those rows and L the kernel below its diagonal. */
async function productSums(
  bands: readonly Matrix<Float64Array>[],
  splits: readonly Int32Array[],
  products: Products,
): Promise<Float64Array> {
  const count = splits.length;
  const size = bands.at(-1)!.columns;
  const chosen = new Float64Array(size * count);
  splits.forEach((rows, split) => {
    for (let at = 0; at < rows.length; at++) chosen[rows[at]! * count + split] = 1;
  });
  const sums = new Float64Array(count);
  const room = new Float64Array(bandRows * count);
  for (const band of bands) {
    const { data } = await products.product(
      band,
      matrix(chosen.subarray(0, band.columns * count), band.columns, count),
      room,
    );
    const first = (band.columns - band.rows) * count;
    for (let at = 0; at < data.length; )
      for (let split = 0; split < count; split++, at++) sums[split]! += 2 * chosen[first + at]! * data[at]!;
  }
  return sums;
}

/** Σ of the row sums of some rows. */
function sumOver({ rowSums }: PooledKernel, rows: Int32Array): number {
  let sum = 0;
  for (let at = 0; at < rows.length; at++) sum += rowSums[rows[at]!]!;
  return sum;
}

/** The rows of the first units of an order, unit after unit. */
function rowsInTurn(units: readonly Int32Array[], order: Int32Array, count: number): Int32Array {
  let size = 0;
  for (let at = 0; at < count; at++) size += units[order[at]!]!.length;
  const rows = new Int32Array(size);
  for (let at = 0, to = 0; at < count; at++) {
    const unit = units[order[at]!]!;
    for (let i = 0; i < unit.length; i++) rows[to++] = unit[i]!;
  }
  return rows;
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
