import type { Factor, Manifest } from '../../manifest/schema.ts';
import type { Block, Inline, Section } from '../document.ts';
import { clip } from '../escape.ts';
import type { ReportInput } from '../input.ts';
import { pointerOf } from './properties.ts';
import { joined, listOf, section } from './section.ts';
import { sourcesTable } from './sources.ts';

/** The decision record, folded: what the authors say that no number can show. */
export function consideredSection({ manifest, cards, decision, evidence }: ReportInput): Section[] {
  if (manifest === null) return [];
  const blocks: Block[] = [
    ...recordOf(manifest),
    ...reasonsOf(manifest, evidence),
    ...sourcesTable(manifest, cards?.paths),
    ...unusedWaivers(manifest, decision.problems),
  ];
  return blocks.length === 0 ? [] : [section('what was considered', 'What was considered', true, 28, ...blocks)];
}

function recordOf({ decision }: Manifest): Block[] {
  if (decision === undefined) return [];
  const { id, status, date, supersedes, deciders = [], consulted = [], question } = decision;
  const facts: Inline[] = [
    ...(id === undefined ? [] : [{ code: id }]),
    ...(status === undefined ? [] : [status]),
    ...(date === undefined ? [] : [date]),
    ...(supersedes === undefined ? [] : [['replaces ', { code: supersedes }]]),
    ...(deciders.length === 0 ? [] : [`decided by ${peopleOf(deciders)}`]),
    ...(consulted.length === 0 ? [] : [`consulted ${peopleOf(consulted)}`]),
  ];
  return [
    ...(facts.length === 0 ? [] : [paragraph([{ strong: 'Decision: ' }, ...joined(facts, ' · ')])]),
    ...(question === undefined ? [] : [paragraph([{ strong: 'Question: ' }, clip(question, 400)])]),
  ];
}

function peopleOf(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => clip(name, 60));
  return [...shown, ...(names.length > 8 ? [`${names.length - 8} more`] : [])].join(', ');
}

function reasonsOf({ justification, not_considered = [] }: Manifest, evidence: ReportInput['evidence']): Block[] {
  const summary = typeof justification === 'string' ? justification : justification?.summary;
  const factors = typeof justification === 'object' ? Object.entries(justification.factors ?? {}) : [];
  const stated = factors.flatMap(([factor, statement]) => {
    const words = wordsOf(statement);
    if (words.length === 0) return [];
    const pointer = pointerOf(factor, evidence);
    return [[{ strong: `${factorWords(factor)}: ` }, ...words, ...(pointer === null ? [] : [` · ${pointer}`])]];
  });
  const left: Inline[] = [
    ...factors.flatMap(([factor, { not_considered: why }]) =>
      why === undefined ? [] : [[{ strong: factorWords(factor) }, ` as a factor: ${clip(why, 240)}`]],
    ),
    ...not_considered.map(({ name, because }) => [
      { strong: clip(name, 80) },
      ` as a source, for ${factorWords(because.factor)}: ${clip(because.text, 240)}`,
    ]),
  ];
  return [
    ...(summary === undefined ? [] : [{ kind: 'quote' as const, lines: [clip(summary, 600)] }]),
    ...(stated.length === 0 ? [] : [listOf(stated)]),
    ...(left.length === 0 ? [] : [paragraph('Not considered:'), listOf(left)]),
  ];
}

type Statement = NonNullable<Exclude<Manifest['justification'], string | undefined>['factors']>[Factor];

/** What was said of one factor: the reason, what its words mean, the order it gives, where it comes from. */
function wordsOf(statement: Statement): Inline[] {
  if (statement === undefined) return [];
  const { text, define, rank, refs = [] } = statement;
  const parts: Inline[] = [
    ...(text === undefined ? [] : [clip(text, 240)]),
    ...(define === undefined ? [] : [`meaning: ${clip(define, 160)}`]),
    ...(rank === undefined
      ? []
      : [
          [
            'order: ',
            ...joined(
              rank.map((id) => ({ code: id })),
              ' > ',
            ),
          ],
        ]),
    ...(refs.length === 0
      ? []
      : [
          `source: ${refs
            .slice(0, 3)
            .map((ref) => clip(ref, 100))
            .join(', ')}`,
        ]),
  ];
  return joined(parts, ' · ');
}

const factorWords = (factor: string): string => factor.replaceAll('_', ' ');

/** A waiver that covers a problem is told with it; the others would never be seen. */
function unusedWaivers({ waivers }: Manifest, problems: ReportInput['decision']['problems']): Block[] {
  const unused = waivers.filter(
    ({ rule, by, reason }) =>
      !problems.some(
        ({ rule: fired, waived }) =>
          fired === rule && waived !== undefined && waived.by === by && waived.reason === reason,
      ),
  );
  if (unused.length === 0) return [];
  return [
    paragraph('Waivers that cover nothing in this run:'),
    listOf(
      unused.map(({ rule, claim, reason, by, expires }) => [
        { code: rule },
        claim === undefined ? '' : ` of ${claim}`,
        `, until ${expires} by ${clip(by, 60)}: ${clip(reason, 160)}`,
      ]),
    ),
  ];
}

const paragraph = (text: Inline): Block => ({ kind: 'paragraph', text });
