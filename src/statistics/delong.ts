import { TransferEvidenceError } from '../errors.ts';
import { midranks } from './agreement.ts';
import { normalPValue } from './normal.ts';

/** An area under the ROC curve with the variance that other images of both kinds would give it. */
export interface DeLong {
  /** 0 … 1, higher is better. */
  auc: number;
  variance: number;
}

/** Two scores on the same images. */
export interface DeLongPair {
  first: DeLong;
  second: DeLong;
  covariance: number;
  /** AUC of the first minus that of the second. */
  difference: number;
  /** Of the difference. */
  standardError: number;
  /** Two-sided p of “both AUCs are equal”; 1 where no image sets the two apart. */
  p: number;
}

/**
 * AUC and its variance by structural components: for each positive image the share of negatives it scores above, for
 * each negative the share of positives that score above it, ties counting half. DeLong, DeLong & Clarke-Pearson 1988,
 * Biometrics 44:837, equations 4 to 7; by ranks as in Sun & Xu 2014. Images are taken as independent.
 * @param positive one an image
 * @param scores one an image, higher for positives
 * @throws shape-mismatch when the lengths differ, measure-refused below 2 images of either kind or for a score that is no number
 */
export function deLong(positive: readonly boolean[], scores: readonly number[]): DeLong {
  const { auc, positives, negatives } = componentsOf(positive, scores);
  return { auc, variance: covarianceOf(positives, positives) + covarianceOf(negatives, negatives) };
}

/**
 * Two AUCs on the same images, their covariance, and the test of their difference (same source, equation 8): z by the
 * normal distribution, so for some dozens of images of each kind and more.
 * @throws as {@link deLong}
 */
export function deLongPaired(
  positive: readonly boolean[],
  first: readonly number[],
  second: readonly number[],
): DeLongPair {
  const a = componentsOf(positive, first);
  const b = componentsOf(positive, second);
  const covariance = covarianceOf(a.positives, b.positives) + covarianceOf(a.negatives, b.negatives);
  const one = deLong(positive, first);
  const other = deLong(positive, second);
  const difference = a.auc - b.auc;
  const standardError = Math.sqrt(Math.max(0, one.variance + other.variance - 2 * covariance));
  const p = difference === 0 ? 1 : standardError === 0 ? 0 : normalPValue(difference / standardError);
  return { first: one, second: other, covariance, difference, standardError, p };
}

interface Components {
  auc: number;
  /** One a positive image. */
  positives: number[];
  /** One a negative image. */
  negatives: number[];
}

function componentsOf(positive: readonly boolean[], scores: readonly number[]): Components {
  if (positive.length !== scores.length)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `An AUC needs a score an image; ${positive.length} images and ${scores.length} scores were given.`,
    );
  if (scores.some((score) => Number.isNaN(score)))
    throw new TransferEvidenceError('measure-refused', 'An AUC needs scores that are numbers; one is NaN.');
  const above = scores.filter((_, image) => positive[image]);
  const below = scores.filter((_, image) => !positive[image]);
  if (above.length < 2 || below.length < 2)
    throw new TransferEvidenceError(
      'measure-refused',
      `The variance of an AUC needs 2 images of either kind; ${above.length} positive and ${below.length} negative ones were given.`,
    );
  const among = midranks([...above, ...below]);
  const ownAbove = midranks(above);
  const ownBelow = midranks(below);
  const positives = ownAbove.map((rank, i) => (among[i]! - rank) / below.length);
  const negatives = ownBelow.map((rank, i) => 1 - (among[above.length + i]! - rank) / above.length);
  return { auc: positives.reduce((sum, x) => sum + x, 0) / positives.length, positives, negatives };
}

/** Sample covariance of two lists of components, divided by their length: their part of the AUC's. */
function covarianceOf(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const sum = a.reduce((total, x, i) => total + (x - meanA) * (b[i]! - meanB), 0);
  return sum / (a.length - 1) / a.length;
}
