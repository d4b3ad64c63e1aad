import type { Comparison, Estimate, Evidence } from '../evidence/schema.ts';
import { mostImages } from '../manifest/schema.ts';
import { isProbe, isTrainedProbe } from '../measures.ts';
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
 * the factor is (smallest gap seen 4 times in 5 ÷ gap measured)². Where networks are trained it is the least: what differs
 * between seeds does not shrink with images.
 */
export function moreImages(comparison: Comparison, x: Estimate, threshold: number, evidence: Evidence): string {
  if (isSame(x)) return 'no number of images: to this measure the two are one and the same';
  const gap = Math.abs(x.value - threshold);
  const visible = minimumDetectable(x);
  const nullFactor = comparison.nullHalfWidth === undefined ? 0 : (comparison.nullHalfWidth / gap) ** 2;
  const factor = Math.max((visible / gap) ** 2, nullFactor);
  const smallest = formatValue(comparison.measure, visible, { like: x });
  if (!Number.isFinite(factor) || factor > reasonableFactor) {
    return `no realistic number of images at so small a gap; these data can show gaps of ${smallest} or more`;
  }
  const { used, available } = imagesBehind(comparison, evidence);
  const images = Number((factor * used).toPrecision(2));
  const shown = `${formatCount(used)} can show gaps of ${smallest} or more`;
  const least = isTrainedProbe(comparison.measure) ? 'at least' : 'about';
  const there =
    images > mostImages
      ? `≈ ${formatCount(images)}, of which ${formatCount(mostImages)} are ever read`
      : images <= available
        ? `evidence.images: ${images}`
        : `≈ ${formatCount(images)}`;
  return `${least} ${formatFactor(Math.max(factor, 1.1))}× as many target images (${there}), if the measured gap stays; ${shown}`;
}

/** The target images that a difference took, trained and tested ones, and those that a manifest may ask for. */
function imagesBehind({ measure, n }: Comparison, { target, probes }: Evidence): { used: number; available: number } {
  const set = target.set;
  if (set === null || !isProbe(measure)) return { used: n.target, available: 0 };
  const trained = probes.find((probe) => probe.measure === measure)?.run?.images;
  const drawn = set.sampled.length;
  // Where the budget was what held back, more images to draw would not help.
  return { used: trained ?? drawn, available: (trained ?? drawn) < drawn ? 0 : set.images };
}
