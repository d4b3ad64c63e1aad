import type { Evidence, LabelNames } from '../../evidence/schema.ts';
import type { Block, Inline } from '../document.ts';
import { clip } from '../escape.ts';
import { counted } from '../words.ts';

const mostRows = 8;

/** A row for each target name and the nearest of the source, those that stand out first; the rest stays in the evidence. */
export function nameRows(names: LabelNames | undefined): Inline[][] {
  return shown(names).map(({ target, source, cosine, unrelated, bar, standsOut }): Inline[] => [
    'class name',
    clip(target, 60),
    clip(source, 60),
    standsOut ? 'nearer than unrelated words' : 'no nearer than unrelated words may be',
    `cosine ${cosine.toFixed(2)}; bar ${bar.toFixed(2)}: ${names!.compared.unrelated} unrelated words reach ${unrelated.mean.toFixed(2)} on average and ${unrelated.highest.toFixed(2)} at most (${unrelated.word})`,
  ]);
}

/** What the rows leave out. */
export function nameNotes(names: LabelNames | undefined): Block[] {
  if (names === undefined) return [];
  const { nearest, refused, empty, unknown } = names;
  const rest = nearest.length - shown(names).length;
  const parts = [
    ...(refused === undefined ? [] : [refused]),
    ...(rest > 0 ? [`${counted(rest, 'more class name')} and their nearest are in the evidence.`] : []),
    ...(empty.length > 0 ? [`Not compared, since they say little: ${listed(empty)}.`] : []),
    ...(unknown.length > 0 ? [`Not compared, since the tokenizer does not know them: ${listed(unknown)}.`] : []),
  ];
  return parts.length === 0 ? [] : [{ kind: 'paragraph', text: [parts.join(' ')] }];
}

/** How the cosines were made and what they do not say; nothing where there are none. */
export function namesFootnote(evidence: Evidence | null): Block[] {
  if (!evidence?.textEncoder || !evidence.semantic.some(({ names }) => names && names.nearest.length > 0)) return [];
  const { weights, dimension, pooling } = evidence.textEncoder;
  const made = pooling === 'network' ? 'pooled by the network itself' : 'the mean over a name’s tokens';
  return [
    {
      kind: 'small',
      text: `Class names were compared by the manifest’s text encoder (SHA-256 ${weights.slice(0, 12)}…; ${dimension} numbers a name, ${made}), on this machine alone. A cosine says nothing by itself: the bar is what the same name reaches with names of everyday things, at their highest, or where one of as many as were compared would lie above it in 5 % of such tables if their tail is normal. To stand out is to be nearer than unrelated words and no more; opposites and words of one field are near each other too.`,
    },
  ];
}

function shown(names: LabelNames | undefined): LabelNames['nearest'] {
  const sorted = (names?.nearest ?? []).toSorted((a, b) => b.cosine - b.bar - (a.cosine - a.bar));
  return sorted.slice(0, mostRows);
}

function listed(names: readonly string[]): string {
  const few = names.slice(0, 6).map((name) => clip(name, 40));
  return clip(`${few.join(', ')}${names.length > 6 ? ` and ${names.length - 6} more` : ''}`, 200);
}
