import { smallestHalfWidth, widened } from '../../probe/compare.ts';
import type { ProbeProtocol } from '../../probe/protocol.ts';
import { equivalenceMargin } from '../../statistics/equivalence-margin.ts';
import { nadeauBengio } from '../../statistics/nadeau-bengio.ts';
import type { Property } from './property.ts';

export interface LearningCurveRequest {
  protocol: Pick<ProbeProtocol, 'labels' | 'groups' | 'classes' | 'splits'>;
  /** Of 25, 50 and 100 % of the training images: the score of every split, all on the same test images. */
  scores: readonly (readonly number[])[];
  /** Training images of each share, mean over splits. */
  trainImages: readonly number[];
  /** Whose features the probe was trained on. */
  model: string;
}

/**
 * What the last doubling of the target's training images gained, in fractions of the score, with the interval of Nadeau &
 * Bengio 2003 over the same splits; the correction uses the smaller training set's share, which is the wider one. `enough`:
 * the whole interval lies below the equivalence margin, so that another doubling is not worth much; `not enough`: it lies
 * above; `undecided` otherwise. It says whether the target has images enough for this probe, nothing about a source.
 * Figueroa et al. 2012, BMC Medical Informatics and Decision Making 12:8, for learning curves as answer to “how many”.
 */
export function learningCurve({ protocol, scores, trainImages, model }: LearningCurveRequest): Property {
  const { splits, labels } = protocol;
  const [quarter, half, whole] = scores;
  const gains = Float64Array.from(whole!, (score, split) => score - half![split]!);
  const testShare = splits.reduce((sum, { test }) => sum + test.length, 0) / splits.length / trainImages[1]!;
  const { value, low, high } = widened(nadeauBengio(gains, testShare), smallestHalfWidth(protocol));
  const margin = equivalenceMargin(labels.length);
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  return {
    property: 'learning_curve',
    value,
    unit: 'points',
    n: labels.length,
    low,
    high,
    details: {
      model,
      margin,
      answer: high < margin ? 'enough' : low > margin ? 'not enough' : 'undecided',
      quarterImages: Math.round(trainImages[0]!),
      quarterScore: mean(quarter!),
      halfImages: Math.round(trainImages[1]!),
      halfScore: mean(half!),
      allImages: Math.round(trainImages[2]!),
      allScore: mean(whole!),
    },
  };
}
