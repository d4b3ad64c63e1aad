import type { Comparison, Estimate } from '../evidence/schema.ts';
import type { Problem } from '../manifest/problem.ts';
import type { Claim } from '../manifest/schema.ts';

export type Verdict = 'supported' | 'contradicted' | 'inconclusive' | 'no_evidence' | 'untestable';

/** A claim with what the evidence says of it. */
export interface JudgedClaim {
  claim: Claim;
  verdict: Verdict;
  /** The paired difference it was judged on, with its interval at the level that the Holm correction gave. */
  comparison?: Comparison;
  interval?: Estimate;
  /** One sentence, in numbers where there are any. */
  because: string;
  /** What would decide an inconclusive or missing verdict: more images, more seeds, weights, a sample. */
  wouldDecide?: string;
  /** Findings that held the verdict at inconclusive. */
  cappedBy: string[];
}

/** Candidates that the evidence cannot tell apart, best first. */
export interface TieGroup {
  members: string[];
}

/** The chosen source against its strongest alternative on the headline measure. */
export interface ChoiceVerdict {
  verdict: 'supported' | 'tied' | 'worse' | 'inconclusive' | 'no_evidence';
  against?: string;
  comparison?: Comparison;
  because: string;
  wouldDecide?: string;
}

export interface Verdicts {
  choice: ChoiceVerdict;
  claims: JudgedClaim[];
  /** By measure: candidates in tie groups. Probe first; empty when nothing was measured. */
  ranking: { measure: Comparison['measure']; encoder?: string; groups: TieGroup[] }[];
  /** Sentences that set two claims against each other: “C1 supported, C2 contradicted: more similar, not better.” */
  remarks: string[];
}

export type DecisionState =
  | 'blocked'
  | 'answer_needed'
  | 'undocumented'
  | 'worse'
  | 'tied'
  | 'supported'
  | 'inconclusive'
  | 'no_evidence'
  | 'documented';

/** What happens to the pull request. */
export interface Decision {
  state: DecisionState;
  gate: 'pass' | 'warn' | 'fail';
  /** The one thing to do, or null when there is nothing. */
  action: { text: string; location?: Problem['location'] } | null;
  /** Everything that fired, worst first, waived ones last. */
  problems: Problem[];
}
