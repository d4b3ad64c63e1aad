import type { Comparison, Estimate } from '../evidence/schema.ts';
import { isProbe } from '../measures.ts';
import { equivalenceMargin } from '../statistics/equivalence-margin.ts';
import { atLevel } from '../statistics/estimate.ts';
import { minimumDetectable } from '../statistics/minimum-detectable.ts';
import { formatCount, formatEstimate, formatFactor, formatValue } from './numbers.ts';

/** Beyond this many times the images nobody would go; the smallest visible gap is the more useful thing to say. */
const reasonableFactor = 30;

/**
 * Whether a probe's difference is shown to be negligible: the 90 % interval lies within ± the margin (two one-sided
 * tests; Schuirmann 1987).
 */
export function isNegligible(comparison: Comparison): boolean {
  const { estimate } = comparison;
  if (estimate === null || !isProbe(comparison.measure)) return false;
  const margin = equivalenceMargin(comparison.n.target);
  const { low, high } = atLevel(estimate, 0.9);
  return low > -margin && high < margin;
}

/** Whether two candidates are one to the measure: no image set them apart, so there is no doubt and nothing to find. */
export function isSame({ value, standardError }: Estimate): boolean {
  return value === 0 && standardError === 0;
}

/** Why a difference counts as none: `the 90 % interval [−1.8, +1.1] lies within ±2.0 points`. */
export function negligibleWords({ measure, estimate, n }: Comparison): string {
  const shown = formatEstimate(measure, atLevel(estimate!, 0.9), { signed: true, unit: false });
  return `the 90 % interval ${shown.slice(shown.indexOf('['))} lies within ±${formatValue(measure, equivalenceMargin(n.target))}`;
}

/**
 * What would settle an interval that holds the threshold. The error shrinks with the root of the number of images, so
 * the factor is (smallest gap seen 4 times in 5 ÷ gap measured)².
 */
export function moreImages(comparison: Comparison, x: Estimate, threshold: number): string {
  if (isSame(x)) return 'no number of images: to this measure the two are one and the same';
  const gap = Math.abs(x.value - threshold);
  const visible = minimumDetectable(x);
  const nullFactor = comparison.nullHalfWidth === undefined ? 0 : (comparison.nullHalfWidth / gap) ** 2;
  const factor = Math.max((visible / gap) ** 2, nullFactor);
  const smallest = formatValue(comparison.measure, visible, { like: x });
  if (!Number.isFinite(factor) || factor > reasonableFactor) {
    return `no realistic number of images at so small a gap; these data can show gaps of ${smallest} or more`;
  }
  const images = Number((factor * comparison.n.target).toPrecision(2));
  return (
    `about ${formatFactor(Math.max(factor, 1.1))}× as many target images (≈ ${formatCount(images)}), ` +
    `if the measured gap stays; ${formatCount(comparison.n.target)} can show gaps of ${smallest} or more`
  );
}
