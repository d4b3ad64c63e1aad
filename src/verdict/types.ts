import type { Comparison, Estimate } from '../evidence/schema.ts';
import type { Problem } from '../manifest/problem.ts';
import type { Claim } from '../manifest/schema.ts';
import type { ProbeMeasure } from '../measures.ts';

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
  /** What it was judged on; none where no probe was measured. */
  measure?: ProbeMeasure;
  /** Where the source was measured as a proxy: a small network pretrained here on its images. */
  proxies?: true;
  against?: string;
  comparison?: Comparison;
  because: string;
  /** What holds the verdict back whatever the interval says, in a few words. */
  capped?: string;
  wouldDecide?: string;
}

/** What people expected before anything was measured, against what was. */
export interface Intuition {
  raters: number;
  /** How many of them expected the chosen source to be best. */
  chosenFirst: number;
  /** The sources that every rater ranked, in the order of the first. */
  common: string[];
  /** Kendall's W of the raters over `common`: 0 to 1. `null` for one rater or fewer than three sources. */
  concordance: number | null;
  /** `null` when fewer than two of the ranked sources have a probe score. */
  measured: {
    /** The probe that the scores are of. */
    measure: ProbeMeasure;
    /** How many ranked sources have a score. */
    sources: number;
    /** Those of them that cannot be told apart from the highest score. */
    best: string[];
    /** How many raters put one of `best` before every other measured source. */
    bestFirst: number;
    /** The source with the lowest mean rank; `regret` is top − choice, in the probe's unit. `null` when two share it. */
    consensus: { choice: string; top: string; regret: Estimate | null; tied: boolean } | null;
    /** Kendall's τ-b of the mean ranks and the measured tie groups; `null` below five sources or when all are tied. */
    correlation: number | null;
  } | null;
}

export interface Verdicts {
  choice: ChoiceVerdict;
  claims: JudgedClaim[];
  /** By measure: candidates in tie groups. The probe that decides first; empty when nothing was measured. */
  ranking: { measure: Comparison['measure']; encoder?: string; proxies?: true; groups: TieGroup[] }[];
  /** Sentences that set two claims against each other: “C1 supported, C2 contradicted: closer in noise, not better.” */
  remarks: string[];
  /** `null` when the manifest has no raters. */
  intuition: Intuition | null;
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
