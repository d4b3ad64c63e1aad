import { TransferEvidenceError } from '../../errors.ts';
import { type Products, plainProducts, transposed } from '../../linear-algebra/products.ts';
import { type Matrix, matrix, selectRows } from '../../matrix.ts';
import { seededRandom } from '../../random.ts';
import { spectrumOf } from '../../transferability/spectrum.ts';
import { subsample } from '../subsample.ts';
import { largestOf, refuse } from './pair.ts';
import { unitRows } from './unit-rows.ts';

/** Images that diversity is read from where there are more. */
const usualImages = 500;

export interface VendiOptions {
  /** Images that take part, drawn where there are more; default 500. */
  images?: number;
  /** Group (patient, slide) of each image: whole groups are drawn. Default: each its own. */
  groups?: readonly string[];
  /** Of the draw; default 0. */
  seed?: number;
  /** What multiplies matrices; loops where none is given. */
  products?: Products;
}

/**
 * The Vendi score, a set's diversity as an effective number of images: exp of the entropy of the eigenvalues of K/n, K
 * holding the cosines of all pairs of rows. From 1 for rows of one direction to n for rows at right angles; higher is more
 * diverse. It is a property of one set, not a distance, and grows with n: two sets compare only at equally many images, so
 * `images` of both must be at most the smaller set's. Friedman & Dieng 2023 (TMLR), definition 2.1.
 * @param features n × d
 * @throws measure-refused for no image, a feature that is not finite, or a row of zeros, which has no direction;
 *   shape-mismatch when the groups are not as many as the rows
 */
export async function vendi(features: Matrix, options: VendiOptions = {}): Promise<number> {
  const { images = usualImages, seed = 0, products = plainProducts } = options;
  if (features.rows === 0 || features.columns === 0)
    refuse(
      `The Vendi score needs at least 1 image with 1 feature; ${features.rows} with ${features.columns} were given.`,
    );
  if (!(Number.isInteger(images) && images >= 1))
    refuse(`The Vendi score needs at least 1 image to take part; ${images} was given.`);
  largestOf('The Vendi score', 'set', features);
  const set = unitRows(drawn(features, images, options.groups, seed));
  const { rows: n, columns: d } = set;
  for (let row = 0; row < n; row++)
    if (!set.data.subarray(row * d, (row + 1) * d).some((value) => value !== 0))
      refuse('The Vendi score needs rows that have a direction; one is all zeros. Leave that image out.');
  // The products of rows and those of columns have the same eigenvalues, but for zeros.
  const side = n > d ? transposed(set) : set;
  const { data, rows } = await products.rows(side, side);
  const cosines = matrix(
    data.map((value) => value / n),
    rows,
    rows,
  );
  const { values } = await spectrumOf(cosines, matrix(new Float64Array(0), rows, 0), products);
  let entropy = 0;
  for (const value of values) if (value > 0) entropy -= value * Math.log(value);
  return Math.exp(Math.max(0, entropy));
}

function drawn(features: Matrix, images: number, groups: readonly string[] | undefined, seed: number): Matrix {
  if (groups !== undefined && groups.length !== features.rows)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `Every image needs a group: ${features.rows} images, ${groups.length} groups were given.`,
    );
  if (features.rows <= images) return features;
  const named = groups ?? Array.from({ length: features.rows }, (_, row) => String(row).padStart(12, '0'));
  const rows = subsample(named, images, seededRandom(seed, 'vendi', features.rows, images));
  return selectRows<Float32Array | Float64Array>(features, Array.from(rows));
}
