import { TransferEvidenceError } from '../errors.ts';
import type { Estimate } from '../evidence/schema.ts';
import { type Products, plainProducts } from '../linear-algebra/products.ts';
import { type Matrix, selectRows } from '../matrix.ts';
import { measures, type TransferabilityMeasure } from '../measures.ts';
import { seededRandom } from '../random.ts';
import { rowsByGroup, subsample } from '../similarity/subsample.ts';
import { overDraws } from '../statistics/draws.ts';
import { blockCount, blocksOf, jackknife } from '../statistics/jackknife.ts';
import { wilson } from '../statistics/wilson.ts';
import { fewestForGbc, prepareGbc } from './gbc.ts';
import { fewestForKnn, knnMcNemar, type PreparedKnn, prepareKnn } from './knn.ts';
import { allRows, classesOf } from './labelled.ts';
import { fewestForLeep, prepareLeep } from './leep.ts';
import { fewestForLogMe, prepareLogMe } from './log-me.ts';
import { prepareNce } from './nce.ts';
import { fewestForNleep, prepareNleep } from './nleep.ts';
import { fewestForParc, prepareParc } from './parc.ts';
import { fewestForHScore, prepareHScore, refuseUnequalDimensions } from './regularised-h-score.ts';
import { labelsAt, type PreparedScore, type ScoredImages } from './score.ts';

/** Changes whenever a number of any score can change. */
export const transferabilityVersion = '2';

/** More images than this are drawn from, by group: a score says no more about a choice for being more precise. */
const mostImages = 500;

/**
 * Label shuffles. The lowest and highest of 39 are where one more would fall 95 times in 100, and the smallest p is
 * 1 ÷ 40.
 */
export const shuffles = 39;

/** One candidate's features on the target's images. */
export interface ScoreRequest extends ScoredImages {
  measure: TransferabilityMeasure;
  /** Class index of each image. */
  labels: ArrayLike<number>;
}

/** All that a score's interval, its null and its difference to another candidate's are made of; plain values. */
export interface ScoreResult {
  /** One a random start; most scores have one. */
  draws: { value: number; leftOut: number[] }[];
  /** Under shuffled labels, the mean over the random starts. */
  shuffled: number[];
  /** Images scored, and independent groups of them. */
  images: number;
  groups: number;
  /** Features of each. */
  dimension: number;
  /** k-NN: the images predicted right. */
  right?: boolean[];
}

/**
 * A score with what its interval and null need. All candidates of one target are scored on the same images, blocks and
 * shuffles, which depend on the groups and the seed alone.
 *
 * The null is the score of the same features under labels that are dealt to other images: group by group in random
 * order, so that a patient's images, which mostly share a label, still do.
 * @param products what multiplies matrices; loops where none is given
 * @throws shape-mismatch, measure-refused
 */
export async function scoreCandidate(request: ScoreRequest, products: Products = plainProducts): Promise<ScoreResult> {
  const { measure, seed } = request;
  const { features, groups, labels } = drawn(request);
  const all = allRows(features.rows);
  const { title } = measures[measure];
  const classes = drawnClasses(request, labels);
  const count = new Set(groups).size;
  const blocks = blockCount([{ rows: all.length, groups: count }]);
  const blockOf = blocksOf(groups, blocks, seededRandom(seed, 'transferability-blocks', all.length));
  const prepared = await prepare(measure, { features, groups, seed }, classes, products);
  const nulls = Array.from({ length: shuffles }, (_, index) => shuffledLabels(labels, groups, seed, index));
  const draws: { value: number; leftOut: number[]; shuffled: number[] }[] = [];
  for (const score of prepared) {
    const [value] = await score.values([labels], all);
    const leftOut: number[] = [];
    for (let block = 0; block < blocks; block++) {
      const rest = all.filter((row) => blockOf[row] !== block);
      leftOut.push(await withoutBlock(async () => (await score.values([labels], rest))[0]!, title));
    }
    draws.push({ value: value!, leftOut, shuffled: await score.values(nulls, all) });
  }
  const knn = prepared.find((score) => 'right' in score) as PreparedKnn | undefined;
  return {
    draws: draws.map(({ value, leftOut }) => ({ value, leftOut })),
    shuffled: nulls.map((_, index) => draws.reduce((sum, { shuffled }) => sum + shuffled[index]!, 0) / draws.length),
    images: all.length,
    groups: count,
    dimension: features.columns,
    ...(knn ? { right: knn.right(labels, all) } : {}),
  };
}

/** The score alone, on the same images. */
export async function scoreValue(request: ScoreRequest, products: Products = plainProducts): Promise<number> {
  const { features, groups, labels } = drawn(request);
  const all = allRows(features.rows);
  const classes = drawnClasses(request, labels);
  const prepared = await prepare(request.measure, { features, groups, seed: request.seed }, classes, products);
  let sum = 0;
  for (const score of prepared) sum += (await score.values([labels], all))[0]!;
  return sum / prepared.length;
}

/** The score with its interval: a block jackknife by group, and for several random starts what lies between them. */
export function scoreEstimate({ draws }: ScoreResult): Estimate {
  return overDraws(draws.map(({ value, leftOut }) => jackknife(value, leftOut)));
}

/**
 * The paired difference of two candidates, first − second: the same blocks are left out of both.
 * @throws measure-refused for scores that grow with the number of features, of candidates with unequal ones
 */
export function scoreDifference(
  measure: TransferabilityMeasure,
  [first, a]: readonly [id: string, result: ScoreResult],
  [second, b]: readonly [id: string, result: ScoreResult],
): Estimate {
  if (!acrossDimensions(measure))
    refuseUnequalDimensions(measures[measure].title, [first, a.dimension], [second, b.dimension]);
  return overDraws(
    a.draws.map(({ value, leftOut }, draw) => {
      const other = b.draws[draw]!;
      return jackknife(
        value - other.value,
        leftOut.map((without, block) => without - other.leftOut[block]!),
      );
    }),
  );
}

/** Whether candidates with different numbers of features can be compared by it. */
export function acrossDimensions(measure: TransferabilityMeasure): boolean {
  return measure !== 'transferability.h_score' && measure !== 'transferability.gbc';
}

/**
 * Whether it is a score of what the source head says, so that {@link ScoreRequest} `features` are its probabilities, images ×
 * source classes.
 */
export function readsSourceHead(measure: TransferabilityMeasure): boolean {
  return measure === 'transferability.leep' || measure === 'transferability.nce';
}

/** (1 + b) ÷ (1 + B): how often shuffled labels score as high, by chance at least 1 in 40. */
export function shuffledP({ draws, shuffled }: ScoreResult): number {
  const value = draws.reduce((sum, draw) => sum + draw.value, 0) / draws.length;
  return (1 + shuffled.filter((other) => other >= value).length) / (1 + shuffled.length);
}

/** Mid-p of McNemar's test on k-NN's predictions; none where images come in groups, for which it would be too sure. */
export function pairedP(a: ScoreResult, b: ScoreResult): number | undefined {
  if (a.right === undefined || b.right === undefined || a.groups < a.images) return undefined;
  return knnMcNemar({ right: a.right }, { right: b.right }).midP;
}

/** Accuracy of k-NN with Wilson's interval, as many units as groups. */
export function accuracyOf({
  right,
  groups,
}: ScoreResult): { accuracy: number; low: number; high: number } | undefined {
  if (right === undefined) return undefined;
  const accuracy = right.filter(Boolean).length / right.length;
  return { accuracy, ...wilson(Math.min(groups, accuracy * groups), groups) };
}

const fewest: Record<TransferabilityMeasure, number> = {
  'transferability.knn': fewestForKnn,
  'transferability.logme': fewestForLogMe,
  'transferability.parc': fewestForParc,
  'transferability.nleep': fewestForNleep,
  'transferability.leep': fewestForLeep,
  'transferability.nce': fewestForLeep,
  'transferability.h_score': fewestForHScore,
  'transferability.gbc': fewestForGbc,
};

async function prepare(
  measure: TransferabilityMeasure,
  images: ScoredImages,
  classes: number,
  products: Products,
): Promise<PreparedScore[]> {
  switch (measure) {
    case 'transferability.knn':
      return [await prepareKnn(images, products)];
    case 'transferability.logme':
      return [await prepareLogMe(images.features, products)];
    case 'transferability.parc':
      return [await prepareParc(images.features, products)];
    case 'transferability.nleep':
      return prepareNleep(images, classes, products);
    case 'transferability.leep':
      return [prepareLeep(images.features)];
    case 'transferability.nce':
      return [prepareNce(images.features)];
    case 'transferability.h_score':
      return [await prepareHScore(images.features, products)];
    case 'transferability.gbc':
      return [prepareGbc(images.features)];
  }
}

/**
 * The images that are scored, the same ones for every candidate, for who would rather read their features alone.
 * @returns their numbers, ascending
 */
export function scoredRows(groups: readonly string[], seed: number): Int32Array {
  return groups.length > mostImages
    ? subsample(groups, mostImages, seededRandom(seed, 'transferability-images', groups.length))
    : allRows(groups.length);
}

function drawn({ features, labels, groups, seed }: ScoreRequest): {
  features: Matrix;
  labels: Int32Array;
  groups: readonly string[];
} {
  const { rows } = features;
  if (labels.length !== rows || groups.length !== rows)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `${rows} images need as many labels and groups; ${labels.length} and ${groups.length} were given.`,
    );
  const chosen = scoredRows(groups, seed);
  return {
    features: rows > mostImages ? selectRows<Float32Array | Float64Array>(features, [...chosen]) : features,
    labels: labelsAt(labels, chosen),
    groups: Array.from(chosen, (row) => groups[row]!),
  };
}

/**
 * How many classes there are among the images drawn.
 * @throws measure-refused when one has too few of them; more images would not help where not all are drawn
 */
function drawnClasses({ measure, labels: offered }: ScoreRequest, labels: Int32Array): number {
  const { title } = measures[measure];
  try {
    return classesOf(title, labels.length, labels, fewest[measure]).counts.length;
  } catch (error) {
    if (!(error instanceof TransferEvidenceError) || error.code !== 'measure-refused') throw error;
    if (labels.length === offered.length) throw error;
    throw new TransferEvidenceError(
      'measure-refused',
      `${title} needs at least ${fewest[measure]} images of every class among the ${labels.length} of ${offered.length} that scores are computed on, and a class has fewer. Fewer classes, or classes of more even size, would do.`,
    );
  }
}

async function withoutBlock(value: () => Promise<number>, title: string): Promise<number> {
  try {
    return await value();
  } catch (error) {
    if (!(error instanceof TransferEvidenceError) || error.code !== 'measure-refused') throw error;
    throw new TransferEvidenceError(
      'measure-refused',
      `The interval of ${title} leaves out some groups of images at a time, and without some of them: ${error.message} Images of every class from more patients, slides or sites would do.`,
    );
  }
}

/** Labels laid end to end, group after group in random order, and dealt to the groups in their own. */
function shuffledLabels(labels: Int32Array, groups: readonly string[], seed: number, index: number): Int32Array {
  const byGroup = rowsByGroup(groups);
  const dealt = seededRandom(seed, 'label-shuffle', labels.length, index).shuffled(byGroup).flat();
  const out = new Int32Array(labels.length);
  byGroup.flat().forEach((row, place) => {
    out[row] = labels[dealt[place]!]!;
  });
  return out;
}
