import { formatLevel } from '../../verdict/numbers.ts';
import type { JudgedClaim } from '../../verdict/types.ts';
import type { Block, Inline, Section } from '../document.ts';
import { clip } from '../escape.ts';
import type { ReportInput } from '../input.ts';
import { counted, prose, testWords, verdictOrder, verdictWords } from '../words.ts';

/** More rows than this are folded away: nobody reads them in ten seconds. */
const openRows = 7;
const openRemarks = 6;

/** The claims, contradicted first; those beyond the first seven folded. */
export function claimSections({ verdicts, context, evidence }: ReportInput): Section[] {
  if (verdicts === null || verdicts.claims.length === 0) return [];
  const sorted = [...verdicts.claims].sort((a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict));
  const measured = context.mode === 'review' && evidence !== null;
  const blocks: Block[] = [tableOf(sorted.slice(0, openRows), measured)];
  const caption = levelCaption(sorted);
  if (caption !== null) blocks.push({ kind: 'small', text: caption });
  const quoted = (texts: readonly string[]): Block[] =>
    texts.length === 0 ? [] : [{ kind: 'quote', lines: texts.map(prose) }];
  const remarks = quoted(verdicts.remarks.slice(0, openRemarks));
  const further = quoted(verdicts.remarks.slice(openRemarks));
  const rest = sorted.slice(openRows);
  return [
    ...(remarks.length === 0 ? [] : [{ name: 'remarks', title: null, folded: false, weight: 92, blocks: remarks }]),
    { name: 'the claims', title: null, folded: false, weight: 95, blocks },
    ...(further.length === 0
      ? []
      : [{ name: 'further remarks', title: 'Further remarks', folded: true, weight: 61, blocks: further }]),
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
  if (measured)
    return {
      kind: 'table',
      head: ['Verdict', 'What you said', 'What was measured'],
      align: ['l', 'l', 'l'],
      rows: claims.map((judged) => [
        verdictCell(judged),
        [...claimCell(judged), { aside: testCell(judged) }],
        evidenceCell(judged),
      ]),
    };
  return {
    kind: 'table',
    head: ['What you said', 'How it would be measured'],
    align: ['l', 'l'],
    rows: claims.map((judged) => [claimCell(judged), testCell(judged)]),
  };
}

function verdictCell({ verdict }: JudgedClaim): Inline {
  const { icon, word } = verdictWords[verdict];
  return `${icon}\u00a0${word.replace(' ', '\u00a0')}`;
}

function claimCell({ claim }: JudgedClaim): Inline[] {
  const answer: Inline[] =
    claim.response === undefined ? [] : [' — ', { strong: 'answer: ' }, clip(claim.response, 160)];
  return [{ strong: claim.id }, ` ${clip(claim.text, 160)}`, ...answer];
}

function testCell({ claim }: JudgedClaim): Inline {
  const factor = claim.factor.replaceAll('_', ' ');
  return claim.test === 'untestable' ? `kept as ${factor}` : [`${factor} · `, testWords(claim.test)];
}

function evidenceCell({ claim, verdict, because, wouldDecide, interval }: JudgedClaim): Inline {
  if (claim.test === 'untestable') return '–';
  const [numbers = '', ...reading] = because.split(': ');
  const told: Inline =
    interval && reading.length > 0
      ? [{ strong: numbers }, ': ', prose(clip(reading.join(': '), 300))]
      : prose(clip(because, 300));
  const open = wouldDecide !== undefined && verdict !== 'supported' && verdict !== 'contradicted';
  return open ? [told, { aside: ['Would be decided by ', prose(clip(wouldDecide, 240)), '.'] }] : told;
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
