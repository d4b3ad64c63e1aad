import { lstatSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { TransferEvidenceError } from '../errors.ts';
import type { DataSource } from '../manifest/schema.ts';
import { type CsvTable, readTable } from './csv-table.ts';
import { groupsByPattern } from './group-pattern.ts';
import { indexClasses, type Listing } from './listing.ts';
import { byNearness, compareCodeUnits, counted, someNames } from './names.ts';
import { isInside, outside } from './roots.ts';
import type { ImageRecord } from './types.ts';

type CsvSource = Exclude<DataSource, string>;

export interface CsvOptions {
  /** Real path of the CSV file. */
  file: string;
  source: CsvSource;
  /** Real paths that images may lie in. */
  roots: readonly string[];
  /** When true every row needs a label. */
  labelled: boolean;
}

/**
 * Lists the images that a CSV file names, one a row, by paths relative to the file (a backslash counts as a slash).
 *
 * A label column holds a class a row. Label columns hold 1 or 0 (1.0 and 0.0 as well), and an empty field is 0, as in
 * the files of CheXpert and MIMIC-CXR where only findings that were mentioned are filled in. Their −1 for "uncertain" is
 * refused: how to count it is a decision about the data that belongs to its authors.
 *
 * @throws dataset-invalid (columns, fields, duplicate rows), dataset-missing (images), path-outside
 */
export async function listCsv(options: CsvOptions): Promise<Listing> {
  const { file, source, labelled } = options;
  const table = readTable(await readFile(file), source.path);
  const column = columnFinder(table, source);
  const imageColumn = column('image', source.image ?? 'path');
  if (source.label !== undefined && source.labels !== undefined)
    throw invalid(
      source,
      'label and labels are both given. Use label for one class a row, labels for columns of 0 and 1.',
    );
  const labelColumn = source.label === undefined ? undefined : column('label', source.label);
  const labelColumns = source.labels?.map((name) => column('labels', name));
  const groupColumn = source.group === undefined ? undefined : column('group', source.group);
  const splitColumn = source.split === undefined ? undefined : column('split', source.split);
  if (labelled && !labelColumn && !labelColumns)
    throw invalid(
      source,
      `expected label (a column with the class) or labels (columns of 0 and 1). Columns: ${someNames(table.header)}.`,
    );
  if (groupColumn && source.group_pattern !== undefined)
    throw invalid(source, 'group and group_pattern are both given. Keep one.');

  const images = locate(table, imageColumn.values, options);
  const { classes, labels } = labelColumns
    ? { classes: labelColumns.map(({ name }) => name), labels: manyLabels(table, labelColumns, source) }
    : indexClasses(labelColumn ? classNames(table, labelColumn, options) : images.map(() => undefined));
  const groups = groupColumn
    ? filled(table, groupColumn, source)
    : source.group_pattern === undefined
      ? undefined
      : groupsByPattern(
          source.group_pattern,
          images.map(({ id }) => id.slice(id.lastIndexOf('/') + 1)),
        );
  const splits = splitColumn?.values.map((value, row) => splitOf(value, table, row, splitColumn, source));

  return {
    root: dirname(file),
    classes,
    kind: labelColumns ? 'many' : labelColumn ? 'one' : 'none',
    grouped: groups !== undefined,
    images: images
      .map(({ id, file }, i): ImageRecord => {
        const split = splits?.[i];
        return { id, file, labels: labels[i]!, group: groups?.[i] ?? id, ...(split === undefined ? {} : { split }) };
      })
      .sort((a, b) => compareCodeUnits(a.id, b.id)),
  };
}

interface Column {
  name: string;
  values: string[];
}

function columnFinder(table: CsvTable, source: CsvSource): (key: string, name: string) => Column {
  return (key, name) => {
    const at = table.header.indexOf(name);
    if (at < 0) {
      const nearest = byNearness(name, table.header);
      throw invalid(
        source,
        `there is no column "${name}" (${key}). Columns, nearest first: ${someNames(nearest)}. Set ${key} to one of them.`,
      );
    }
    if (table.header.lastIndexOf(name) !== at)
      throw invalid(source, `the column "${name}" (${key}) is there more than once. Rename one.`);
    return { name, values: table.column(at) };
  };
}

/** Checks containment and existence row by row, without decoding anything. */
function locate(table: CsvTable, paths: string[], { file, source, roots }: CsvOptions): { id: string; file: string }[] {
  const directory = dirname(file);
  const realDirectories = new Map<string, string | undefined>();
  const realDirectory = (path: string) => {
    if (!realDirectories.has(path)) realDirectories.set(path, realOf(path));
    return realDirectories.get(path);
  };
  const missing: string[] = [];
  const rowOf = new Map<string, number>();
  const repeated: string[] = [];

  const images = paths.map((written, row) => {
    if (written === '') throw invalid(source, `the image path is empty in line ${table.line(row)}.`);
    const path = written.replaceAll('\\', '/');
    const absolute = resolve(directory, path);
    const parent = realDirectory(dirname(absolute));
    const place = parent === undefined ? absolute : join(parent, basename(absolute));
    // What is not there is judged by its written place, so that nothing is learnt about what exists outside.
    if (!isInside(place, roots)) throw outside(`${written} (${source.path}, line ${table.line(row)})`);
    const found = parent === undefined ? undefined : lstatSync(place, { throwIfNoEntry: false });
    const real = found?.isSymbolicLink() ? realOf(place) : found && place;
    if (real === undefined) missing.push(written);
    else if (!isInside(real, roots)) throw outside(`${written} (${source.path}, line ${table.line(row)})`);
    else if (found!.isDirectory())
      throw invalid(source, `line ${table.line(row)} names the directory ${written} as an image.`);
    const id = (isAbsolute(path) ? relative(directory, place) : relative(directory, absolute)).replaceAll('\\', '/');
    const before = rowOf.get(id);
    if (before === undefined) rowOf.set(id, row);
    else repeated.push(`${id} (lines ${table.line(before)} and ${table.line(row)})`);
    return { id, file: real ?? place };
  });

  if (missing.length > 0)
    throw new TransferEvidenceError(
      'dataset-missing',
      `${counted(missing.length, 'image')} of ${paths.length} in ${source.path} do not exist: ${someNames(missing)}. ` +
        'Paths are relative to the CSV file.',
    );
  if (repeated.length > 0)
    throw invalid(
      source,
      `${counted(repeated.length, 'image')} named more than once: ${someNames(repeated)}. Keep one row each; for several labels use label columns (labels).`,
    );
  return images;
}

function realOf(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

function classNames(table: CsvTable, column: Column, { source, labelled }: CsvOptions): (string | undefined)[] {
  return labelled ? filled(table, column, source) : column.values.map((value) => value || undefined);
}

function filled(table: CsvTable, column: Column, source: CsvSource): string[] {
  const empty = column.values.flatMap((value, row) => (value === '' ? [`line ${table.line(row)}`] : []));
  if (empty.length > 0)
    throw invalid(
      source,
      `the column "${column.name}" is empty in ${counted(empty.length, 'row')} of ${column.values.length}: ${someNames(empty)}. Fill them in or remove the rows.`,
    );
  return column.values;
}

function manyLabels(table: CsvTable, columns: Column[], source: CsvSource): number[][] {
  const labels: number[][] = table.column(0).map(() => []);
  columns.forEach(({ name, values }, index) => {
    values.forEach((value, row) => {
      if (value === '' || Number(value) === 0) return;
      if (Number(value) === 1) labels[row]!.push(index);
      else if (Number(value) === -1)
        throw invalid(
          source,
          `the column "${name}" holds ${value}, "uncertain", in ${counted(values.filter((v) => v !== '' && Number(v) === -1).length, 'row')} (first in line ${table.line(row)}). ` +
            'Decide in the file whether that counts as 1 or as 0, or remove the rows.',
        );
      else
        throw invalid(
          source,
          `the column "${name}" holds "${value}" in line ${table.line(row)}; expected 0, 1 or nothing.`,
        );
    });
  });
  return labels;
}

const splits: Record<string, NonNullable<ImageRecord['split']>> = {
  train: 'train',
  training: 'train',
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  test: 'test',
  testing: 'test',
};

function splitOf(value: string, table: CsvTable, row: number, column: Column, source: CsvSource): ImageRecord['split'] {
  if (value === '') return undefined;
  const split = splits[value.toLowerCase()];
  if (split === undefined)
    throw invalid(
      source,
      `the column "${column.name}" holds "${value}" in line ${table.line(row)}; expected train, validation, test or nothing.`,
    );
  return split;
}

function invalid(source: CsvSource, message: string): TransferEvidenceError {
  return new TransferEvidenceError('dataset-invalid', `${source.path}: ${message}`);
}
