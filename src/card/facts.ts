import type { DatasetCard } from '../semantic/card.ts';

/** What a card says, as far as it is read here. Texts are one line each; empty and `null` where it says nothing. */
export interface CardFacts extends Pick<DatasetCard, 'modality' | 'bodyPart' | 'domain' | 'task' | 'labels'> {
  /** Whether the card describes images or a network that was trained on some. */
  kind: 'dataset' | 'network';
  /** Names of the dataset, the best first. A hub's id keeps its owner: `owner/name`. */
  names: readonly string[];
  /** Number of classes; where the labels are listed, how many there are. */
  classes: number | null;
  /** Number of images, between these two; some formats give classes of size only. */
  images: { least: number; most: number } | null;
  patients: number | null;
  license: string | null;
  /** Of the dataset itself, never of the paper on it: several datasets share a paper. */
  doi: string | null;
  /** Datasets that the network was trained on. */
  trainedOn: readonly string[];
  /** What it was made from: source datasets of a dataset, base models of a network. */
  madeFrom: readonly string[];
  /** What its authors warn of: biases, limits, personal data. */
  cautions: readonly { subject: string; text: string }[];
}

/** A card that says nothing. */
export const nothingSaid: CardFacts = {
  kind: 'dataset',
  names: [],
  modality: [],
  bodyPart: [],
  domain: null,
  task: null,
  labels: [],
  classes: null,
  images: null,
  patients: null,
  license: null,
  doi: null,
  trainedOn: [],
  madeFrom: [],
  cautions: [],
};

/** A DOI without what stands around it: 10.1000/182 of https://doi.org/10.1000/182. `null` where there is none. */
export function doiOf(texts: readonly string[]): string | null {
  for (const text of texts) {
    const found = /\b10\.\d{4,9}\/[^\s"<>{}]+/u.exec(text)?.[0];
    if (found !== undefined) return found.replace(/[.,;)\]]+$/u, '');
  }
  return null;
}
