import type { Block, Inline, Section } from '../document.ts';

const longest = 50;

export function section(
  name: string,
  title: Inline | null,
  folded: boolean,
  weight: number,
  ...blocks: Block[]
): Section {
  return { name, title, folded, weight, blocks };
}

/** A list of at most 50 items, with the number of those that are not shown. */
export function listOf(items: readonly Inline[], beyond = items.length - longest): Block {
  const shown = items.slice(0, longest);
  return { kind: 'list', items: beyond > 0 ? [...shown, `and ${beyond} more`] : shown };
}

/** Inlines in a row with something between them. */
export function joined(items: readonly Inline[], between: string): Inline[] {
  return items.flatMap((item, index) => (index === 0 ? [item] : [between, item]));
}
