import { type Products, plainProducts } from '../../linear-algebra/products.ts';
import type { Matrix } from '../../matrix.ts';
import { allRows } from '../rows.ts';
import { createGrams, type Grams } from './grams.ts';
import { type KernelBlocks, unbiasedMmd } from './kernel.ts';
import { comparable } from './pair.ts';
import { unitRows } from './unit-rows.ts';

/** Changes whenever a number of this measure can change. */
export const cmmdVersion = '1';

/** The kernel's bandwidth and the factor that numbers are shown with, both from the official code. */
const [bandwidth, shown] = [10, 1000];

/**
 * CMMD: 1,000 times the squared maximum mean discrepancy with the Gaussian kernel of bandwidth 10 between rows of length
 * 1, the biased V-statistic of the official code (google-research `cmmd/distance.py`). No unit, 0 … 1,000 · 2, lower is
 * closer. Jayasumana et al. 2024 (CVPR), equation 4, for features of CLIP ViT-L/14 at 336 pixels; in any other encoder it
 * is not the published CMMD but a **distance of centroids**: two points on the unit sphere are at most 2 apart, where so
 * wide a kernel is a straight line, and the number is 10 · |μ_source − μ_target|² to within 1 %. It is blind to
 * covariance: sets with one mean direction and different spread are the same to it. The V-statistic is biased upwards by
 * 1,000 · [(1 − mean k(x, x′))/n + (1 − mean k(y, y′))/m]; {@link unbiasedCmmd} is not, and intervals are of that one. A
 * row of zeros, which the official code would divide by 0, stays at the origin.
 * @param source n × d features, n ≥ 2
 * @param target m × d features, m ≥ 2
 * @param products what multiplies matrices; loops where none is given
 * @throws shape-mismatch when the sets differ in columns; measure-refused for fewer than 2 images a side or a feature that
 *   is not finite
 */
export async function cmmd(source: Matrix, target: Matrix, products: Products = plainProducts): Promise<number> {
  const blocks = await kernelsOf(source, target, products);
  return shown * (mean(blocks.xx) + mean(blocks.yy) - 2 * mean(blocks.xy));
}

/**
 * {@link cmmd} without its bias: the U-statistic, which leaves each row's kernel with itself out. Below 0 by chance when
 * the sets are alike. Gretton et al. 2012, equation 3. 20 images a side for a value, 100 for a test.
 */
export async function unbiasedCmmd(
  source: Matrix,
  target: Matrix,
  products: Products = plainProducts,
): Promise<number> {
  const blocks = await kernelsOf(source, target, products);
  return shown * unbiasedMmd(blocks, allRows(source.rows), allRows(target.rows));
}

async function kernelsOf(source: Matrix, target: Matrix, products: Products): Promise<KernelBlocks> {
  const pair = comparable({ measure: 'CMMD', fewest: 2 }, source, target);
  const x = unitRows(pair.source);
  const y = pair.source === pair.target ? x : unitRows(pair.target);
  const grams = createGrams(products);
  await grams.prepare(y, [x]);
  return { xx: wideKernel(grams, x, x), yy: wideKernel(grams, y, y), xy: wideKernel(grams, x, y) };
}

/**
 * exp(−|a − b|² / 200) − 1 of all pairs of rows of length 1 or 0. The constant drops out of every MMD, and without it
 * differences in the fourth digit keep theirs.
 */
export function wideKernel(grams: Grams, a: Matrix, b: Matrix): Float64Array {
  const products = grams.between(a, b);
  const [lengthsA, lengthsB] = [squaredLengths(a), squaredLengths(b)];
  const out = new Float64Array(products.length);
  for (let i = 0, at = 0; i < a.rows; i++)
    for (let j = 0; j < b.rows; j++, at++) {
      const squared = lengthsA[i]! + lengthsB[j]! - 2 * products[at]!;
      out[at] = squared > 0 ? Math.expm1(-squared / (2 * bandwidth ** 2)) : 0;
    }
  return out;
}

/** What a kernel distance of {@link wideKernel} is shown as. */
export const cmmdFactor = shown;

/** 1 for a row of length 1, 0 for a row of zeros. */
function squaredLengths({ data, rows, columns }: Matrix): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) =>
    data.subarray(row * columns, (row + 1) * columns).some((value) => value !== 0) ? 1 : 0,
  );
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
