import type { Estimate } from '../evidence/schema.ts';
import { estimateFrom } from './estimate.ts';

/**
 * What holds of random draws in general, from the same quantity estimated on each of some: their mean. Its error has two
 * parts, that of each estimate and that of having drawn so few, SE² = mean(SEᵢ²) + s² ÷ draws with s the standard
 * deviation between draws; degrees of freedom by Welch (1947) and Satterthwaite (1946).
 * @param draws independent draws behind the estimates; default: as many as there are estimates
 */
export function overDraws(estimates: readonly Estimate[], draws = estimates.length): Estimate {
  const first = estimates[0]!;
  if (estimates.length === 1) return first;
  const mean = (of: (estimate: Estimate) => number) =>
    estimates.reduce((sum, estimate) => sum + of(estimate), 0) / estimates.length;
  const value = mean((estimate) => estimate.value);
  const within = mean(({ standardError }) => standardError ** 2);
  const between =
    estimates.reduce((sum, estimate) => sum + (estimate.value - value) ** 2, 0) / (estimates.length - 1) / draws;
  const variance = within + between;
  const spread = within ** 2 / first.degreesOfFreedom + between ** 2 / (draws - 1);
  return estimateFrom({
    value,
    standardError: Math.sqrt(variance),
    degreesOfFreedom: spread === 0 ? first.degreesOfFreedom : variance ** 2 / spread,
    method: `${first.method}, mean of ${draws} random draws`,
    level: first.level,
  });
}
