// The tables of README.md that follow from action.yml.
import { readFileSync, writeFileSync } from 'node:fs';
import { markdownTable } from 'markdown-table';
import { parse } from 'yaml';

interface Entry {
  description: string;
  default?: string;
}

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

/** README.md with the tables between its markers made anew. */
function withTables(readme: string, action: { inputs: Record<string, Entry>; outputs: Record<string, Entry> }): string {
  return (['inputs', 'outputs'] as const).reduce((text, name) => {
    const rows = Object.entries(action[name]).map(([key, { description, default: value }]) => [
      `\`${key}\``,
      description.trim().replaceAll('|', '\\|') + (value === undefined ? '' : ` Default: \`${value}\`.`),
    ]);
    const table = markdownTable([[name === 'inputs' ? 'input' : 'output', 'meaning'], ...rows], {
      alignDelimiters: false,
    });
    const [start, end] = [`<!-- ${name}: made from action.yml by npm run build -->`, `<!-- end of ${name} -->`];
    const [before, rest] = text.split(start);
    const after = rest?.split(end)[1];
    if (before === undefined || after === undefined)
      throw new Error(`README.md lost its markers “${start}” and “${end}”.`);
    return `${before}${start}\n\n${table}\n\n${end}${after}`;
  }, readme);
}

/** Writes README.md anew where it needs it, or with `check` only. @returns whether it was up to date */
export function updateReadme(check: boolean): boolean {
  const now = read('README.md');
  const wanted = withTables(now, parse(read('action.yml')));
  if (wanted !== now && !check) writeFileSync(new URL('../README.md', import.meta.url), wanted);
  return wanted === now;
}
