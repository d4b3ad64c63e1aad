import type { Estimate, Evidence } from '../evidence/schema.ts';
import type { Manifest } from '../manifest/schema.ts';
import { isCloseness, isProbe, measures } from '../measures.ts';
import { capsOn } from './caps.ts';
import { closerWords } from './closer-words.ts';
import { formatEstimate, formatValue } from './numbers.ts';
import { decidingProbe, fieldOfCandidate } from './probes.ts';
import { contests } from './ranking.ts';
import { oneSided } from './relation.ts';
import type { JudgedClaim, Verdict } from './types.ts';

const word: Record<Verdict, string> = {
  supported: 'supported',
  contradicted: 'contradicted',
  inconclusive: 'inconclusive',
  no_evidence: 'without evidence',
  untestable: 'untestable',
};

/** What two claims say together when one was drawn from the other. */
export function claimRemarks(claims: readonly JudgedClaim[], evidence: Evidence | null): string[] {
  const byId = new Map(claims.map((judged) => [judged.claim.id, judged]));
  return claims.flatMap((drawn) =>
    (drawn.claim.depends_on ?? []).flatMap((id) => {
      const ground = byId.get(id);
      return ground ? (together(ground, drawn, evidence) ?? []) : [];
    }),
  );
}

function together(ground: JudgedClaim, drawn: JudgedClaim, evidence: Evidence | null): string | null {
  const [a, b] = [ground.claim.id, drawn.claim.id];
  const pair = `${a} ${word[ground.verdict]}, ${b} ${word[drawn.verdict]}`;
  const similarity = isSimilarityThenScore(ground, drawn);
  const closeness = similarity ? closenessOf(ground) : null;
  const closer = closeness !== null && closeness.low > 0 ? closerWords(ground.claim, evidence) : null;
  switch (`${ground.verdict} ${drawn.verdict}`) {
    case 'supported contradicted':
      return closer ? `${pair}: ${closerWithout(closer, drawn)}.` : `${pair}: the one does not carry the other.`;
    case 'supported inconclusive':
      return closer
        ? `${pair}: ${closer}; whether that makes it better is open.`
        : `${pair}: the one does not yet carry the other.`;
    case 'supported no_evidence':
      return closer ? `${pair}: ${closer}; whether that makes it better was not measured.` : null;
    case 'contradicted supported':
      return closeness !== null && closeness.high < 0 && drawn.interval!.low > 0
        ? `${pair}: better, but not because it is closer in ${titleOf(ground)}.`
        : `${b} supported although ${a}, which it was drawn from, is contradicted.`;
    case 'contradicted contradicted':
      return `${pair}: neither the ground nor what was drawn from it holds.`;
    case 'contradicted inconclusive':
    case 'contradicted no_evidence':
    case 'contradicted untestable':
      return `${a}, which ${b} was drawn from, is contradicted.`;
    default:
      return null;
  }
}

/** A contradicted score claim in words: a claimed gain that was not reached is no loss. */
function closerWithout(closer: string, { claim, interval }: JudgedClaim): string {
  if (claim.test === 'untestable' || interval!.high < 0) return `${closer}, not better`;
  const claimed = formatValue(claim.test.measure, claim.test.margin);
  return interval!.low > 0
    ? `${closer} and better, but by less than the claimed ${claimed}`
    : `${closer}, but not better by the claimed ${claimed}`;
}

function titleOf({ claim }: JudgedClaim): string {
  return claim.test === 'untestable' ? 'anything' : measures[claim.test.measure].title;
}

/** How much closer the subject is than the object, whichever way the measure points. */
function closenessOf({ claim, interval }: JudgedClaim): Estimate | null {
  if (claim.test === 'untestable' || interval === undefined) return null;
  return oneSided({ measure: claim.test.measure, relation: 'closer_than', margin: 0 }, interval).x;
}

/** Whether a score is concluded from a distance of the same two sources. */
function isSimilarityThenScore({ claim: ground, interval }: JudgedClaim, { claim: drawn }: JudgedClaim): boolean {
  if (ground.test === 'untestable' || drawn.test === 'untestable' || interval === undefined) return false;
  return (
    isCloseness(ground.test.measure) &&
    isProbe(drawn.test.measure) &&
    ground.test.subject === drawn.test.subject &&
    ground.test.object === drawn.test.object
  );
}

/** What the controls say of the chosen source: pretraining that does not beat random initialisation is worth a sentence. */
export function controlRemarks(manifest: Manifest, evidence: Evidence): string[] {
  const measure = decidingProbe(evidence, fieldOfCandidate(evidence, manifest.chosen));
  const [contest] = measure === null ? [] : contests(evidence, measure, manifest.chosen, ['scratch']);
  if (!measure || !contest || contest.interval.low > 0) return [];
  // What holds every verdict back stands open as a finding of its own.
  if (capsOn(contest.comparison, evidence).length > 0) return [];
  const difference = formatEstimate(measure, contest.interval, { signed: true });
  return [
    contest.interval.high < 0
      ? `\`${manifest.chosen}\` scores below random initialisation of the same network: ${difference}.`
      : `\`${manifest.chosen}\` cannot be told apart from random initialisation of the same network: ${difference}.`,
  ];
}
