import { isScratch, scratchId, scratchOf } from '../controls.ts';
import type { Comparison, Estimate, Evidence } from '../evidence/schema.ts';
import type { MeasureName } from '../measures.ts';
import { acrossFields } from './probes.ts';

/**
 * The name under which the chosen source was measured. `scratch` stands for the best random initialisation where the
 * candidates have several architectures.
 * @param order names with a score, best first
 */
export function measuredName(chosen: string, order: readonly string[]): string | undefined {
  return order.find((id) => id === chosen) ?? (chosen === scratchId ? order.find(isScratch) : undefined);
}

/** The same difference seen from the other side. */
export function flipEstimate(estimate: Estimate): Estimate {
  return { ...estimate, value: negate(estimate.value), low: negate(estimate.high), high: negate(estimate.low) };
}

const negate = (value: number): number => (value === 0 ? 0 : -value);

function flip(comparison: Comparison): Comparison {
  return {
    ...comparison,
    subject: comparison.object,
    object: comparison.subject,
    estimate: comparison.estimate && flipEstimate(comparison.estimate),
  };
}

/**
 * The paired difference of two candidates as subject − object, whichever way round it was stored.
 * Where there are several architectures, a candidate's own random initialisation is stored as `scratch` beside it and
 * as `scratch of …` beside others; either name finds it. Between a proxy and weights there is none.
 * @param encoder for embedding measures; the first one when it is left out
 */
export function findComparison(
  evidence: Evidence,
  query: { measure: MeasureName; subject: string; object: string; encoder?: string | undefined },
): Comparison | undefined {
  if (acrossFields(evidence, query.measure, query.subject, query.object)) return undefined;
  const encoder = query.encoder ?? evidence.encoders[0]?.id;
  const pool = evidence.comparisons.filter(
    ({ measure, encoder: own }) => measure === query.measure && (own === undefined || own === encoder),
  );
  for (const subject of namesOf(query.subject, query.object))
    for (const object of namesOf(query.object, query.subject)) {
      const same = pool.find((comparison) => comparison.subject === subject && comparison.object === object);
      if (same) return same;
      const reversed = pool.find((comparison) => comparison.subject === object && comparison.object === subject);
      if (reversed) return flip(reversed);
    }
  return undefined;
}

function namesOf(id: string, other: string): string[] {
  if (id === scratchId) return [id, scratchOf(other)];
  return isScratch(id) ? [id, scratchId] : [id];
}
