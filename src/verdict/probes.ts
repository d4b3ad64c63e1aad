import { isControl, meanColourId, scratchId } from '../controls.ts';
import { proxyOf } from '../evidence/proxy.ts';
import type { Comparison, Estimate, Evidence, Measurement } from '../evidence/schema.ts';
import { isProbe, type MeasureName, type ProbeMeasure, probeMeasures } from '../measures.ts';

/**
 * Those that can be compared: candidates with weights of their own, or proxies, whose weights were made here of their images by one
 * small network. A difference between the two would be one of networks and budgets, not of sources.
 */
export type Field = 'weights' | 'proxies';

export type Scored = Measurement & { estimate: Estimate };

function fieldOf(measurement: Measurement): Field {
  return proxyOf(measurement) === null ? 'weights' : 'proxies';
}

/** Every score of a probe in one field, the mean-colour control left out. */
export function scoresOf(evidence: Evidence, measure: ProbeMeasure, field: Field): Scored[] {
  return evidence.measurements.filter(
    (found): found is Scored =>
      found.measure === measure &&
      found.estimate !== null &&
      found.candidate !== meanColourId &&
      fieldOf(found) === field,
  );
}

/**
 * The probe that decides about performance: the one with a number for most candidates of the field, of equals the strongest. A
 * candidate that could not be fine-tuned is thus compared by the linear probe rather than passed over. `null` when none was measured.
 */
export function decidingProbe(evidence: Evidence, field: Field = 'weights'): ProbeMeasure | null {
  let most = 0;
  let deciding: ProbeMeasure | null = null;
  for (const measure of probeMeasures) {
    const candidates = scoresOf(evidence, measure, field).filter(({ candidate }) => !isControl(candidate)).length;
    if (candidates > most) [most, deciding] = [candidates, measure];
  }
  return deciding;
}

/** The field that a candidate was measured in; for one that was not, and for `scratch`, that of weights where there is any. */
export function fieldOfCandidate(evidence: Evidence, id: string): Field {
  const own = evidence.measurements.find(({ measure, candidate }) => candidate === id && isProbe(measure));
  if (own) return fieldOf(own);
  return decidingProbe(evidence) === null && decidingProbe(evidence, 'proxies') !== null ? 'proxies' : 'weights';
}

/** Whether the comparison is one of proxies. */
export function isOfProxies(evidence: Evidence, { measure, subject, object }: Comparison): boolean {
  return evidence.measurements.some(
    (found) => found.measure === measure && [subject, object].includes(found.candidate) && fieldOf(found) === 'proxies',
  );
}

/** Whether one of the two was measured as a proxy and the other with weights. `scratch` is whatever it is compared with. */
export function acrossFields(evidence: Evidence, measure: MeasureName, a: string, b: string): boolean {
  if (a === scratchId || b === scratchId) return false;
  const [one, other] = [a, b].map((id) =>
    evidence.measurements.find((found) => found.measure === measure && found.candidate === id),
  );
  return one !== undefined && other !== undefined && fieldOf(one) !== fieldOf(other);
}
