import { isControl } from '../controls.ts';
import type { Evidence } from '../evidence/schema.ts';
import { strongestProbe } from '../manifest/probes.ts';
import type { Manifest } from '../manifest/schema.ts';
import type { ProbeMeasure } from '../measures.ts';
import { explainAbsence } from './absence.ts';
import { capsOn, capWords, liftOf } from './caps.ts';
import { measuredName } from './comparison.ts';
import { isNegligible, moreImages, negligibleWords } from './decisive.ts';
import { formatEstimate } from './numbers.ts';
import { decidingProbe, fieldOfCandidate } from './probes.ts';
import { type Contest, contests, ordered } from './ranking.ts';
import type { ChoiceVerdict } from './types.ts';

/**
 * The chosen source against its strongest alternative on the probe that decides. Better than the strongest alone is not
 * enough for “supported”: the chosen one must be told apart from every other candidate (intersection–union, here with
 * Holm's levels, so that it agrees with the tie groups). A proxy's alternatives are proxies.
 */
export function judgeChoice(manifest: Manifest, evidence: Evidence | null): ChoiceVerdict {
  const { chosen } = manifest;
  const others = manifest.candidates.map(({ id }) => id).filter((id) => id !== chosen);
  const [first] = others;
  if (first === undefined)
    return {
      verdict: 'no_evidence',
      because: `\`${chosen}\` is the only candidate, so there is nothing to set it against.`,
      wouldDecide: 'a second candidate',
    };
  const asked = strongestProbe(manifest);
  if (evidence === null)
    return { verdict: 'no_evidence', ...explainAbsence(null, { measure: asked, subject: chosen, object: first }) };

  const field = fieldOfCandidate(evidence, chosen);
  const deciding = decidingProbe(evidence, field);
  const measure = deciding ?? asked;
  const order = ordered(evidence, measure, { field });
  const rivals = order.filter((id) => others.includes(id));
  const [strongest] = rivals;
  const own = measuredName(chosen, order);
  if (strongest === undefined || own === undefined) {
    const candidates = evidence.candidates.filter(({ role }) => role !== 'control');
    if (
      deciding === null &&
      candidates.length > 0 &&
      candidates.every(({ id, weights }) => weights === null && !isProxy(evidence, id))
    )
      return {
        verdict: 'no_evidence',
        because: 'No candidate has weights, so only similarity was measured.',
        wouldDecide: 'weights (ONNX) of the candidates',
      };
    const without = [chosen, ...others].find((id) => !order.includes(id)) ?? first;
    const object = without === chosen ? first : without;
    return { verdict: 'no_evidence', ...explainAbsence(evidence, { measure, subject: chosen, object }) };
  }

  const pivot = order.indexOf(own) < order.indexOf(strongest) ? own : strongest;
  const family = contests(
    evidence,
    measure,
    pivot,
    [...new Set([...rivals, own, ...order.filter(isControl)])].filter((id) => id !== pivot),
  );
  const contest = pivot === own ? hardest(family, rivals) : family.find(({ other }) => other === own);
  if (contest === undefined)
    return { verdict: 'no_evidence', ...explainAbsence(evidence, { measure, subject: chosen, object: strongest }) };
  const unmeasured = others.filter((id) => !rivals.includes(id));
  return {
    ...readContest(contest, { chosenLeads: pivot === own, unmeasured }, evidence, measure),
    measure,
    ...(field === 'proxies' ? { proxies: true } : {}),
  };
}

function isProxy({ findings }: Evidence, id: string): boolean {
  return findings.some(({ code, about }) => code === 'proxy' && about === id);
}

/** The rival that the leader is not told apart from, best first; otherwise the strongest one. */
function hardest(family: readonly Contest[], rivals: readonly string[]): Contest | undefined {
  const inOrder = rivals.flatMap((id) => family.find(({ other }) => other === id) ?? []);
  return inOrder.find(({ apart }) => !apart) ?? inOrder[0];
}

function readContest(
  found: Contest,
  { chosenLeads, unmeasured }: { chosenLeads: boolean; unmeasured: readonly string[] },
  evidence: Evidence,
  measure: ProbeMeasure,
): ChoiceVerdict {
  const { apart, interval } = found;
  const against = chosenLeads ? found.other : found.comparison.subject;
  const comparison = chosenLeads ? { ...found.comparison, estimate: interval } : flipped(found);
  const difference = formatEstimate(measure, comparison.estimate!, { signed: true });
  const base = { against, comparison };
  if (apart)
    return chosenLeads
      ? { ...base, verdict: 'supported', because: `${difference} against \`${against}\`, ${strongestOf(unmeasured)}.` }
      : { ...base, verdict: 'worse', because: `${difference} against \`${against}\`, which is better.` };
  const findings = capsOn(found.comparison, evidence);
  if (findings.length > 0)
    return {
      ...base,
      verdict: 'inconclusive',
      capped: capWords(findings),
      because: `${difference} against \`${against}\`. ${findings.map(({ text }) => text).join(' ')}`,
      wouldDecide: liftOf(findings),
    };
  if (isNegligible(found.comparison))
    return {
      ...base,
      verdict: 'tied',
      because: `${difference} against \`${against}\`: ${negligibleWords(comparison)}.`,
    };
  return {
    ...base,
    verdict: 'inconclusive',
    because: `${difference} against \`${against}\`: 0 lies inside the interval, so either may be ahead.`,
    wouldDecide: moreImages(found.comparison, interval, 0, evidence),
  };
}

function strongestOf(unmeasured: readonly string[]): string {
  if (unmeasured.length === 0) return 'the strongest alternative';
  const names = unmeasured.map((id) => `\`${id}\``).join(', ');
  return `the strongest of those measured (${names} ${unmeasured.length === 1 ? 'was' : 'were'} not)`;
}

function flipped({ comparison, interval }: Contest): NonNullable<ChoiceVerdict['comparison']> {
  return {
    ...comparison,
    subject: comparison.object,
    object: comparison.subject,
    estimate: { ...interval, value: -interval.value, low: -interval.high, high: -interval.low },
  };
}
