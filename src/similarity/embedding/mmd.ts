import { type Matrix, matrix, selectRows } from '../../matrix.ts';
import { allRows } from '../rows.ts';
import { gram } from './gram.ts';
import { createGrams, type Grams } from './grams.ts';
import { unbiasedMmd } from './kernel.ts';

/** Changes whenever a number of this measure can change. */
export const mmdVersion = '2';

/** Rows of the pool that the bandwidth is read from; a larger pool is thinned evenly. */
const poolLimit = 500;

/**
 * Unbiased squared maximum mean discrepancy with the Gaussian kernel exp(−|a − b|² / 2s²), as a full U-statistic.
 * No unit, at most 2, lower is closer, below 0 by chance when the sets are alike. 20 images a side for a value, 100 for
 * a test, 500 to rank. Gretton et al. 2012, JMLR 13:723, equation 3.
 * @param source n × d features
 * @param target m × d features
 * @param bandwidth s in feature units; one for all the distances that are to be compared
 */
export function mmd(source: Matrix, target: Matrix, bandwidth: number): number {
  const grams = createGrams();
  const kernel = (a: Matrix, b: Matrix) => gaussianKernel(grams, a, b, bandwidth);
  const blocks = { xx: kernel(source, source), yy: kernel(target, target), xy: kernel(source, target) };
  return unbiasedMmd(blocks, allRows(source.rows), allRows(target.rows));
}

/**
 * The Gaussian kernel of all pairs of rows, a.rows × b.rows.
 * A bandwidth of 0 (all rows of the pool alike) gives 1 for equal rows and 0 for others.
 */
export function gaussianKernel(grams: Grams, a: Matrix, b: Matrix, bandwidth: number): Float64Array {
  const products = grams.between(a, b);
  const normsA = squaredNorms(grams, a);
  const normsB = squaredNorms(grams, b);
  const scale = bandwidth > 0 ? 1 / (2 * bandwidth ** 2) : Infinity;
  const out = new Float64Array(products.length);
  for (let i = 0, at = 0; i < a.rows; i++)
    for (let j = 0; j < b.rows; j++, at++) {
      const squared = normsA[i]! + normsB[j]! - 2 * products[at]!;
      out[at] = squared > 0 ? Math.exp(-squared * scale) : 1;
    }
  return out;
}

/**
 * The median of all positive pairwise distances in the pool of the sets, in feature units (the median heuristic,
 * Gretton et al. 2012, section 8). Exact up to 500 pooled rows; of more, every set gives an even share of its rows.
 * 0 when all rows are alike.
 */
export function medianBandwidth(sets: readonly Matrix[]): number {
  const pool = thinnedPool(sets);
  const products = gram(pool, pool);
  const squared = new Float64Array((pool.rows * (pool.rows - 1)) / 2);
  let pairs = 0;
  for (let i = 0; i < pool.rows; i++)
    for (let j = i + 1; j < pool.rows; j++) {
      const distance = products[i * pool.rows + i]! + products[j * pool.rows + j]! - 2 * products[i * pool.rows + j]!;
      if (distance > 0) squared[pairs++] = distance;
    }
  if (pairs === 0) return 0;
  const sorted = squared.subarray(0, pairs).sort();
  return (Math.sqrt(sorted[(pairs - 1) >> 1]!) + Math.sqrt(sorted[pairs >> 1]!)) / 2;
}

function thinnedPool(sets: readonly Matrix[]): Matrix {
  const share = Math.min(1, poolLimit / sets.reduce((sum, set) => sum + set.rows, 0));
  const thinned = sets.map((set) => {
    const kept = Math.ceil(set.rows * share);
    const rows = Array.from({ length: kept }, (_, i) => Math.floor((i * set.rows) / kept));
    return selectRows<Float32Array | Float64Array>(set, rows);
  });
  const columns = sets[0]?.columns ?? 0;
  const pooled = new Float64Array(thinned.reduce((sum, set) => sum + set.data.length, 0));
  let at = 0;
  for (const set of thinned) {
    pooled.set(set.data, at);
    at += set.data.length;
  }
  return matrix(pooled, columns === 0 ? 0 : pooled.length / columns, columns);
}

function squaredNorms(grams: Grams, set: Matrix): Float64Array {
  const products = grams.between(set, set);
  return Float64Array.from({ length: set.rows }, (_, row) => products[row * set.rows + row]!);
}
