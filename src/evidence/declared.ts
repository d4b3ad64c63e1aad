import type { CardNote, ManifestCards } from '../card/manifest-cards.ts';
import type { DeclaredMetadata } from '../dataset/properties/missing-metadata.ts';
import type { Dataset } from '../dataset/types.ts';
import { appealsOf, type CostlyFactor } from '../manifest/appeals.ts';
import type { Candidate, Manifest } from '../manifest/schema.ts';
import type { DatasetCard, Origin, Said } from '../semantic/card.ts';

/** What the manifest, and where it is silent a card, declares of one dataset. */
export interface DeclaredSet {
  card: DatasetCard;
  metadata: DeclaredMetadata;
}

/** What the manifest says beside images and networks that evidence is drawn from. */
export interface Declared {
  target: DeclaredSet;
  /** In the order of the candidates. */
  candidates: DeclaredSet[];
  /** Reasons whose numbers cost training, among those that the manifest gives. */
  appeals: CostlyFactor[];
  /** Cards that cannot be read or say something else than the manifest. */
  cards: CardNote[];
}

/**
 * @param cards what the manifest's cards say, with the manifest whose gaps they fill
 * @param samples of the candidates, in their order; `null` where there is none
 */
export function declaredBy(cards: ManifestCards, target: Dataset, samples: readonly (Dataset | null)[]): Declared {
  const { manifest, paths, notes, targetCounts } = cards;
  const from = (path: string): Origin => (paths.has(path) ? 'card' : 'manifest');
  return {
    target: targetDeclared(manifest.target, target, targetCounts, from),
    candidates: manifest.candidates.map((candidate, index) =>
      candidateDeclared(candidate, samples[index] ?? null, (key) => from(`candidates[${index}].${key}`)),
    ),
    appeals: appealsOf(manifest),
    cards: notes,
  };
}

function targetDeclared(
  { coding, license, card, croissant }: Manifest['target'],
  dataset: Dataset,
  counts: ManifestCards['targetCounts'],
  from: (path: string) => Origin,
): DeclaredSet {
  const { classes, task, grouped, images } = dataset;
  const said = {
    ...codedBy(coding),
    task: task === 'unlabelled' ? null : task,
    labels: classes,
    classes: classes.length === 0 ? null : classes.length,
    ...counts,
  };
  const originOf = (key: Said): Origin => {
    if (key in counts) return 'card';
    return key in codingKeys ? from(`target.coding.${codingKeys[key]!}`) : 'images';
  };
  return {
    card: { ...said, from: originsOf(said, originOf) },
    metadata: {
      licence: license !== undefined,
      ...codedMetadata(coding),
      'description (card, DOI)': (card ?? croissant) !== undefined,
      'groups (patients, slides)': grouped,
      splits: images.some(({ split }) => split !== undefined),
    },
  };
}

function candidateDeclared(candidate: Candidate, sample: Dataset | null, from: (path: string) => Origin): DeclaredSet {
  const { coding, data = {}, license, weights, card } = candidate;
  const ofWeights = typeof weights === 'object' ? weights.license : undefined;
  const said = {
    ...codedBy(coding),
    task: data.task ?? null,
    labels: data.labels ?? sample?.classes ?? [],
    classes: data.classes ?? null,
    images: data.images ?? null,
    patients: data.patients ?? null,
  };
  const originOf = (key: Said): Origin => {
    if (key === 'labels' && data.labels === undefined) return 'images';
    return from(key in codingKeys ? `coding.${codingKeys[key]!}` : `data.${key}`);
  };
  return {
    card: { ...said, from: originsOf(said, originOf) },
    metadata: {
      licence: (license ?? data.license ?? ofWeights) !== undefined,
      ...codedMetadata(coding),
      'number of images': data.images !== undefined,
      'description (card, DOI)': (card ?? data.doi) !== undefined,
      ...(sample ? { 'groups (patients, slides)': sample.grouped } : {}),
    },
  };
}

/** What stands under `coding`, and under which key. */
const codingKeys: Partial<Record<Said, string>> = {
  modality: 'modality',
  bodyPart: 'body_part',
  domain: 'domain',
  acquisition: 'acquisition',
};

/** Where each thing that is said stands. */
function originsOf(said: Omit<DatasetCard, 'from'>, originOf: (key: Said) => Origin): DatasetCard['from'] {
  const spoken = (Object.keys(said) as Said[]).filter((key) => [said[key] ?? []].flat().length > 0);
  return Object.fromEntries(spoken.map((key) => [key, originOf(key)]));
}

function codedBy(coding: Candidate['coding']): Pick<DatasetCard, 'modality' | 'bodyPart' | 'domain' | 'acquisition'> {
  return {
    modality: [coding?.modality ?? []].flat(),
    bodyPart: [coding?.body_part ?? []].flat(),
    domain: coding?.domain ?? null,
    acquisition: coding?.acquisition ?? null,
  };
}

function codedMetadata(coding: Candidate['coding']): DeclaredMetadata {
  return {
    modality: coding?.modality !== undefined,
    'body part or domain': (coding?.body_part ?? coding?.domain) !== undefined,
  };
}
