import { type CardFacts, doiOf, nothingSaid } from './facts.ts';
import { shownBy } from './keywords.ts';
import { countOf, type Fields, fieldOf, itemsOf, mostNames, textOf, textsOf } from './values.ts';

/** Keys that only one of the two kinds of card has: hub-docs, datasetcard.md and modelcard.md. */
const keysOf = {
  network: ['datasets', 'base_model', 'pipeline_tag', 'library_name', 'model-index', 'model_name', 'metrics'],
  dataset: [
    'task_categories',
    'task_ids',
    'size_categories',
    'source_datasets',
    'dataset_info',
    'pretty_name',
    'annotations_creators',
    'configs',
  ],
} as const;

const sharedKeys = ['license', 'license_name', 'tags', 'language'] as const;

/** Whether a mapping has any key of these cards. */
export function isHubMetadata(metadata: Fields): boolean {
  return [...keysOf.network, ...keysOf.dataset, ...sharedKeys].some((key) => Object.hasOwn(metadata, key));
}

/**
 * The metadata block of a card on the Hugging Face Hub: a dataset's (`pretty_name`, `license`, `task_ids`, `size_categories`, `tags`,
 * `source_datasets`, `dataset_info`), or a model's (`license`, `datasets`, `base_model`). Results under `model-index` are not read: they
 * name what a network was tested on.
 */
export function hubFacts(metadata: Fields): CardFacts {
  const has = (keys: readonly string[]) => keys.filter((key) => Object.hasOwn(metadata, key)).length;
  const network = has(keysOf.network) > has(keysOf.dataset);
  const common = { ...nothingSaid, license: licenceOf(metadata) };
  if (network)
    return {
      ...common,
      kind: 'network',
      trainedOn: textsOf(metadata.datasets),
      madeFrom: textsOf(metadata.base_model),
    };
  const info = onlyConfiguration(metadata.dataset_info);
  const { labels, several } = labelsOf(info);
  const ids = textsOf(metadata.task_ids);
  return {
    ...common,
    ...shownBy(textsOf(metadata.tags)),
    names: textsOf(metadata.pretty_name).slice(0, 1),
    task: taskOf(ids, labels.length, several),
    labels: labels.length > mostNames ? [] : labels,
    classes: labels.length || null,
    images: imagesOf(info) ?? sizeOf(textsOf(metadata.size_categories)),
    doi: doiOf(textsOf(metadata.doi)),
    madeFrom: textsOf(metadata.source_datasets)
      .map((name) => name.replace(/^extended\|(?:other-)?/u, ''))
      .filter((name) => !['original', 'extended', 'other', ''].includes(name)),
  };
}

/** `other` stands for the licence that `license_name` names; `unknown` says nothing. */
function licenceOf(metadata: Fields): string | null {
  const stated = textsOf(metadata.license).filter((id) => !['unknown', 'other'].includes(id.toLowerCase()));
  return stated.length > 0 ? stated.join(', ').slice(0, 200) : textOf(metadata.license_name);
}

/** The only configuration there is: of several it is not known which one is meant. */
function onlyConfiguration(info: unknown): unknown {
  const all = itemsOf(info);
  return all.length === 1 ? all[0] : undefined;
}

/**
 * Class names of the only feature with classes, or of the one that is called `label` or `labels`.
 * @returns `several` when an image can have more than one
 */
function labelsOf(info: unknown): { labels: string[]; several: boolean } {
  const named = itemsOf(fieldOf(info, 'features')).flatMap((feature) => {
    const alone = fieldOf(fieldOf(feature, 'dtype'), 'class_label');
    const listed = ['sequence', 'list'].map((key) => {
      const inner = fieldOf(feature, key);
      return fieldOf(inner, 'class_label') ?? fieldOf(fieldOf(inner, 'dtype'), 'class_label');
    });
    const several = alone === undefined;
    const labels = namesIn(fieldOf(alone ?? listed.find((one) => one !== undefined), 'names'));
    return labels.length === 0 ? [] : [{ name: textOf(fieldOf(feature, 'name')), labels, several }];
  });
  const one = named.length === 1 ? named[0] : named.find(({ name }) => name === 'label' || name === 'labels');
  return one ?? { labels: [], several: false };
}

/** A list of names, or a mapping from '0', '1', … to names, in the order of the numbers. */
function namesIn(names: unknown): string[] {
  if (Array.isArray(names) || typeof names !== 'object' || names === null) return textsOf(names);
  const entries = Object.entries(names).sort(([a], [b]) => Number(a) - Number(b));
  return entries.flatMap(([, name]) => textOf(name) ?? []);
}

function taskOf(ids: readonly string[], classes: number, several: boolean): CardFacts['task'] {
  const multilabel = ids.includes('multi-label-image-classification');
  const multiclass = ids.includes('multi-class-image-classification');
  if (multilabel !== multiclass) return multilabel ? 'multilabel' : classes === 2 ? 'binary' : 'multiclass';
  if (classes < 2) return null;
  return several ? 'multilabel' : classes === 2 ? 'binary' : 'multiclass';
}

/** All splits together, where the rows hold images. */
function imagesOf(info: unknown): CardFacts['images'] {
  const features = itemsOf(fieldOf(info, 'features'));
  if (features.length > 0 && !features.some((feature) => fieldOf(feature, 'dtype') === 'image')) return null;
  const counts = itemsOf(fieldOf(info, 'splits')).map((split) => countOf(fieldOf(split, 'num_examples')));
  if (counts.length === 0 || counts.includes(null)) return null;
  const images = counts.reduce<number>((sum, count) => sum + count!, 0);
  return { least: images, most: images };
}

const units: Record<string, number> = { '': 1, K: 1e3, M: 1e6, B: 1e9, T: 1e12 };

/** `n<1K`, `1K<n<10K`, …, `n>1T`: from the smallest to the largest of those given. */
function sizeOf(categories: readonly string[]): CardFacts['images'] {
  let range: CardFacts['images'] = null;
  for (const category of categories) {
    const ends = /^(?:(\d+)([KMBT]?)<)?n<(\d+)([KMBT]?)$/u.exec(category.replaceAll(' ', ''));
    if (ends === null) return null;
    const [, low, lowUnit, high, highUnit] = ends;
    const least = low === undefined ? 1 : Number(low) * units[lowUnit ?? '']!;
    const most = Number(high) * units[highUnit ?? '']!;
    range =
      range === null ? { least, most } : { least: Math.min(range.least, least), most: Math.max(range.most, most) };
  }
  return range;
}
