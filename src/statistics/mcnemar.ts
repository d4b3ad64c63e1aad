import { TransferEvidenceError } from '../errors.ts';

/** Two-sided p of “both are right equally often”, from the images on which only one of two is right. */
export interface McNemar {
  /** By the binomial distribution with share ½: never too small, often too large. */
  exact: number;
  /** The same with half the probability of what was seen: nearer to the stated level (Fagerland et al. 2013). */
  midP: number;
}

/**
 * McNemar's test of two classifiers on the same images, which must be independent: with several images a patient it is
 * too sure. McNemar 1947, Psychometrika 12:153; exact and mid-p form as in Fagerland, Lydersen & Laake 2013, BMC Med.
 * Res. Methodol. 13:91, equations 2 and 3.
 * @param onlyFirst images on which the first alone is right
 * @param onlySecond images on which the second alone is right
 * @throws measure-refused when a count is not a whole number from 0
 */
export function mcNemar(onlyFirst: number, onlySecond: number): McNemar {
  if (!(Number.isInteger(onlyFirst) && Number.isInteger(onlySecond) && onlyFirst >= 0 && onlySecond >= 0))
    throw new TransferEvidenceError(
      'measure-refused',
      `McNemar's test needs two whole numbers of images from 0; ${onlyFirst} and ${onlySecond} were given.`,
    );
  const n = onlyFirst + onlySecond;
  if (n === 0) return { exact: 1, midP: 1 };
  const fewer = Math.min(onlyFirst, onlySecond);
  let logTerm = -n * Math.LN2;
  let below = 0;
  for (let k = 0; k < fewer; k++) {
    below += Math.exp(logTerm);
    logTerm += Math.log((n - k) / (k + 1));
  }
  const seen = Math.exp(logTerm);
  return {
    exact: Math.min(1, 2 * (below + seen)),
    midP: onlyFirst === onlySecond ? 1 - seen / 2 : 2 * below + seen,
  };
}
