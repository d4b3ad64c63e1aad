import { formatLevel } from '../../verdict/numbers.ts';
import type { JudgedClaim } from '../../verdict/types.ts';
import type { Block, Inline, Section } from '../document.ts';
import { clip } from '../escape.ts';
import type { ReportInput } from '../input.ts';
import { counted, testWords, verdictOrder, verdictWords } from '../words.ts';

/** More rows than this are folded away: nobody reads them in ten seconds. */
const openRows = 7;

/** The claims, contradicted first; those beyond the first seven folded. */
export function claimSections({ verdicts, context, evidence }: ReportInput): Section[] {
  if (verdicts === null || verdicts.claims.length === 0) return [];
  const sorted = [...verdicts.claims].sort((a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict));
  const measured = context.mode === 'review' && evidence !== null;
  const blocks: Block[] = [tableOf(sorted.slice(0, openRows), measured)];
  const caption = levelCaption(sorted);
  if (caption !== null) blocks.push({ kind: 'small', text: caption });
  const remarks: Block[] =
    verdicts.remarks.length === 0 ? [] : [{ kind: 'quote', lines: verdicts.remarks.slice(0, 6) }];
  const rest = sorted.slice(openRows);
  return [
    ...(remarks.length === 0 ? [] : [{ name: 'remarks', title: null, folded: false, weight: 92, blocks: remarks }]),
    { name: 'the claims', title: null, folded: false, weight: 95, blocks },
    ...(rest.length === 0
      ? []
      : [
          {
            name: 'further claims',
            title: counted(rest.length, 'further claim'),
            folded: true,
            weight: 60,
            blocks: [tableOf(rest, measured)],
          },
        ]),
  ];
}

function tableOf(claims: readonly JudgedClaim[], measured: boolean): Block {
  return {
    kind: 'table',
    head: ['Verdict', 'What you said', measured ? 'What was measured' : 'How it would be measured'],
    align: ['l', 'l', 'l'],
    rows: claims.map((judged) => [
      verdictCell(judged),
      claimCell(judged),
      measured ? evidenceCell(judged) : testCell(judged),
    ]),
  };
}

function verdictCell({ verdict }: JudgedClaim): Inline {
  const { icon, word } = verdictWords[verdict];
  return `${icon} ${word.replace(' ', '\u00a0')}`;
}

function claimCell({ claim }: JudgedClaim): Inline {
  const answer: Inline[] =
    claim.response === undefined ? [] : [' — ', { strong: 'answer: ' }, clip(claim.response, 160)];
  return [{ strong: claim.id }, ` ${clip(claim.text, 160)}`, ...answer];
}

function testCell({ claim }: JudgedClaim): Inline {
  return claim.test === 'untestable' ? `kept as ${claim.factor.replaceAll('_', ' ')}` : testWords(claim.test);
}

function evidenceCell(judged: JudgedClaim): Inline {
  const { claim, verdict, because, wouldDecide } = judged;
  if (claim.test === 'untestable') return `kept as ${claim.factor.replaceAll('_', ' ')}`;
  const test: Inline[] = [testWords(claim.test), '. '];
  const decided: Inline[] =
    wouldDecide === undefined || verdict === 'supported' || verdict === 'contradicted'
      ? []
      : [' Would be decided by ', clip(wouldDecide, 240), '.'];
  const [numbers, ...reading] = because.split(': ');
  const told: Inline =
    judged.interval && reading.length > 0
      ? [{ strong: numbers! }, `: ${clip(reading.join(': '), 300)}`]
      : clip(because, 300);
  return [...test, told, ...decided];
}

function levelCaption(claims: readonly JudgedClaim[]): string | null {
  const testable = claims.filter(({ claim }) => claim.test !== 'untestable').length;
  const levels = claims.flatMap(({ interval }) => (interval ? [interval.level] : []));
  if (levels.length === 0) return null;
  const [low, high] = [Math.min(...levels), Math.max(...levels)];
  if (testable < 2) return `Paired difference with its ${formatLevel(low)} interval.`;
  const range = low === high ? formatLevel(low) : `${formatLevel(low)} to ${formatLevel(high)}`;
  return `Paired differences. Intervals at ${range}, which is 95 % over all ${testable} testable claims together (Holm).`;
}
