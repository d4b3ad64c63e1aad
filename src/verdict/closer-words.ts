import type { Evidence } from '../evidence/schema.ts';
import { isCloseness, type MeasureName, measures } from '../measures.ts';
import { atLevel } from '../statistics/estimate.ts';
import { holmLevels } from '../statistics/holm.ts';
import { pValue } from '../statistics/p-value.ts';
import { capsOn } from './caps.ts';
import { familyAlpha } from './claims.ts';
import { findComparison } from './comparison.ts';
import { judgeInterval, oneSided } from './relation.ts';
import type { JudgedClaim } from './types.ts';

/** Closer by what, and by what farther: one measure of similarity is not similarity. */
export function closerWords({ test }: JudgedClaim['claim'], evidence: Evidence | null): string {
  if (test === 'untestable') return 'more similar';
  const { measure, subject, object } = test;
  const farther = evidence === null ? [] : fartherIn(evidence, subject, object);
  const [shown, rest] = [farther.slice(0, 3), farther.length - 3];
  const against =
    farther.length === 0 ? '' : ` (farther in ${[...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(', ')})`;
  return `closer in ${measures[measure].title}${against}`;
}

/** The measures by which one source is told apart as farther from the target than another, Holm-corrected over all. */
function fartherIn(evidence: Evidence, subject: string, object: string): string[] {
  const found = (Object.keys(measures) as MeasureName[]).filter(isCloseness).flatMap((measure) => {
    const comparison = findComparison(evidence, { measure, subject, object });
    return comparison?.estimate ? [{ measure, comparison, estimate: comparison.estimate }] : [];
  });
  const levels = holmLevels(
    found.map(({ estimate }) => pValue(estimate, 0)),
    familyAlpha,
  );
  return found.flatMap(({ measure, comparison, estimate }, index) => {
    const statement = oneSided({ measure, relation: 'closer_than', margin: 0 }, atLevel(estimate, levels[index]!));
    const held = capsOn(comparison, evidence).length > 0;
    return judgeInterval(statement, comparison.nullHalfWidth) === 'contradicted' && !held
      ? [measures[measure].title]
      : [];
  });
}
