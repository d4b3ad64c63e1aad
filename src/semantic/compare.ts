import { anatomy } from './anatomy.ts';
import type { DatasetCard, Origin, Said } from './card.ts';
import { labelOverlap } from './labels.ts';
import { modalities } from './modalities.ts';
import { bareName } from './names.ts';
import { pathBetween, type Term, termName, type Vocabulary } from './vocabulary.ts';

/** What two datasets can be alike in by declaration. */
export const aspects = ['modality', 'body_part', 'domain', 'acquisition', 'task', 'classes', 'labels'] as const;

export type Aspect = (typeof aspects)[number];

/**
 * What came of one comparison. `same`: equal on both sides. `overlap`: something is shared, not all. `nested`: one is a
 * kind or part of the other. `different`: all known and nothing shared. `undecided`: a word is in no vocabulary and not the
 * other side's word, so that it may or may not mean the same. `not_declared`: one side says nothing.
 */
export const outcomes = ['same', 'overlap', 'nested', 'different', 'undecided', 'not_declared'] as const;

export type Outcome = (typeof outcomes)[number];

/** The way between a word of the target and the source's word that is nearest to it, in edges of a vocabulary's tree. */
export interface WordPath {
  target: string;
  source: string;
  /** The nearest term that both belong to. */
  ancestor: string;
  /** Edges from the target's term up to the common one, and from there down to the source's. Their sum is the distance. */
  up: number;
  down: number;
}

/** One aspect of a source beside the target's, with all that the outcome was drawn from. */
export interface SemanticRow {
  aspect: Aspect;
  /** As declared; empty where nothing is. */
  target: string[];
  source: string[];
  outcome: Outcome;
  /** For modality, body part and domain: one for each word of the target that is in the vocabulary. */
  paths: WordPath[];
  /** Words of either side that are in no vocabulary. */
  unknown: string[];
  /** Values of the target that the source has too. */
  shared: string[];
  /** For labels: shared ÷ all different names. */
  jaccard?: number;
  /** Shared label names that say nothing of what is shown. */
  empty?: string[];
  /** Where each side's words stand, for sides that say something. */
  from?: { target?: Origin; source?: Origin };
}

const saidAs: Record<Aspect, Said> = {
  modality: 'modality',
  body_part: 'bodyPart',
  domain: 'domain',
  acquisition: 'acquisition',
  task: 'task',
  classes: 'classes',
  labels: 'labels',
};

/**
 * Compares what two datasets declare of themselves, aspect by aspect. There is no total: how much a modality counts
 * against a label is not known. Aspects that neither side declares are left out.
 */
export function compareCards(target: DatasetCard, source: DatasetCard): SemanticRow[] {
  const one = <T>(value: T | null): T[] => (value === null ? [] : [value]);
  const rows: SemanticRow[] = [
    compareTerms('modality', target.modality, source.modality, modalities),
    compareTerms('body_part', target.bodyPart, source.bodyPart, anatomy),
    compareTerms('domain', one(target.domain), one(source.domain), modalities),
    compareTerms('acquisition', one(target.acquisition), one(source.acquisition), null),
    byValue('task', one(target.task), one(source.task)),
    byValue('classes', one(target.classes).map(String), one(source.classes).map(String)),
    byLabels(target.labels, source.labels),
  ];
  return rows
    .filter((row) => row.target.length > 0 || row.source.length > 0)
    .map((row) => ({ ...row, from: originsOf(row.aspect, target, source) }));
}

function originsOf(aspect: Aspect, target: DatasetCard, source: DatasetCard): NonNullable<SemanticRow['from']> {
  const [mine, theirs] = [target.from[saidAs[aspect]], source.from[saidAs[aspect]]];
  return { ...(mine && { target: mine }), ...(theirs && { source: theirs }) };
}

/** A declared word and what it means. */
interface Meaning {
  word: string;
  term: Term | null;
}

/** One aspect in the words of a vocabulary; without one, words are compared as they are written. */
export function compareTerms(
  aspect: Aspect,
  target: readonly string[],
  source: readonly string[],
  known: Vocabulary | null,
): SemanticRow {
  const meaningsOf = (words: readonly string[]) =>
    words.map((word): Meaning => ({ word, term: known?.find(word) ?? null }));
  const [mine, theirs] = [meaningsOf(target), meaningsOf(source)];
  const paths = mine.flatMap((meaning) => nearest(meaning, theirs));
  const found = theirs.map(identity);
  const shared = mine.filter((meaning) => found.includes(identity(meaning)));
  const unknown = [...mine, ...theirs].filter(({ term }) => term === null);
  return {
    aspect,
    target: [...target],
    source: [...source],
    outcome: outcomeOf(mine, theirs, { shared: shared.length, unknown: unknown.length }),
    paths,
    unknown: [...new Set(unknown.map(({ word }) => word))],
    shared: shared.map(({ word }) => word),
  };
}

function outcomeOf(
  mine: readonly Meaning[],
  theirs: readonly Meaning[],
  { shared, unknown }: { shared: number; unknown: number },
): Outcome {
  if (mine.length === 0 || theirs.length === 0) return 'not_declared';
  if (shared > 0) {
    const found = mine.map(identity);
    return shared === mine.length && theirs.every((meaning) => found.includes(identity(meaning))) ? 'same' : 'overlap';
  }
  const nested = mine.some(({ term }) => term && theirs.some((other) => other.term && isNested(term, other.term)));
  if (nested) return 'nested';
  return unknown > 0 ? 'undecided' : 'different';
}

function isNested(a: Term, b: Term): boolean {
  const { up, down } = pathBetween(a, b);
  return up === 0 || down === 0;
}

/** Words of one meaning are one; a word without a known meaning stands for itself. */
function identity({ word, term }: Meaning): string {
  return term === null ? `word ${bareName(word)}` : `term ${term.name}`;
}

/** The source's nearest term, the first where several are equally near; nothing when either side has no known word. */
function nearest({ word, term }: Meaning, theirs: readonly Meaning[]): WordPath[] {
  if (term === null) return [];
  let best: WordPath | null = null;
  for (const other of theirs) {
    if (other.term === null) continue;
    const { ancestor, up, down } = pathBetween(term, other.term);
    if (best === null || up + down < best.up + best.down)
      best = { target: word, source: other.word, ancestor: termName(ancestor), up, down };
  }
  return best === null ? [] : [best];
}

function byValue(aspect: Aspect, target: string[], source: string[]): SemanticRow {
  const shared = target.filter((value) => source.includes(value));
  const outcome =
    target.length === 0 || source.length === 0 ? 'not_declared' : shared.length > 0 ? 'same' : 'different';
  return { aspect, target, source, outcome, paths: [], unknown: [], shared };
}

function byLabels(target: readonly string[], source: readonly string[]): SemanticRow {
  const { shared, jaccard, empty } = labelOverlap(target, source);
  const outcome =
    target.length === 0 || source.length === 0
      ? 'not_declared'
      : jaccard === 1
        ? 'same'
        : shared.length > 0
          ? 'overlap'
          : 'different';
  return {
    aspect: 'labels',
    target: [...target],
    source: [...source],
    outcome,
    paths: [],
    unknown: [],
    shared,
    ...(jaccard === null || outcome === 'not_declared' ? {} : { jaccard }),
    ...(empty.length === 0 ? {} : { empty }),
  };
}
