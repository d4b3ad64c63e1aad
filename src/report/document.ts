import type { QuadrantChart } from './chart.ts';

/**
 * A report as a value, before it becomes Markdown, HTML or text. A string is always plain text: each renderer escapes
 * it, so that nothing from a manifest can become markup.
 */
export type Inline =
  | string
  | { code: string }
  | { strong: Inline }
  /** On a line of its own, in small type. */
  | { aside: Inline }
  | { link: string; url: string }
  | Inline[];

export type Block =
  | { kind: 'paragraph'; text: Inline }
  | { kind: 'quote'; lines: Inline[] }
  | { kind: 'list'; items: Inline[] }
  | { kind: 'table'; head: Inline[]; align: ('l' | 'r')[]; rows: Inline[][] }
  | { kind: 'code'; language: string; text: string }
  | { kind: 'chart'; chart: QuadrantChart }
  | { kind: 'small'; text: Inline };

export interface Section {
  /** What the reader is told when it is left out for length. */
  name: string;
  /** Shown above it; for a folded section the line to click on. */
  title: Inline | null;
  folded: boolean;
  /** The higher, the longer it stays when the report is too long. */
  weight: number;
  blocks: Block[];
}

export interface ReportDocument {
  /** First line of the comment, by which it is found again. */
  marker: string;
  heading: Inline;
  /** Verdict and required action: never left out. */
  lead: Block[];
  sections: Section[];
}

/** The characters that an inline shows, without any markup. */
export function plainText(inline: Inline): string {
  if (typeof inline === 'string') return inline;
  if (Array.isArray(inline)) return inline.map(plainText).join('');
  if ('code' in inline) return inline.code;
  if ('strong' in inline) return plainText(inline.strong);
  if ('aside' in inline) return ` (${plainText(inline.aside).trim()})`;
  return inline.link;
}
