import type { Evidence } from '../evidence/schema.ts';
import { applyWaivers, levelOf } from '../manifest/policy.ts';
import { isBlocking, type Problem } from '../manifest/problem.ts';
import type { Manifest, Rule } from '../manifest/schema.ts';
import { claimsOf } from '../manifest/statements.ts';
import type { Decision, DecisionState, JudgedClaim, Verdicts } from './types.ts';

export interface DecideInput {
  /** `null` when the manifest is unusable. */
  manifest: Manifest | null;
  verdicts: Verdicts | null;
  /** Errors of the manifest and its data, and the policy rules that the linter fired. */
  problems: readonly Problem[];
  /** Where a dotted path of the manifest stands in its file. */
  locate(path: string): Problem['location'];
  /** Today as YYYY-MM-DD, for waivers that expire. */
  today: string;
  /** False when nothing was to be measured (`check`). */
  measured: boolean;
  /** For what is wrong with images and weights. */
  evidence?: Evidence | null;
}

/**
 * The one place where pass or fail is decided. Blocked (an error, or a rule at `fail`) > answer needed (a rule at
 * `acknowledge` without an answer) > undocumented > what the choice's verdict says.
 */
export function decide(input: DecideInput): Decision {
  const { manifest, today } = input;
  const fired = [...input.problems, ...(manifest === null ? [] : ownRules(manifest, input))];
  const problems = sortProblems(manifest === null ? fired : applyWaivers(fired, manifest, today));
  const open = problems.filter(({ waived }) => waived === undefined);

  const undocumented = open.find(({ rule, level }) => rule === 'undocumented' && isRed(level));
  const blocker = open.find((problem) => problem !== undocumented && isBlocking(problem));
  if (blocker) return { state: 'blocked', gate: 'fail', action: actionOf(blocker), problems };
  const unanswered = open.find((problem) => problem !== undocumented && problem.level === 'acknowledge');
  if (unanswered)
    return { state: 'answer_needed', gate: 'fail', action: answerTo(unanswered, open, manifest), problems };
  if (undocumented) return { state: 'undocumented', gate: 'fail', action: actionOf(undocumented), problems };

  const warning = open.find(({ level }) => level === 'warn');
  const state: DecisionState = input.measured ? (input.verdicts?.choice.verdict ?? 'no_evidence') : 'documented';
  return { state, gate: warning ? 'warn' : 'pass', action: warning ? actionOf(warning) : null, problems };
}

const isRed = (level: Problem['level']): boolean => level === 'fail' || level === 'acknowledge' || level === 'error';

const severity: Record<Problem['level'], number> = { error: 0, fail: 1, acknowledge: 2, warn: 3, note: 4 };

/** Worst first, in the order of the file within a level; waived ones last. */
function sortProblems(problems: readonly Problem[]): Problem[] {
  const rank = (problem: Problem) => (problem.waived ? 10 : 0) + severity[problem.level];
  return [...problems].sort((a, b) => rank(a) - rank(b) || (a.location.line ?? 0) - (b.location.line ?? 0));
}

const actionOf = (problem: Problem): NonNullable<Decision['action']> => ({
  text: problem.message,
  location: problem.location,
});

/** What has to be answered, in as few words as it takes; the numbers stand in the claims themselves. */
function answerTo(
  first: Problem,
  open: readonly Problem[],
  manifest: Manifest | null,
): NonNullable<Decision['action']> {
  if (first.rule !== 'contradicted' || manifest === null)
    return {
      text: `${first.message} Mend it, or answer with a waiver that gives the reason.`,
      location: first.location,
    };
  const ids = open
    .filter(({ rule, level }) => rule === 'contradicted' && level === 'acknowledge')
    .map(({ path }) => claimsOf(manifest)[Number(/\d+/.exec(path)?.[0])]?.id ?? path);
  const claims = ids.length === 1 ? `claim ${ids[0]}` : `claims ${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}`;
  return {
    text: `Add a \`response:\` to ${claims}: change what is wrong, or say why the choice still stands.`,
    location: first.location,
  };
}

/** The rules that only the verdicts and the evidence can fire. */
function ownRules(manifest: Manifest, { verdicts, measured, evidence, locate }: DecideInput): Problem[] {
  const make = (rule: Rule, path: string, message: string): Problem[] => {
    const level = levelOf(manifest, rule);
    return level === 'off' ? [] : [{ level, code: rule, rule, path, location: locate(path), message }];
  };
  const unreadable = [evidence?.target.set, ...(evidence?.candidates.map(({ sample }) => sample) ?? [])]
    .flatMap((set) => set?.unreadable ?? [])
    .slice();
  return [
    ...(verdicts?.claims ?? []).flatMap((judged) => claimRules(judged, manifest, measured, make)),
    ...(unreadable.length > 0
      ? make(
          'unreadable_images',
          'target.data',
          unreadable.length === 1
            ? `The image ${unreadable[0]} could not be read and was left out.`
            : `${unreadable.length} images could not be read and were left out; the first is ${unreadable[0]}.`,
        )
      : []),
    ...(evidence?.findings ?? []).flatMap(({ code, about, text }) =>
      isIntegrityRule(code) ? make(code, placeOf(code, about, manifest), text) : [],
    ),
  ];
}

const integrityRules = ['near_duplicates', 'group_leak', 'weights_saw_target', 'preprocessing_mismatch'] as const;

function isIntegrityRule(code: string): code is (typeof integrityRules)[number] {
  return (integrityRules as readonly string[]).includes(code);
}

/** Where the manifest says what an integrity check found wrong. */
function placeOf(code: (typeof integrityRules)[number], about: string, { candidates }: Manifest): string {
  const index = candidates.findIndex(({ id }) => id === about);
  if (index < 0) return 'target.data';
  const key =
    code === 'preprocessing_mismatch' ? 'preprocessing' : code === 'weights_saw_target' ? 'weights' : 'sample';
  return `candidates[${index}].${key}`;
}

function claimRules(
  { claim, verdict, because, wouldDecide }: JudgedClaim,
  manifest: Manifest,
  measured: boolean,
  make: (rule: Rule, path: string, message: string) => Problem[],
): Problem[] {
  const path = `justification.claims[${claimsOf(manifest).findIndex(({ id }) => id === claim.id)}]`;
  const decided = wouldDecide === undefined ? '' : ` Would be decided by ${wouldDecide}.`;
  switch (verdict) {
    case 'contradicted': {
      const found = make(
        'contradicted',
        path,
        `The evidence contradicts claim ${claim.id} (${because.replaceAll('`', '').replace(/\.$/, '')}). Add a \`response:\` to it: change what is wrong, or say why the choice still stands.`,
      );
      return claim.response === undefined
        ? found
        : found.map((problem) =>
            problem.level === 'acknowledge'
              ? {
                  ...problem,
                  level: 'note',
                  message: `Claim ${claim.id} is contradicted and answered: ${claim.response}`,
                }
              : problem,
          );
    }
    case 'inconclusive':
      return make('inconclusive', path, `Claim ${claim.id} is inconclusive.${decided}`);
    case 'no_evidence':
      return measured ? make('no_evidence', path, `Claim ${claim.id} has no evidence. ${because}${decided}`) : [];
    case 'untestable':
      return make('untestable', path, `Claim ${claim.id} is declared untestable.`);
    case 'supported':
      return [];
  }
}
