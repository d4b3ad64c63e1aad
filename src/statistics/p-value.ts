import studentDistribution from '@stdlib/stats-base-dists-t-cdf';
import type { Estimate } from '../evidence/schema.ts';

/**
 * Two-sided p of “the true value is `margin`” by Student's t: below 1 − level exactly when the interval at that level
 * leaves the margin out. With a standard error of 0 it is 1 at the margin and 0 elsewhere.
 */
export function pValue(estimate: Estimate, margin = 0): number {
  const distance = Math.abs(estimate.value - margin);
  if (distance === 0) return 1;
  if (estimate.standardError === 0) return 0;
  return Math.min(1, 2 * studentDistribution(-distance / estimate.standardError, estimate.degreesOfFreedom));
}
