import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type ContentIndex, type FileState, openIndex } from './content-index.ts';
import { compareCodeUnits } from './names.ts';
import type { Dataset } from './types.ts';

/** Part of every digest: raised when the way of computing it changes. */
const formatVersion = 1;

/** What stands in place of the content of a file that cannot be read. */
export const unreadable = 'unreadable';

/** Files read at a time; the pool that serves them has four threads. */
const readers = 8;

/** A file changed so shortly before it was read can change again within the same tick of the file system's clock. */
const racyNanoseconds = 2_000_000_000n;

/**
 * The SHA-256 of every image's bytes, by id; of one that cannot be read the reason.
 * @param options.cacheDir where digests of files are remembered by size, times and inode. A file changed within two
 *   seconds before it was read is read again next time.
 */
export async function readContents(
  { root, images }: Pick<Dataset, 'root' | 'images'>,
  options: { cacheDir?: string } = {},
): Promise<Map<string, string>> {
  const index = options.cacheDir === undefined ? undefined : await openIndex(options.cacheDir, root);
  const contents = await contentDigests(
    images.map(({ file }) => file),
    index,
  );
  await index?.save();
  return new Map(images.map(({ id }, i) => [id, contents[i]!]));
}

/**
 * Digest of what a dataset is: its classes and, for every image in order of id, the id, the SHA-256 of the bytes, the
 * labels, the group and the split. Where it lies and in which order it was listed play no part. An image that cannot be
 * read counts as that, so that decoding can name it later.
 * @param contents from {@link readContents}
 * @returns hex SHA-256
 */
export function fingerprint(
  dataset: Pick<Dataset, 'images' | 'classes'>,
  contents: ReadonlyMap<string, string>,
): string {
  const images = [...dataset.images].sort((a, b) => compareCodeUnits(a.id, b.id));
  const hash = createHash('sha256');
  hash.update(`${JSON.stringify(['dataset', formatVersion, dataset.classes])}\n`);
  for (const { id, labels, group, split } of images) {
    const sorted = [...labels].sort((a, b) => a - b);
    hash.update(`${JSON.stringify([id, contents.get(id), sorted, group, split ?? null])}\n`);
  }
  return hash.digest('hex');
}

async function contentDigests(files: string[], index: ContentIndex | undefined): Promise<string[]> {
  const digests = new Array<string>(files.length);
  let next = 0;
  const reader = async (chunk: Buffer) => {
    while (next < files.length) {
      const at = next++;
      digests[at] = await contentDigest(files[at]!, index, chunk);
    }
  };
  await Promise.all(Array.from({ length: Math.min(readers, files.length) }, () => reader(Buffer.allocUnsafe(1 << 18))));
  return digests;
}

async function contentDigest(file: string, index: ContentIndex | undefined, chunk: Buffer): Promise<string> {
  let handle: FileHandle | undefined;
  try {
    const remembered = index?.get(file, statSync(file, { bigint: true }));
    if (remembered !== undefined) return remembered;
    handle = await open(file);
    const now = BigInt(Date.now()) * 1_000_000n;
    const state = await handle.stat({ bigint: true });
    const digest = await hashOf(handle, Number(state.size), chunk);
    if (isSettled(state, now)) index?.set(file, state, digest);
    return digest;
  } catch (error) {
    return `${unreadable} ${(error as NodeJS.ErrnoException).code}`;
  } finally {
    await handle?.close();
  }
}

async function hashOf(handle: FileHandle, size: number, chunk: Buffer): Promise<string> {
  const hash = createHash('sha256');
  for (let read = 0; read < size; ) {
    const { bytesRead } = await handle.read(chunk, 0, chunk.length);
    if (bytesRead === 0) break;
    hash.update(chunk.subarray(0, bytesRead));
    read += bytesRead;
  }
  return hash.digest('hex');
}

function isSettled({ mtimeNs, ctimeNs }: FileState, now: bigint): boolean {
  return now - mtimeNs > racyNanoseconds && now - ctimeNs > racyNanoseconds;
}
