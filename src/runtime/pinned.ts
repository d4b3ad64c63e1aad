import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { sha256 } from '../digest.ts';

/** The packages with native code: never bundled, loaded only when a run needs them. */
export const nativeNames = ['onnxruntime-node', 'sharp'] as const;
export type NativeName = (typeof nativeNames)[number];

/** What the program is tested with: exact versions, and a lock that holds the hash of every file fetched for them. */
export interface Pinned {
  folder: string;
  versions: Record<NativeName, string>;
  /** Digest of the lock: two locks never share a folder in the cache. */
  digest: string;
}

const packageFile = z.object({ dependencies: z.record(z.enum(nativeNames), z.string()) });

/** Reads the pinned package.json and lock that lie beside the sources or beside the bundles (see worker-entry.ts). */
export function readPinned(): Pinned {
  const parents = import.meta.url.endsWith('.ts') ? ['.'] : ['.', '..'];
  const folders = parents.map((parent) => fileURLToPath(new URL([parent, 'pinned', ''].join('/'), import.meta.url)));
  const folder = folders.find((candidate) => existsSync(`${candidate}package-lock.json`)) ?? folders[0]!;
  const { dependencies } = packageFile.parse(JSON.parse(readFileSync(`${folder}package.json`, 'utf8')));
  return { folder, versions: dependencies, digest: sha256(readFileSync(`${folder}package-lock.json`)) };
}
