import { measureNotes } from '../../measure-notes.ts';
import { measureNames, measures } from '../../measures.ts';
import type { Inline, Section } from '../document.ts';
import type { ReportInput } from '../input.ts';
import { section } from './section.ts';

/** What every measure in the report sees, what it is blind to and when not to use it: for where there is room. */
export function glossarySection({ evidence }: ReportInput): Section[] {
  const found = new Set<string>(evidence?.measurements.map(({ measure }) => measure));
  const named = measureNames.filter((name) => found.has(name));
  if (named.length === 0) return [];
  return [
    section('what the measures see', 'What these measures see, and when not to use them', true, 5, {
      kind: 'table',
      head: ['Measure', 'Sees', 'Is blind to', 'Do not use it when'],
      align: ['l'],
      rows: named.map((name): Inline[] => {
        const { sees, blindTo, notWhen } = measureNotes[name];
        return [measures[name].title, sees, blindTo, notWhen];
      }),
    }),
  ];
}
