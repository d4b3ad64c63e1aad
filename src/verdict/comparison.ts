import type { Comparison, Estimate, Evidence } from '../evidence/schema.ts';
import type { MeasureName } from '../measures.ts';

/** The candidate id that the shortcut control stands under in the evidence. */
export const meanColourId = 'mean_colour';

/** Random initialisation, of the one architecture or of one candidate's own. */
export function isScratch(id: string): boolean {
  return id === 'scratch' || id.startsWith('scratch of ');
}

/** Controls that the program adds; none of them can be chosen. */
export function isControl(id: string): boolean {
  return id === meanColourId || isScratch(id);
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
 * `scratch` finds the random initialisation of the other side's own architecture where there are several.
 * @param encoder for embedding measures; the first one when it is left out
 */
export function findComparison(
  evidence: Evidence,
  query: { measure: MeasureName; subject: string; object: string; encoder?: string | undefined },
): Comparison | undefined {
  const encoder = query.encoder ?? evidence.encoders[0]?.id;
  const named = (id: string, other: string): string[] => (id === 'scratch' ? [id, `scratch of ${other}`] : [id]);
  const subjects = named(query.subject, query.object);
  const objects = named(query.object, query.subject);
  for (const comparison of evidence.comparisons) {
    if (comparison.measure !== query.measure) continue;
    if (comparison.encoder !== undefined && comparison.encoder !== encoder) continue;
    if (subjects.includes(comparison.subject) && objects.includes(comparison.object)) return comparison;
    if (subjects.includes(comparison.object) && objects.includes(comparison.subject)) return flip(comparison);
  }
  return undefined;
}
