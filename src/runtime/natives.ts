import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TransferEvidenceError } from '../errors.ts';
import { cachedFolder, defaultToolCache, installPinned, isComplete } from './install.ts';
import { type NativeName, type Pinned, readPinned } from './pinned.ts';
import { type OnnxRuntime, requireNative, type Sharp } from './require-native.ts';

export type { NativeName } from './pinned.ts';

/** Where a native package was found. `folder` holds the node_modules that it was loaded from. */
export interface NativeOrigin {
  folder: string;
  version: string;
  how: 'local-copy' | 'program' | 'workspace' | 'tool-cache' | 'installed';
}

export interface Natives {
  onnxruntime?: OnnxRuntime;
  sharp?: Sharp;
  from: Partial<Record<NativeName, NativeOrigin>>;
}

export interface NativesOptions {
  need: readonly NativeName[];
  /** A folder that holds node_modules with the packages: for machines without internet. It alone is used when given. */
  localCopy?: string | undefined;
  /** The checked-out repository, when its own code may be run. */
  workspace?: string | undefined;
  toolCache?: string | undefined;
  /** Folder that the program lies in; its node_modules and those above are looked at. Default: this file's. */
  program?: string | undefined;
  offline?: boolean | undefined;
  log: (line: string) => void;
}

/**
 * Finds and loads the native packages that a run needs: a local copy, the program's own node_modules, the workspace's
 * (same version only), the tool cache, and at last a pinned install into that cache.
 * @throws runtime-missing when one of them cannot be had, with what to do about it
 */
export async function loadNatives(options: NativesOptions): Promise<Natives> {
  const pinned = readPinned();
  const natives: Natives = { from: {} };
  let installed: Promise<string> | undefined;
  for (const name of options.need) {
    const found =
      options.localCopy === undefined
        ? fromPlaces(name, pinned, options)
        : fromLocalCopy(name, options.localCopy, pinned, options.log);
    if (found !== undefined) {
      keep(natives, name, found);
      continue;
    }
    installed ??= install(name, pinned, options);
    const folder = await installed;
    keep(natives, name, open(name, { folder, version: pinned.versions[name], how: 'installed' }, pinned));
  }
  return natives;
}

interface Found {
  module: OnnxRuntime | Sharp;
  origin: NativeOrigin;
}

function keep(natives: Natives, name: NativeName, { module, origin }: Found): void {
  natives.from[name] = origin;
  if (name === 'sharp') natives.sharp = module as Sharp;
  else natives.onnxruntime = module as OnnxRuntime;
}

function fromPlaces(name: NativeName, pinned: Pinned, options: NativesOptions): Found | undefined {
  const cached = cachedFolder(options.toolCache ?? defaultToolCache(), pinned);
  const places: [NativeOrigin['how'], string | undefined][] = [
    ['program', holderAbove(options.program ?? dirname(fileURLToPath(import.meta.url)), name)],
    ['workspace', options.workspace],
    ['tool-cache', isComplete(cached, pinned) ? cached : undefined],
  ];
  for (const [how, folder] of places) {
    const version = folder === undefined ? undefined : versionIn(folder, name);
    if (folder === undefined || version !== pinned.versions[name]) continue;
    try {
      return open(name, { folder, version, how }, pinned);
    } catch (error) {
      // The copy in the cache is whole (checked above): installing the same files once more would not help.
      if (how === 'tool-cache') throw error;
      options.log(`${(error as Error).message} Looking further.`);
    }
  }
  return undefined;
}

function fromLocalCopy(name: NativeName, localCopy: string, pinned: Pinned, log: (line: string) => void): Found {
  const folder = resolve(localCopy);
  const version = versionIn(folder, name);
  if (version === undefined)
    throw new TransferEvidenceError(
      'runtime-missing',
      `The folder ${folder} that runtime-path names was expected to hold node_modules/${name}, and does not. ${howToCopy(pinned)}`,
    );
  if (version !== pinned.versions[name])
    log(
      `The folder that runtime-path names holds ${name} ${version}; this program is tested with ${pinned.versions[name]}.`,
    );
  return open(name, { folder, version, how: 'local-copy' }, pinned);
}

async function install(name: NativeName, pinned: Pinned, options: NativesOptions): Promise<string> {
  if (options.offline)
    throw new TransferEvidenceError(
      'runtime-missing',
      `${name} ${pinned.versions[name]} is not on this machine, and --offline forbids fetching it. ${howToCopy(pinned)}`,
    );
  const toolCache = options.toolCache ?? defaultToolCache();
  options.log(
    `Installing onnxruntime-node ${pinned.versions['onnxruntime-node']} and sharp ${pinned.versions.sharp} into ${toolCache} (once; about 120 MB to fetch).`,
  );
  try {
    return await installPinned(pinned, toolCache);
  } catch (error) {
    throw new TransferEvidenceError('runtime-missing', `${(error as Error).message} ${howToCopy(pinned)}`, {
      cause: error,
    });
  }
}

function open(name: NativeName, origin: NativeOrigin, pinned: Pinned): Found {
  try {
    return { module: requireNative(name, origin.folder), origin };
  } catch (error) {
    throw new TransferEvidenceError(
      'runtime-missing',
      `${name} ${origin.version} in ${origin.folder} could not be loaded on ${process.platform}-${process.arch}: ${firstLine(error)} ${howToCopy(pinned)}`,
      { cause: error },
    );
  }
}

function howToCopy(pinned: Pinned): string {
  const wanted = Object.entries(pinned.versions).map(([name, version]) => `${name}@${version}`);
  return `To provide it yourself, run "npm install --ignore-scripts --prefix FOLDER ${wanted.join(' ')}" on a machine of the same platform and give FOLDER as the input runtime-path or the option --runtime-path.`;
}

function versionIn(folder: string, name: NativeName): string | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version;
  } catch {
    return undefined;
  }
}

/** The nearest folder upwards that holds node_modules/NAME, as Node itself would look. */
function holderAbove(folder: string, name: NativeName): string | undefined {
  if (existsSync(join(folder, 'node_modules', name, 'package.json'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : holderAbove(parent, name);
}

function firstLine(error: unknown): string {
  return String((error as Error).message ?? error).split('\n')[0]!;
}
