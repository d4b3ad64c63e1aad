import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { sha256 } from '../digest.ts';
import { type Matrix, matrix } from '../matrix.ts';

/** What is kept, each kind in a folder of its own. */
export const storeKinds = [
  'device',
  'evidence',
  'features',
  'learning-curve',
  'names',
  'preprocessing',
  'probe',
  'signatures',
  'target',
  'training-run',
  'training-size',
  'transferability',
  'unfinished-run',
  'unreadable',
] as const;
export type StoreKind = (typeof storeKinds)[number];

/** Entries that nobody asked for in this many days are removed. */
const keptDays = 60;

/** What is large and of use to the next start of the program alone. */
const keptShorter: Partial<Record<StoreKind, number>> = { 'unfinished-run': 7 };

/** An entry begins with the digest of the rest. */
const digestLength = 64;

/** An entry of one kind. What else lies there is left alone: downloads show no trace of being read, and a folder may be the user's. */
const entryName = /^[0-9a-f]{2}\/[0-9a-f][\w-]*\.(?:json|bin)(?:\.[0-9a-f]+\.tmp)?$/;

/**
 * What was measured, by content: every key is a digest of all that determines the value, so an entry is never stale
 * and a near miss is a miss. A damaged entry reads as absent.
 */
export interface Store {
  readonly directory: string;
  readJson(kind: StoreKind, key: string): Promise<unknown>;
  writeJson(kind: StoreKind, key: string, value: unknown): Promise<void>;
  /** The keys of one kind that start so, by two characters or more. */
  keysOf(kind: StoreKind, start: string): Promise<string[]>;
  readMatrix(key: string, kind?: StoreKind): Promise<Matrix<Float32Array> | Matrix<Float64Array> | undefined>;
  /** @param kind default features */
  writeMatrix(key: string, value: Matrix, kind?: StoreKind): Promise<void>;
  /** Removes a matrix that will not be asked for again. */
  removeMatrix(key: string, kind: StoreKind): Promise<void>;
  /** Removes what has not been read or written for a long time. */
  prune(now: Date): Promise<void>;
}

/** @param tell hears once when nothing can be kept there: what was measured still counts, it is only measured again */
export function openStore(directory: string, tell: (text: string) => void = () => undefined): Store {
  let told = false;
  const place = (kind: StoreKind, key: string, extension: string) =>
    join(directory, kind, key.slice(0, 2), `${key}.${extension}`);
  const read = async (file: string): Promise<Buffer | undefined> => {
    try {
      const content = await readFile(file);
      const body = content.subarray(digestLength);
      if (content.subarray(0, digestLength).toString('latin1') !== sha256(body)) return undefined;
      const now = new Date();
      await utimes(file, now, now).catch(() => undefined);
      return body;
    } catch {
      return undefined;
    }
  };
  const write = async (file: string, body: Uint8Array) => {
    const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(temporary, Buffer.concat([Buffer.from(sha256(body), 'latin1'), body]), { flag: 'wx' });
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      if (!told)
        tell(
          `Nothing can be kept in ${directory} (${(error as Error).message}), so the next run measures again. Name a folder that can be written to.`,
        );
      told = true;
    }
  };
  return {
    directory,
    readJson: async (kind, key) => {
      const body = await read(place(kind, key, 'json'));
      return body === undefined ? undefined : JSON.parse(body.toString('utf8'));
    },
    keysOf: async (kind, start) => {
      const names = await readdir(join(directory, kind, start.slice(0, 2))).catch(() => []);
      return names
        .filter((name) => name.startsWith(start) && name.endsWith('.json'))
        .map((name) => name.slice(0, -'.json'.length))
        .sort();
    },
    writeJson: (kind, key, value) => write(place(kind, key, 'json'), Buffer.from(JSON.stringify(value))),
    readMatrix: async (key, kind = 'features') => {
      const body = await read(place(kind, key, 'bin'));
      if (body === undefined) return undefined;
      const [width, rows, columns] = [body.readUInt32LE(0), body.readUInt32LE(4), body.readUInt32LE(8)];
      const numbers = new Uint8Array(body.subarray(16)).buffer;
      return width === 4
        ? matrix(new Float32Array(numbers), rows, columns)
        : matrix(new Float64Array(numbers), rows, columns);
    },
    writeMatrix: (key, { data, rows, columns }, kind = 'features') => {
      const header = Buffer.alloc(16);
      header.writeUInt32LE(data.BYTES_PER_ELEMENT, 0);
      header.writeUInt32LE(rows, 4);
      header.writeUInt32LE(columns, 8);
      return write(
        place(kind, key, 'bin'),
        Buffer.concat([header, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]),
      );
    },
    removeMatrix: (key, kind) => rm(place(kind, key, 'bin'), { force: true }).catch(() => undefined),
    prune: async (now) => {
      for (const kind of storeKinds)
        for (const name of await entriesOf(directory, kind)) {
          const file = join(directory, kind, name);
          const days = keptShorter[kind] ?? keptDays;
          const about = await stat(file).catch(() => undefined);
          if (about && about.mtimeMs < now.getTime() - days * 86_400_000) await rm(file, { force: true });
        }
    },
  };
}

/** What of a kind is not complete: an entry that was being written when the program was ended. */
const isHalfWritten = (name: string) => name.endsWith('.tmp');

/** Removes entries that were being written when the program was ended. Only for when nothing is being written. */
export async function removeHalfWritten(directory: string): Promise<void> {
  for (const kind of storeKinds)
    for (const name of (await entriesOf(directory, kind)).filter(isHalfWritten))
      await rm(join(directory, kind, name), { force: true });
}

/** What a store holds of one kind: names of entries, and for what changes under its name the digest of what is in it. */
export async function contentsOf(directory: string, kind: StoreKind): Promise<string[]> {
  const names = (await entriesOf(directory, kind)).filter((name) => !isHalfWritten(name));
  if (kind !== 'unfinished-run') return names;
  return Promise.all(
    names.map(async (name) => {
      const content = await readFile(join(directory, kind, name));
      return `${name} ${content.subarray(0, digestLength).toString('latin1')}`;
    }),
  );
}

/** The names of a store's entries of one kind, in order. */
export async function entriesOf(directory: string, kind: StoreKind): Promise<string[]> {
  const folder = join(directory, kind);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .filter((name) => entryName.test(name))
    .sort();
}
