import type { Candidate, Manifest } from '../../manifest/schema.ts';
import type { Block, Inline } from '../document.ts';
import { clip } from '../escape.ts';
import { counted } from '../words.ts';

type Coding = Candidate['coding'];

interface Declared {
  name: Inline;
  /** Each a cell in words; empty where nothing was declared. */
  dataset: string;
  size: string;
  shows: string;
  sameAsTarget: string;
  license: string;
}

const heads: Record<Exclude<keyof Declared, 'name'>, string> = {
  dataset: 'Dataset',
  size: 'Size',
  shows: 'Shows',
  sameAsTarget: 'As the target?',
  license: 'Licence',
};

/** What the manifest declares of the target and the sources: nothing of it was measured. */
export function sourcesTable({ target, candidates, chosen }: Manifest): Block[] {
  const rows: Declared[] = [
    {
      name: 'the target',
      dataset: inRow([target.croissant, target.card]),
      size: '',
      shows: shownBy(target.coding),
      sameAsTarget: '',
      license: target.license ?? '',
    },
    ...candidates.map((candidate) => declaredOf(candidate, target.coding, chosen)),
  ];
  const columns = (Object.keys(heads) as (keyof typeof heads)[]).filter((key) => rows.some((row) => row[key] !== ''));
  if (columns.length === 0) return [];
  return [
    {
      kind: 'table',
      head: ['Declared', ...columns.map((key) => heads[key])],
      align: ['l', ...columns.map(() => 'l' as const)],
      rows: rows.map((row) => [row.name, ...columns.map((key) => clip(row[key], 160) || '–')]),
    },
  ];
}

function declaredOf(
  { id, data = {}, weights, license, coding, card }: Candidate,
  target: Coding,
  chosen: string,
): Declared {
  const licences = [license, data.license];
  const ofWeights = typeof weights === 'object' ? weights.license : undefined;
  if (ofWeights !== undefined && !licences.includes(ofWeights)) licences.push(`${ofWeights} (weights)`);
  const { images, classes, patients } = data;
  return {
    name: id === chosen ? [{ strong: { code: id } }, ' (chosen)'] : { code: id },
    dataset: inRow([data.name, data.doi, card]),
    size: inRow([
      images === undefined ? undefined : counted(images, 'image'),
      classes === undefined ? undefined : counted(classes, 'class', 'classes'),
      patients === undefined ? undefined : counted(patients, 'patient'),
    ]),
    shows: shownBy(coding),
    sameAsTarget: inRow([
      match('modality', modalities(coding), modalities(target)),
      match('body part', bodyPart(coding), bodyPart(target)),
    ]),
    license: inRow(licences),
  };
}

function shownBy(coding: Coding): string {
  return inRow([...modalities(coding), ...bodyPart(coding), coding?.domain]);
}

/** Whether two declared codings share a code; `undefined` where one of them declares none. */
function match(what: string, own: readonly string[], wanted: readonly string[]): string | undefined {
  if (own.length === 0 || wanted.length === 0) return undefined;
  return `${what} ${own.some((one) => wanted.includes(one)) ? 'yes' : 'no'}`;
}

function modalities(coding: Coding): string[] {
  return [coding?.modality ?? []].flat().map((code) => code.toUpperCase());
}

function bodyPart(coding: Coding): string[] {
  return coding?.body_part === undefined ? [] : [coding.body_part.toUpperCase()];
}

/** What is there, each once. */
function inRow(values: readonly (string | undefined)[]): string {
  return [...new Set(values.filter((value) => value !== undefined))].join(', ');
}
