import type { SemanticTable } from '../../evidence/schema.ts';
import type { Origin } from '../../semantic/card.ts';
import type { Aspect, Outcome } from '../../semantic/compare.ts';
import type { Block, Inline, Section } from '../document.ts';
import { clip } from '../escape.ts';
import type { ReportInput } from '../input.ts';
import { counted } from '../words.ts';
import { nameNotes, nameRows, namesFootnote } from './label-names.ts';
import { section } from './section.ts';

type Row = SemanticTable['rows'][number];

const aspectWords: Record<Aspect, string> = {
  modality: 'modality',
  body_part: 'body part',
  domain: 'domain',
  acquisition: 'acquisition',
  task: 'task type',
  classes: 'number of classes',
  labels: 'labels',
};

const outcomeWords: Record<Outcome, string> = {
  same: 'same',
  overlap: 'some shared',
  nested: 'one within the other',
  different: 'different',
  undecided: 'not decided',
  not_declared: 'declared on one side only',
};

/** What is declared of each source beside the target, folded: matches and distances with their inputs, and no total. */
export function semanticSection({ evidence, manifest }: ReportInput): Section[] {
  const tables = (evidence?.semantic ?? []).filter(({ rows }) => rows.length > 0);
  if (tables.length === 0) return [];
  const compared = tables.filter(({ rows }) => rows.some(({ outcome }) => outcome !== 'not_declared'));
  const silent = tables.filter((table) => !compared.includes(table));
  const blocks = compared.flatMap(({ candidate, rows, names }): Block[] => [
    { kind: 'paragraph', text: [{ code: candidate }, candidate === manifest?.chosen ? ' (chosen)' : ''] },
    {
      kind: 'table',
      head: ['Declared', 'Target', 'Source', 'Match', 'From what'],
      align: ['l', 'l', 'l', 'l', 'l'],
      rows: rows
        .map((row): Inline[] => [
          aspectWords[row.aspect],
          sideOf(row.target, row.from?.target),
          sideOf(row.source, row.from?.source),
          outcomeWords[row.outcome],
          basisOf(row) || '–',
        ])
        .concat(nameRows(names)),
    },
    ...nameNotes(names),
  ]);
  if (silent.length > 0) blocks.push({ kind: 'paragraph', text: notDeclared(silent) });
  return [
    section(
      'what is declared to be alike',
      'Is it the same kind of thing? By declaration',
      true,
      26,
      ...blocks,
      {
        kind: 'small',
        text: 'From the manifest, the cards that it points to and the class names of the images, as each cell says; nothing measured. Steps are edges in a small built-in tree of modalities (codes of DICOM PS3.3 C.7.3.1.1.1) or of anatomy (DICOM PS3.16 annex L), up from the target’s term to the nearest common one and down to the source’s nearest; the trees are ours, and a step is no measure of how well a network transfers. There is no total, since nobody knows how the rows weigh against each other.',
      },
      ...namesFootnote(evidence),
    ),
  ];
}

/** Those of which nothing is declared that the target declares too, and what would be set side by side. */
function notDeclared(silent: readonly SemanticTable[]): Inline[] {
  const aspects = new Set(silent.flatMap(({ rows }) => rows.map(({ aspect }) => aspectWords[aspect])));
  return [
    ...silent.flatMap(({ candidate }, index): Inline[] => [index === 0 ? '' : ', ', { code: candidate }]),
    `: nothing is declared on both sides. To compare would be ${[...aspects].join(', ')}.`,
  ];
}

/** What one side says, and where. */
function sideOf(values: readonly string[], from: Origin | undefined): Inline {
  return from === undefined ? listed(values) : [listed(values), ` (${from})`];
}

function listed(values: readonly string[]): string {
  if (values.length === 0) return '–';
  const shown = values.slice(0, 6).map((value) => clip(value, 60));
  return clip(`${shown.join(', ')}${values.length > 6 ? ` and ${values.length - 6} more` : ''}`, 200);
}

/** What an outcome was drawn from, in words. */
function basisOf({ aspect, paths, unknown, shared, jaccard, empty = [], target, source, outcome }: Row): string {
  const parts: string[] = [];
  if (jaccard !== undefined) {
    const all = Math.round(shared.length / (jaccard || 1)) || target.length + source.length;
    parts.push(`Jaccard ${jaccard.toFixed(2)}: ${shared.length} of ${counted(all, 'different name')} shared`);
    if (shared.length > 0) parts.push(listed(shared));
    if (empty.length > 0) parts.push(`saying little: ${listed(empty)}`);
  }
  for (const { target: mine, source: theirs, ancestor, up, down } of paths)
    parts.push(
      up + down === 0
        ? `${clip(mine, 40)} = ${clip(theirs, 40)}`
        : `${clip(mine, 40)} to ${clip(theirs, 40)}: ${up} up to ${ancestor}, ${down} down`,
    );
  if (unknown.length > 0 && outcome !== 'not_declared')
    parts.push(
      aspect === 'acquisition' || aspect === 'domain'
        ? 'compared as written'
        : `in no vocabulary here: ${listed(unknown)}`,
    );
  return clip(parts.join('; '), 400);
}
