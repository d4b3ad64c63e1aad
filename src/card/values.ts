/**
 * Lenient reading of what a card's author wrote: a value of the wrong type counts as not there. Texts come out as the manifest takes
 * names: one line, no control characters, at most 200 characters.
 */
export type Fields = Readonly<Record<string, unknown>>;

/** Longest list of names that is read; the same as of labels in the manifest. */
export const mostNames = 2000;

const longestName = 200;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field of a mapping; `undefined` where there is no mapping or no such key of its own. */
export function fieldOf(value: unknown, key: string): unknown {
  return isFields(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A list's items; a single value is a list of one, nothing an empty one. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

/** One line of text, or `null` for anything else. */
export function textOf(value: unknown, longest: number = longestName): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const line = String(value)
    .slice(0, 20 * longest)
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, longest)
    .toWellFormed()
    .trim();
  return line === '' ? null : line;
}

/** The texts of a list, or of a single text. */
export function textsOf(value: unknown): string[] {
  return itemsOf(value)
    .slice(0, mostNames)
    .flatMap((item) => textOf(item) ?? []);
}

/** A whole number from 1 on, or `null`. */
export function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;
}
