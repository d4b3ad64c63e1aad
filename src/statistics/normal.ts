import studentDistribution from '@stdlib/stats-base-dists-t-cdf';

/** Student's t with so many degrees of freedom is the normal distribution to twelve digits. */
const normal = 1e15;

/** Two-sided p of a standard normal statistic: the share of the distribution that lies at least as far from 0. */
export function normalPValue(z: number): number {
  return Math.min(1, 2 * studentDistribution(-Math.abs(z), normal));
}
