import { type Boundaries, resolveInside, whatIsNear } from '../dataset/roots.ts';
import { TransferEvidenceError } from '../errors.ts';
import { sizeLimit } from '../manifest/decode.ts';
import { readBytes } from '../manifest/read-bytes.ts';
import type { CardFacts } from './facts.ts';
import { recogniseCard } from './recognise.ts';

/**
 * Reads a card’s file: at most 1 MiB, UTF-8, inside the directories that may be read.
 * @returns its facts; `null` for a text without metadata; or why it cannot be read, as sentences without the last stop
 */
export async function readCard(
  path: string,
  boundaries: Boundaries,
): Promise<{ facts: CardFacts } | { why: string } | null> {
  let file = path;
  try {
    file = await resolveInside(path, boundaries);
    const { bytes, size } = await readBytes(file, sizeLimit);
    const found = recogniseCard(bytes, size);
    return found === 'nothing' ? null : found;
  } catch (error) {
    if (error instanceof TransferEvidenceError) return { why: withoutStop(error.message) };
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return { why: withoutStop(`there is no such file. ${await whatIsNear(file)}`.trim()) };
    const whys: Record<string, string> = { EISDIR: 'it is a directory', EACCES: 'permission was denied' };
    return { why: whys[code] ?? code };
  }
}

function withoutStop(sentences: string): string {
  return sentences.replace(/\.$/u, '');
}
