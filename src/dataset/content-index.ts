import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256 } from '../digest.ts';

/** What tells whether a file is still the one that was hashed, as far as its metadata can. */
export interface FileState {
  size: bigint;
  mtimeNs: bigint;
  ctimeNs: bigint;
  ino: bigint;
  dev: bigint;
}

/** Remembered digests of files. */
export interface ContentIndex {
  get(file: string, state: FileState): string | undefined;
  set(file: string, state: FileState, digest: string): void;
  /** Writes what is new, all or nothing. A directory that cannot be written to only costs the next look its speed. */
  save(): Promise<void>;
}

type Entry = [file: string, state: string, digest: string];

/** More files than any one sample; beyond it, files that were not asked for this time are forgotten. */
const mostEntries = 200_000;

/**
 * Opens the index of one dataset below `cacheDir`: a first line with the SHA-256 of the rest, then one JSON entry a
 * line. Whatever does not check out is taken as empty.
 */
export async function openIndex(cacheDir: string, root: string): Promise<ContentIndex> {
  const path = join(cacheDir, `${sha256(root).slice(0, 32)}.jsonl`);
  const known = new Map<string, { state: string; digest: string }>();
  for (const [file, state, digest] of await entriesOf(path)) known.set(file, { state, digest });
  const asked = new Set<string>();
  let changed = false;
  return {
    get(file, state) {
      asked.add(file);
      const entry = known.get(file);
      return entry?.state === keyOf(state) ? entry.digest : undefined;
    },
    set(file, state, digest) {
      known.set(file, { state: keyOf(state), digest });
      changed = true;
    },
    async save() {
      if (!changed) return;
      const kept = [...known].filter(([file]) => known.size <= mostEntries || asked.has(file));
      await replace(
        path,
        kept.map(([file, { state, digest }]): Entry => [file, state, digest]),
      );
    },
  };
}

function keyOf({ size, mtimeNs, ctimeNs, ino, dev }: FileState): string {
  return [size, mtimeNs, ctimeNs, ino, dev].join(' ');
}

async function entriesOf(path: string): Promise<Entry[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  if (end < 0 || sha256(body) !== text.slice(0, end)) return [];
  return body.split('\n').map((line) => JSON.parse(line) as Entry);
}

async function replace(path: string, entries: Entry[]): Promise<void> {
  const body = entries.map((entry) => JSON.stringify(entry)).join('\n');
  const draft = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, `${sha256(body)}\n${body}`, { flag: 'wx' });
    await rename(draft, path);
  } catch {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}
