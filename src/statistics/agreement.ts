import { TransferEvidenceError } from '../errors.ts';

/** Ranks from 1 for the smallest value; equal values share the mean of their ranks. */
export function midranks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]! || 0);
  const ranks = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let place = from; place < to; place++) ranks[order[place]!] = (from + to + 1) / 2;
    from = to;
  }
  return ranks;
}

/**
 * Kendall's coefficient of concordance W, corrected for ties (Kendall & Smith 1939): 0 no agreement, 1 one and the same
 * order. Unitless.
 * @param ratings one row a rater, one number an item; only their order counts
 * @returns null when every rater holds all items equal
 * @throws shape-mismatch with fewer than two raters or items, or rows of different length
 */
export function kendallW(ratings: readonly (readonly number[])[]): number | null {
  const raters = ratings.length;
  const items = ratings[0]?.length ?? 0;
  if (raters < 2 || items < 2 || ratings.some((row) => row.length !== items))
    throw new TransferEvidenceError(
      'shape-mismatch',
      `Kendall's W needs two raters or more, each with the same two items or more; ${raters} rows of ${ratings.map((row) => row.length).join(', ')} were given.`,
    );
  const ranks = ratings.map(midranks);
  const sums = ranks[0]!.map((_, item) => ranks.reduce((sum, row) => sum + row[item]!, 0));
  const mean = (raters * (items + 1)) / 2;
  const spread = sums.reduce((total, sum) => total + (sum - mean) ** 2, 0);
  const tied = ranks.reduce((total, row) => total + tieCorrection(row), 0);
  const greatest = raters ** 2 * (items ** 3 - items) - raters * tied;
  return greatest > 0 ? (12 * spread) / greatest : null;
}

/** Σ (t³ − t) over the groups of t equal ranks. */
function tieCorrection(ranks: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const rank of ranks) counts.set(rank, (counts.get(rank) ?? 0) + 1);
  return [...counts.values()].reduce((total, count) => total + count ** 3 - count, 0);
}

/**
 * Kendall's rank correlation τ-b, which allows for ties (Kendall 1945): 1 the same order, −1 the reverse.
 * @returns null when one side holds all items equal
 * @throws shape-mismatch when the lengths differ
 */
export function kendallTauB(a: readonly number[], b: readonly number[]): number | null {
  if (a.length !== b.length)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `A rank correlation compares as many numbers as numbers; ${a.length} and ${b.length} were given.`,
    );
  let [agreed, untiedA, untiedB] = [0, 0, 0];
  for (let i = 1; i < a.length; i++)
    for (let j = 0; j < i; j++) {
      const signA = Math.sign(a[i]! - a[j]!);
      const signB = Math.sign(b[i]! - b[j]!);
      agreed += signA * signB;
      untiedA += signA ** 2;
      untiedB += signB ** 2;
    }
  return untiedA > 0 && untiedB > 0 ? agreed / Math.sqrt(untiedA * untiedB) : null;
}
