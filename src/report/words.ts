import type { Problem } from '../manifest/problem.ts';
import type { ClaimTest } from '../manifest/schema.ts';
import { isProbe, measures } from '../measures.ts';
import { formatCount, formatValue } from '../verdict/numbers.ts';
import type { Decision, DecisionState, TieGroup, Verdict } from '../verdict/types.ts';
import type { Inline } from './document.ts';

/** The only icons and words that a report uses for a verdict. */
export const verdictWords: Record<Verdict, { icon: string; word: string }> = {
  contradicted: { icon: '❌', word: 'contradicted' },
  inconclusive: { icon: '⚪', word: 'inconclusive' },
  supported: { icon: '✅', word: 'supported' },
  no_evidence: { icon: '➖', word: 'no evidence' },
  untestable: { icon: '💬', word: 'untestable' },
};

/** Contradicted first: the order in which claims are read. */
export const verdictOrder: Verdict[] = ['contradicted', 'inconclusive', 'supported', 'no_evidence', 'untestable'];

export const stateIcons: Record<DecisionState, string> = {
  blocked: '⛔',
  answer_needed: '❌',
  undocumented: '📝',
  worse: '🔻',
  tied: '⚖️',
  supported: '✅',
  inconclusive: '⚪',
  no_evidence: '➖',
  documented: '📄',
};

export const gateWords: Record<Decision['gate'], string> = {
  pass: '🟢 passes',
  warn: '🟡 passes with warnings',
  fail: '🔴 fails',
};

export const levelIcons: Record<Problem['level'], string> = {
  error: '⛔',
  fail: '⛔',
  acknowledge: '❌',
  warn: '⚠️',
  note: 'ℹ️',
};

/** Plain text in which `…` stands for code, as messages are written. */
export function prose(text: string): Inline {
  return text.split(/`([^`]+)`/).map((part, index) => (index % 2 === 1 ? { code: part } : part));
}

/** A claim's test in one phrase: `imagenet better than scratch by 10.0 points or more`. */
export function testWords({ measure, subject, relation, object, margin, encoder }: ClaimTest): Inline {
  const { title } = measures[measure];
  const amount = formatValue(measure, margin);
  const phrase = {
    greater_than: `${isProbe(measure) ? 'better' : 'greater'} than`,
    closer_than: 'closer than',
    not_worse_than: margin > 0 ? `at most ${amount} worse than` : 'not worse than',
  }[relation];
  const by = margin > 0 && relation !== 'not_worse_than' ? ` by ${amount} or more` : '';
  const where: Inline = encoder === undefined ? [] : [' in ', { code: encoder }];
  return [title, where, ': ', { code: subject }, ` ${phrase} `, { code: object }, by];
}

/** `1 claim`, `2 claims`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

/** `transfer.yml line 12`. */
export function placeOf(location: Problem['location'] | undefined): string {
  if (!location) return '';
  return location.line === undefined ? location.file : `${location.file} line ${location.line}`;
}

/**
 * How ranks are to be read.
 * @param by what tells two sources apart
 */
export function rankWords(groups: readonly TieGroup[], by: string): string {
  const tied = groups.some(({ members }) => members.length > 1);
  return `${tied ? 'Same rank: not told apart from the best of that rank' : 'Each rank is told apart from the one above'} (${by}, Holm-corrected).`;
}
