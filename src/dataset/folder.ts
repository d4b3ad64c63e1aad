import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { TransferEvidenceError } from '../errors.ts';
import { imageExtensions } from '../image/signature.ts';
import { groupsByPattern } from './group-pattern.ts';
import { indexClasses, type Listing } from './listing.ts';
import { compareCodeUnits, counted, someNames } from './names.ts';
import { isInside, outside } from './roots.ts';

export interface FolderOptions {
  /** Real path of the folder. */
  folder: string;
  /** The folder as the manifest names it, for messages. */
  asWritten: string;
  /** Real paths that links may lead into. */
  roots: readonly string[];
  groupPattern: string | undefined;
  /** When false, images that lie in no class are fine, and folders without images are passed over. */
  labelled: boolean;
}

interface Found {
  id: string;
  file: string;
}

/**
 * Lists a folder with one sub-folder per class; below a class any depth. Hidden files, other files than images (by
 * extension) and what archivers leave behind are passed over; links are followed where they stay inside the roots.
 * @throws dataset-invalid, dataset-unreadable, path-outside
 */
export async function listFolder(options: FolderOptions): Promise<Listing> {
  const { folder, asWritten, labelled } = options;
  const walk: Walk = { ...options, found: [], broken: [] };
  const top = await walkDirectory(walk, [folder], '');
  if (walk.broken.length > 0)
    throw invalid(
      `${counted(walk.broken.length, 'link')} in ${asWritten} lead nowhere: ${someNames(walk.broken)}. ` +
        'If the images are kept by git-annex, DVC or Git LFS, fetch their content first.',
    );

  const images = walk.found.sort((a, b) => compareCodeUnits(a.id, b.id));
  const names = images.map(({ id }) => (id.includes('/') ? id.slice(0, id.indexOf('/')) : undefined));
  if (labelled) checkLayout(asWritten, top, names);
  // A flat folder, or one that holds splits, has no classes to speak of.
  const classless = names.includes(undefined) || areSplits(top) || new Set(names).size < 2;
  const { classes, labels } = indexClasses(classless && !labelled ? names.map(() => undefined) : names);
  const groups =
    options.groupPattern === undefined
      ? undefined
      : groupsByPattern(
          options.groupPattern,
          images.map(({ id }) => id.slice(id.lastIndexOf('/') + 1)),
        );
  return {
    root: folder,
    classes,
    kind: classes.length === 0 ? 'none' : 'one',
    grouped: groups !== undefined,
    images: images.map(({ id, file }, i) => ({ id, file, labels: labels[i]!, group: groups?.[i] ?? id })),
  };
}

function checkLayout(asWritten: string, top: string[], names: (string | undefined)[]): void {
  const loose = names.filter((name) => name === undefined).length;
  if (loose > 0)
    throw invalid(
      `Expected ${asWritten} to hold one sub-folder per class; ${counted(loose, 'image')} of ${names.length} lie directly in it. ` +
        'Move each image into the folder of its class, or describe the classes in a CSV file (format: csv).',
    );
  if (names.length > 0 && areSplits(top))
    throw invalid(
      `Expected the sub-folders of ${asWritten} to be classes; ${someNames(top)} look like splits. ` +
        'Name one of them in path, or describe the splits in a CSV file (format: csv, split: COLUMN).',
    );
  const filled = new Set(names);
  const empty = top.filter((name) => !filled.has(name));
  if (names.length > 0 && empty.length > 0)
    throw invalid(
      `${counted(empty.length, 'class', 'classes')} of ${top.length} in ${asWritten} hold no image: ${someNames(empty)}. ` +
        `Add images (${[...imageExtensions].join(' ')}) or remove the folder.`,
    );
}

function areSplits(top: string[]): boolean {
  return top.length > 0 && top.every((name) => /^(train|training|val|valid|validation|dev|test|testing)$/i.test(name));
}

interface Walk extends FolderOptions {
  found: Found[];
  /** Ids of links to images that are not there. */
  broken: string[];
}

/**
 * @param ancestors real directories on the way here, so that a link to one of them does not go round
 * @returns the names of the sub-directories
 */
async function walkDirectory(walk: Walk, ancestors: readonly string[], prefix: string): Promise<string[]> {
  const here = ancestors.at(-1)!;
  const directories: string[] = [];
  for (const entry of await entriesOf(here, prefix || walk.asWritten)) {
    if (entry.name.startsWith('.') || leftovers.has(entry.name)) continue;
    const id = prefix + entry.name;
    const place = entry.isSymbolicLink() ? await follow(walk, join(here, entry.name), id) : placeOf(here, entry);
    if (place?.directory) {
      directories.push(entry.name);
      if (!ancestors.includes(place.path)) await walkDirectory(walk, [...ancestors, place.path], `${id}/`);
    } else if (place && isImageName(entry.name)) walk.found.push({ id, file: place.path });
  }
  return directories.sort(compareCodeUnits);
}

interface Place {
  /** Real path. */
  path: string;
  directory: boolean;
}

function placeOf(parent: string, entry: Dirent): Place | undefined {
  if (!entry.isDirectory() && !entry.isFile()) return undefined;
  return { path: join(parent, entry.name), directory: entry.isDirectory() };
}

async function follow(walk: Walk, link: string, id: string): Promise<Place | undefined> {
  const path = await realpath(link).catch(() => undefined);
  const found = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (path === undefined || found === undefined) {
    if (isImageName(id)) walk.broken.push(id);
    return undefined;
  }
  if (!found.isDirectory() && !(found.isFile() && isImageName(id))) return undefined;
  if (!isInside(path, walk.roots)) throw outside(join(walk.asWritten, id));
  return { path, directory: found.isDirectory() };
}

async function entriesOf(directory: string, name: string): Promise<Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new TransferEvidenceError(
      'dataset-unreadable',
      `The folder ${name} cannot be listed (${code}). Give the user that runs this permission to read it.`,
      {
        cause: error,
      },
    );
  }
}

/** Directories that archivers and tools leave in a data set. */
const leftovers: ReadonlySet<string> = new Set(['__MACOSX', '__pycache__', '@eaDir']);

function isImageName(name: string): boolean {
  return imageExtensions.has(extname(name).toLowerCase());
}

function invalid(message: string): TransferEvidenceError {
  return new TransferEvidenceError('dataset-invalid', message);
}
