import { TransferEvidenceError } from '../errors.ts';

/**
 * The exact interval of a share, by the binomial tails: `low` is the share under which `found` or more of `n` would be
 * seen with probability (1 − level)/2, `high` the one under which `found` or fewer would. Covers at least at `level`,
 * most often at more; {@link import('./wilson.ts').wilson} is nearer to it. Clopper & Pearson 1934, Biometrika 26:404.
 * @param found whole, between 0 and `n`
 * @param n independent units, whole, at least 1
 * @throws measure-refused for other counts, or a level outside (0, 1)
 */
export function clopperPearson(found: number, n: number, level = 0.95): { low: number; high: number } {
  if (!(Number.isInteger(found) && Number.isInteger(n) && n >= 1 && found >= 0 && found <= n))
    throw new TransferEvidenceError(
      'measure-refused',
      `The exact interval of a share needs a whole number of units from 1 and as many or fewer found; ${found} of ${n} were given.`,
    );
  if (!(level > 0 && level < 1))
    throw new TransferEvidenceError(
      'measure-refused',
      `An interval needs a level between 0 and 1; ${level} was given.`,
    );
  const tail = (1 - level) / 2;
  return {
    low: found === 0 ? 0 : shareWhere((share) => atLeast(found, n, share) >= tail),
    high: found === n ? 1 : 1 - shareWhere((share) => atLeast(n - found, n, share) >= tail),
  };
}

/** The smallest share for which the condition, false below it and true above, holds: by bisection to the last bit. */
function shareWhere(reached: (share: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let middle = 0.5; middle > low && middle < high; middle = (low + high) / 2)
    if (reached(middle)) high = middle;
    else low = middle;
  return high;
}

/** P(X ≥ found) of a binomial X: its terms, each from the one before, added up from the smaller tail's logarithms. */
function atLeast(found: number, n: number, share: number): number {
  const odds = Math.log(share) - Math.log1p(-share);
  let logTerm = n * Math.log1p(-share);
  let sum = 0;
  for (let k = 0; k <= n; k++) {
    if (k >= found) sum += Math.exp(logTerm);
    logTerm += Math.log((n - k) / (k + 1)) + odds;
  }
  return sum;
}
