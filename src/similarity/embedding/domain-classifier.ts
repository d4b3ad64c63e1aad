import { TransferEvidenceError } from '../../errors.ts';
import type { Estimate } from '../../evidence/schema.ts';
import { type Products, plainProducts } from '../../linear-algebra/products.ts';
import { type Matrix, matrix } from '../../matrix.ts';
import { scoresOf, softmaxRegressionPath } from '../../probe/linear/softmax-regression.ts';
import { type Random, seededRandom } from '../../random.ts';
import { deLong } from '../../statistics/delong.ts';
import { estimateFrom } from '../../statistics/estimate.ts';
import { blockCount, blocksOf, jackknife } from '../../statistics/jackknife.ts';
import { comparable, refuse } from './pair.ts';
import { shareFloor } from './share-floor.ts';

/** Changes whenever a number of this measure can change. */
export const domainClassifierVersion = '1';

/** Fewer than this a side and what a classifier finds is mostly the luck of its folds. */
export const fewestForClassifier = 100;

const usualFolds = 5;
/** Ranks of scores, which are all that is read of a fit, stand long before its last digits do. */
const tolerance = 1e-7;
/** C of the regression on standardised features. One for all, so that no source's number rests on a choice. */
const usualCost = 0.01;

export interface DomainClassifierOptions {
  /** Group (patient, slide) of each image; a group is tested by a classifier that saw none of it. Default: each its own. */
  sourceGroups?: readonly string[];
  targetGroups?: readonly string[];
  /** Default 5; fewer where a side has fewer groups. */
  folds?: number;
  /** C of the regression, larger is less regularised; default 0.01. */
  cost?: number;
  /** Of the folds; default 0. */
  seed?: number;
  /** Images that either side must have; default 100. */
  fewest?: number;
  /** What multiplies matrices; loops where none is given. */
  products?: Products;
}

export interface DomainClassifier {
  /** Area under the ROC curve for “this is a source image”: 0.5 where the two cannot be told apart, 1 where always. */
  auc: Estimate;
  /** Proxy A-distance 2 (1 − 2 err), err being the mean of the two sides' shares of errors: about 0 … 2. */
  proxyADistance: number;
  /** False when any fit stopped at its limit. */
  converged: boolean;
}

/**
 * Classifier two-sample test: how well a logistic regression with an L2 penalty tells source images from target images
 * that it was not trained on. Lower is closer. AUC by cross-validation in which groups stay together (Lopez-Paz & Oquab
 * 2017); the proxy A-distance by the same predictions (Ben-David et al. 2006, section 5). It stands at 1 for most real
 * pairs of data sets, and then orders none of them. Two samples of one distribution come out slightly below 0.5, because
 * what a fold takes out of training leans the classifier the other way. 100 images a side. Other than in tllib
 * `a_distance.py`, which trains a network on one split until it stops, errors are of both sides equally and C is fixed.
 *
 * The interval is of these predictions for other images: DeLong's, or where images come in groups the jackknife over
 * blocks of groups, which both take the classifiers as given.
 * @param source n × d features
 * @param target m × d features
 * @throws shape-mismatch when the sets differ in columns or groups in number; measure-refused for fewer than 100 images a
 *   side, fewer than 2 groups a side, or a feature that is not finite
 */
export async function domainClassifier(
  source: Matrix,
  target: Matrix,
  options: DomainClassifierOptions = {},
): Promise<DomainClassifier> {
  const { folds = usualFolds, cost = usualCost, seed = 0, fewest = fewestForClassifier, products } = options;
  const pair = comparable({ measure: 'A domain classifier', fewest: Math.max(2, fewest) }, source, target);
  const [first, second] = [pair.source, pair.target];
  const groups = {
    source: namesOf('source', first.rows, options.sourceGroups),
    target: namesOf('target', second.rows, options.targetGroups),
  };
  const sides = [new Set(groups.source).size, new Set(groups.target).size] as const;
  const fewestGroups = Math.min(...sides);
  if (fewestGroups < 2)
    refuse(
      `A domain classifier needs at least 2 groups of images a side, one to learn from and one to test; ${sides[0]} of the source and ${sides[1]} of the target were given.`,
    );
  if (!(Number.isInteger(folds) && folds >= 2))
    refuse(`A domain classifier needs at least 2 folds; ${folds} were given.`);
  if (!(cost > 0 && cost < Infinity)) refuse(`The regression needs a finite C above 0; ${cost} was given.`);
  const gram = await standardisedProducts([first, second], products ?? plainProducts);
  const { scores, converged } = outOfFoldScores(gram, groups, {
    folds,
    cost,
    random: seededRandom(seed, 'domain-classifier'),
  });
  const [ofSource, ofTarget] = [scores.subarray(0, first.rows), scores.subarray(first.rows)];
  const areGroups = sides[0] < first.rows || sides[1] < second.rows;
  return {
    auc: areGroups ? byGroups(ofSource, ofTarget, groups, seed) : byImages(ofSource, ofTarget),
    proxyADistance: proxyADistance(ofSource, ofTarget),
    converged,
  };
}

/** Groups of images on both sides, in the order of the rows. */
export interface SideGroups {
  source: readonly string[];
  target: readonly string[];
}

/**
 * All dot products of the rows of the sets, one set after the other, with columns standardised over all of them: N × N.
 * Standardising looks at no side and at no fold, so that one matrix of products serves every fit. Columns that do not vary,
 * within the rounding of single precision, become 0.
 */
export async function standardisedProducts(sets: readonly Matrix[], products: Products): Promise<Float64Array> {
  const columns = sets[0]!.columns;
  const total = sets.reduce((sum, set) => sum + set.rows, 0);
  const all = matrix(new Float64Array(total * columns), total, columns);
  let at = 0;
  for (const { data } of sets) {
    all.data.set(data, at);
    at += data.length;
  }
  const mean = new Float64Array(columns);
  const largest = new Float64Array(columns);
  for (let row = 0, i = 0; row < total; row++)
    for (let k = 0; k < columns; k++, i++) {
      mean[k]! += all.data[i]! / total;
      largest[k] = Math.max(largest[k]!, Math.abs(all.data[i]!));
    }
  const deviation = new Float64Array(columns);
  for (let row = 0, i = 0; row < total; row++)
    for (let k = 0; k < columns; k++, i++) {
      all.data[i]! -= mean[k]!;
      if (largest[k]! > 0) deviation[k]! += (all.data[i]! / largest[k]!) ** 2 / total;
    }
  const scale = deviation.map((square, k) => (Math.sqrt(square) > 1e-6 ? 1 / (Math.sqrt(square) * largest[k]!) : 0));
  for (let row = 0, i = 0; row < total; row++)
    for (let k = 0; k < columns; k++, i++) all.data[i] = all.data[i]! * scale[k]!;
  return (await products.rows(all, all)).data;
}

/**
 * For each row the score of “from the source”, log odds, by a regression that saw nothing of its group. Groups are dealt to
 * folds in random order, those of each side apart, so that every fold has images of both.
 * @param gram dot products of all rows, the source's first
 */
export function outOfFoldScores(
  gram: Float64Array,
  groups: SideGroups,
  { folds = usualFolds, cost = usualCost, random }: { folds?: number; cost?: number; random: Random },
): { scores: Float64Array; converged: boolean } {
  const n = groups.source.length;
  const total = n + groups.target.length;
  const count = Math.min(folds, new Set(groups.source).size, new Set(groups.target).size);
  const fold = [...blocksOf(groups.source, count, random), ...blocksOf(groups.target, count, random)];
  const scores = new Float64Array(total);
  let converged = true;
  for (let held = 0; held < count; held++) {
    const train = fold.flatMap((own, row) => (own === held ? [] : [row]));
    const test = fold.flatMap((own, row) => (own === held ? [row] : []));
    const [model] = softmaxRegressionPath(
      {
        gram: productsOf(gram, total, train, train),
        targets: Float64Array.from(train, (row) => Number(row < n)),
        outputs: 1,
        link: 'sigmoid',
      },
      [cost],
      { tolerance },
    );
    converged &&= model!.converged;
    const found = scoresOf(model!, productsOf(gram, total, test, train), test.length);
    test.forEach((row, i) => {
      scores[row] = found[i]!;
    });
  }
  return { scores, converged };
}

/** The share of pairs in which the source image scores above the target image, ties counting half (Hanley & McNeil 1982). */
export function aucOf(source: Float64Array, target: Float64Array): number {
  const below = target.slice().sort();
  let sum = 0;
  for (const score of source) sum += (countBelow(below, score, false) + countBelow(below, score, true)) / 2;
  return sum / (source.length * target.length);
}

/** 2 (1 − 2 err), at the threshold that the two sides' sizes put between them. */
export function proxyADistance(source: Float64Array, target: Float64Array): number {
  const threshold = Math.log(source.length / target.length);
  const missed = source.filter((score) => score <= threshold).length / source.length;
  const taken = target.filter((score) => score > threshold).length / target.length;
  return 2 * (1 - (missed + taken));
}

function byImages(source: Float64Array, target: Float64Array): Estimate {
  const positive = [...Array.from(source, () => true), ...Array.from(target, () => false)];
  const { auc, variance } = deLong(positive, [...source, ...target]);
  const least = Math.hypot(shareFloor(source.length), shareFloor(target.length));
  return estimateFrom({
    value: auc,
    standardError: Math.max(Math.sqrt(variance), least),
    degreesOfFreedom: source.length + target.length - 2,
    method: 'DeLong',
  });
}

function byGroups(source: Float64Array, target: Float64Array, groups: SideGroups, seed: number): Estimate {
  const counts = [groups.source, groups.target].map((names) => new Set(names).size);
  const blocks = blockCount([
    { rows: source.length, groups: counts[0]! },
    { rows: target.length, groups: counts[1]! },
  ]);
  const random = seededRandom(seed, 'domain-classifier blocks');
  const [ofSource, ofTarget] = [groups.source, groups.target].map((names) => blocksOf(names, blocks, random));
  const leftOut = Array.from({ length: blocks }, (_, block) =>
    aucOf(
      source.filter((_score, row) => ofSource![row] !== block),
      target.filter((_score, row) => ofTarget![row] !== block),
    ),
  );
  const estimate = jackknife(aucOf(source, target), leftOut);
  const least = Math.hypot(...counts.map(shareFloor));
  return estimateFrom({ ...estimate, standardError: Math.max(estimate.standardError, least) });
}

function namesOf(side: string, rows: number, groups: readonly string[] | undefined): readonly string[] {
  if (groups === undefined) return Array.from({ length: rows }, (_, row) => String(row));
  if (groups.length !== rows)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `${rows} images of the ${side} need as many groups; ${groups.length} were given.`,
    );
  return groups;
}

function productsOf(gram: Float64Array, n: number, rows: readonly number[], columns: readonly number[]): Float64Array {
  const out = new Float64Array(rows.length * columns.length);
  let at = 0;
  for (const row of rows) for (const column of columns) out[at++] = gram[row * n + column]!;
  return out;
}

/** How many of the ascending values lie below, or with `equal` at or below. */
function countBelow(ascending: Float64Array, value: number, equal: boolean): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const isBelow = equal ? ascending[middle]! <= value : ascending[middle]! < value;
    if (isBelow) low = middle + 1;
    else high = middle;
  }
  return low;
}
