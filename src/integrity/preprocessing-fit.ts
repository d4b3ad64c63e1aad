import { seededRandom } from '../random.ts';
import { statisticsDivergence } from './gaussian-divergence.ts';
import type { PixelScaling, Setting } from './preprocessing-settings.ts';
import type { ImageStatistics, NormalisationLayer } from './running-statistics.ts';

/** Fewer images do not show what a network sees: the check is not made. */
export const leastImages = 16;

/** Above it the images are too unlike those of training to tell settings apart. */
const goodFit = 0.25;
/** How many times the best setting’s divergence the declared one’s must be, and by how much it must be larger. */
const clearRatio = 2;
const clearDifference = 0.02;
const draws = 400;
/** Of the draws: the share in which the declared setting may come off as well. */
const tolerated = 0.01;

/** How well one preprocessing explains the running statistics. */
export interface SettingFit extends Setting {
  /** See statisticsDivergence: 0 is perfect. */
  divergence: number;
  /** Of every image looked at. */
  images: readonly ImageStatistics[];
}

/** What the running statistics say of the declared preprocessing. */
export interface PreprocessingFit {
  /** `unlike`: no setting explains the statistics, so the images are not like those of training. */
  outcome: 'fits' | 'mismatch' | 'unlike';
  /** The declared setting's divergence. */
  declared: number;
  best: Omit<SettingFit, 'images'>;
}

/**
 * Judges the declared preprocessing against the common ones by what the network’s first batch normalisation saw in training (its running mean
 * and variance) and what it sees now. A mismatch is told only when another setting explains the statistics well (divergence ≤ 0.25), the
 * declared one’s divergence is at least twice as large and 0.02 larger, and both hold in 99 % of 400 bootstrap draws of the images.
 *
 * Calibrated on a published MobileNetV2 that holds its own statistics and on six networks whose statistics were taken from photographs, each
 * with 48 images of six sets. Declared right: no mismatch in 42 cases, nor in 2,700 draws of 16 to 64 images for three of them. Declared wrong
 * in 14 ways, with photographs (21 cases): 282 of 294 were found, each time with the right range named. The 12 others have BGR for RGB, which
 * only images with a cast of colour tell apart: of 21 times that it alone was wrong it was found 10 times. X-rays, CT, MRI and histology lie 0.45 or more from these statistics under any setting, photographs 0.19 or less under the
 * right one; between the two nothing is judged.
 *
 * Other ways were tried and left out. What the network's own scores are most certain of is the wrong setting more often than not: on CIFAR-10
 * MobileNetV2 is surest of images in [0, 255], which it was never trained with. Networks without statistics are therefore not checked.
 * @param declared the declared setting’s fit
 * @param common of the same images, in the same order
 */
export function judgePreprocessing(
  layer: NormalisationLayer,
  declared: Pick<SettingFit, 'divergence' | 'images' | 'scaling'>,
  common: readonly SettingFit[],
  seed: number,
): PreprocessingFit {
  const least = common.reduce((a, b) => (b.divergence < a.divergence ? b : a));
  const best = preferred(least, common, declared.scaling);
  const { images: _, ...told } = best;
  const fit = { declared: declared.divergence, best: told };
  if (Math.min(least.divergence, declared.divergence) > goodFit) return { outcome: 'unlike', ...fit };
  if (!clearlyWorse(declared.divergence, best.divergence)) return { outcome: 'fits', ...fit };
  const random = seededRandom(seed, 'preprocessing');
  const count = declared.images.length;
  let against = 0;
  for (let draw = 0; draw < draws; draw++) {
    const weights = new Uint16Array(count);
    for (let i = 0; i < count; i++) weights[random.integer(count)]!++;
    const of = ({ images }: Pick<SettingFit, 'images'>) => statisticsDivergence(layer, images, weights);
    if (of(declared) <= of(best)) against++;
  }
  return { outcome: against <= tolerated * draws ? 'mismatch' : 'fits', ...fit };
}

function clearlyWorse(declared: number, best: number): boolean {
  return declared >= clearRatio * best && declared - best >= clearDifference;
}

/** Among settings that fit as well as the best, the one that changes least of what is declared: grey images tell no channel order. */
function preferred(least: SettingFit, common: readonly SettingFit[], { channels }: PixelScaling): SettingFit {
  const equal = common.filter(({ divergence }) => !clearlyWorse(divergence, least.divergence));
  const ordered = equal.filter(({ scaling }) => scaling.channels === channels);
  const pool = ordered.length > 0 ? ordered : equal;
  return pool.reduce((a, b) => (b.divergence < a.divergence ? b : a), pool[0] ?? least);
}
