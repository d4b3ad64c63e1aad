import { type CardFacts, doiOf, nothingSaid } from './facts.ts';
import { shownBy } from './keywords.ts';
import { type Fields, isFields, itemsOf, mostNames, textOf } from './values.ts';

/**
 * A key or type by its own name, whatever stands before it: `sc:name`, `https://schema.org/name`, `http://mlcommons.org/croissant/recordSet`.
 * Contexts are not resolved: validators and publishers differ in them, and the names do not collide.
 */
function localName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('#'), name.lastIndexOf(':')) + 1);
}

/** The values of a property of a node. Where it stands twice, under two prefixes, both. */
function valuesOf(node: unknown, name: string): readonly unknown[] {
  if (!isFields(node)) return [];
  return Object.keys(node)
    .filter((key) => localName(key) === name)
    .flatMap((key) => itemsOf(node[key]));
}

/** Texts of a property: plain, as `@value` or `@id`, by language, or the `name` or `url` of a node. */
function textsAt(node: unknown, name: string, longest?: number): string[] {
  return valuesOf(node, name).flatMap((value) => {
    if (!isFields(value)) return textOf(value, longest) ?? [];
    const inner = [value['@value'], value.en, value.name, value.url, value['@id']];
    return textOf(inner.find((one) => textOf(one) !== null) ?? null, longest) ?? [];
  });
}

function isOfType(node: unknown, type: string): boolean {
  return isFields(node) && itemsOf(node['@type']).some((one) => typeof one === 'string' && localName(one) === type);
}

/** The dataset of a JSON-LD document, alone or within `@graph`; `null` where there is none. */
export function datasetNode(document: Fields): Fields | null {
  const nodes = [document, ...itemsOf(document['@graph'])];
  return (nodes.find((node) => isOfType(node, 'Dataset')) as Fields | undefined) ?? null;
}

/** Properties of the responsible-AI extension that warn, with what each is about. */
const warnings = {
  dataBiases: 'biases',
  dataLimitations: 'limits',
  personalSensitiveInformation: 'personal or sensitive information',
} as const;

/**
 * Croissant 1.0 and 1.1 (MLCommons; schema.org's Dataset in JSON-LD, with the `rai:` extension): name, licence, keywords, DOI, the names in
 * an enumeration as labels, and warnings. `citeAs` is not taken for a DOI: it names a paper.
 */
export function croissantFacts(dataset: Fields): CardFacts {
  const labels = labelsOf(dataset);
  const pages = ['identifier', 'url', 'sameAs', '@id'].flatMap((name) => textsAt(dataset, name));
  const keywords = textsAt(dataset, 'keywords').flatMap((text) => text.split(','));
  return {
    ...nothingSaid,
    ...shownBy(keywords),
    names: [...textsAt(dataset, 'name'), ...textsAt(dataset, 'alternateName'), ...pages.flatMap(hubId)].slice(0, 10),
    labels: labels.length > mostNames ? [] : labels,
    classes: labels.length || null,
    license: textsAt(dataset, 'license').join(', ').slice(0, 200) || null,
    doi: doiOf(pages),
    cautions: Object.entries(warnings).flatMap(([name, subject]) => {
      const text = textsAt(dataset, name, 400).join(' ');
      return text === '' ? [] : [{ subject, text: text.slice(0, 400).toWellFormed() }];
    }),
  };
}

/** The id of a dataset on the Hugging Face Hub, of its page’s address. */
export function hubId(address: string): string[] {
  const found = /(?:huggingface\.co\/datasets\/|^hf:)([\w.-]+\/[\w.-]+)/u.exec(address)?.[1];
  return found === undefined ? [] : [found];
}

/**
 * The names in the record set that enumerates classes: the only enumeration with its data in the file, or the one that a field of type
 * Label refers to. Of several it is not known which one is predicted.
 */
function labelsOf(dataset: Fields): string[] {
  const sets = valuesOf(dataset, 'recordSet');
  const enumerations = sets.filter((set) => hasDataType(set, 'Enumeration') && valuesOf(set, 'data').length > 0);
  const fields = sets.flatMap((set) => valuesOf(set, 'field'));
  const labelled = fields.filter((field) => hasDataType(field, 'Label')).flatMap((field) => referencesOf(field));
  const named = enumerations.filter((set) =>
    labelled.some((reference) => idsOf(set).some((id) => reference === id || reference.startsWith(`${id}/`))),
  );
  const meant = named.length === 1 ? named : enumerations;
  return meant.length === 1 ? namesOf(meant[0]) : [];
}

function hasDataType(node: unknown, type: string): boolean {
  return textsAt(node, 'dataType').some((one) => localName(one) === type);
}

function idsOf(node: unknown): string[] {
  return [...textsAt(node, '@id'), ...textsAt(node, 'name')];
}

/** What a field refers to: `references: {field: {"@id": …}}`, or without `field`. */
function referencesOf(field: unknown): string[] {
  return [
    ...valuesOf(field, 'references').flatMap((target) => textsAt(target, 'field')),
    ...textsAt(field, 'references'),
  ];
}

/** The `name` of every record of an enumeration, else its `label`, else its only value. */
function namesOf(set: unknown): string[] {
  return valuesOf(set, 'data').flatMap((record) => {
    if (!isFields(record)) return textOf(record) ?? [];
    const only = Object.keys(record).length === 1 ? Object.values(record)[0] : null;
    return [...textsAt(record, 'name'), ...textsAt(record, 'label')][0] ?? textOf(only) ?? [];
  });
}
