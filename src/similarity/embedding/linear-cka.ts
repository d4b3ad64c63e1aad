import { TransferEvidenceError } from '../../errors.ts';
import { type Products, plainProducts } from '../../linear-algebra/products.ts';
import { type Matrix, matrix } from '../../matrix.ts';
import { largestOf, refuse, rescaled } from './pair.ts';

export interface CkaOptions {
  /**
   * `unbiased`, the default: products are U-centred (Székely & Rizzo 2014, equation 2.6), so that independent features
   * give about 0. `biased`: as Kornblith et al. 2019, which gives independent noise 0.91 at 50 images and 512 features.
   */
  estimator?: 'unbiased' | 'biased';
  /** What multiplies matrices; loops where none is given. */
  products?: Products;
}

const needed = { unbiased: 4, biased: 2 };

/**
 * Linear centred kernel alignment: how alike two networks represent **the same images**, row i of both being image i. Of
 * two sets of images it is not defined. 1 for features that differ by a rotation, a common factor and a shift; biased
 * 0 … 1, unbiased about 0 for independent features and below by chance. Kornblith et al. 2019 (ICML), equation 5 with
 * linear kernels; without bias as dbolya/parc `methods.py` `DDS`, after Song et al. 2012. A bootstrap is not valid for it
 * (an image twice puts products beside the diagonal); leave groups of images out instead.
 * @param first n × d features of one network
 * @param second n × e features of another
 * @throws shape-mismatch when the two have different numbers of rows; measure-refused for fewer than 4 images (biased: 2),
 *   a feature that is not finite, or features that are the same for all images
 */
export async function linearCka(first: Matrix, second: Matrix, options: CkaOptions = {}): Promise<number> {
  const { estimator = 'unbiased', products = plainProducts } = options;
  if (first.rows !== second.rows)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `CKA compares two descriptions of the same images; ${first.rows} and ${second.rows} rows were given.`,
    );
  const fewest = needed[estimator];
  if (first.rows < fewest) refuse(`CKA needs at least ${fewest} images; ${first.rows} were given.`);
  const k = await centredProducts('first', first, estimator, products);
  const l = first === second ? k : await centredProducts('second', second, estimator, products);
  const alignment = dot(k, l) / (Math.sqrt(dot(k, k)) * Math.sqrt(dot(l, l)));
  return Math.max(-1, Math.min(1, alignment));
}

async function centredProducts(
  name: string,
  given: Matrix,
  estimator: 'unbiased' | 'biased',
  products: Products,
): Promise<Float64Array> {
  const largest = largestOf('CKA', `${name} description`, given);
  const set = centred(rescaled(given, largest));
  // Numbers that are the same up to the rounding of their mean are the same.
  const spread = set.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const magnitude = rescaled(given, largest).data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!(spread > 8 * Number.EPSILON * magnitude))
    refuse(`CKA needs features that vary between images; the ${name} description is the same for all ${given.rows}.`);
  const scaled = matrix(
    set.data.map((value) => value / spread),
    set.rows,
    set.columns,
  );
  const { data } = await products.rows(scaled, scaled);
  const found = estimator === 'biased' ? data : uCentred(data, set.rows);
  const most = found.reduce((all, value) => Math.max(all, Math.abs(value)), 0);
  if (!(most > 1e-12))
    refuse(
      `CKA needs features that vary between more than two kinds of images; the ${name} description has nothing left once its products are centred.`,
    );
  return found.map((value) => value / most);
}

/** Columns less their means. */
function centred({ data, rows, columns }: Matrix<Float64Array>): Matrix<Float64Array> {
  const out = matrix(Float64Array.from(data), rows, columns);
  for (let k = 0; k < columns; k++) {
    let mean = 0;
    for (let row = 0; row < rows; row++) mean += data[row * columns + k]! / rows;
    for (let row = 0; row < rows; row++) out.data[row * columns + k]! -= mean;
  }
  return out;
}

/** Without the diagonal, and with rows that sum to 0 without it. */
function uCentred(products: Float64Array, n: number): Float64Array {
  const means = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) if (j !== i) sum += products[i * n + j]!;
    means[i] = sum / (n - 2);
  }
  const total = means.reduce((sum, value) => sum + value, 0) / (2 * (n - 1));
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      if (j !== i) out[i * n + j] = products[i * n + j]! - (means[i]! - total) - (means[j]! - total);
  return out;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}
