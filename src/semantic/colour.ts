import { wilson } from '../statistics/wilson.ts';
import { knownTerms } from './card.ts';
import { modalities } from './modalities.ts';
import { isWithin } from './vocabulary.ts';

/** Made of one number a pixel: DICOM's image objects of these modalities are monochrome. */
const grey: ReadonlySet<string> = new Set(['CR', 'DX', 'RG', 'MG', 'IO', 'PX', 'RF', 'XA', 'CT', 'MR']);

/**
 * Taken in colour. Slides and fundus photographs are left out: fluorescence and red-free pictures are grey. So are
 * ultrasound and nuclear images, which may be grey or in false colour.
 */
const coloured: ReadonlySet<string> = new Set(['XC', 'ES', 'DMS', 'natural images']);

/** What the images show against what the declared modality is made of. */
export interface ColourConflict {
  expected: 'grey' | 'colour';
  /** Of the images looked at, 0 … 1. */
  greyShare: number;
  low: number;
  high: number;
  images: number;
}

/**
 * Whether most images are in colour although every declared modality is grey, or the reverse: the 95 % interval of the
 * share of grey images (Wilson 1927) has to lie on the other side of one half.
 * @param isGrey per image, see similarity/visual/grey-share.ts
 * @returns `null` when there is no conflict, or the modality can be either, is unknown or not declared
 */
export function colourConflict(modality: readonly string[], isGrey: readonly boolean[]): ColourConflict | null {
  const terms = knownTerms(modality, modalities);
  if (terms.length === 0 || terms.length < modality.length || isGrey.length === 0) return null;
  const expected = terms.every((term) => isWithin(term, grey))
    ? 'grey'
    : terms.every((term) => isWithin(term, coloured))
      ? 'colour'
      : null;
  if (expected === null) return null;
  const found = isGrey.filter(Boolean).length;
  const { low, high } = wilson(found, isGrey.length);
  const conflict = expected === 'grey' ? high < 0.5 : low > 0.5;
  return conflict ? { expected, greyShare: found / isGrey.length, low, high, images: isGrey.length } : null;
}
