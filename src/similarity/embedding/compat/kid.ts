import { type Products, plainProducts } from '../../../linear-algebra/products.ts';
import { type Matrix, selectRows } from '../../../matrix.ts';
import { seededRandom } from '../../../random.ts';
import { kid } from '../kid.ts';
import { comparable, refuse } from '../pair.ts';

/** One subset of KID: rows of the source and of the target. */
export interface KidSubset {
  source: readonly number[];
  target: readonly number[];
}

export interface SubsetKidOptions {
  /** How many subsets are drawn, or the subsets themselves; default 100. */
  subsets?: number | readonly KidSubset[];
  /** Images of each side in a drawn subset, without an image twice; default 1,000. */
  size?: number;
  /** Of drawn subsets; default 0. */
  seed?: number;
  /** What multiplies matrices; loops where none is given. */
  products?: Products;
}

export interface SubsetKid {
  /** Mean over the subsets. */
  mean: number;
  /**
   * Standard deviation over the subsets, divided by their number. Not a standard error of the mean: subsets share images,
   * so it falls with their size and not with the number of images there are.
   */
  standardDeviation: number;
  /** KID of each subset. */
  values: number[];
}

/**
 * KID as torch-fidelity `metric_kid.py` and clean-fid `kernel_distance` print it: the mean of {@link kid} over random
 * subsets. It estimates what KID of all images is, with more noise and 8 to 26 times the work. For comparison with
 * published numbers only.
 * @param source n × d features
 * @param target m × d features
 * @throws shape-mismatch when the sets differ in columns or a subset names a row that is not there; measure-refused for a
 *   size below 2 or above either set, no subset, or a feature that is not finite or beyond ±1e20
 */
export async function subsetKid(source: Matrix, target: Matrix, options: SubsetKidOptions = {}): Promise<SubsetKid> {
  const { subsets = 100, size = 1000, seed = 0, products = plainProducts } = options;
  const drawn = typeof subsets === 'number' ? drawSubsets(subsets, size, [source.rows, target.rows], seed) : subsets;
  const sizes = drawn.flatMap((subset) => [subset.source.length, subset.target.length]);
  if (drawn.length === 0 || sizes.some((count) => count < 2))
    refuse('KID of subsets needs at least 1 subset, and 2 images a side in each.');
  const pair = comparable({ measure: 'KID', fewest: 2, greatest: 1e20 }, source, target);
  const values: number[] = [];
  for (const rows of drawn)
    values.push(await kid(selectRows(pair.source, rows.source), selectRows(pair.target, rows.target), products));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, standardDeviation: Math.sqrt(variance), values };
}

function drawSubsets(count: number, size: number, rows: readonly [number, number], seed: number): KidSubset[] {
  if (!(Number.isInteger(count) && count >= 1))
    refuse(`KID of subsets needs at least 1 subset; ${count} were asked for.`);
  if (!(Number.isInteger(size) && size >= 2 && size <= Math.min(...rows)))
    refuse(
      `Subsets of ${size} images need as many a side, and at least 2; ${rows[0]} of the source and ${rows[1]} of the target were given. A smaller \`size\` would do.`,
    );
  const random = seededRandom(seed, 'kid-subsets', size);
  const draw = (of: number) => random.shuffled(Array.from({ length: of }, (_, row) => row)).slice(0, size);
  return Array.from({ length: count }, () => ({ source: draw(rows[0]), target: draw(rows[1]) }));
}
