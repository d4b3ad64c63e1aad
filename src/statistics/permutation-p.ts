import { TransferEvidenceError } from '../errors.ts';
import { seededRandom } from '../random.ts';
import { kendallW } from './agreement.ts';

/** Up to so many orders are gone through one by one. */
const exactUpTo = 50_000;

/** Random orders beyond that. */
const draws = 9_999;

/** Values that rounding alone sets apart count as equal. */
const rounding = 1e-12;

export interface PermutationP {
  p: number;
  /** Whether every order was gone through; otherwise p is (1 + b) ÷ (1 + B) of 9,999 random ones. */
  exact: boolean;
}

/**
 * Two-sided p of “the two orders have nothing to do with each other”: the share of all orders of `b` whose correlation
 * with `a` is at least as far from 0 as the one seen. Exact up to 8 items. The smallest p there can be is 2 ÷ K! of K
 * items (.33 for 3, .083 for 4, .017 for 5), so fewer than 5 items never show agreement; give regret instead.
 * @param correlation {@link import('./weighted-tau.ts').weightedTau}, τ-b, Spearman's ρ or another from −1 to 1
 * @returns null where the correlation is undefined
 * @throws measure-refused below 2 items
 */
export function permutationP(
  correlation: (a: readonly number[], b: readonly number[]) => number | null,
  a: readonly number[],
  b: readonly number[],
  seed = 0,
): PermutationP | null {
  const seen = correlation(a, b);
  if (b.length < 2)
    throw new TransferEvidenceError('measure-refused', `An order needs at least 2 items; ${b.length} given.`);
  if (seen === null) return null;
  const far = (order: readonly number[]) => Math.abs(correlation(a, order)!) >= Math.abs(seen) - rounding;
  return shareOf([b], ([order]) => far(order!), seed);
}

/**
 * p of “the raters' orders have nothing to do with each other”: the share of all ways to reorder every rater's row but
 * the first that give a Kendall's W of at least the one seen. Exact where there are at most 50,000 ways.
 * @param ratings as {@link kendallW}
 * @returns null where W is undefined
 * @throws as {@link kendallW}
 */
export function kendallWPermutationP(ratings: readonly (readonly number[])[], seed = 0): PermutationP | null {
  const seen = kendallW(ratings);
  if (seen === null) return null;
  const [first, ...others] = ratings as [readonly number[], ...(readonly number[])[]];
  return shareOf(others, (rows) => kendallW([first, ...rows])! >= seen - rounding, seed);
}

/** The share of all reorderings of the rows that are counted. */
function shareOf(
  rows: readonly (readonly number[])[],
  counted: (rows: readonly (readonly number[])[]) => boolean,
  seed: number,
): PermutationP {
  const orders = rows.reduce((product, row) => product * factorial(row.length), 1);
  if (orders > exactUpTo) {
    const random = seededRandom(seed, 'permutation-p');
    let count = 1;
    for (let draw = 0; draw < draws; draw++) if (counted(rows.map((row) => random.shuffled(row)))) count++;
    return { p: count / (1 + draws), exact: false };
  }
  let count = 0;
  const current: (readonly number[])[] = [];
  const visit = () => {
    const row = rows[current.length];
    if (row === undefined) {
      if (counted(current)) count++;
      return;
    }
    for (const order of ordersOf(row)) {
      current.push(order);
      visit();
      current.pop();
    }
  };
  visit();
  return { p: count / orders, exact: true };
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

function* ordersOf(items: readonly number[]): Generator<number[]> {
  if (items.length < 2) yield [...items];
  for (const [index, item] of items.entries())
    if (items.length > 1) for (const rest of ordersOf(items.toSpliced(index, 1))) yield [item, ...rest];
}
