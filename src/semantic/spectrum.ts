import { wilson } from '../statistics/wilson.ts';
import { knownTerms } from './card.ts';
import { modalities } from './modalities.ts';
import { isWithin } from './vocabulary.ts';

/** Exponents β that were published of a modality's power spectra, power ∝ frequency^−β. */
interface Spectra {
  /** Names or codes of the terms that it holds for, those below them included. */
  terms: readonly string[];
  published: string;
}

/** Modalities with published exponents. Of others, ultrasound, slides and endoscopy among them, nothing comparable was found. */
const known: readonly Spectra[] = [
  {
    terms: ['projection radiography'],
    // Li 2006, doi 10.1117/12.654188 (2.47 and 2.92); Chen 2012, doi 10.1118/1.3685462 (3.17 and 3.30, SD 0.2).
    published: '2.5 to 3.3 in mammograms (Li 2006, Chen 2012)',
  },
  {
    terms: ['MR'],
    // T1 2.6 to 3.1, FLAIR 2.2 to 2.7: Xu 2019, doi 10.3389/fninf.2019.00046.
    published: '2.2 to 3.1 in brain MR (Xu 2019)',
  },
  {
    terms: ['CT'],
    // Slices of the breast: 1.75 to 1.83 (SD 0.4) where thin, Chen 2012; towards 3 where thick, Chen 2011, Proc. SPIE 7961.
    published: '1.8 to 3 in breast CT (Chen 2011, 2012)',
  },
  {
    terms: ['natural images'],
    // Twice the slopes of amplitude, 0.8 to 1.5 over 135 images: Tolhurst 1992, Ophthalmic Physiol. Opt. 12:229.
    published: '1.6 to 3.0 in photographs (Tolhurst 1992)',
  },
];

/**
 * An exponent below this is that of noise. It lies far below all that is published, since files hold what publications leave out: noise, which
 * flattens the upper frequencies, sharpening and reducing. Power that falls with 2.5 and meets white noise at the fifth of 127 frequencies
 * still has 0.32 over all of them; chest CT at 64 px, the flattest correctly declared images that were tried, had 1.4, and 0.5 sharpened.
 *
 * Nothing finer is said. Published photographs and radiographs overlap (1.6 … 3.0 and 2.5 … 3.3), so the spectrum does not tell one from the
 * other; colour does (see colour.ts). An exponent that is too high speaks of enlarging or smoothing, and of no modality.
 */
const flat = 0.3;

/** Images whose spectrum is that of noise, though what is declared has another. */
export interface SpectrumConflict {
  /** What was published of the declared modalities. */
  published: string;
  bound: number;
  /** Mean exponent over the images. */
  exponent: number;
  /** Share of the groups that lie below the bound, with its 95 % interval, 0 … 1. */
  share: number;
  low: number;
  high: number;
  images: number;
}

/** Fewer groups do not show what most of a dataset is like. */
const fewestGroups = 10;

/**
 * Whether most images have the spectrum of noise although every declared modality has published spectra, none of which is like it: the 95 %
 * interval (Wilson 1927) of the share of groups below the bound has to lie above one half. A group counts by the mean of its images.
 * @param images slope of the log-log power spectrum and high-frequency share, see similarity/visual, and group of each; images without
 *   power beyond rounding (blank slices) are left out
 * @returns `null` when there is no conflict, fewer than 10 groups, or a declared modality of which nothing is published
 */
export function spectrumConflict(
  modality: readonly string[],
  images: readonly { slope: number; highFrequency: number; group: string }[],
): SpectrumConflict | null {
  const terms = knownTerms(modality, modalities);
  if (terms.length === 0 || terms.length < modality.length) return null;
  const published = new Set<string>();
  for (const term of terms) {
    const spectra = known.find((one) => isWithin(term, new Set(one.terms)));
    if (spectra === undefined) return null;
    published.add(spectra.published);
  }

  const seen = images.filter(({ highFrequency }) => highFrequency > 0);
  const groups = [...Map.groupBy(seen, ({ group }) => group).values()];
  if (groups.length < fewestGroups) return null;
  const below = groups.filter((group) => meanExponent(group) < flat).length;
  const { low, high } = wilson(below, groups.length);
  if (low <= 0.5) return null;
  return {
    published: [...published].join(', '),
    bound: flat,
    exponent: meanExponent(seen),
    share: below / groups.length,
    low,
    high,
    images: seen.length,
  };
}

function meanExponent(images: readonly { slope: number }[]): number {
  return -images.reduce((sum, { slope }) => sum + slope, 0) / images.length;
}
