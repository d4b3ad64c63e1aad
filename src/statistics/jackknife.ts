import { TransferEvidenceError } from '../errors.ts';
import type { Estimate } from '../evidence/schema.ts';
import type { Random } from '../random.ts';
import { estimateFrom } from './estimate.ts';

/** Fewer independent groups than this give no interval. */
export const fewestBlocks = 5;

/**
 * Into how many blocks the rows are dealt: 20, or 10 when a set has fewer than 200 rows, and never more than there are
 * groups in a set.
 * @param sets rows and independent groups of every set that the quantity is computed from
 * @throws measure-refused when a set has fewer than {@link fewestBlocks} groups
 */
export function blockCount(sets: readonly { rows: number; groups: number }[]): number {
  const rows = Math.min(...sets.map((set) => set.rows));
  const groups = Math.min(...sets.map((set) => set.groups));
  if (!(groups >= fewestBlocks))
    throw new TransferEvidenceError(
      'measure-refused',
      `An interval needs at least ${fewestBlocks} independent groups of images in each set; ${groups} found.`,
    );
  return Math.min(rows < 200 ? 10 : 20, groups);
}

/**
 * The block of each row: groups (patients, slides, or single images) are dealt in random order, each to one block with
 * all its rows. Dealt in the order of their names, which is often that of classes or sites, every block would hold the
 * same mix, and the interval would not know that another sample of images has another mix.
 * @param groups the group of each row
 */
export function blocksOf(groups: readonly string[], blocks: number, random: Random): Int32Array {
  const names = random.shuffled([...new Set(groups)].sort());
  const rank = new Map(names.map((name, index) => [name, index]));
  return Int32Array.from(groups, (name) => rank.get(name)! % blocks);
}

/**
 * Delete-a-group jackknife: se² = (G − 1)/G · Σ(J_g − J̄)², t with G − 1 degrees of freedom, where J_g is the statistic
 * without block g. For a statistic of two sets the block is left out of both; for a difference of two distances to one
 * target, J_g is the difference without the block. Unlike a bootstrap it never puts one image beside itself, which
 * would bias kernel and Fréchet distances. Shao & Tu 1995, “The Jackknife and Bootstrap”, section 2.3.
 * @param value the statistic of all rows
 * @param leftOut J_g, one a block
 * @throws measure-refused for fewer than 2 blocks or a value that is not finite
 */
export function jackknife(value: number, leftOut: ArrayLike<number>): Estimate {
  const blocks = leftOut.length;
  if (blocks < 2)
    throw new TransferEvidenceError('measure-refused', `A jackknife needs at least 2 blocks; ${blocks} given.`);
  const values = Array.from(leftOut);
  const mean = values.reduce((sum, x) => sum + x, 0) / blocks;
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return estimateFrom({
    value,
    standardError: Math.sqrt(((blocks - 1) / blocks) * squares),
    degreesOfFreedom: blocks - 1,
    method: `block jackknife, ${blocks} blocks`,
  });
}
