import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { TransferEvidenceError } from '../errors.ts';
import { byNearness, someNames } from './names.ts';

export interface Boundaries {
  /** Directory that relative paths start from. */
  base: string;
  /** Absolute directories that paths may lead into. */
  roots: readonly string[];
}

/**
 * Where a path really leads, links followed. What does not exist comes back as its place below the nearest directory
 * that does, so that the caller can say in its own words what is missing; nothing is said about what exists outside.
 * @throws path-outside when the path leads, by `..`, by a link or as an absolute path, out of every root
 */
export async function resolveInside(path: string, { base, roots }: Boundaries): Promise<string> {
  if (path.includes('\0'))
    throw new TransferEvidenceError('path-outside', `The path ${JSON.stringify(path)} contains a NUL character.`);
  const real = await realOrNearest(resolve(base, path), path);
  if (!isInside(real, await realRoots(roots))) throw outside(path);
  return real;
}

/** The roots with links followed; a root that does not exist allows nothing. */
export async function realRoots(roots: readonly string[]): Promise<string[]> {
  const found = await Promise.all(roots.map((root) => realpath(root).catch(() => undefined)));
  return found.filter((root) => root !== undefined);
}

/** Whether a real path is one of the real roots or below one. */
export function isInside(real: string, roots: readonly string[]): boolean {
  return roots.some((root) => real === root || real.startsWith(root.endsWith(sep) ? root : root + sep));
}

export function outside(asWritten: string): TransferEvidenceError {
  return new TransferEvidenceError(
    'path-outside',
    `${asWritten} leads outside the directories that may be read (by "..", a link or an absolute path). ` +
      'Move the files into the repository, or name their directory in the input `data-roots`.',
  );
}

/** A sentence on what exists where `missing` was expected. */
export async function whatIsNear(missing: string): Promise<string> {
  const parent = dirname(missing);
  const entries = await readdir(parent).catch(() => undefined);
  if (entries === undefined) return parent === missing ? '' : whatIsNear(parent);
  const visible = entries.filter((name) => !name.startsWith('.'));
  const where = basename(parent);
  if (visible.length === 0) return `The directory ${where} is there, but empty.`;
  return `In ${where} there is: ${someNames(byNearness(basename(missing), visible))}.`;
}

async function realOrNearest(path: string, asWritten: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = dirname(path);
    if ((code === 'ENOENT' || code === 'ENOTDIR') && parent !== path)
      return join(await realOrNearest(parent, asWritten), basename(path));
    throw new TransferEvidenceError('dataset-unreadable', `The path ${asWritten} cannot be followed (${code}).`, {
      cause: error,
    });
  }
}
