import { TransferEvidenceError } from '../errors.ts';
import type { Estimate } from '../evidence/schema.ts';
import { estimateFrom, tQuantile } from '../statistics/estimate.ts';
import { nadeauBengio } from '../statistics/nadeau-bengio.ts';
import type { ProbeProtocol, ProbeResult } from './protocol.ts';

export interface ProbeComparison {
  scores: Map<string, Estimate>;
  /** Keyed by `subject\u0000object`, each unordered pair once in the order of the scores: subject − object. */
  differences: Map<string, Estimate>;
}

/**
 * Scores and paired differences over the same splits, with the interval of Nadeau & Bengio 2003, and never a narrower
 * one than the number of images allows: see {@link smallestHalfWidth}. Only where two candidates predict the same
 * probabilities on every image of every repeat are they one and the same, and their difference is 0 with no width.
 * @param results per candidate, from the same protocol
 * @throws shape-mismatch when a candidate's scores are not one a split
 */
export function compareProbes({
  results,
  protocol,
}: {
  results: ReadonlyMap<string, Pick<ProbeResult, 'scores' | 'predictions'>>;
  protocol: Pick<ProbeProtocol, 'labels' | 'groups' | 'classes' | 'splits'>;
}): ProbeComparison {
  const { splits } = protocol;
  for (const [id, { scores }] of results)
    if (scores.length !== splits.length)
      throw new TransferEvidenceError(
        'shape-mismatch',
        `A paired comparison needs one score a split: ${splits.length} splits, ${scores.length} scores of ${id}.`,
      );
  const share = splits.reduce((sum, { train, test }) => sum + test.length / train.length, 0) / splits.length;
  const halfWidth = smallestHalfWidth(protocol);
  const estimate = (values: Float64Array) => widened(nadeauBengio(values, share), halfWidth);
  const ids = [...results.keys()];
  const differences = new Map<string, Estimate>();
  ids.forEach((subject, i) => {
    for (const object of ids.slice(i + 1)) {
      const [a, b] = [results.get(subject)!, results.get(object)!];
      const values = Float64Array.from(a.scores, (score, split) => score - b.scores[split]!);
      const same = a.predictions.probabilities.every((p, at) => p === b.predictions.probabilities[at]);
      differences.set(`${subject}\u0000${object}`, same ? noDifference(splits.length) : estimate(values));
    }
  });
  return {
    scores: new Map([...results].map(([id, { scores }]) => [id, estimate(Float64Array.from(scores))])),
    differences,
  };
}

/** Of two that predict the same everywhere. @param folds or seeds */
export function noDifference(folds: number): Estimate {
  const method = 'the same predictions on every image';
  return estimateFrom({ value: 0, standardError: 0, degreesOfFreedom: folds - 1, method });
}

/**
 * Folds that all agree have no variance, and would make a certainty of it. But when none of n independent images is
 * predicted differently, up to 3 ÷ n of all images may be (95 %: the rule of three, Hanley & Lippman-Hand 1983). Here n
 * counts groups, and for classes of unequal size what the rarest class allows: classes × its groups, as in balanced
 * accuracy or macro AUC one group weighs as much as all classes were that rare.
 */
export function smallestHalfWidth({
  labels,
  groups,
  classes,
}: Pick<ProbeProtocol, 'labels' | 'groups' | 'classes'>): number {
  const groupsOf = Array.from({ length: classes }, () => new Set<string>());
  labels.forEach((own, image) => {
    for (const label of own) groupsOf[label]!.add(groups[image]!);
  });
  const rarest = Math.min(...groupsOf.map((found) => found.size));
  return Math.min(1, 3 / Math.min(new Set(groups).size, classes * rarest));
}

/** The estimate with an interval of at least this half-width at 95 %. */
export function widened(estimate: Estimate, halfWidth: number): Estimate {
  const { degreesOfFreedom, standardError, level } = estimate;
  const least = halfWidth / tQuantile(0.975, degreesOfFreedom);
  if (standardError >= least) return estimate;
  const method = `${estimate.method}, widened to what the number of groups can show (rule of three)`;
  return estimateFrom({ value: estimate.value, standardError: least, degreesOfFreedom, method, level });
}
