import { TransferEvidenceError } from '../errors.ts';
import type { Estimate } from '../evidence/schema.ts';
import { type Matrix, selectRows } from '../matrix.ts';
import { measures, type TransferabilityMeasure } from '../measures.ts';
import { seededRandom } from '../random.ts';
import { rowsByGroup, subsample } from '../similarity/subsample.ts';
import { overDraws } from '../statistics/draws.ts';
import { blockCount, blocksOf, jackknife } from '../statistics/jackknife.ts';
import { wilson } from '../statistics/wilson.ts';
import { fewestForGbc, prepareGbc } from './gbc.ts';
import { fewestForKnn, knnMcNemar, prepareKnn } from './knn.ts';
import { allRows, classesOf } from './labelled.ts';
import { fewestForLogMe, prepareLogMe } from './log-me.ts';
import { fewestForNleep, prepareNleep } from './nleep.ts';
import { fewestForParc, prepareParc } from './parc.ts';
import { fewestForHScore, prepareHScore, refuseUnequalDimensions } from './regularised-h-score.ts';
import { labelsAt, type PreparedScore, type ScoredImages } from './score.ts';

/** Changes whenever a number of any score can change. */
export const transferabilityVersion = '1';

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
 * @throws shape-mismatch, measure-refused
 */
export function scoreCandidate(request: ScoreRequest): ScoreResult {
  const { measure, seed } = request;
  const { features, groups, labels } = drawn(request);
  const all = allRows(features.rows);
  const { title } = measures[measure];
  const { counts } = classesOf(title, all.length, labels, fewest[measure]);
  const count = new Set(groups).size;
  const blocks = blockCount([{ rows: all.length, groups: count }]);
  const blockOf = blocksOf(groups, blocks, seededRandom(seed, 'transferability-blocks', all.length));
  const prepared = prepare(measure, { features, groups, seed }, counts.length);
  const nulls = Array.from({ length: shuffles }, (_, index) => shuffledLabels(labels, groups, seed, index));
  const draws = prepared.map((score) => {
    const [value] = score.values([labels], all);
    return {
      value: value!,
      leftOut: Array.from({ length: blocks }, (_, block) =>
        withoutBlock(
          () =>
            score.values(
              [labels],
              all.filter((row) => blockOf[row] !== block),
            )[0]!,
          title,
        ),
      ),
      shuffled: score.values(nulls, all),
    };
  });
  const knn = prepared.find((score) => 'right' in score) as ReturnType<typeof prepareKnn> | undefined;
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
export function scoreValue(request: ScoreRequest): number {
  const { features, groups, labels } = drawn(request);
  const all = allRows(features.rows);
  const { counts } = classesOf(measures[request.measure].title, all.length, labels, fewest[request.measure]);
  const values = prepare(request.measure, { features, groups, seed: request.seed }, counts.length).map(
    (score) => score.values([labels], all)[0]!,
  );
  return values.reduce((sum, value) => sum + value, 0) / values.length;
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
  'transferability.h_score': fewestForHScore,
  'transferability.gbc': fewestForGbc,
};

function prepare(measure: TransferabilityMeasure, images: ScoredImages, classes: number): PreparedScore[] {
  switch (measure) {
    case 'transferability.knn':
      return [prepareKnn(images)];
    case 'transferability.logme':
      return [prepareLogMe(images.features)];
    case 'transferability.parc':
      return [prepareParc(images.features)];
    case 'transferability.nleep':
      return prepareNleep(images, classes);
    case 'transferability.h_score':
      return [prepareHScore(images.features)];
    case 'transferability.gbc':
      return [prepareGbc(images.features)];
  }
}

/** The images that are scored, the same ones for every candidate. */
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
  const chosen =
    rows > mostImages
      ? subsample(groups, mostImages, seededRandom(seed, 'transferability-images', rows))
      : allRows(rows);
  return {
    features: rows > mostImages ? selectRows<Float32Array | Float64Array>(features, [...chosen]) : features,
    labels: labelsAt(labels, chosen),
    groups: Array.from(chosen, (row) => groups[row]!),
  };
}

function withoutBlock(value: () => number, title: string): number {
  try {
    return value();
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
