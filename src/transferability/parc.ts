import { TransferEvidenceError } from '../errors.ts';
import { type Products, plainProducts } from '../linear-algebra/products.ts';
import { type Matrix, matrix, selectRows } from '../matrix.ts';
import { seededRandom } from '../random.ts';
import { subsample } from '../similarity/subsample.ts';
import { allRows, classesOf, finiteFeatures } from './labelled.ts';
import { labelsAt, type PreparedScore } from './score.ts';

export interface ParcOptions {
  /** Images that every class must have; default 10. */
  fewest?: number;
  /** More images than this are drawn from, by group; default 500. */
  images?: number;
  /** The group (patient, slide) of each image, for drawing. Default: each its own. */
  groups?: readonly string[];
  /** For drawing; default 0. */
  seed?: number;
  /** What multiplies matrices; loops where none is given. */
  products?: Products;
}

export const fewestForParc = 10;

/** Images that pairs are made of at most: 124,750 pairs. */
const mostForParc = 500;

/**
 * PARC: whether images of one class lie closer together than images of two. Bolya, Mittapalli & Hoffman 2021 (NeurIPS),
 * section 3: 100 × Spearman's ρ, over all pairs of images, between 1 − the correlation of their features and whether
 * their classes differ. −100 … 100, higher is better. Each feature is first brought to mean 0 and deviation 1; one that
 * does not vary counts 0, and an image without variation over its features correlates 0 with all. More than 500 images
 * are drawn from.
 *
 * Differs from known code, which takes 1 − the correlation of one-hot labels: rounding there sets equal distances apart
 * and Spearman then ranks noise (see {@link import('./compat/parc.ts').dbolyaParc}). Here pairs of labels are equal or
 * not, correlations that differ by rounding alone are tied, and no principal components are taken.
 * @param features n × d, at least 2 features
 * @param labels class index of each image
 * @throws shape-mismatch, measure-refused as {@link classesOf} and {@link finiteFeatures}, and where no pair is of one
 *   class or all pairs are equally far
 */
export async function parc(features: Matrix, labels: ArrayLike<number>, options: ParcOptions = {}): Promise<number> {
  const { fewest = fewestForParc, images = mostForParc, seed = 0, products = plainProducts } = options;
  classesOf('PARC', features.rows, labels, fewest);
  const groups = options.groups ?? Array.from(allRows(features.rows), String);
  const rows =
    features.rows > images
      ? subsample(groups, images, seededRandom(seed, 'parc', features.rows, images))
      : allRows(features.rows);
  const drawn = rows.length < features.rows ? selectRows<Float32Array | Float64Array>(features, [...rows]) : features;
  const prepared = await prepareParc(drawn, products);
  return (await prepared.values([labelsAt(labels, rows)], allRows(rows.length)))[0]!;
}

/**
 * PARC of any rows and labels of one matrix. Features are standardised by all rows, and pairs put in order, once: what
 * leaving some rows out would change of means and deviations is not followed.
 */
export async function prepareParc(features: Matrix, products: Products): Promise<PreparedScore> {
  const pairs = sortedPairs(await correlations(standardised(finiteFeatures('PARC', features, 'free')), products));
  return {
    values: async (labellings, rows) => {
      const ranked = rankedAmong(pairs, rows, features.rows);
      return labellings.map((labels) => {
        classesOf('PARC', rows.length, labelsAt(labels, rows), 1);
        return 100 * correlationWithClasses(ranked, labels);
      });
    },
  };
}

/** Columns of mean 0 and deviation 1; those that do not vary are 0. */
export function standardised({ data, rows, columns }: Matrix): Matrix<Float64Array> {
  const out = matrix(new Float64Array(data.length), rows, columns);
  for (let k = 0; k < columns; k++) {
    let [mean, largest] = [0, 0];
    for (let i = 0; i < rows; i++) {
      mean += data[i * columns + k]! / rows;
      largest = Math.max(largest, Math.abs(data[i * columns + k]!));
    }
    let square = 0;
    for (let i = 0; i < rows; i++) square += (data[i * columns + k]! - mean) ** 2;
    const deviation = Math.sqrt(square / rows);
    if (!(deviation > 1e-12 * largest)) continue;
    for (let i = 0; i < rows; i++) out.data[i * columns + k] = (data[i * columns + k]! - mean) / deviation;
  }
  return out;
}

/** Correlations of all pairs of rows. */
export async function correlations(
  { data, rows, columns }: Matrix<Float64Array>,
  products: Products,
): Promise<Matrix<Float64Array>> {
  const unit = matrix(new Float64Array(data.length), rows, columns);
  for (let i = 0; i < rows; i++) {
    const from = i * columns;
    let [mean, largest, square] = [0, 0, 0];
    for (let k = 0; k < columns; k++) {
      mean += data[from + k]! / columns;
      largest = Math.max(largest, Math.abs(data[from + k]!));
    }
    for (let k = 0; k < columns; k++) square += (data[from + k]! - mean) ** 2;
    const length = Math.sqrt(square);
    if (!(length > 1e-12 * largest)) continue;
    for (let k = 0; k < columns; k++) unit.data[from + k] = (data[from + k]! - mean) / length;
  }
  return products.rows(unit, unit);
}

/** All pairs of rows, the closest first; equal `places` are tied. */
interface Pairs {
  one: Int32Array;
  other: Int32Array;
  places: Float64Array;
}

/** Correlations are compared in steps of this size, far above rounding and far below what images differ by. */
const steps = 2 ** 40;

function sortedPairs({ data, rows }: Matrix<Float64Array>): Pairs {
  const count = (rows * (rows - 1)) / 2;
  const distances = new Float64Array(count);
  const one = new Int32Array(count);
  const other = new Int32Array(count);
  for (let i = 1, at = 0; i < rows; i++)
    for (let j = 0; j < i; j++, at++) {
      distances[at] = -Math.round(data[i * rows + j]! * steps);
      one[at] = i;
      other[at] = j;
    }
  const order = allRows(count).sort((a, b) => distances[a]! - distances[b]!);
  return {
    one: order.map((at) => one[at]!),
    other: order.map((at) => other[at]!),
    places: Float64Array.from(order, (at) => distances[at]!),
  };
}

/** The pairs of some rows with their midranks, less the mean rank. */
interface RankedPairs {
  one: Int32Array;
  other: Int32Array;
  ranks: Float64Array;
  /** Sum of squares of the ranks. */
  spread: number;
}

function rankedAmong({ one, other, places }: Pairs, rows: Int32Array, all: number): RankedPairs {
  const kept = new Uint8Array(all);
  for (const row of rows) kept[row] = 1;
  const order =
    rows.length === all ? allRows(one.length) : allRows(one.length).filter((at) => kept[one[at]!]! & kept[other[at]!]!);
  const ranks = new Float64Array(order.length);
  const mean = (order.length + 1) / 2;
  let spread = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && places[order[to]!] === places[order[from]!]) to++;
    const rank = (from + to + 1) / 2 - mean;
    spread += (to - from) * rank * rank;
    ranks.fill(rank, from, to);
    from = to;
  }
  return { one: order.map((at) => one[at]!), other: order.map((at) => other[at]!), ranks, spread };
}

/** Pearson's correlation of the ranks with 0 for pairs of one class and 1 for pairs of two, which is Spearman's ρ. */
function correlationWithClasses({ one, other, ranks, spread }: RankedPairs, labels: ArrayLike<number>): number {
  let [sum, different] = [0, 0];
  for (let at = 0; at < ranks.length; at++)
    if (labels[one[at]!] !== labels[other[at]!]) {
      sum += ranks[at]!;
      different++;
    }
  const variation = different * (1 - different / ranks.length);
  if (!(variation > 0))
    throw new TransferEvidenceError(
      'measure-refused',
      'PARC needs pairs of images of one class and of two; one kind is missing. Two images of a class would do.',
    );
  if (!(spread > 0))
    throw new TransferEvidenceError(
      'measure-refused',
      'PARC needs features in which pairs of images differ; all are equally far apart. Check the network and its preprocessing.',
    );
  return sum / Math.sqrt(spread * variation);
}
