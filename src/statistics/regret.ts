import { TransferEvidenceError } from '../errors.ts';

/**
 * What following a score costs: the highest truth of all minus the highest among the `k` items that the score puts
 * first, in the truth's unit (accuracy or AUC, as a fraction or in points). 0 is best; of equal scores the earlier item
 * comes first. Means something for two items already, where no correlation does.
 * @param truth what each item is really worth, higher is better
 * @throws shape-mismatch when the lengths differ, measure-refused without items, for a k below 1 or a value that is no number
 */
export function regretAt(k: number, score: readonly number[], truth: readonly number[]): number {
  if (score.length !== truth.length)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `Regret needs a score and a truth for every item; ${score.length} and ${truth.length} were given.`,
    );
  if (score.length === 0 || !(k >= 1) || score.some(Number.isNaN) || truth.some(Number.isNaN))
    throw new TransferEvidenceError(
      'measure-refused',
      `Regret needs at least one item, at least the first of them, and values that are numbers; ${score.length} items and the first ${k} were given.`,
    );
  const first = score
    .map((_, item) => item)
    .sort((i, j) => (score[j]! === score[i]! ? i - j : score[j]! - score[i]!))
    .slice(0, k);
  const best = (items: readonly number[]) => items.reduce((most, item) => Math.max(most, truth[item]!), -Infinity);
  const highest = best(truth.map((_, item) => item));
  const reached = best(first);
  return highest === reached ? 0 : highest - reached;
}
