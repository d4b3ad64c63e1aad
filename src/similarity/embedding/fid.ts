import { type Products, plainProducts } from '../../linear-algebra/products.ts';
import type { Matrix } from '../../matrix.ts';
import { seededRandom } from '../../random.ts';
import { allRows } from '../rows.ts';
import { frechetTerms } from './frechet.ts';
import { type Moments, momentsOf } from './moments.ts';

/** Changes whenever a number of this measure can change. */
export const fidVersion = '3';

/**
 * Fréchet Inception Distance: the squared Fréchet distance of the Gaussians through two sets of features, in feature².
 * Lower is closer, 0 for equal moments. It is biased upwards by about 1/n, differently for every source, so it means
 * something only where {@link fidRefusal} is silent. Heusel et al. 2017, section 3.
 *
 * Differs from known code, which gives the same where covariances have full rank, in how it takes tr (Σ1 Σ2)^½ (see
 * {@link frechetTerms}). clean-fid takes scipy's sqrtm of the product, which may fail where it is singular, as it is with
 * fewer images than features, and then adds 10⁻⁶ to both diagonals; torch-fidelity sums roots of the product's eigenvalues,
 * which are noise of 10⁻⁸ to 10⁻⁵ there; piq's Newton–Schulz iteration is off by up to 6 · 10⁻⁴ of the value.
 * @param source n × d features, n ≥ 2
 * @param target m × d features, m ≥ 2
 * @param products what multiplies matrices; loops where none is given
 * @throws shape-mismatch when the two sets differ in columns
 */
export async function fid(source: Matrix, target: Matrix, products: Products = plainProducts): Promise<number> {
  const moments = (set: Matrix) => momentsOf(set, allRows(set.rows), products);
  return fidOfMoments(await moments(source), await moments(target), products);
}

/** As {@link fid}, of moments that were gathered before; see {@link import('./moments.ts').momentsOfChunks}. */
export async function fidOfMoments(source: Moments, target: Moments, products: Products): Promise<number> {
  const { mean, trace } = await frechetTerms(source, target, products);
  return mean + trace;
}

/** Why FID says nothing at these sizes, or null from 2d images a side on, d being the features' dimension. */
export function fidRefusal(source: number, target: number, dimension: number): string | null {
  const needed = 2 * dimension;
  if (Math.min(source, target) >= needed) return null;
  return `FID in ${dimension} dimensions needs at least ${needed} images a side, because below that its bias exceeds what it measures; ${source} of the source and ${target} of the target were given. ${needed} of each would do, or RBF-MMD² with what there is.`;
}

/**
 * FID∞: the intercept of least squares of FID on 1/N. Chong & Forsyth 2020, section 4.
 * @param points FID at sample sizes N, at least two different ones
 */
export function fidInfinity(points: readonly { size: number; value: number }[]): number {
  const meanX = points.reduce((sum, { size }) => sum + 1 / size, 0) / points.length;
  const meanY = points.reduce((sum, { value }) => sum + value, 0) / points.length;
  let xy = 0;
  let xx = 0;
  for (const { size, value } of points) {
    xy += (1 / size - meanX) * (value - meanY);
    xx += (1 / size - meanX) ** 2;
  }
  return meanY - (xy / xx) * meanX;
}

/**
 * FID at sizes from half the smaller set to all of it, evenly spaced in 1/N, for {@link fidInfinity}. Each point draws
 * the same number of rows from both sets.
 * @param rows of each set
 * @param value FID of some rows of the source and some of the target
 */
export async function fidBySize(
  rows: { source: number; target: number },
  value: (source: Int32Array, target: Int32Array) => Promise<number>,
  seed: number,
): Promise<{ size: number; value: number }[]> {
  const largest = Math.min(rows.source, rows.target);
  const steps = 5;
  const points: { size: number; value: number }[] = [];
  for (let step = 0; step < steps; step++) {
    const size = Math.round(largest / (2 - step / (steps - 1)));
    const random = seededRandom(seed, 'fid-infinity', size);
    const draw = (of: number) => Int32Array.from(random.shuffled([...allRows(of)]).slice(0, size));
    const source = draw(rows.source);
    points.push({ size, value: await value(source, draw(rows.target)) });
  }
  return points;
}
