// The tables of README.md that follow from action.yml and from the notes on measures.
import { readFileSync, writeFileSync } from 'node:fs';
import { markdownTable } from 'markdown-table';
import { parse } from 'yaml';
import { leftOut, measureNotes } from '../src/measure-notes.ts';
import { measureNames, measures } from '../src/measures.ts';

interface Entry {
  description: string;
  default?: string;
}

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

/** README.md with the tables between its markers made anew. */
function withTables(readme: string, action: { inputs: Record<string, Entry>; outputs: Record<string, Entry> }): string {
  const tables = [
    { name: 'measures', source: 'src/measure-notes.ts', rows: measureRows() },
    { name: 'left out', source: 'src/measure-notes.ts', rows: leftOutRows() },
    { name: 'inputs', source: 'action.yml', rows: entryRows('input', action.inputs) },
    { name: 'outputs', source: 'action.yml', rows: entryRows('output', action.outputs) },
  ];
  return tables.reduce((text, { name, source, rows }) => {
    const table = markdownTable(rows, { alignDelimiters: false });
    const [start, end] = [`<!-- ${name}: made from ${source} by npm run build -->`, `<!-- end of ${name} -->`];
    const [before, rest] = text.split(start);
    const after = rest?.split(end)[1];
    if (before === undefined || after === undefined)
      throw new Error(`README.md lost its markers “${start}” and “${end}”.`);
    return `${before}${start}\n\n${table}\n\n${end}${after}`;
  }, readme);
}

function entryRows(head: string, entries: Record<string, Entry>): string[][] {
  const rows = Object.entries(entries).map(([key, { description, default: value }]) => [
    `\`${key}\``,
    description.trim().replaceAll('|', '\\|') + (value === undefined ? '' : ` Default: \`${value}\`.`),
  ]);
  return [[head, 'meaning'], ...rows];
}

const atInput = '_at_input';

/** A measure on what networks are given stands in the row of the one on native pixels. */
function measureRows(): string[][] {
  const known: ReadonlySet<string> = new Set(measureNames);
  const rows = measureNames
    .filter((name) => !name.endsWith(atInput))
    .map((name) => {
      const { sees, blindTo, notWhen } = measureNotes[name];
      const variant = known.has(name + atInput) ? `, \`…${atInput}\`` : '';
      const direction = measures[name].direction.replace('_', ' is ');
      const cells = [sees, blindTo, notWhen].map((cell) => cell.replaceAll('*', '\\*'));
      return [`\`${name}\`${variant}<br>${direction}`, ...cells];
    });
  return [['measure', 'sees', 'is blind to', 'do not use it when'], ...rows];
}

function leftOutRows(): string[][] {
  return [['left out', 'because it'], ...leftOut.map(({ name, why }) => [name, why])];
}

/** Writes README.md anew where it needs it, or with `check` only. @returns whether it was up to date */
export function updateReadme(check: boolean): boolean {
  const now = read('README.md');
  const wanted = withTables(now, parse(read('action.yml')));
  if (wanted !== now && !check) writeFileSync(new URL('../README.md', import.meta.url), wanted);
  return wanted === now;
}
