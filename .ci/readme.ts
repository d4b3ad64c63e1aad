// Writes the tables of README.md that follow from action.yml; with --check only says whether they are up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { markdownTable } from 'markdown-table';
import { parse } from 'yaml';

interface Entry {
  description: string;
  default?: string;
}

const read = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');

/** README.md with the tables between its markers made anew from action.yml. */
export function withTables(
  readme: string,
  action: { inputs: Record<string, Entry>; outputs: Record<string, Entry> },
): string {
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

if (import.meta.main) {
  const now = read('README.md');
  const wanted = withTables(now, parse(read('action.yml')));
  if (wanted !== now && process.argv.includes('--check')) {
    console.error('README.md does not say what action.yml says. Run “npm run build” and commit README.md.');
    process.exitCode = 1;
  } else if (wanted !== now) writeFileSync(new URL('../README.md', import.meta.url), wanted);
}
