import { type Products, plainProducts } from '../../linear-algebra/products.ts';
import type { Matrix } from '../../matrix.ts';
import type { Prdc } from './ball-counts.ts';
import { prdcOfAll } from './neighbourhoods.ts';
import { comparable, refuse } from './pair.ts';

/** Changes whenever a number of these measures can change. */
export const prdcVersion = '1';

/** The neighbour that balls reach to (Naeem et al. 2020 for density and coverage; torch-fidelity's is 3). */
export const neighbours = 5;

export interface PrdcOptions {
  /** The neighbour, itself not counted, that a ball around an image reaches to; default 5. */
  k?: number;
  /**
   * Whether an image on the edge of a ball lies in it, as torch-fidelity has it (≤); default false, as prdc has it (<).
   * The two differ where images repeat or features are discrete.
   */
  inclusive?: boolean;
  /** What multiplies matrices; loops where none is given. */
  products?: Products;
}

/**
 * Precision: the share of source images that lie in the ball around some target image, each ball reaching to its k-th
 * nearest other target image. 0 … 1, higher is closer: 1 where every source image looks like some target image, however
 * few of the target's kinds the source shows. One outlying target image makes a large ball and raises it. Kynkäänniemi et
 * al. 2019, equation 2. About 500 images a side to rank; at least k + 1 for a value. prdc's `real` is the target and its
 * `fake` the source. Other than there and in torch-fidelity, distances at the edge of a ball are summed from differences
 * in float64: float32 products let equal distances fall on either side.
 * @param source n × d features
 * @param target m × d features
 * @throws shape-mismatch when the sets differ in columns; measure-refused for k or fewer images a side, or a feature that
 *   is not finite
 */
export async function precision(source: Matrix, target: Matrix, options?: PrdcOptions): Promise<number> {
  return (await prdc(source, target, options)).precision;
}

/**
 * Recall: the share of target images that lie in the ball around some source image. 0 … 1. Not a closeness: a broader
 * source has larger balls and covers more, so higher means that the source reaches over more of the target. Kynkäänniemi
 * et al. 2019, equation 2. Otherwise as {@link precision}, with the two sets in each other's place.
 */
export async function recall(source: Matrix, target: Matrix, options?: PrdcOptions): Promise<number> {
  return (await prdc(source, target, options)).recall;
}

/**
 * Density: in how many target balls a source image lies on average, divided by k. From 0 on, 1 for two samples of one
 * distribution, above 1 where the source crowds where the target is dense; higher is closer. One outlying target image
 * counts for little. Naeem et al. 2020 (ICML), equation 4. Otherwise as {@link precision}.
 */
export async function density(source: Matrix, target: Matrix, options?: PrdcOptions): Promise<number> {
  return (await prdc(source, target, options)).density;
}

/**
 * Coverage: the share of target images with a source image in their ball. 0 … 1, higher is closer; about 0.97 for two
 * equally large samples of one distribution, lower where the source is the smaller sample. Naeem et al. 2020 (ICML),
 * equation 5. Otherwise as {@link precision}.
 */
export async function coverage(source: Matrix, target: Matrix, options?: PrdcOptions): Promise<number> {
  return (await prdc(source, target, options)).coverage;
}

async function prdc(source: Matrix, target: Matrix, options: PrdcOptions = {}): Promise<Prdc> {
  const { k = neighbours, inclusive = false, products = plainProducts } = options;
  if (!(Number.isInteger(k) && k >= 1))
    refuse(`Neighbourhoods need a whole number of neighbours from 1; ${k} was given.`);
  const pair = comparable({ measure: `A neighbourhood of ${k} images`, fewest: k + 1 }, source, target);
  return prdcOfAll(pair.source, pair.target, { k, inclusive }, products);
}
