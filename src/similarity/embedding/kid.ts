import type { Matrix } from '../../matrix.ts';
import { allRows } from '../rows.ts';
import { createGrams, type Grams } from './grams.ts';
import { unbiasedMmd } from './kernel.ts';

/** Changes whenever a number of this measure can change. */
export const kidVersion = '2';

/**
 * Kernel Inception Distance: unbiased squared MMD with the cubic kernel (x·y/d + 1)³, as one full U-statistic rather
 * than a mean over random subsets, which estimates the same number with more noise. Lower is closer, below 0 by chance
 * when the sets are alike. It scales with the cube of the squared features, so values of two encoders cannot be
 * compared. 20 images a side for a value, about 1000 to rank. Bińkowski et al. 2018, section 4.
 * @param source n × d features
 * @param target m × d features
 */
export function kid(source: Matrix, target: Matrix): number {
  const grams = createGrams();
  const kernel = (a: Matrix, b: Matrix) => cubicKernel(grams, a, b);
  const blocks = { xx: kernel(source, source), yy: kernel(target, target), xy: kernel(source, target) };
  return unbiasedMmd(blocks, allRows(source.rows), allRows(target.rows));
}

/** (x·y/d + 1)³ of all pairs of rows, a.rows × b.rows. */
export function cubicKernel(grams: Grams, a: Matrix, b: Matrix): Float64Array {
  const d = a.columns;
  return grams.between(a, b).map((product) => {
    const base = product / d + 1;
    return base * base * base;
  });
}
