import { TransferEvidenceError } from '../errors.ts';
import {
  cosineSpace,
  euclideanSpace,
  type NeighbourRules,
  nearestAmong,
  nearestNeighbours,
  type Space,
} from '../linear-algebra/nearest-neighbours.ts';
import { inDoubles, type Products, plainProducts } from '../linear-algebra/products.ts';
import type { Matrix } from '../matrix.ts';
import { balancedAccuracy, accuracy as shareRight } from '../probe/metrics.ts';
import { type McNemar, mcNemar } from '../statistics/mcnemar.ts';
import { wilson } from '../statistics/wilson.ts';
import { allRows, classesOf, finiteFeatures } from './labelled.ts';
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
  /** What multiplies matrices; loops where none is given. */
  products?: Products;
}

export const fewestForKnn = 10;

/**
 * k nearest neighbours, leaving one group out: every image is predicted from the images of all other groups. Cover &
 * Hart 1967; as a transferability score Sorkhei et al. 2025. Neighbours in the order of (distance, index); the class
 * with most votes, of equals the smaller index. Accuracy, 0 … 1, higher is better. The interval of the accuracy is
 * Wilson's; a bootstrap of images is not valid here, because an image drawn twice is its own neighbour. Where fewer than
 * k images are left those vote. Predictions do not depend on what multiplies matrices: distances that its rounding leaves
 * open are summed anew.
 * @param features n × d
 * @param labels class index of each image
 * @throws shape-mismatch, measure-refused as {@link classesOf} and {@link finiteFeatures}, for a k below 1, and where
 *   all images are of one group
 */
export async function knn(features: Matrix, labels: ArrayLike<number>, options: KnnOptions = {}): Promise<Knn> {
  const { k = 5, fewest = fewestForKnn, distance = 'cosine', products = plainProducts } = options;
  const found = classesOf('k-NN', features.rows, labels, fewest);
  if (!(Number.isInteger(k) && k >= 1))
    throw new TransferEvidenceError('measure-refused', `k-NN needs a whole number of neighbours from 1; ${k} given.`);
  const groups = numbered(features.rows, options.groups);
  refuseOneGroup(groups);
  const nearest = await nearestNeighbours(spaceOf(features, distance), { k, groups }, products);
  const votes = majority(nearest, found.classes, k, found.counts.length);
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

/** Balanced accuracy with 5 neighbours of any rows and labels of one matrix: products are taken once. */
export async function prepareKnn({ features, groups }: ScoredImages, products: Products): Promise<PreparedKnn> {
  const rules: NeighbourRules = { k: 5, groups: numbered(features.rows, groups) };
  const space = spaceOf(features, 'cosine');
  const gram = await products.rows(space.points, space.points);
  const nearestOf = (rows: Int32Array) => {
    refuseOneGroup(rows.map((row) => rules.groups[row]!));
    return nearestAmong(space, rules, rows, gram);
  };
  const predict = (nearest: Int32Array, labels: ArrayLike<number>, rows: Int32Array) => {
    const { classes, counts } = classesOf('k-NN', rows.length, labelsAt(labels, rows), 1);
    // Neighbours are known by their rows of all.
    const ofAll = new Int32Array(features.rows);
    rows.forEach((row, i) => {
      ofAll[row] = classes[i]!;
    });
    const votes = majority(nearest, ofAll, rules.k, counts.length);
    return { truth: Array.from(classes), votes: Array.from(votes), count: counts.length };
  };
  return {
    values: async (labellings, rows) => {
      const nearest = nearestOf(rows);
      return labellings.map((labels) => {
        const { truth, votes, count } = predict(nearest, labels, rows);
        return balancedAccuracy(truth, votes, count);
      });
    },
    right: (labels, rows) => {
      const { truth, votes } = predict(nearestOf(rows), labels, rows);
      return truth.map((label, image) => label === votes[image]);
    },
  };
}

function spaceOf(features: Matrix, distance: 'cosine' | 'euclidean'): Space {
  const known = finiteFeatures('k-NN', features, 'free');
  return distance === 'cosine' ? cosineSpace(known) : euclideanSpace(inDoubles(known));
}

/** @throws measure-refused */
function refuseOneGroup(groups: Int32Array): void {
  if (groups.every((group) => group === groups[0]))
    throw new TransferEvidenceError(
      'measure-refused',
      'k-NN leaves an image’s own group out, so it needs images of at least 2 groups (patients, slides); 1 found.',
    );
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
