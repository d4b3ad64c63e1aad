import { TransferEvidenceError } from '../errors.ts';
import { type Matrix, matrix, selectRows } from '../matrix.ts';
import { balancedAccuracy, accuracy as shareRight } from '../probe/metrics.ts';
import { type McNemar, mcNemar } from '../statistics/mcnemar.ts';
import { wilson } from '../statistics/wilson.ts';
import { allRows, classesOf, finiteFeatures } from './labelled.ts';
import { rowProducts } from './products.ts';
import { labelsAt, type PreparedScore, type ScoredImages } from './score.ts';

export interface Knn {
  /** Mean over the classes of the share of their images predicted right, 0 … 1. Higher is better. */
  balancedAccuracy: number;
  accuracy: number;
  /** Of the accuracy, with as many units as there are groups. */
  interval: { low: number; high: number };
  /** The class index predicted for each image. */
  predicted: Int32Array;
  right: boolean[];
}

export interface KnnOptions {
  /** Neighbours that vote; default 5. */
  k?: number;
  /** The group (patient, slide) of each image: nobody of an image's own group is its neighbour. Default: each its own. */
  groups?: readonly string[];
  /** Default cosine: 1 − cos, rows of length 0 at a distance of 1 from all. */
  distance?: 'cosine' | 'euclidean';
  /** Images that every class must have; default 10. */
  fewest?: number;
}

export const fewestForKnn = 10;

/**
 * k nearest neighbours, leaving one group out: every image is predicted from the images of all other groups. Cover &
 * Hart 1967; as a transferability score Sorkhei et al. 2025. Neighbours in the order of (distance, index); the class
 * with most votes, of equals the smaller index. Accuracy, 0 … 1, higher is better. The interval of the accuracy is
 * Wilson's; a bootstrap of images is not valid here, because an image drawn twice is its own neighbour. Where fewer than
 * k images are left those vote.
 * @param features n × d
 * @param labels class index of each image
 * @throws shape-mismatch, measure-refused as {@link classesOf} and {@link finiteFeatures}, for a k below 1, and where
 *   all images are of one group
 */
export function knn(features: Matrix, labels: ArrayLike<number>, options: KnnOptions = {}): Knn {
  const { k = 5, fewest = fewestForKnn, distance = 'cosine' } = options;
  const found = classesOf('k-NN', features.rows, labels, fewest);
  if (!(Number.isInteger(k) && k >= 1))
    throw new TransferEvidenceError('measure-refused', `k-NN needs a whole number of neighbours from 1; ${k} given.`);
  const groups = numbered(features.rows, options.groups);
  const rows = allRows(features.rows);
  const band = distance === 'cosine' ? cosineBands(features) : euclideanBands(features);
  const votes = majority(neighboursOf(band, groups, rows, k), found.classes, k, found.counts.length);
  const predicted = votes.map((c) => found.labels[c]!);
  const truth = Array.from(found.classes);
  const accuracy = shareRight(truth, Array.from(votes));
  const units = new Set(groups).size;
  return {
    balancedAccuracy: balancedAccuracy(truth, Array.from(votes), found.counts.length),
    accuracy,
    interval: wilson(Math.min(units, accuracy * units), units),
    predicted,
    right: truth.map((label, image) => label === votes[image]),
  };
}

/**
 * McNemar's test of two candidates' predictions of the same images. Images of one group are not independent, so with
 * groups of several images it is too sure.
 * @throws shape-mismatch when they are of different images in number
 */
export function knnMcNemar(first: Pick<Knn, 'right'>, second: Pick<Knn, 'right'>): McNemar {
  if (first.right.length !== second.right.length)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `McNemar's test compares two predictions of the same images; ${first.right.length} and ${second.right.length} were given.`,
    );
  const only = (a: readonly boolean[], b: readonly boolean[]) => a.filter((right, image) => right && !b[image]).length;
  return mcNemar(only(first.right, second.right), only(second.right, first.right));
}

/** k-NN made ready, which tells beside its score which images it has right. */
export interface PreparedKnn extends PreparedScore {
  right(labels: ArrayLike<number>, rows: Int32Array): boolean[];
}

/** Balanced accuracy with 5 neighbours of any rows and labels of one matrix: the distances are taken once. */
export function prepareKnn({ features, groups }: ScoredImages): PreparedKnn {
  const k = 5;
  const own = numbered(features.rows, groups);
  const all = cosineBands(features)(0, features.rows);
  const band = (from: number, to: number) => ({
    ...all,
    rows: to - from,
    data: all.data.subarray(from * all.columns, to * all.columns),
  });
  const predict = (nearest: Int32Array, labels: ArrayLike<number>, rows: Int32Array) => {
    const { classes, counts } = classesOf('k-NN', rows.length, labelsAt(labels, rows), 1);
    // Neighbours are known by their rows of all.
    const ofAll = new Int32Array(features.rows);
    rows.forEach((row, i) => {
      ofAll[row] = classes[i]!;
    });
    const votes = majority(nearest, ofAll, k, counts.length);
    return { truth: Array.from(classes), votes: Array.from(votes), count: counts.length };
  };
  return {
    values: (labellings, rows) => {
      const nearest = neighboursOf(band, own, rows, k);
      return labellings.map((labels) => {
        const { truth, votes, count } = predict(nearest, labels, rows);
        return balancedAccuracy(truth, votes, count);
      });
    },
    right: (labels, rows) => {
      const { truth, votes } = predict(neighboursOf(band, own, rows, k), labels, rows);
      return truth.map((label, image) => label === votes[image]);
    },
  };
}

/** Distances from the rows `from` to `to` to all rows; only their order counts. */
type Bands = (from: number, to: number) => Matrix<Float64Array>;

/** Rows taken at a time, so that the distances of 100,000 images need no square of that size. */
const bandRows = 256;

function cosineBands(given: Matrix): Bands {
  const { data, rows, columns } = finiteFeatures('k-NN', given, 'free');
  const unit = matrix(new Float64Array(data.length), rows, columns);
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    let largest = 0;
    for (let k = 0; k < columns; k++) largest = Math.max(largest, Math.abs(data[from + k]!));
    if (largest === 0) continue;
    let square = 0;
    for (let k = 0; k < columns; k++) square += (data[from + k]! / largest) ** 2;
    const length = Math.sqrt(square);
    for (let k = 0; k < columns; k++) unit.data[from + k] = data[from + k]! / largest / length;
  }
  return (from, to) => {
    const products = rowProducts(from === 0 && to === rows ? unit : part(unit, from, to), unit);
    products.data.forEach((cosine, at) => {
      products.data[at] = 1 - cosine;
    });
    return products;
  };
}

function euclideanBands(given: Matrix): Bands {
  const set = finiteFeatures('k-NN', given, 'free');
  const { data, rows, columns } = set;
  return (from, to) => {
    const out = matrix(new Float64Array((to - from) * rows), to - from, rows);
    for (let i = from; i < to; i++)
      for (let j = 0; j < rows; j++) {
        let sum = 0;
        for (let k = 0; k < columns; k++) sum += (data[i * columns + k]! - data[j * columns + k]!) ** 2;
        out.data[(i - from) * rows + j] = sum;
      }
    return out;
  };
}

function part(set: Matrix<Float64Array>, from: number, to: number): Matrix<Float64Array> {
  return selectRows(
    set,
    Array.from({ length: to - from }, (_, i) => from + i),
  );
}

/** The k nearest of each of the rows among them, −1 where there are no more. */
function neighboursOf(bands: Bands, groups: Int32Array, rows: Int32Array, k: number): Int32Array {
  if (new Set(rows.map((row) => groups[row]!)).size < 2)
    throw new TransferEvidenceError(
      'measure-refused',
      'k-NN leaves an image’s own group out, so it needs images of at least 2 groups (patients, slides); 1 found.',
    );
  const nearest = new Int32Array(rows.length * k).fill(-1);
  const distances = new Float64Array(k);
  let band: Matrix<Float64Array> | undefined;
  let [from, to] = [0, 0];
  rows.forEach((row, i) => {
    if (row >= to) {
      from = row - (row % bandRows);
      to = Math.min(groups.length, from + bandRows);
      band = bands(from, to);
    }
    const start = (row - from) * groups.length;
    let held = 0;
    for (const other of rows) {
      if (groups[other] === groups[row]) continue;
      const distance = band!.data[start + other]!;
      // Strictly: of two at one distance the smaller index stays ahead.
      if (held === k && !(distance < distances[k - 1]!)) continue;
      let place = held < k ? held++ : k - 1;
      for (; place > 0 && distances[place - 1]! > distance; place--) {
        distances[place] = distances[place - 1]!;
        nearest[i * k + place] = nearest[i * k + place - 1]!;
      }
      distances[place] = distance;
      nearest[i * k + place] = other;
    }
  });
  return nearest;
}

function majority(nearest: Int32Array, classes: Int32Array, k: number, count: number): Int32Array {
  const votes = new Int32Array(count);
  return Int32Array.from({ length: nearest.length / k }, (_, i) => {
    votes.fill(0);
    for (let place = 0; place < k; place++) {
      const other = nearest[i * k + place]!;
      if (other >= 0) votes[classes[other]!]!++;
    }
    let most = 0;
    for (let c = 1; c < count; c++) if (votes[c]! > votes[most]!) most = c;
    return most;
  });
}

/** Groups as numbers. */
function numbered(images: number, groups: readonly string[] | undefined): Int32Array {
  if (groups === undefined) return allRows(images);
  if (groups.length !== images)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `${images} images need as many groups; ${groups.length} were given.`,
    );
  const known = new Map<string, number>();
  return Int32Array.from(groups, (name) => {
    const number = known.get(name) ?? known.size;
    known.set(name, number);
    return number;
  });
}
