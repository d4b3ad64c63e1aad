import { anatomy } from '../semantic/anatomy.ts';
import type { DatasetCard } from '../semantic/card.ts';
import { modalities } from '../semantic/modalities.ts';
import { type CardFacts, doiOf, nothingSaid } from './facts.ts';
import { shownBy, wordFor } from './keywords.ts';
import { countOf, type Fields, fieldOf, isFields, itemsOf, textOf, textsOf } from './values.ts';

/** The card’s only content, under the key that says of what: RSNA ATLAS, dataset.json and model.json of 2025-11. */
export function atlasRoot(document: Fields): { kind: CardFacts['kind']; card: Fields } | null {
  const { Dataset: dataset, Model: network } = document;
  const schema = textOf(document.$schema) ?? '';
  if (!schema.includes('atlas.rsna.org')) return null;
  if (isFields(dataset)) return { kind: 'dataset', card: dataset };
  return isFields(network) ? { kind: 'network', card: network } : null;
}

/** RadLex terms of the card's list in other words than the vocabulary's. Kinds of one modality are that modality. */
const radlex: Readonly<Record<string, string>> = {
  RID10330: 'NM',
  RID10333: 'NM',
  RID10334: 'NM',
  RID10332: 'NM',
  RID10360: 'PX',
  RID10363: 'BMD',
  RID10353: 'RG',
  RID45709: 'RF',
  RID10904: 'US',
  RID10903: 'US',
  RID10920: 'US',
  RID10926: 'US',
  RID38755: 'CT',
  RID38660: 'CT',
  RID10317: 'MR',
  RID38778: 'MR',
  RID49531: 'MR',
};

/** RSNA's two-letter content codes that name a modality or an organ; the others name a subspecialty. */
const contentCodes: Readonly<Record<string, { modality?: string; bodyPart?: string }>> = {
  CT: { modality: 'CT' },
  MR: { modality: 'MR' },
  NM: { modality: 'NM' },
  US: { modality: 'US' },
  BR: { bodyPart: 'breast' },
  CA: { bodyPart: 'heart' },
  CH: { bodyPart: 'chest' },
  HN: { bodyPart: 'head and neck' },
};

/** A card of RSNA's library of AI models and datasets. Modalities that are in no vocabulary here stay as they are written. */
export function atlasFacts({ kind, card }: { kind: CardFacts['kind']; card: Fields }): CardFacts {
  const descriptors = fieldOf(card, 'Descriptors');
  const licence = fieldOf(descriptors, 'License');
  const common = { ...nothingSaid, license: textOf(fieldOf(licence, 'Text')) ?? textOf(fieldOf(licence, 'URL')) };
  if (kind === 'network') return { ...common, kind };
  return {
    ...common,
    ...shownOn(card),
    names: textsOf(card.Name).slice(0, 1),
    images: range(totalOf(card.Partitions, 'Image count')),
    patients: totalOf(card.Partitions, 'Patient count'),
    doi: doiOf(textsOf(card.Link)),
    cautions: cautionsOf(card),
  };
}

function shownOn(card: Fields): Pick<DatasetCard, 'modality' | 'bodyPart' | 'domain'> {
  const indexing = fieldOf(card, 'Indexing');
  const keywords = shownBy(textsOf(fieldOf(indexing, 'Keywords')));
  const codes = textsOf(fieldOf(indexing, 'Content')).flatMap((code) => contentCodes[code] ?? []);
  const listed = textsOf(fieldOf(fieldOf(card, 'Imaging'), 'Modalities')).map(modalityOf);
  const first = (...choices: string[][]) => [...new Set(choices.find((words) => words.length > 0) ?? [])];
  return {
    modality: first(
      listed,
      codes.flatMap(({ modality }) => modality ?? []),
      [...keywords.modality],
    ),
    bodyPart: first(
      [...keywords.bodyPart],
      codes.flatMap(({ bodyPart }) => bodyPart ?? []).map((word) => wordFor(anatomy.find(word)!)),
    ),
    domain: keywords.domain,
  };
}

/** `Computed tomography (RID10321)` → CT. */
function modalityOf(term: string): string {
  const [, words, id] = /^(.*?)\s*(?:\((RID\d+)\))?$/u.exec(term)!;
  const known = (id !== undefined && radlex[id]) || modalities.find(words!);
  return typeof known === 'string' ? known : known ? wordFor(known) : words!;
}

/** Partitions that hold others, or may. */
const unclear = new Set(['Development', 'Other']);

/** Sum over the partitions; `null` where one does not say, stands twice or may hold another. */
function totalOf(partitions: unknown, key: 'Image count' | 'Patient count'): number | null {
  const all = itemsOf(partitions);
  const names = all.map((one) => textOf(fieldOf(one, 'Partition')) ?? '');
  const counts = all.map((one) => countOf(fieldOf(fieldOf(one, 'Total'), key)));
  if (all.length === 0 || counts.includes(null) || new Set(names).size < names.length) return null;
  if (all.length > 1 && names.some((name) => unclear.has(name))) return null;
  return counts.reduce<number>((sum, count) => sum + count!, 0);
}

function range(images: number | null): CardFacts['images'] {
  return images === null ? null : { least: images, most: images };
}

function cautionsOf(card: Fields): CardFacts['cautions'] {
  const properties = fieldOf(card, 'Dataset properties');
  const said = (subject: string, value: unknown) => {
    const text = textOf(value, 400);
    return text === null ? [] : [{ subject, text }];
  };
  const burnedIn = textOf(fieldOf(fieldOf(card, 'Imaging'), 'Burned-in PHI'));
  return [
    ...(burnedIn === 'Yes' ? said('health information burned into the pixels', burnedIn) : []),
    ...said('re-identification', fieldOf(properties, 'Re-identification')),
    ...said('sensitive data', fieldOf(properties, 'Sensitive data')),
    ...said('noise and errors', fieldOf(properties, 'Noise')),
    ...said('missing information', fieldOf(properties, 'Missing information')),
  ];
}
