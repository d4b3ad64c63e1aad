import { formsAt } from './expected.ts';
import type { Explained } from './explain.ts';
import type { PathSegment } from './path.ts';
import { type Manifest, manifestSchema } from './schema.ts';

/**
 * What is left of a manifest when everything that the schema refused is taken out and misspelt keys are
 * read as what they most likely are, so that the cross-checks can run on
 * the rest and the author sees all problems at once. Null when something required is among it.
 * @param value as read from the file; it is copied, not changed
 */
export function salvage(value: unknown, refused: readonly Explained[]): Manifest | null {
  const rest: unknown = structuredClone(value);
  for (const { path, meant } of refused) {
    const optional = nearestOptional(path);
    if (optional === null) return null;
    remove(rest, optional, meant);
  }
  return manifestSchema.safeParse(rest).data ?? null;
}

/** The path itself or the nearest one above it that may be left out without moving anything else. */
function nearestOptional(path: readonly PathSegment[]): readonly PathSegment[] | null {
  for (let length = path.length; length > 0; length--) {
    const key = path[length - 1]!;
    if (typeof key === 'number') continue;
    const required = formsAt(path.slice(0, length - 1)).some((form) => form.required?.includes(key));
    if (!required) return path.slice(0, length);
  }
  return null;
}

/** Takes the value out; a misspelt key gives its value to the key that was meant. */
function remove(value: unknown, path: readonly PathSegment[], meant?: string): void {
  let holder = value as Record<PathSegment, unknown> | undefined;
  for (const segment of path.slice(0, -1)) {
    if (typeof holder !== 'object' || holder === null) return;
    holder = holder[segment] as Record<PathSegment, unknown> | undefined;
  }
  if (typeof holder !== 'object' || holder === null) return;
  const key = path.at(-1)!;
  if (meant !== undefined && holder[meant] === undefined) holder[meant] = holder[key];
  delete holder[key];
}

/** Cross-checks that find something absent. After a salvage it may only have been taken out. */
export const absenceCodes: ReadonlySet<string> = new Set([
  'nothing-to-measure',
  'no-labels',
  'missing-sha256',
  'unknown-encoder',
  'unknown-claim',
  'task-mismatch',
  'metric-mismatch',
  'format-mismatch',
  'key-unused',
]);
