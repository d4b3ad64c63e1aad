import { readdir, stat } from 'node:fs/promises';
import { TransferEvidenceError } from '../errors.ts';
import type { DataSource } from '../manifest/schema.ts';
import { listCsv } from './csv.ts';
import { listFolder } from './folder.ts';
import { taskOf } from './labels.ts';
import type { Listing } from './listing.ts';
import { someNames } from './names.ts';
import { type Boundaries, realRoots, resolveInside, whatIsNear } from './roots.ts';
import type { Dataset } from './types.ts';

export interface OpenOptions extends Boundaries {
  /** The task that the manifest declares; the labels have to fit it. */
  task?: 'multiclass' | 'binary' | 'multilabel';
  /**
   * True for a target: labels that no probe could learn from are refused. False for a source's sample: labels are taken
   * where they are plain to see, and a flat folder of images will do.
   */
  labelled?: boolean;
}

/**
 * Lists the images of a dataset in code-unit order of their ids, decoding none.
 * @throws dataset-missing, dataset-invalid, dataset-unreadable, path-outside
 */
export async function openDataset(source: DataSource, options: OpenOptions): Promise<Dataset> {
  const described = typeof source === 'string' ? { format: 'folder' as const, path: source } : source;
  const labelled = options.labelled ?? true;
  const place = await resolveInside(described.path, options);
  const found = await stat(place).catch(() => undefined);
  const roots = await realRoots(options.roots);
  if (found === undefined)
    throw new TransferEvidenceError(
      'dataset-missing',
      `Expected ${described.format === 'csv' ? 'a CSV file' : 'a folder with one sub-folder per class'} at ${described.path}; nothing is there. ` +
        `${await whatIsNear(place)} Relative paths start from the manifest's directory.`,
    );

  let listing: Listing;
  if (described.format === 'csv') {
    if (!found.isFile()) throw await notACsv(described.path, place);
    listing = await listCsv({ file: place, source: described, roots, labelled });
  } else {
    if (!found.isDirectory())
      throw invalid(
        `Expected a folder at ${described.path}; found a file. For a CSV file write data as {format: csv, path: ${described.path}, label: COLUMN}.`,
      );
    refuseColumns(described);
    listing = await listFolder({
      folder: place,
      asWritten: described.path,
      roots,
      groupPattern: 'group_pattern' in described ? described.group_pattern : undefined,
      labelled,
    });
  }

  if (listing.images.length === 0)
    throw invalid(
      `Expected images (PNG, JPEG, WebP, TIFF or GIF) in ${described.path}; found none. Hidden files do not count.`,
    );
  const task = taskOf(listing, { asWritten: described.path, labelled, declared: options.task });
  const { root, images, classes, grouped } = listing;
  return { root, images, classes, task, grouped };
}

/** Columns mean nothing to a folder; staying silent about them would drop a group that someone relies on. */
function refuseColumns(source: object): void {
  const columns = ['image', 'label', 'labels', 'group', 'split'].filter(
    (key) => (source as Record<string, unknown>)[key] !== undefined,
  );
  if (columns.length > 0)
    throw invalid(
      `${someNames(columns)} in data name CSV columns, but the format is folder. Set format: csv, or use group_pattern for the groups of a folder.`,
    );
}

async function notACsv(asWritten: string, place: string): Promise<TransferEvidenceError> {
  const files = (await readdir(place).catch(() => [])).filter((name) => /\.(csv|tsv|txt)$/i.test(name));
  return invalid(
    `Expected a CSV file at ${asWritten}; found a folder${files.length > 0 ? ` with ${someNames(files.sort())}` : ''}. Name the file in path.`,
  );
}

function invalid(message: string): TransferEvidenceError {
  return new TransferEvidenceError('dataset-invalid', message);
}
