import { markdownTable } from 'markdown-table';
import { mermaid } from './chart.ts';
import { type Block, type Inline, plainText, type Section } from './document.ts';
import { codeBlock, codeSpan, escapeMarkdown, escapeSummary } from './escape.ts';

export function inlineMarkdown(inline: Inline): string {
  if (typeof inline === 'string') return escapeMarkdown(inline);
  if (Array.isArray(inline)) return inline.map(inlineMarkdown).join('');
  if ('code' in inline) return codeSpan(inline.code);
  if ('strong' in inline) return strong(inlineMarkdown(inline.strong));
  if ('aside' in inline) return `<br><sub>${inlineMarkdown(inline.aside).trim()}</sub>`;
  return `[${escapeMarkdown(inline.link)}](${safeUrl(inline.url)})`;
}

/** Asterisks must touch the words they hold, so white space goes outside of them. */
function strong(text: string): string {
  const words = text.trim();
  if (words === '') return text;
  const start = text.indexOf(words);
  return `${text.slice(0, start)}**${words}**${text.slice(start + words.length)}`;
}

/** Only web addresses, and nothing in them that could end the link. */
function safeUrl(url: string): string {
  return /^https?:\/\//i.test(url) ? encodeURI(url.replace(/[\s<>()[\]"'`\\]/g, '')) : '#';
}

/** A paragraph must not become a list, heading or rule because of how its text begins. */
function guardStart(text: string): string {
  return text.trim().replace(/^([-+=]|\d{1,9}(?=[.)]))/, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`));
}

export function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return guardStart(inlineMarkdown(block.text));
    case 'small':
      return `<sub>${inlineMarkdown(block.text).trim()}</sub>`;
    case 'quote':
      return block.lines.map((line) => `> ${guardStart(inlineMarkdown(line))}`).join('\n>\n');
    case 'list':
      return block.items.map((item) => `- ${guardStart(inlineMarkdown(item))}`).join('\n');
    case 'table':
      return markdownTable(
        [block.head, ...block.rows].map((row) => row.map((cell) => inlineMarkdown(cell).trim())),
        {
          align: block.align,
          alignDelimiters: false,
          padding: true,
        },
      );
    case 'code':
      return codeBlock(block.text, block.language);
    case 'chart':
      return codeBlock(mermaid(block.chart), 'mermaid');
  }
}

export function sectionMarkdown(section: Section): string {
  const body = section.blocks.map(blockMarkdown).join('\n\n');
  if (!section.folded) return section.title === null ? body : `#### ${inlineMarkdown(section.title).trim()}\n\n${body}`;
  const summary = plainText(section.title ?? section.name);
  return `<details>\n<summary>${escapeSummary(summary)}</summary>\n\n${body}\n\n</details>`;
}
