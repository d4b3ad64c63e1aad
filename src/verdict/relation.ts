import type { Estimate } from '../evidence/schema.ts';
import type { ClaimTest } from '../manifest/schema.ts';
import { isHigherAhead, type MeasureName } from '../measures.ts';
import { flipEstimate } from './comparison.ts';

/**
 * A claim as a one-sided statement about one number: “x is at least the threshold”.
 * `greater_than m` is D ≥ m; `closer_than m` is D ≥ m where higher is closer and −D ≥ m where lower is; `not_worse_than m`
 * is D > −m where higher is ahead and −D > −m where lower is, with D = subject − object.
 */
export interface OneSided {
  x: Estimate;
  threshold: number;
}

/** Turns a claim and the paired difference (subject − object) into a statement about one number. */
export function oneSided(
  test: Pick<ClaimTest, 'relation' | 'margin'> & { measure: MeasureName },
  difference: Estimate,
): OneSided {
  const ahead = isHigherAhead(test.measure) ? difference : flipEstimate(difference);
  switch (test.relation) {
    case 'greater_than':
      return { x: difference, threshold: test.margin };
    case 'closer_than':
      return { x: ahead, threshold: test.margin };
    case 'not_worse_than':
      return { x: ahead, threshold: test.margin === 0 ? 0 : -test.margin };
  }
}

/**
 * The verdict's algebra. Supported when the interval's low end reaches the threshold, contradicted when its high end
 * lies below it, inconclusive otherwise. At a threshold of 0 or less the low end must lie above it, so that equal
 * candidates are never “greater”. Either verdict also needs the value to lie farther from the threshold than two random
 * halves of the target lie from each other.
 * @param nullHalfWidth for distances: the split-half null, in the measure's unit; 0 where there is none
 */
export function judgeInterval(
  { x, threshold }: OneSided,
  nullHalfWidth = 0,
): 'supported' | 'contradicted' | 'inconclusive' {
  const beyondNull = Math.abs(x.value - threshold) > nullHalfWidth || nullHalfWidth === 0;
  if (!beyondNull) return 'inconclusive';
  if (threshold > 0 ? x.low >= threshold : x.low > threshold) return 'supported';
  if (x.high < threshold) return 'contradicted';
  return 'inconclusive';
}
