import { isInfrastructure, TransferEvidenceError } from '../errors.ts';
import type { Problem } from '../manifest/problem.ts';
import { codeBlock } from '../report/escape.ts';
import type { Review } from '../review.ts';
import type { Decision, Verdict } from '../verdict/types.ts';
import { missingManifestText } from './missing-manifest.ts';

/** What a run has to say about one manifest, whether or not it got as far as a review. */
export interface Outcome {
  manifest: string;
  state: Decision['state'] | 'missing';
  gate: Decision['gate'];
  /** One line for the log and the failing step. */
  headline: string;
  problems: Problem[];
  /** How many claims came out how. */
  claims: Record<Verdict, number>;
  comment: string;
  summary: string;
  /** Report files by name. */
  files: Record<string, string>;
  cached: boolean;
}

const noClaims: Record<Verdict, number> = {
  supported: 0,
  contradicted: 0,
  inconclusive: 0,
  no_evidence: 0,
  untestable: 0,
};

/** The outcome of a review that ran to its end. */
export function reviewed(manifest: string, review: Review): Outcome {
  const { decision, verdicts, evidence } = review;
  const claims = { ...noClaims };
  for (const { verdict } of verdicts?.claims ?? []) claims[verdict]++;
  const action = decision.action?.text;
  return {
    manifest,
    state: decision.state,
    gate: decision.gate,
    headline: `${manifest}: ${decision.state.replace('_', ' ')}${action ? `. ${action}` : ''}`,
    problems: decision.problems,
    claims,
    comment: review.comment,
    summary: review.summary,
    files: {
      'comment.md': review.comment,
      'report.json': review.json,
      'report.html': review.html,
      ...(evidence === null ? {} : { 'evidence.json': `${JSON.stringify(evidence, null, 2)}\n` }),
    },
    cached: review.cached,
  };
}

/** The outcome where a manifest was expected and none was found. */
export function missing(manifest: string, treatAs: 'fail' | 'pass'): Outcome {
  const text = missingManifestText(manifest);
  return {
    manifest,
    state: 'missing',
    gate: treatAs,
    headline: `There is no manifest at ${manifest}. The job summary shows how to write one.`,
    problems: [],
    claims: { ...noClaims },
    comment: text,
    summary: text,
    files: { 'comment.md': text },
    cached: false,
  };
}

/**
 * The outcome of a review that ended early. Trouble with machine or network is “no evidence” and fails nothing; a
 * manifest or data that cannot be used does.
 */
export function ended(manifest: string, error: unknown): Outcome {
  const infrastructure = isInfrastructure(error);
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof TransferEvidenceError ? error.code : 'unexpected';
  const location = (error instanceof TransferEvidenceError ? error.location : undefined) ?? { file: manifest };
  const title = infrastructure ? '⚪ No evidence: the measurement could not run' : '🔴 The review could not be done';
  const text = `### ${title}\n\n${codeBlock(message, 'text')}\n`;
  return {
    manifest,
    state: infrastructure ? 'no_evidence' : 'blocked',
    gate: infrastructure ? 'warn' : 'fail',
    headline: `${manifest}: ${message}`,
    problems: [{ level: infrastructure ? 'warn' : 'error', code, path: '', location, message }],
    claims: { ...noClaims },
    comment: text,
    summary: text,
    files: { 'comment.md': text },
    cached: false,
  };
}
