import { indexOfForms, positionOf } from './names.ts';

/** A term as a vocabulary's table writes it, with the narrower terms below it. */
export interface Branch {
  name: string;
  /** The term's code in DICOM; terms without one are ours. */
  code?: string;
  /** Other words for the same. */
  also?: readonly string[];
  kinds?: readonly Branch[];
}

/** A term of a controlled vocabulary. */
export interface Term {
  name: string;
  code: string | null;
  /** The terms above it, the nearest first; empty for the root. */
  above: readonly Term[];
}

/** Terms in a tree, and the words that mean them. */
export interface Vocabulary {
  terms: readonly Term[];
  /** The term that a word means, in any case and spelling; `null` for a word that is not in the vocabulary. */
  find(word: string): Term | null;
}

/** The way from one term up to the nearest common one and down to the other. */
export interface TermPath {
  ancestor: Term;
  /** Edges from the first term up to the common ancestor; 0 when the first term is the ancestor. */
  up: number;
  /** Edges from the common ancestor down to the second term; 0 when the second term is the ancestor. */
  down: number;
}

/** Reads a table of terms into a vocabulary. A word is only ever one term's: see the test of each table. */
export function vocabulary(root: Branch): Vocabulary {
  const terms: Term[] = [];
  const words: string[] = [];
  const owners: Term[] = [];
  const add = ({ name, code, also = [], kinds = [] }: Branch, above: readonly Term[]) => {
    const term: Term = { name, code: code ?? null, above };
    terms.push(term);
    for (const word of [name, ...(code === undefined ? [] : [code]), ...also]) {
      words.push(word);
      owners.push(term);
    }
    for (const kind of kinds) add(kind, [term, ...above]);
  };
  add(root, []);
  const index = indexOfForms(words);
  return {
    terms,
    find: (word) => {
      const at = positionOf(word, index);
      return at === undefined ? null : owners[at]!;
    },
  };
}

/** Two terms of one vocabulary; equal terms are 0 and 0 edges apart. */
export function pathBetween(first: Term, second: Term): TermPath {
  const below = [second, ...second.above];
  const chain = [first, ...first.above];
  const up = chain.findIndex((term) => below.includes(term));
  const ancestor = chain[up]!;
  return { ancestor, up, down: below.indexOf(ancestor) };
}

/** Whether a term is one of these names or codes, or a kind or part of one. */
export function isWithin(term: Term, names: ReadonlySet<string>): boolean {
  return [term, ...term.above].some(({ code, name }) => names.has(code ?? name));
}

/** `chest (CHEST)`, `skin`. */
export function termName({ name, code }: Term): string {
  return code === null ? name : `${name} (${code})`;
}
