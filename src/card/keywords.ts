import { anatomy } from '../semantic/anatomy.ts';
import type { DatasetCard } from '../semantic/card.ts';
import { modalities } from '../semantic/modalities.ts';
import { bareName } from '../semantic/names.ts';
import type { Term } from '../semantic/vocabulary.ts';

/** Words that may stand beside a modality or a body part without changing what the images show. */
const neutral = new Set(
  'the a of and in for image images imaging scan scans picture pictures dataset datasets data medical clinical medicine radiology classification segmentation detection recognition diagnosis disease diseases cancer tumor tumour tumors tumours lesion lesions pneumonia covid covid19 human patient patients healthcare health deep learning machine'.split(
    ' ',
  ),
);

/**
 * Words that are a term of a vocabulary and, in a list of keywords, far more often something else: pets, countries, languages. Codes of two
 * letters other than these are not taken from keywords either.
 */
const otherMeanings = new Set(['pet', 'pets', 'dsa', 'opg', 'oct', 'body', 'image', 'dr']);
const shortWords = new Set(['ct', 'mr']);

/** Words in a longer term: `optical coherence tomography (non-ophthalmic)`. */
const longestTerm = 6;

interface Shown {
  modality: Term[];
  bodyPart: Term[];
}

/**
 * What a keyword says of the images, when all its words are terms of the vocabularies or neutral: `chest x-ray` and `brain tumor
 * classification` do; `hand-written digits` and `brain-computer interface` do not, since a part of them would say something else.
 */
function termsIn(keyword: string): Shown | null {
  const words = keyword.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const shown: Shown = { modality: [], bodyPart: [] };
  for (let from = 0; from < words.length; ) {
    const { term, length } = longestAt(words, from);
    if (term === null && !neutral.has(words[from]!)) return null;
    if (term !== null && term.above.length > 0) {
      const known = modalities.terms.includes(term) ? shown.modality : shown.bodyPart;
      if (!known.includes(term)) known.push(term);
    }
    from += length;
  }
  return words.length === 0 ? null : shown;
}

/** Whether a name says what is shown and nothing more (`chest-xray`), so that two of the same name need not be one dataset. */
export function isGenericName(name: string): boolean {
  return termsIn(name) !== null;
}

function longestAt(words: readonly string[], from: number): { term: Term | null; length: number } {
  for (let length = Math.min(longestTerm, words.length - from); length > 0; length--) {
    const word = bareName(words.slice(from, from + length).join(' '));
    if (otherMeanings.has(word) || (word.length < 3 && !shortWords.has(word))) continue;
    const term = modalities.find(word) ?? anatomy.find(word);
    if (term !== null) return { term, length };
  }
  return { term: null, length: 1 };
}

/**
 * What a list of keywords says the images show. Terms that DICOM has no code for and that are no kind of X-ray (natural images,
 * microscopy, drawings) are the field's words for what is shown: the domain.
 */
export function shownBy(keywords: readonly string[]): Pick<DatasetCard, 'modality' | 'bodyPart' | 'domain'> {
  const found = keywords.flatMap((keyword) => termsIn(keyword) ?? []);
  const made = narrowest(found.flatMap(({ modality }) => modality));
  const coded = made.filter((term) => !isDomain(term));
  return {
    modality: coded.map(wordFor),
    bodyPart: narrowest(found.flatMap(({ bodyPart }) => bodyPart)).map(wordFor),
    domain: made.find(isDomain)?.name ?? null,
  };
}

/** Each term once, and none that another is a kind or part of. */
function narrowest(terms: readonly Term[]): Term[] {
  return [...new Set(terms)].filter((term) => !terms.some((other) => other.above.includes(term)));
}

function isDomain(term: Term): boolean {
  const kinds = [term, ...term.above].map(({ name }) => name);
  return term.code === null && (kinds.includes('visible-light imaging') || kinds.includes('drawn images'));
}

/** As the manifest writes it: the code, else the name. */
export function wordFor({ code, name }: Term): string {
  return code ?? name;
}
