import { isGenericName } from '../card/keywords.ts';
import { datasetsNamed, type KnownName, shareImages } from './known-datasets.ts';

/** What a manifest and the cards it points to say of where a network’s weights or a target’s images come from. */
export interface Provenance {
  /** The target’s name, or the name of the data that the weights were trained on. */
  name: string | null;
  doi: string | null;
  /** Other words that people put a dataset’s name into: an id, a file’s or folder’s name. */
  hints: readonly string[];
  /** Names that a card gives: of the target, or of the data that the weights were trained on. A hub's id keeps its owner, `owner/name`. */
  inCards?: readonly string[];
  /** Datasets that this one was made from, or networks that the weights began as, by a card. */
  madeFrom?: readonly string[];
}

/** Why weights are taken to have been trained on the target’s images. */
export interface SawTarget {
  /** What the weights are said to be trained on, and where that is said. */
  source: string;
  /** What the target is said to be. */
  target: string;
}

/**
 * Whether a network’s declared training data holds the target’s images. Three grounds, the first that holds is told: one DOI; one name (as the
 * manifest or a card gives them, but for case, spaces and dashes); two known datasets that share images (see known-datasets), named by the
 * manifest, a card, the candidate’s id or the file’s name. Nothing is concluded from names that only sound alike, nor from a card’s name that
 * says no more than what is shown (`chest-xray`).
 * @returns undefined where nothing says so: that is no proof that the weights never saw the target
 */
export function sawTarget(weights: Provenance, target: Provenance): SawTarget | undefined {
  if (weights.doi !== null && target.doi !== null && plainDoi(weights.doi) === plainDoi(target.doi))
    return { source: `data with the DOI ${plainDoi(weights.doi)}`, target: 'data with the same DOI' };
  if (weights.name !== null && target.name !== null && letters(weights.name) === letters(target.name))
    return { source: weights.name, target: target.name };
  const shared = sharedName(weights, target);
  if (shared !== undefined) return shared;
  const targets = [target.name, ...target.hints, ...(target.inCards ?? [])].flatMap((text) => known(text ?? ''));
  const sources = (target.madeFrom ?? []).flatMap(known);
  for (const text of [weights.name, ...weights.hints, ...(weights.inCards ?? []), ...(weights.madeFrom ?? [])]) {
    if (text === null) continue;
    for (const own of datasetsNamed(text, { whole: false })) {
      const holds = (name: KnownName) => shareImages(own, name);
      const held = targets.find(holds) ?? sources.find(holds);
      if (held === undefined) continue;
      const said = letters(text) === letters(own) ? own : `${own} (it says ${text})`;
      const made = targets.includes(held) ? held : `made from ${held}`;
      return { source: said, target: held === own ? made : `${made}, of which the two share images` };
    }
  }
  return undefined;
}

/** One name on both sides, at least one of them a card’s. */
function sharedName(weights: Provenance, target: Provenance): SawTarget | undefined {
  const [theirs, own] = [weights.inCards ?? [], target.inCards ?? []];
  const pairs = [
    ...theirs.flatMap((name) =>
      [...own, ...(target.name === null ? [] : [target.name])].map((of) => [name, of] as const),
    ),
    ...(weights.name === null ? [] : own.map((of) => [weights.name!, of] as const)),
  ];
  const found = pairs.find(([name, of]) => isOneName(name, of));
  return found && { source: found[0], target: found[1] };
}

/** Two ids with owners must agree in both; a name without one may be anybody’s, so it must be a name of its own. */
function isOneName(a: string, b: string): boolean {
  const [one, other] = [ownerAndName(a), ownerAndName(b)];
  if (letters(one.name) === '' || letters(one.name) !== letters(other.name)) return false;
  if (one.owner !== null && other.owner !== null) return letters(one.owner) === letters(other.owner);
  return !isGenericName(one.name);
}

function ownerAndName(text: string): { owner: string | null; name: string } {
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/u.exec(text) ?? [];
  return owner === undefined ? { owner: null, name: text } : { owner, name: name! };
}

function known(text: string): KnownName[] {
  return datasetsNamed(text, { whole: true });
}

function letters(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');
}

/** 10.1000/182 of https://doi.org/10.1000/182, doi:10.1000/182 and the like. */
function plainDoi(text: string): string {
  return /10\.\d{4,9}\/\S+/u.exec(text.toLowerCase())?.[0].replace(/[.,;)]+$/u, '') ?? text.toLowerCase();
}
