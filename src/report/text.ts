import { assemble } from './assemble.ts';
import { type Block, type Inline, plainText, type Section } from './document.ts';
import { visible, visibleLines } from './escape.ts';
import type { ReportInput } from './input.ts';

const width = 100;

/** The verdict, the action, the claims and the numbers for a terminal; what is folded in the comment is left out. */
export function renderText(input: ReportInput): string {
  const { heading, lead, sections } = assemble(input);
  const shown = sections.filter(({ folded, blocks }) => !folded && blocks.every(({ kind }) => kind !== 'chart'));
  return `${[wrap(line(heading)), ...lead.map(blockText), ...shown.map(sectionText)].join('\n\n')}\n`;
}

function sectionText({ title, blocks }: Section): string {
  return [...(title === null ? [] : [wrap(line(title))]), ...blocks.map(blockText)].join('\n');
}

/** Unseen characters are shown here too: a terminal obeys control sequences. */
const line = (inline: Inline): string => visible(plainText(inline)).trim();

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
    case 'small':
      return wrap(line(block.text));
    case 'quote':
      return block.lines.map((entry) => wrap(line(entry), '> ')).join('\n');
    case 'list':
      return block.items.map((item) => wrap(line(item), '  ', '- ')).join('\n');
    case 'table':
      return tableText(block.head, block.rows);
    case 'code':
      return visibleLines(block.text)
        .split('\n')
        .map((entry) => `    ${entry}`)
        .join('\n');
    case 'chart':
      return '';
  }
}

/** Columns side by side while they fit; otherwise each row as lines of “column: cell”. */
function tableText(head: readonly Inline[], rows: readonly Inline[][]): string {
  const cells = [head, ...rows].map((row) => row.map(line));
  const columns = head.map((_, index) => Math.max(...cells.map((row) => [...(row[index] ?? '')].length)));
  if (columns.reduce((sum, column) => sum + column + 2, 0) <= width)
    return cells
      .map((row) =>
        row
          .map((cell, index) => cell + ' '.repeat(columns[index]! - [...cell].length))
          .join('  ')
          .trimEnd(),
      )
      .join('\n');
  return rows
    .map((row) =>
      row
        .map(line)
        .filter(Boolean)
        .map((cell, index) => wrap(cell, '    ', index === 0 ? '  ' : '    '))
        .join('\n'),
    )
    .join('\n');
}

function wrap(text: string, indent = '', first = indent): string {
  const lines: string[] = [];
  let current = first;
  for (const word of text.split(' ')) {
    const started = current.length > (lines.length === 0 ? first : indent).length;
    if (started && [...current].length + 1 + [...word].length > width) {
      lines.push(current);
      current = indent + word;
    } else current += started ? ` ${word}` : word;
  }
  return [...lines, current].join('\n');
}
