import studentQuantile from '@stdlib/stats-base-dists-t-quantile';
import { TransferEvidenceError } from '../errors.ts';
import type { Estimate } from '../evidence/schema.ts';

/** The quantile of Student's t distribution: the x below which a share `probability` lies. */
export function tQuantile(probability: number, degreesOfFreedom: number): number {
  return studentQuantile(probability, degreesOfFreedom);
}

/**
 * A value with its two-sided t interval, `value ± t(1 − (1 − level)/2, df) · standardError`.
 * A standard error of 0 gives an interval of no width.
 * @throws measure-refused when a number is not finite, the standard error is negative, df ≤ 0 or the level is outside (0, 1)
 */
export function estimateFrom(from: {
  value: number;
  standardError: number;
  degreesOfFreedom: number;
  method: string;
  level?: number;
}): Estimate {
  const { value, standardError, degreesOfFreedom, method, level = 0.95 } = from;
  if (!Number.isFinite(value) || !(standardError >= 0 && standardError < Infinity))
    refuse(`a finite value and a finite standard error ≥ 0; ${value} and ${standardError} were given`);
  if (!(degreesOfFreedom > 0)) refuse(`degrees of freedom > 0; ${degreesOfFreedom} were given`);
  if (!(level > 0 && level < 1)) refuse(`a level between 0 and 1; ${level} was given`);
  const halfWidth = standardError === 0 ? 0 : tQuantile((1 + level) / 2, degreesOfFreedom) * standardError;
  return { value, standardError, degreesOfFreedom, low: value - halfWidth, high: value + halfWidth, level, method };
}

/** The same estimate with its interval at another level; corrected claims are judged on these. */
export function atLevel(estimate: Estimate, level: number): Estimate {
  return estimateFrom({ ...estimate, level });
}

function refuse(found: string): never {
  throw new TransferEvidenceError('measure-refused', `An interval needs ${found}.`);
}
