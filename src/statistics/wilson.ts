import { TransferEvidenceError } from '../errors.ts';
import { tQuantile } from './estimate.ts';

/** Student's t with so many degrees of freedom is the normal distribution to twelve digits. */
const normal = 1e15;

/**
 * The score interval of a share, (p + z²/2n ± z·√(p(1 − p)/n + z²/4n²)) ÷ (1 + z²/n): within 0 … 1, and of some width where
 * none or all are found. Wilson 1927, JASA 22:209.
 * @param found of `n`; need not be whole, when `n` counts groups of which each may be found in part
 * @param n independent units, at least 1
 * @throws measure-refused when `n` is below 1 or `found` is not between 0 and `n`
 */
export function wilson(found: number, n: number, level = 0.95): { low: number; high: number } {
  if (!(n >= 1 && found >= 0 && found <= n))
    throw new TransferEvidenceError(
      'measure-refused',
      `The interval of a share needs at least 1 unit and between 0 and all of them found; ${found} of ${n} were given.`,
    );
  const z = tQuantile((1 + level) / 2, normal);
  const p = found / n;
  const spread = (z * z) / n;
  const centre = (p + spread / 2) / (1 + spread);
  const half = (z * Math.sqrt((p * (1 - p)) / n + spread / (4 * n))) / (1 + spread);
  return { low: found === 0 ? 0 : centre - half, high: found === n ? 1 : centre + half };
}
