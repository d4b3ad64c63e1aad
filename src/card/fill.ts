import type { Candidate, Manifest } from '../manifest/schema.ts';
import type { CardFacts } from './facts.ts';

/** A manifest whose gaps are filled from cards, and the dotted paths that were: `candidates[0].data.images`. */
export interface Filled {
  manifest: Manifest;
  paths: ReadonlySet<string>;
}

/**
 * Fills what a manifest leaves open with what the cards say; what is declared stays.
 * @param cards of the target and of each candidate in their order, the ones to prefer first
 */
export function fillFromCards(
  manifest: Manifest,
  cards: { target: readonly CardFacts[]; candidates: readonly (readonly CardFacts[])[] },
): Filled {
  const paths = new Set<string>();
  let { target } = manifest;
  for (const facts of cards.target) target = fillTarget(target, facts, (key) => paths.add(`target.${key}`));
  const candidates = manifest.candidates.map((candidate, index) =>
    (cards.candidates[index] ?? []).reduce(
      (filled, facts) => fillCandidate(filled, facts, (key) => paths.add(`candidates[${index}].${key}`)),
      candidate,
    ),
  );
  return { manifest: { ...manifest, target, candidates }, paths };
}

type Note = (key: string) => void;

function fillTarget(target: Manifest['target'], facts: CardFacts, note: Note): Manifest['target'] {
  return {
    ...target,
    ...given('coding', fillCoding(target.coding, facts, note)),
    ...fill(target, { license: facts.license }, note),
  };
}

function fillCandidate(candidate: Candidate, facts: CardFacts, note: Note): Candidate {
  const { data = {}, weights } = candidate;
  const within = (group: string): Note => {
    return (key) => note(`${group}.${key}`);
  };
  if (facts.kind === 'network') {
    const [only, ...others] = facts.trainedOn;
    const name = others.length > 0 || only === undefined ? null : withoutOwner(only);
    const network = typeof weights === 'string' && weights !== 'none' ? { ref: weights } : weights;
    return {
      ...candidate,
      ...given('data', orNothing({ ...data, ...fill(data, { name }, within('data')) })),
      ...(typeof network === 'object'
        ? { weights: { ...network, ...fill(network, { license: facts.license }, within('weights')) } }
        : {}),
    };
  }
  const exact = facts.images !== null && facts.images.least === facts.images.most ? facts.images.least : null;
  const classes = data.classes ?? facts.classes;
  const said = {
    name: facts.names[0] ?? null,
    images: exact,
    classes: facts.classes,
    // Names of other classes than those that were counted would contradict the number.
    labels: facts.labels.length > 0 && facts.labels.length === classes ? [...facts.labels] : null,
    task: facts.task === 'multiclass' && classes === 2 ? ('binary' as const) : facts.task,
    patients: facts.patients,
    doi: facts.doi,
    license: candidate.license === undefined ? facts.license : null,
  };
  return {
    ...candidate,
    ...given('coding', fillCoding(candidate.coding, facts, note)),
    ...given('data', orNothing({ ...data, ...fill<typeof data>(data, said, within('data')) })),
  };
}

function fillCoding(coding: Candidate['coding'], facts: CardFacts, note: Note): Candidate['coding'] {
  const said = {
    modality: facts.modality.length === 0 ? null : [...facts.modality],
    body_part: facts.bodyPart.length === 0 ? null : [...facts.bodyPart],
    domain: facts.domain,
  };
  const own = coding ?? {};
  return orNothing({ ...own, ...fill(own, said, (key) => note(`coding.${key}`)) });
}

/** The values that are said and that the other does not hold. */
function fill<T extends object>(
  own: T,
  said: { [Key in keyof T]?: T[Key] | null },
  note: Note,
): { [Key in keyof T]?: NonNullable<T[Key]> } {
  const added: { [Key in keyof T]?: NonNullable<T[Key]> } = {};
  for (const key of Object.keys(said) as (keyof T & string)[]) {
    const value = said[key];
    if (value === null || value === undefined || own[key] !== undefined) continue;
    added[key] = value as NonNullable<T[typeof key]>;
    note(key);
  }
  return added;
}

function orNothing<T extends object>(fields: T): T | undefined {
  return Object.keys(fields).length === 0 ? undefined : fields;
}

function given<Key extends string, T>(key: Key, value: T | undefined): { [K in Key]?: T } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]: T });
}

/** `pneumonia` of `hospital/pneumonia`. */
function withoutOwner(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1) || name;
}
