import { modalities } from './modalities.ts';
import { bareName } from './names.ts';
import { pathBetween, type Term, termName, type Vocabulary } from './vocabulary.ts';

/** Where a declaration stands: in the manifest, in the card that it points to, or in the images (names of folders, a table's columns). */
export const origins = ['manifest', 'card', 'images'] as const;

export type Origin = (typeof origins)[number];

/** What is known of a dataset by declaration: the manifest's words and its card. Empty and `null` where nothing is said. */
export interface DatasetCard {
  /** As written: DICOM codes or words. */
  modality: readonly string[];
  bodyPart: readonly string[];
  /** What the images show, in the field's words. */
  domain: string | null;
  /** How they were acquired: scanner, view, stain, magnification. */
  acquisition: string | null;
  task: 'multiclass' | 'binary' | 'multilabel' | null;
  /** Names of the classes. */
  labels: readonly string[];
  /** Number of classes: declared, else the number of labels. */
  classes: number | null;
  /** Of the whole dataset; the images at hand may be fewer. */
  images: number | null;
  patients: number | null;
  /** Where each of these that is said stands. */
  from: Readonly<Partial<Record<Said, Origin>>>;
}

export type Said = Exclude<keyof DatasetCard, 'from'>;

/**
 * Where a card contradicts itself or the images at hand, a clause each. A sample may hold fewer images and classes than its
 * dataset; it cannot hold more.
 * @param imagesAtHand all images that there are, `null` where there are none
 */
export function contradictionsOf(card: DatasetCard, imagesAtHand: number | null): string[] {
  const { modality, domain, task, labels, classes, images, patients, from } = card;
  const found: string[] = [];
  const say = (condition: boolean, text: string) => condition && found.push(text);
  const declared = from.labels !== 'images';
  const twice = declared ? labels.length - new Set(labels.map(bareName)).size : 0;
  say(twice > 0, `${twice} class ${twice === 1 ? 'name is' : 'names are'} declared more than once`);
  if (classes !== null) {
    const counted = `${classes} ${classes === 1 ? 'class' : 'classes'}`;
    const where = declared ? 'named' : 'found in the images';
    say(labels.length > classes, `${counted} declared and ${labels.length} ${where}`);
    say(task === 'binary' && classes !== 2, `a binary task declared with ${counted}`);
    say(task === 'multiclass' && classes < 3, `a multiclass task declared with ${counted}`);
  }
  if (images !== null) {
    say(patients !== null && patients > images, `${patients} patients declared with ${images} images`);
    say(imagesAtHand !== null && imagesAtHand > images, `${images} images declared and ${imagesAtHand} found`);
  }
  const shows = domain === null ? null : modalities.find(domain);
  const made = knownTerms(modality, modalities);
  if (shows && made.length > 0 && made.every((term) => isRoot(pathBetween(term, shows).ancestor)))
    found.push(`modality ${made.map(termName).join(', ')} declared with the domain “${domain}”`);
  return found;
}

/** The terms that words mean; words that are not in the vocabulary are left out. */
export function knownTerms(words: readonly string[], vocabulary: Vocabulary): Term[] {
  return words.flatMap((word) => vocabulary.find(word) ?? []);
}

function isRoot({ above }: Term): boolean {
  return above.length === 0;
}
