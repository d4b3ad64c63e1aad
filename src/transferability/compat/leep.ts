import { plainProducts } from '../../linear-algebra/products.ts';
import type { Matrix } from '../../matrix.ts';
import { classesOf } from '../labelled.ts';
import { expectedLikelihoods, fewestForLeep, meanOver, refuseUnlessProbabilities } from '../leep.ts';
import { fewestForNleep, mixtures, type NleepOptions, seedsOfNleep } from '../nleep.ts';

/**
 * What the LEEP of TencentARC/SFDA prints: the mean of Σ_z P(y | z) θ_z without its logarithm, between 0 and 1. It is not
 * the log-likelihood of {@link import('../leep.ts').leep}: images predicted with all but no probability cost next to
 * nothing. For comparison with published numbers only.
 * @throws as {@link import('../leep.ts').leep}
 */
export function sfdaLeep(probabilities: Matrix, labels: ArrayLike<number>, options: { fewest?: number } = {}): number {
  const classes = classesOf('LEEP', probabilities.rows, labels, options.fewest ?? fewestForLeep);
  refuseUnlessProbabilities('LEEP', probabilities);
  return meanOver(expectedLikelihoods(probabilities, classes), (value) => value);
}

/**
 * NLEEP as in TencentARC/SFDA: the same mixtures as {@link import('../nleep.ts').nleep}, but {@link sfdaLeep}, without the
 * logarithm, on their posteriors. For comparison with published numbers only.
 * @throws as {@link import('../nleep.ts').nleep}
 */
export async function sfdaNleep(
  features: Matrix,
  labels: ArrayLike<number>,
  options: NleepOptions = {},
): Promise<number> {
  const { seeds = seedsOfNleep, seed = 0, fewest = fewestForNleep, products = plainProducts } = options;
  const { counts } = classesOf('NLEEP', features.rows, labels, fewest);
  const { posteriors } = await mixtures(features, { classes: counts.length, seeds, seed }, products);
  return posteriors.reduce((sum, of) => sum + sfdaLeep(of, labels, { fewest }), 0) / posteriors.length;
}
