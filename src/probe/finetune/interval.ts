import { TransferEvidenceError } from '../../errors.ts';
import type { Estimate } from '../../evidence/schema.ts';
import { estimateFrom } from '../../statistics/estimate.ts';
import { jackknife } from '../../statistics/jackknife.ts';
import { widened } from '../compare.ts';
import type { SeedScores } from './seed-scores.ts';

/** Seeds after which test images come round again; see splits.ts. */
const disjointSeeds = 5;

/**
 * The interval of a mean over S seeds, each with its own train and test images: SE² = s_image² + s² ÷ min(S, 5).
 *
 * s_image² is the variance due to which images are tested, by deleting one group at a time (Shao & Tu 1995, section
 * 2.3); alone it knows nothing of training. s² is the variance between seeds: initial weights, order, train images, and
 * also test images, which are thus counted twice. What that gives too much pays for the train images that seeds share,
 * which no variance between them shows (Bengio & Grandvalet 2004); without it a true tie is called a difference in up to
 * 10 % of all cases instead of 5 %. Past five seeds no new image is tested, and s² is divided no further. Degrees of
 * freedom by Welch (1947) and Satterthwaite (1946) from groups − 1 and S − 1. How often each such rule errs, and how
 * wide it is: `__tests__/bench/finetune-intervals.ts`.
 * @param scores of a subject, or the differences of two subjects' scores, number by number
 * @param halfWidth of the 95 % interval at the least
 * @throws measure-refused for fewer than 2 seeds or 2 groups
 */
export function seedInterval({ bySeed, without }: SeedScores, halfWidth: number): Estimate {
  const seeds = bySeed.length;
  if (seeds < 2)
    throw new TransferEvidenceError('measure-refused', `A variance over seeds needs at least 2 seeds; ${seeds} given.`);
  const value = bySeed.reduce((sum, score) => sum + score, 0) / seeds;
  const image = jackknife(value, without);
  const variance = bySeed.reduce((sum, score) => sum + (score - value) ** 2, 0) / (seeds - 1);
  const [ofImages, ofSeeds] = [image.standardError ** 2, variance / Math.min(seeds, disjointSeeds)];
  const spread = ofImages ** 2 / image.degreesOfFreedom + ofSeeds ** 2 / (seeds - 1);
  const degreesOfFreedom = spread > 0 ? (ofImages + ofSeeds) ** 2 / spread : seeds - 1;
  const standardError = Math.sqrt(ofImages + ofSeeds);
  const method = `${seeds} seeds, variance between them and jackknife over ${without.length} groups of test images`;
  return widened(estimateFrom({ value, standardError, degreesOfFreedom, method }), halfWidth);
}
