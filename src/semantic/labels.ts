import { bareName, indexOfForms, positionOf } from './names.ts';

/** What two lists of class names have in common. */
export interface LabelOverlap {
  /** Names of both, as the first list writes them. */
  shared: string[];
  /** Shared names ÷ all different names of the two, 0 … 1; higher is more alike (Jaccard 1912). `null` without any name. */
  jaccard: number | null;
  /** Shared names that say nothing of what is shown, such as `normal` or `other`. */
  empty: string[];
}

const sayingNothing = new Set(
  ['normal', 'abnormal', 'negative', 'positive', 'other', 'no finding', 'background', 'unknown', 'none', 'class']
    .concat(['yes', 'no', 'true', 'false', 'case', 'control', 'misc', 'miscellaneous', 'rest'])
    .map(bareName),
);

/**
 * Class names that two datasets share, in any case, punctuation and regular English plural. Words of one meaning but
 * another spelling (`pleural fluid`, `effusion`) are not matched: that would be a guess.
 */
export function labelOverlap(first: readonly string[], second: readonly string[]): LabelOverlap {
  const mine = distinct(first);
  const theirs = distinct(second);
  const index = indexOfForms(theirs);
  const shared = mine.filter((name) => positionOf(name, index) !== undefined);
  const all = mine.length + theirs.length - shared.length;
  return {
    shared,
    jaccard: all === 0 ? null : shared.length / all,
    empty: shared.filter(saysNothing),
  };
}

/** Whether a class name is a number or a word such as `normal` or `other`, that says nothing of what is shown. */
export function saysNothing(name: string): boolean {
  return sayingNothing.has(bareName(name)) || /^(?:class)?\d+$/.test(bareName(name));
}

/** The first of each group of names that are the same. */
function distinct(names: readonly string[]): string[] {
  const index = indexOfForms(names);
  return names.filter((name, at) => positionOf(name, index) === at);
}
