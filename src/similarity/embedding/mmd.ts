import { mirrorLower } from '../../linear-algebra/dot-products.ts';
import { type Products, plainProducts } from '../../linear-algebra/products.ts';
import { type Matrix, matrix, selectRows } from '../../matrix.ts';
import { middleValues } from '../../statistics/median.ts';
import { allRows } from '../rows.ts';
import { createGrams, type Grams } from './grams.ts';
import { unbiasedMmd } from './kernel.ts';

/** Changes whenever a number of this measure can change. */
export const mmdVersion = '3';

/** Rows of the pool that the bandwidth is read from; a larger pool is thinned evenly. */
const poolLimit = 500;

/**
 * Unbiased squared maximum mean discrepancy with the Gaussian kernel exp(−|a − b|² / 2s²), as a full U-statistic.
 * No unit, at most 2, lower is closer, below 0 by chance when the sets are alike. 20 images a side for a value, 100 for
 * a test, 500 to rank. Gretton et al. 2012, JMLR 13:723, equation 3.
 * @param source n × d features
 * @param target m × d features
 * @param bandwidth s in feature units; one for all the distances that are to be compared
 * @param products what multiplies matrices; loops where none is given
 * @throws shape-mismatch when the two sets differ in columns
 */
export async function mmd(
  source: Matrix,
  target: Matrix,
  bandwidth: number,
  products: Products = plainProducts,
): Promise<number> {
  const grams = createGrams(products);
  await grams.prepare(target, [source]);
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
  for (let i = 0; i < a.rows; i++) {
    const last = a === b ? i + 1 : b.rows;
    for (let j = 0, at = i * b.rows; j < last; j++, at++) {
      const squared = squaredDistance(normsA[i]!, normsB[j]!, products[at]!, a.columns);
      out[at] = squared > 0 ? Math.exp(-squared * scale) : 1;
    }
  }
  if (a === b) mirrorLower(out, a.rows);
  return out;
}

/** |a − b|² from |a|², |b|² and a·b; 0 where it is within the rounding of products of that many columns. */
function squaredDistance(a: number, b: number, product: number, columns: number): number {
  const squared = a + b - 2 * product;
  return squared > columns * Number.EPSILON * (a + b) ? squared : 0;
}

/**
 * The median of all positive pairwise distances in the pool of the sets, in feature units (the median heuristic,
 * Gretton et al. 2012, section 8). Exact up to 500 pooled rows; of more, every set gives an even share of its rows.
 * 0 when all rows are alike.
 */
export async function medianBandwidth(sets: readonly Matrix[], products: Products = plainProducts): Promise<number> {
  const pool = thinnedPool(sets);
  const { data } = await products.rows(pool, pool);
  const squared = new Float64Array((pool.rows * (pool.rows - 1)) / 2);
  let pairs = 0;
  for (let i = 0; i < pool.rows; i++)
    for (let j = i + 1; j < pool.rows; j++) {
      const product = data[i * pool.rows + j]!;
      const distance = squaredDistance(data[i * pool.rows + i]!, data[j * pool.rows + j]!, product, pool.columns);
      if (distance > 0) squared[pairs++] = distance;
    }
  if (pairs === 0) return 0;
  const [low, high] = middleValues(squared.subarray(0, pairs));
  return (Math.sqrt(low) + Math.sqrt(high)) / 2;
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
