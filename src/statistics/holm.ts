import { TransferEvidenceError } from '../errors.ts';

/**
 * Holm's step-down adjusted p-values, in the order given: the i-th smallest of m is multiplied by m − i (i from 0),
 * cut at 1 and made monotone. Holm 1979, Scand. J. Statist. 6:65.
 * @throws measure-refused when a p-value is not in [0, 1]
 */
export function holm(pValues: readonly number[]): number[] {
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  for (const [rank, index] of ascending(pValues).entries()) {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[index]!));
    adjusted[index] = largest;
  }
  return adjusted;
}

/**
 * The level at which to draw each claim's interval, so that an interval leaves the claim's margin out exactly when
 * Holm's procedure rejects at `alpha`. The i-th smallest p (i from 0) is tested at alpha / (m − i); from the first one
 * that fails on, all share the level of that step. Equal p-values share the strictest of their levels.
 * @throws measure-refused when a p-value is not in [0, 1] or alpha is not in (0, 1)
 */
export function holmLevels(pValues: readonly number[], alpha = 0.05): number[] {
  if (!(alpha > 0 && alpha < 1))
    throw new TransferEvidenceError(
      'measure-refused',
      `Holm's correction needs an alpha between 0 and 1; ${alpha} was given.`,
    );
  const levels = new Array<number>(pValues.length);
  let share = alpha;
  let stopped = false;
  let previous = -1;
  for (const [rank, index] of ascending(pValues).entries()) {
    const p = pValues[index]!;
    if (!stopped && p !== previous) {
      share = alpha / (pValues.length - rank);
      stopped = p > share;
    }
    levels[index] = 1 - share;
    previous = p;
  }
  return levels;
}

function ascending(pValues: readonly number[]): number[] {
  for (const p of pValues)
    if (!(p >= 0 && p <= 1))
      throw new TransferEvidenceError('measure-refused', `Holm's correction needs p-values in [0, 1]; ${p} was given.`);
  return pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]! || a - b);
}
