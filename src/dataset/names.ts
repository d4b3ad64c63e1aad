import { distance } from 'fastest-levenshtein';

/** At most five names for a message: `a, b, c, d, e and 12 more`. */
export function someNames(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/** A count with its noun: `1 image`, `12 images`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** The names from nearest to farthest by edit distance, upper and lower case alike; ties by code unit. */
export function byNearness(name: string, names: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  return names
    .map((candidate) => ({ candidate, edits: distance(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits || compareCodeUnits(a.candidate, b.candidate))
    .map(({ candidate }) => candidate);
}

/** Orders text by UTF-16 code unit: the same on every machine, whatever its locale. */
export function compareCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
