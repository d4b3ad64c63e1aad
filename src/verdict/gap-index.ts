import type { Estimate, Evidence, Measurement } from '../evidence/schema.ts';
import type { Manifest } from '../manifest/schema.ts';
import { noReference } from '../reference/built-in.ts';
import { estimateFrom } from '../statistics/estimate.ts';
import { findComparison } from './comparison.ts';

/** From where on a gap is called large, and up to where small: rules of ours, printed where they are used. */
export const smallGap = 0.25;
export const largeGap = 0.75;

/** The set at the far end: the candidate that the manifest names, else the built-in one; `null` for none. */
export function referenceOf(manifest: Manifest, evidence: Evidence): string | null {
  const named = manifest.evidence.reference;
  if (named === noReference) return null;
  return named ?? evidence.reference?.id ?? null;
}

/**
 * How far a source is from the target on a scale that has two ends: g = (d(S, T) − h) ÷ (d(R, T) − h) with d = RBF-MMD², h its
 * value between two halves of the target and R a reference set. 0 is another sample of the target, 1 is as far as the reference;
 * beyond 1 is farther. The interval is the delta method's, the covariance of the two distances being read off the
 * interval of their paired difference (Cochran 1977, “Sampling Techniques”, section 6.3).
 * @returns null where a distance is missing, or the reference cannot be told from the target
 */
export function gapIndex(
  measured: Evidence,
  { encoder, source, reference }: { encoder: string | undefined; source: string; reference: string },
): Estimate | null {
  const evidence = reference === measured.reference?.id ? withReference(measured, measured.reference) : measured;
  const near = distanceOf(evidence, source, encoder);
  const far = distanceOf(evidence, reference, encoder);
  const half = near?.readAgainst.find(({ name }) => name === 'split_half')?.value;
  if (!near?.estimate || !far?.estimate || half === undefined || far.estimate.low <= half) return null;
  const [a, b] = [near.estimate, far.estimate];
  const value = (a.value - half) / (b.value - half);
  const method = `delta method on ${a.method}`;
  if (source === reference) return estimateFrom({ ...a, value: 1, standardError: 0, method });
  const difference = findComparison(evidence, {
    measure: 'embedding.mmd',
    encoder,
    subject: source,
    object: reference,
  });
  if (!difference?.estimate) return null;
  const [va, vb, vd] = [a, b, difference.estimate].map(({ standardError }) => standardError ** 2) as [
    number,
    number,
    number,
  ];
  const variance = va - value * (va + vb - vd) + value ** 2 * vb;
  const standardError = Math.sqrt(Math.max(0, variance)) / (b.value - half);
  const degreesOfFreedom = Math.min(a.degreesOfFreedom, b.degreesOfFreedom);
  return estimateFrom({ value, standardError, degreesOfFreedom, method });
}

function withReference(evidence: Evidence, reference: NonNullable<Evidence['reference']>): Evidence {
  return {
    ...evidence,
    measurements: [...evidence.measurements, ...reference.measurements],
    comparisons: [...evidence.comparisons, ...reference.comparisons],
  };
}

function distanceOf(evidence: Evidence, id: string, encoder: string | undefined): Measurement | undefined {
  return evidence.measurements.find(
    (m) => m.measure === 'embedding.mmd' && m.encoder === encoder && m.candidate === id,
  );
}
