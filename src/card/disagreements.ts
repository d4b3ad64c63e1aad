import type { Candidate, Manifest } from '../manifest/schema.ts';
import { anatomy } from '../semantic/anatomy.ts';
import { compareTerms } from '../semantic/compare.ts';
import { modalities } from '../semantic/modalities.ts';
import { bareName } from '../semantic/names.ts';
import type { Vocabulary } from '../semantic/vocabulary.ts';
import { type CardFacts, doiOf } from './facts.ts';
import { licencesDiffer } from './licence.ts';

/** What the manifest says of one dataset, in the words that a card has too. */
export interface Stated {
  coding: Candidate['coding'];
  data: NonNullable<Candidate['data']>;
  /** Licences that the card may be speaking of; empty where none is stated. */
  licences: readonly string[];
}

export function statedOfTarget({ coding, license, task }: Manifest['target']): Stated {
  return { coding, data: task?.type === undefined ? {} : { task: task.type }, licences: license ? [license] : [] };
}

export function statedOfCandidate({ coding, data = {}, license, weights }: Candidate, kind: CardFacts['kind']): Stated {
  const ofWeights = typeof weights === 'object' ? weights.license : undefined;
  const own = kind === 'network' ? ofWeights : data.license;
  return { coding, data, licences: [own ?? license ?? []].flat() };
}

/** Where a manifest and a card say different things, a clause each; what cannot be told apart for sure is left out. */
export function disagreements({ coding, data, licences }: Stated, card: CardFacts): string[] {
  return [
    ...terms('modality', [coding?.modality ?? []].flat(), card.modality, modalities),
    ...terms('body part', [coding?.body_part ?? []].flat(), card.bodyPart, anatomy),
    ...tasks(data.task, card.task),
    ...numbers('classes', data.classes, card.classes),
    ...images(data.images, card.images),
    ...numbers('patients', data.patients, card.patients),
    ...labels(data.labels, card.labels),
    ...(card.license === null || licences.some((licence) => licencesDiffer(licence, card.license!) !== true)
      ? []
      : licences.map((licence) => pair('licence', licence, card.license!))),
    ...dois(data.doi, card.doi),
  ];
}

function pair(what: string, manifest: string | number, card: string | number): string {
  return `${what} ${manifest} in the manifest, ${card} in the card`;
}

/** Only words that are known, and share nothing: one within the other is the same in other detail. */
function terms(what: string, mine: readonly string[], theirs: readonly string[], known: Vocabulary): string[] {
  const { outcome } = compareTerms('modality', mine, theirs, known);
  return outcome === 'different' ? [pair(what, mine.join(' and '), theirs.join(' and '))] : [];
}

/** Binary and multiclass differ by the number of classes, which is compared by itself. */
function tasks(mine: CardFacts['task'] | undefined, theirs: CardFacts['task']): string[] {
  if (mine === undefined || mine === null || theirs === null) return [];
  return (mine === 'multilabel') === (theirs === 'multilabel') ? [] : [pair('a task', mine, theirs)];
}

function numbers(what: string, mine: number | undefined, theirs: number | null): string[] {
  return mine === undefined || theirs === null || mine === theirs ? [] : [pair(`number of ${what}`, mine, theirs)];
}

function images(mine: number | undefined, theirs: CardFacts['images']): string[] {
  if (mine === undefined || theirs === null || (mine >= theirs.least && mine <= theirs.most)) return [];
  const said = theirs.least === theirs.most ? theirs.least : `${theirs.least} to ${theirs.most}`;
  return [pair('number of images', mine, said)];
}

/** As many names of which not one is shared; a manifest may name only some of the classes. */
function labels(mine: readonly string[] | undefined, theirs: readonly string[]): string[] {
  if (mine === undefined || mine.length !== theirs.length) return [];
  const known = new Set(theirs.map(bareName));
  return mine.some((name) => known.has(bareName(name))) ? [] : [pair('class names', mine[0]!, theirs[0]!)];
}

function dois(mine: string | undefined, theirs: string | null): string[] {
  const own = doiOf([mine ?? '']);
  if (own === null || theirs === null || own.toLowerCase() === theirs.toLowerCase()) return [];
  return [pair('DOI', own, theirs)];
}
