import type { Comparison, Estimate, Evidence } from '../evidence/schema.ts';
import type { Claim, ClaimTest, Manifest } from '../manifest/schema.ts';
import { claimsOf } from '../manifest/statements.ts';
import { isCloseness, isHigherAhead, isProbe } from '../measures.ts';
import { atLevel } from '../statistics/estimate.ts';
import { holmLevels } from '../statistics/holm.ts';
import { pValue } from '../statistics/p-value.ts';
import { explainAbsence } from './absence.ts';
import { capsOn, liftOf } from './caps.ts';
import { findComparison } from './comparison.ts';
import { isNegligible, isSame, moreImages, negligibleWords } from './decisive.ts';
import { formatEstimate, formatValue } from './numbers.ts';
import { isOfProxies } from './probes.ts';
import { judgeInterval, oneSided } from './relation.ts';
import type { JudgedClaim } from './types.ts';

/** Chance of any false verdict over all claims of one manifest. */
export const familyAlpha = 0.05;

/**
 * Judges every claim on the interval of its paired difference, at the level that Holm's correction (1979) over all
 * testable claims gives it. A claim without evidence still counts in the correction, so that evidence
 * that arrives later never takes a verdict back.
 */
export function judgeClaims(manifest: Manifest, evidence: Evidence | null): JudgedClaim[] {
  const claims = claimsOf(manifest);
  const testable = claims.filter((claim): claim is Testable => claim.test !== 'untestable');
  const compared = testable.map(({ test }) => (evidence === null ? undefined : compare(test, evidence)));
  const pValues = testable.map(({ test }, index) => {
    const estimate = compared[index]?.estimate;
    if (!estimate) return 1;
    const { x, threshold } = oneSided(test, estimate);
    return pValue(x, threshold);
  });
  const levels = holmLevels(pValues, familyAlpha);
  return claims.map((claim) => {
    if (claim.test === 'untestable')
      return {
        claim,
        verdict: 'untestable',
        because: 'Kept as a reason; not measurable by its own account.',
        cappedBy: [],
      };
    const index = testable.indexOf(claim as Testable);
    return judgeOne(claim as Testable, compared[index], levels[index]!, evidence);
  });
}

type Testable = Claim & { test: ClaimTest };

function compare(test: ClaimTest, evidence: Evidence): Comparison | undefined {
  return isMeaningful(test) ? findComparison(evidence, test) : undefined;
}

/** `closer_than` asks for a distance; a score has none. */
function isMeaningful(test: ClaimTest): boolean {
  return test.relation !== 'closer_than' || isCloseness(test.measure);
}

function judgeOne(
  claim: Testable,
  comparison: Comparison | undefined,
  level: number,
  evidence: Evidence | null,
): JudgedClaim {
  const { test } = claim;
  if (!isMeaningful(test))
    return {
      claim,
      verdict: 'no_evidence',
      because: `“closer_than” asks for a distance, and ${test.measure} is a score.`,
      wouldDecide: 'the relation greater_than or not_worse_than',
      cappedBy: [],
    };
  if (evidence === null || !comparison?.estimate)
    return { claim, verdict: 'no_evidence', ...explainAbsence(evidence, test, comparison), cappedBy: [] };

  const interval = atLevel(comparison.estimate, level);
  const statement = oneSided(test, interval);
  const read = judgeInterval(statement, comparison.nullHalfWidth);
  const findings = capsOn(comparison, evidence);
  const judged = { claim, comparison, interval, cappedBy: findings.map(({ code }) => code) };
  const numbers = formatEstimate(test.measure, interval, { signed: true });
  if (findings.length > 0)
    return {
      ...judged,
      verdict: 'inconclusive',
      because: `${numbers}: held at inconclusive. ${findings.map(({ text }) => text).join(' ')}`,
      wouldDecide: liftOf(findings),
    };
  const among = isOfProxies(evidence, comparison) ? 'as proxies, ' : '';
  const because = `${numbers}: ${among}${reading(test, comparison, interval, read)}`;
  if (read !== 'inconclusive') return { ...judged, verdict: read, because };
  const { x, threshold } = oneSided(test, comparison.estimate);
  return {
    ...judged,
    verdict: 'inconclusive',
    because,
    wouldDecide: moreImages(comparison, { ...x, level }, threshold, evidence),
  };
}

/** What the interval says of the claim, in words. */
function reading(
  test: ClaimTest,
  comparison: Comparison,
  interval: Estimate,
  read: ReturnType<typeof judgeInterval>,
): string {
  const { measure, margin } = test;
  const guard = comparison.nullHalfWidth ?? 0;
  const halves = `two halves of the target differ by up to ${formatValue(measure, guard, { like: interval })}`;
  if (read !== 'inconclusive') return `${decided(test, interval, read)}${guard > 0 ? ` (${halves})` : ''}.`;
  if (guard > 0 && (interval.low > 0 || interval.high < 0)) return `too small to count, as ${halves}.`;
  if (isSame(interval)) return 'no image sets the two apart.';
  if (margin === 0 && isNegligible(comparison)) return `no measurable difference: ${negligibleWords(comparison)}.`;
  if (margin === 0) return '0 lies inside the interval, so either may be ahead.';
  const amount = formatValue(measure, margin);
  const mark = test.relation === 'not_worse_than' ? `a loss of ${amount}` : `the claimed ${amount}`;
  return `${mark} lies inside the interval, so it may be so or not.`;
}

function decided(test: ClaimTest, { low, high }: Estimate, read: 'supported' | 'contradicted'): string {
  const { measure, relation, margin } = test;
  const [subject, object] = [`\`${test.subject}\``, `\`${test.object}\``];
  const amount = formatValue(measure, margin);
  const [ahead, behind] = comparatives(test);
  const isLowerAhead = ahead === 'closer' && !isHigherAhead(measure);
  const subjectAhead = isLowerAhead ? high < 0 : low > 0;
  const objectAhead = isLowerAhead ? low > 0 : high < 0;
  if (read === 'supported') {
    if (relation === 'not_worse_than' && !subjectAhead) return `${subject} is at most ${amount} ${behind}`;
    return relation !== 'not_worse_than' && margin > 0
      ? `${subject} is ${ahead} by ${amount} or more`
      : `${subject} is ${ahead}`;
  }
  if (relation === 'not_worse_than' && margin > 0) return `${subject} is ${behind} by more than ${amount}`;
  if (objectAhead) return `${object} is ${ahead}`;
  if (subjectAhead) return `${subject} is ${ahead}, but by less than the claimed ${amount}`;
  return `less than the claimed ${amount}, and either may be ahead`;
}

/** Being ahead and behind in the words of a claim; `greater_than` on what is no performance is meant literally. */
function comparatives({ measure, relation }: ClaimTest): [ahead: string, behind: string] {
  if (isProbe(measure)) return ['better', 'worse'];
  return relation === 'greater_than' || !isCloseness(measure) ? ['greater', 'smaller'] : ['closer', 'farther'];
}
