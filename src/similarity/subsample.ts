import type { Random } from '../random.ts';

/**
 * `size` of the rows, drawn at random, in ascending order. With groups whole groups are drawn as long as they fit, and
 * the last one is cut to reach the size exactly, so the rows left have as few and as whole groups as can be.
 */
export function subsample(groups: readonly string[], size: number, random: Random): Int32Array {
  const chosen: number[] = [];
  for (const rows of random.shuffled(rowsByGroup(groups))) {
    chosen.push(...rows.slice(0, size - chosen.length));
    if (chosen.length === size) break;
  }
  return Int32Array.from(chosen).sort();
}

/** The rows in two random halves, whole groups on one side each and the sides as even as whole groups allow. */
export function halve(groups: readonly string[], random: Random): [Int32Array, Int32Array] {
  const first: number[] = [];
  const second: number[] = [];
  for (const rows of random.shuffled(rowsByGroup(groups)))
    (first.length <= second.length ? first : second).push(...rows);
  return [Int32Array.from(first).sort(), Int32Array.from(second).sort()];
}

/** The rows of each group, groups in the order of their names. */
export function rowsByGroup(groups: readonly string[]): number[][] {
  const byName = new Map<string, number[]>();
  groups.forEach((name, row) => {
    const rows = byName.get(name);
    if (rows) rows.push(row);
    else byName.set(name, [row]);
  });
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rows]) => rows);
}
