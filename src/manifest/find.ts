import { existsSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** Where a manifest is looked for when no path was given. */
const defaultPlaces = ['transfer.yml', 'transfer.yaml', '.github/transfer.yml', '.github/transfer.yaml'];

/**
 * The manifests of a workspace, as paths relative to it with forward slashes, sorted.
 * @param patterns paths or globs, one a line or separated by commas; empty for the default places
 * @returns an empty list when nothing matches; a path without wildcards is returned even when it does not exist, so
 *   that its absence can be told by name
 */
export async function findManifests(workspace: string, patterns = ''): Promise<string[]> {
  const wanted = patterns
    // A comma in braces is the pattern's own.
    .split(/\n|,(?![^{}\n]*\})/)
    .map((pattern) => pattern.trim())
    .filter(Boolean);
  if (wanted.length === 0) return defaultPlaces.filter((place) => existsSync(join(workspace, place))).slice(0, 1);
  const found = new Set<string>();
  for (const pattern of wanted) {
    if (!/[*?[{]/.test(pattern)) found.add(pattern.split(sep).join('/'));
    else
      for await (const path of glob(pattern, { cwd: workspace, exclude: ['**/node_modules/**', '**/.git/**'] }))
        found.add(path.split(sep).join('/'));
  }
  return [...found].sort();
}
