import type { Evidence } from '../../evidence/schema.ts';
import { formatCount } from '../../verdict/numbers.ts';
import type { Block, Inline, Section } from '../document.ts';
import { clip } from '../escape.ts';
import type { ReportInput } from '../input.ts';
import { listOf, section } from './section.ts';

/** What each network is and what was decided about it, so that a wrong tensor or size does not stay unseen. */
export function networksSection({ evidence }: ReportInput): Section[] {
  if (evidence === null) return [];
  const networks = evidence.candidates.flatMap(({ id, weights }) => (weights ? [{ id, ...weights }] : []));
  const notes = notesOf([...networks, ...evidence.encoders]);
  if (networks.length === 0 && notes.length === 0) return [];
  const blocks: Block[] = [
    ...(networks.length === 0 ? [] : [tableOf(networks)]),
    ...(notes.length === 0 ? [] : [listOf(notes)]),
  ];
  return [section('the networks', 'The networks, and what was taken from them', true, 22, ...blocks)];
}

type Network = NonNullable<Evidence['candidates'][number]['weights']> & { id: string };

function tableOf(networks: readonly Network[]): Block {
  return {
    kind: 'table',
    head: ['Network', 'Input', 'Features', 'Numbers an image', 'Parameters', 'Digest'],
    align: ['l', 'l', 'l', 'r', 'r', 'l'],
    rows: networks.map(({ id, input, features, dimension, parameters, digest }): Inline[] => [
      { code: id },
      input.join(' × '),
      { code: clip(features, 40) },
      formatCount(dimension),
      formatCount(parameters),
      { code: digest.slice(0, 12) },
    ]),
  };
}

/** Each note once, behind the networks that it is about. */
function notesOf(networks: readonly { id: string; notes: readonly string[] }[]): Inline[] {
  const about = new Map<string, string[]>();
  for (const { id, notes } of networks) for (const note of notes) about.set(note, [...(about.get(note) ?? []), id]);
  return [...about].map(([note, ids]) => [
    ...ids.flatMap((id, index): Inline[] => (index === 0 ? [{ code: id }] : [', ', { code: id }])),
    `: ${clip(note, 300)}`,
  ]);
}
