import type { Estimate } from '../evidence/schema.ts';
import { tQuantile } from './estimate.ts';

/**
 * The smallest true difference that a measurement with this standard error finds with the given power:
 * (t(1 − α/2) + t(power)) · SE, about 2.9 SE at 24 degrees of freedom. α is 1 − the estimate's own level.
 * Same unit as the estimate.
 */
export function minimumDetectable(estimate: Estimate, power = 0.8): number {
  const { standardError, degreesOfFreedom, level } = estimate;
  return (tQuantile((1 + level) / 2, degreesOfFreedom) + tQuantile(power, degreesOfFreedom)) * standardError;
}
