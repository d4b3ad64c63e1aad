import type { Candidate, Manifest } from '../../manifest/schema.ts';
import { anatomy } from '../../semantic/anatomy.ts';
import { type Aspect, compareTerms, type Outcome } from '../../semantic/compare.ts';
import { modalities } from '../../semantic/modalities.ts';
import type { Vocabulary } from '../../semantic/vocabulary.ts';
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

/**
 * What the manifest declares of the target and the sources: nothing of it was measured.
 * @param inCards dotted paths of what stands in a card and not in the manifest
 */
export function sourcesTable(
  { target, candidates, chosen }: Manifest,
  inCards: ReadonlySet<string> = new Set(),
): Block[] {
  const marking = (at: string): Mark => {
    return (key, text) => (text !== undefined && inCards.has(`${at}.${key}`) ? `${text} (card)` : text);
  };
  const rows: Declared[] = [
    {
      name: 'the target',
      dataset: inRow([target.croissant, target.card]),
      size: '',
      shows: shownBy(target.coding, marking('target')),
      sameAsTarget: '',
      license: marking('target')('license', target.license) ?? '',
    },
    ...candidates.map((candidate, index) =>
      declaredOf(candidate, target.coding, chosen, marking(`candidates[${index}]`)),
    ),
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
  mark: Mark,
): Declared {
  const licences = [license, mark('data.license', data.license)];
  const ofWeights = typeof weights === 'object' ? weights.license : undefined;
  if (ofWeights !== undefined && ofWeights !== license && ofWeights !== data.license)
    licences.push(mark('weights.license', `${ofWeights} (weights)`));
  const { images, classes, patients, task, labels = [] } = data;
  return {
    name: id === chosen ? [{ strong: { code: id } }, ' (chosen)'] : { code: id },
    dataset: inRow([mark('data.name', data.name), mark('data.doi', data.doi), card]),
    size: inRow([
      mark('data.images', images === undefined ? undefined : counted(images, 'image')),
      mark('data.classes', classes === undefined ? undefined : counted(classes, 'class', 'classes')),
      mark('data.patients', patients === undefined ? undefined : counted(patients, 'patient')),
      mark('data.task', task),
    ]),
    shows: inRow([
      shownBy(coding, mark) || undefined,
      mark('data.labels', labels.length === 0 ? undefined : `labels ${someOf(labels)}`),
    ]),
    sameAsTarget: inRow([
      match('modality', modalitiesOf(coding), modalitiesOf(target), modalities),
      match('body_part', bodyPartsOf(coding), bodyPartsOf(target), anatomy),
    ]),
    license: inRow(licences),
  };
}

/** A text as it is, or marked as a card's. */
type Mark = (key: string, text: string | undefined) => string | undefined;

function shownBy(coding: Coding, mark: Mark): string {
  return inRow([
    mark('coding.modality', modalitiesOf(coding).join(', ') || undefined),
    mark('coding.body_part', bodyPartsOf(coding).join(', ') || undefined),
    mark('coding.domain', coding?.domain),
    coding?.acquisition,
  ]);
}

const answers: Record<Outcome, string | undefined> = {
  same: 'yes',
  overlap: 'yes',
  nested: 'in part',
  different: 'no',
  undecided: 'not told: a word in no vocabulary',
  not_declared: undefined,
};

/** Whether two declared codings share a meaning; `undefined` where one of them declares none. */
function match(
  aspect: Aspect,
  own: readonly string[],
  wanted: readonly string[],
  vocabulary: Vocabulary,
): string | undefined {
  const answer = answers[compareTerms(aspect, wanted, own, vocabulary).outcome];
  return answer && `${aspect.replace('_', ' ')} ${answer}`;
}

function modalitiesOf(coding: Coding): string[] {
  return [coding?.modality ?? []].flat();
}

function bodyPartsOf(coding: Coding): string[] {
  return [coding?.body_part ?? []].flat();
}

/** The first few of many names. */
function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).join('; ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/** What is there, each once. */
function inRow(values: readonly (string | undefined)[]): string {
  return [...new Set(values.filter((value) => value !== undefined))].join(', ');
}
