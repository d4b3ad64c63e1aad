import { type Products, plainProducts } from '../../linear-algebra/products.ts';
import { type Matrix, matrix } from '../../matrix.ts';
import { seededRandom } from '../../random.ts';
import { comparable, refuse } from './pair.ts';

/** Directions that are drawn where none are given. */
export const usualDirections = 256;

/** One image has no distribution. */
const fewestForSliced = 2;

export interface SlicedOptions {
  /**
   * How many unit directions to draw, default 256, or the directions themselves, L × d, which are used as they are.
   */
  directions?: number | Matrix;
  /** Of the drawn directions; default 0. */
  seed?: number;
  /** What multiplies matrices; loops where none is given. */
  products?: Products;
}

/**
 * Sliced 2-Wasserstein distance: the root of the mean, over random unit directions, of the squared Wasserstein-2 distance
 * of the two sets projected on each. In feature units, lower is closer, 0 for equal sets. Sets of different size are
 * coupled by quantiles, exactly. Its square is biased upwards by about 1/n. Bonneel et al. 2015, equation 6; Rabin et al.
 * 2012.
 * @param source n × d features, n ≥ 2
 * @param target m × d features, m ≥ 2
 * @throws shape-mismatch when the sets, or given directions, differ in columns; measure-refused for fewer than 2 images a
 *   side, a feature that is not finite or beyond ±1e60, or no direction
 */
export async function slicedWasserstein(source: Matrix, target: Matrix, options?: SlicedOptions): Promise<number> {
  return Math.sqrt(await meanSquaredW2('Sliced W2', source, target, options));
}

/** The mean over directions of the squared distance, which {@link slicedWasserstein} takes the root of. */
export async function meanSquaredW2(
  measure: string,
  source: Matrix,
  target: Matrix,
  options: SlicedOptions = {},
): Promise<number> {
  const { directions = usualDirections, seed = 0, products = plainProducts } = options;
  const pair = comparable({ measure, fewest: fewestForSliced, greatest: 1e60 }, source, target);
  const along = typeof directions === 'number' ? unitDirections(directions, source.columns, seed) : directions;
  if (!(along.rows >= 1)) refuse(`${measure} needs at least 1 direction; ${along.rows} were given.`);
  const x = await sortedAlong(pair.source, along, products);
  const y = await sortedAlong(pair.target, along, products);
  return meanOverDirections(x.values, y.values, along.rows);
}

/** Directions spread evenly over the sphere, L × d, the same for the same seed and d. */
export function unitDirections(count: number, columns: number, seed: number): Matrix<Float64Array> {
  if (!(Number.isInteger(count) && count >= 0))
    refuse(`Directions come in whole numbers; ${count} of them were asked for.`);
  const random = seededRandom(seed, 'directions', columns);
  const out = matrix(new Float64Array(count * columns), count, columns);
  for (let l = 0; l < count; l++) {
    const own = out.data.subarray(l * columns, (l + 1) * columns);
    let square = 0;
    for (let k = 0; k < columns; k++) {
      own[k] = random.normal();
      square += own[k]! ** 2;
    }
    for (let k = 0; k < columns; k++) own[k] = own[k]! / Math.sqrt(square);
  }
  return out;
}

/** A set projected on directions: for each direction its values in ascending order, and the rows that they belong to. */
export interface SortedProjections {
  /** L × n. */
  values: Float64Array;
  /** L × n. */
  rows: Int32Array;
}

export async function sortedAlong(set: Matrix, directions: Matrix, products: Products): Promise<SortedProjections> {
  const n = set.rows;
  const { data } = await products.rows(directions, set);
  const values = new Float64Array(data.length);
  const rows = new Int32Array(data.length);
  for (let l = 0; l < directions.rows; l++) {
    const own = data.subarray(l * n, (l + 1) * n);
    const order = Int32Array.from({ length: n }, (_, row) => row).sort((a, b) => own[a]! - own[b]!);
    rows.set(order, l * n);
    for (let i = 0; i < n; i++) values[l * n + i] = own[order[i]!]!;
  }
  return { values, rows };
}

/**
 * The mean over directions of ∫ (F⁻¹ − G⁻¹)², for two sets' projections in ascending order. Steps of both quantile
 * functions are counted in units of 1/(n m), so no rounding moves a step.
 * @param x,y directions × rows of each set
 */
export function meanOverDirections(x: Float64Array, y: Float64Array, directions: number): number {
  const [n, m] = [x.length / directions, y.length / directions];
  let total = 0;
  for (let l = 0; l < directions; l++) {
    const [endX, endY] = [(l + 1) * n, (l + 1) * m];
    let sum = 0;
    for (let i = l * n, j = l * m, ofX = m, ofY = n; i < endX && j < endY; ) {
      const step = ofX < ofY ? ofX : ofY;
      const difference = x[i]! - y[j]!;
      sum += step * difference * difference;
      ofX -= step;
      ofY -= step;
      if (ofX === 0) {
        i++;
        ofX = m;
      }
      if (ofY === 0) {
        j++;
        ofY = n;
      }
    }
    total += sum / (n * m);
  }
  return total / directions;
}
