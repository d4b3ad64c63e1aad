import type { DeclaredMetadata } from '../dataset/properties/missing-metadata.ts';
import type { Dataset } from '../dataset/types.ts';
import { appealsOf, type CostlyFactor } from '../manifest/appeals.ts';
import type { Candidate, Manifest } from '../manifest/schema.ts';
import type { DatasetCard } from '../semantic/card.ts';

/** What the manifest declares of one dataset. */
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
}

/** @param samples of the candidates, in their order; `null` where there is none */
export function declaredBy(manifest: Manifest, target: Dataset, samples: readonly (Dataset | null)[]): Declared {
  return {
    target: targetDeclared(manifest.target, target),
    candidates: manifest.candidates.map((candidate, index) => candidateDeclared(candidate, samples[index] ?? null)),
    appeals: appealsOf(manifest),
  };
}

function targetDeclared({ coding, license, card, croissant }: Manifest['target'], dataset: Dataset): DeclaredSet {
  const { classes, task, grouped, images } = dataset;
  return {
    card: {
      ...codedBy(coding),
      task: task === 'unlabelled' ? null : task,
      labels: classes,
      labelsFrom: 'images',
      classes: classes.length === 0 ? null : classes.length,
      images: null,
      patients: null,
    },
    metadata: {
      licence: license !== undefined,
      ...codedMetadata(coding),
      'description (card, DOI)': (card ?? croissant) !== undefined,
      'groups (patients, slides)': grouped,
      splits: images.some(({ split }) => split !== undefined),
    },
  };
}

function candidateDeclared(candidate: Candidate, sample: Dataset | null): DeclaredSet {
  const { coding, data = {}, license, weights, card } = candidate;
  const ofWeights = typeof weights === 'object' ? weights.license : undefined;
  return {
    card: {
      ...codedBy(coding),
      task: data.task ?? null,
      labels: data.labels ?? sample?.classes ?? [],
      labelsFrom: data.labels ? 'card' : 'images',
      classes: data.classes ?? null,
      images: data.images ?? null,
      patients: data.patients ?? null,
    },
    metadata: {
      licence: (license ?? data.license ?? ofWeights) !== undefined,
      ...codedMetadata(coding),
      'number of images': data.images !== undefined,
      'description (card, DOI)': (card ?? data.doi) !== undefined,
      ...(sample ? { 'groups (patients, slides)': sample.grouped } : {}),
    },
  };
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
