import { meanColourId } from '../controls.ts';
import type { Comparison, Estimate, Evidence } from '../evidence/schema.ts';
import { isHigherAhead, isProbe, type MeasureName, probeMeasures } from '../measures.ts';
import { atLevel } from '../statistics/estimate.ts';
import { holmLevels } from '../statistics/holm.ts';
import { pValue } from '../statistics/p-value.ts';
import { capsOn } from './caps.ts';
import { familyAlpha } from './claims.ts';
import { findComparison } from './comparison.ts';
import { decidingProbe, type Field, scoresOf } from './probes.ts';
import type { TieGroup, Verdicts } from './types.ts';

/** One candidate set against another at the level that Holm's correction over its family gave. */
export interface Contest {
  other: string;
  comparison: Comparison;
  /** subject − object at the corrected level. */
  interval: Estimate;
  /** Whether the two can be told apart: the interval excludes 0, the split-half null is exceeded, nothing caps it. */
  apart: boolean;
}

/** Sets `id` against each of `others`, Holm-corrected over these comparisons; those without evidence are left out. */
export function contests(
  evidence: Evidence,
  measure: MeasureName,
  id: string,
  others: readonly string[],
  encoder?: string,
): Contest[] {
  const found = others.flatMap((other) => {
    const comparison = findComparison(evidence, { measure, encoder, subject: id, object: other });
    return comparison?.estimate ? [{ other, comparison, estimate: comparison.estimate }] : [];
  });
  const levels = holmLevels(
    found.map(({ estimate }) => pValue(estimate, 0)),
    familyAlpha,
  );
  return found.map(({ other, comparison, estimate }, index) => {
    const interval = atLevel(estimate, levels[index]!);
    const apart =
      (interval.low > 0 || interval.high < 0) &&
      Math.abs(interval.value) > (comparison.nullHalfWidth ?? 0) &&
      capsOn(comparison, evidence).length === 0;
    return { other, comparison, interval, apart };
  });
}

/** Which numbers of a measure are put in order: those of one encoder, for probes those of one field (weights, if not said). */
interface Among {
  encoder?: string;
  field?: Field;
}

/** Candidates with a number for this measure, best first; equal ones by name. The mean-colour control is not a candidate. */
export function ordered(
  evidence: Evidence,
  measure: MeasureName,
  { encoder, field = 'weights' }: Among = {},
): string[] {
  const sign = isHigherAhead(measure) ? -1 : 1;
  const among = isProbe(measure) ? scoresOf(evidence, measure, field) : evidence.measurements;
  return among
    .filter((m) => m.measure === measure && m.encoder === encoder && m.candidate !== meanColourId)
    .flatMap(({ candidate, estimate }) => (estimate ? [{ candidate, value: estimate.value }] : []))
    .sort((a, b) => sign * (a.value - b.value) || (a.candidate < b.candidate ? -1 : 1))
    .map(({ candidate }) => candidate);
}

/**
 * Tie groups, best first: the best remaining candidate leads a group, and everyone who cannot be told apart from that
 * leader joins it (Holm over the leader's comparisons). A pair without a comparison counts as not told apart.
 */
function tieGroups(evidence: Evidence, measure: MeasureName, among: Among = {}): TieGroup[] {
  const groups: TieGroup[] = [];
  let remaining = ordered(evidence, measure, among);
  while (remaining.length > 0) {
    const [leader, ...others] = remaining as [string, ...string[]];
    const apart = new Set(
      contests(evidence, measure, leader, others, among.encoder)
        .filter((contest) => contest.apart)
        .map(({ other }) => other),
    );
    groups.push({ members: [leader, ...others.filter((id) => !apart.has(id))] });
    remaining = others.filter((id) => apart.has(id));
  }
  return groups;
}

/**
 * Tie groups of the headline measures: the probes, the one that decides first, of candidates with weights and then of proxies; then
 * RBF-MMD² in each encoder.
 */
export function rankings(evidence: Evidence): Verdicts['ranking'] {
  const performance = (['weights', 'proxies'] as const).flatMap((field) => {
    const deciding = decidingProbe(evidence, field);
    const probes = deciding === null ? [] : [deciding, ...probeMeasures.filter((measure) => measure !== deciding)];
    return probes.map((measure) => ({
      measure,
      ...(field === 'proxies' ? { proxies: true as const } : {}),
      groups: tieGroups(evidence, measure, { field }),
    }));
  });
  const embedding = evidence.encoders.map(({ id }) => ({
    measure: 'embedding.mmd' as const,
    encoder: id,
    groups: tieGroups(evidence, 'embedding.mmd', { encoder: id }),
  }));
  return [...performance, ...embedding].filter(({ groups }) => groups.length > 0);
}
