import { TransferEvidenceError } from '../errors.ts';

/**
 * The weighted τ of Vigna 2015 (“A weighted correlation index for rankings with ties”, WWW, equation 3): Kendall's τ in
 * which a pair counts with 1/(1 + r) of one plus 1/(1 + s) of the other, r and s their places from 0 at the highest, so
 * that the order of the best weighs most. Places are taken once by `a` and once by `b`, and the two results averaged;
 * equal items of one are placed by the other. The value of scipy's `weightedtau` as it stands. 1 the same order, −1 the
 * reverse. Unlike τ it does not change its sign when one side is turned round, because then others are the best.
 * @returns null when one side holds all items equal
 * @throws shape-mismatch when the lengths differ, measure-refused for a value that is no number
 */
export function weightedTau(a: readonly number[], b: readonly number[]): number | null {
  if (a.length !== b.length)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `A rank correlation compares as many numbers as numbers; ${a.length} and ${b.length} were given.`,
    );
  if (a.some(Number.isNaN) || b.some(Number.isNaN))
    throw new TransferEvidenceError('measure-refused', 'A rank correlation needs values that are numbers; one is NaN.');
  const byA = placedBy(a, b);
  const byB = placedBy(b, a);
  return byA === null || byB === null ? null : (byA + byB) / 2;
}

function placedBy(first: readonly number[], second: readonly number[]): number | null {
  const order = first.map((_, item) => item).sort((i, j) => first[j]! - first[i]! || second[j]! - second[i]! || j - i);
  const weights = new Float64Array(first.length);
  order.forEach((item, place) => {
    weights[item] = 1 / (1 + place);
  });
  let [agreed, untiedFirst, untiedSecond] = [0, 0, 0];
  for (let i = 1; i < first.length; i++)
    for (let j = 0; j < i; j++) {
      const weight = weights[i]! + weights[j]!;
      const signFirst = Math.sign(first[i]! - first[j]!);
      const signSecond = Math.sign(second[i]! - second[j]!);
      agreed += weight * signFirst * signSecond;
      untiedFirst += weight * signFirst ** 2;
      untiedSecond += weight * signSecond ** 2;
    }
  return untiedFirst > 0 && untiedSecond > 0 ? agreed / Math.sqrt(untiedFirst * untiedSecond) : null;
}
