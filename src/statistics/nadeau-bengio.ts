import { TransferEvidenceError } from '../errors.ts';
import type { Estimate } from '../evidence/schema.ts';
import { estimateFrom } from './estimate.ts';

/**
 * The corrected resampled t interval of a mean paired difference over cross-validation folds:
 * se² = (1/J + testShare) · s², df = J − 1, where s² is the sample variance of the J differences. The second term
 * stands for the training images that the folds share; the naive s²/J rejects a true tie in up to half of all cases.
 * Nadeau & Bengio 2003, Machine Learning 52:239, section 4 (“corrected resampled t-test”).
 * @param differences J paired differences, one a fold (all repeats), in the metric's unit
 * @param testShare test images ÷ training images of one fold; 0.25 for 5 folds
 * @throws measure-refused for fewer than 2 folds or a share that is not positive
 */
export function nadeauBengio(differences: Float64Array, testShare: number): Estimate {
  const folds = differences.length;
  if (folds < 2)
    throw new TransferEvidenceError('measure-refused', `A variance over folds needs at least 2 folds; ${folds} given.`);
  if (!(testShare > 0 && testShare < Infinity))
    throw new TransferEvidenceError(
      'measure-refused',
      `The share of test to training images must be positive; ${testShare} was given.`,
    );
  const mean = differences.reduce((sum, difference) => sum + difference, 0) / folds;
  const variance = differences.reduce((sum, difference) => sum + (difference - mean) ** 2, 0) / (folds - 1);
  return estimateFrom({
    value: mean,
    standardError: Math.sqrt((1 / folds + testShare) * variance),
    degreesOfFreedom: folds - 1,
    method: `corrected resampled t over ${folds} folds (Nadeau & Bengio 2003)`,
  });
}
