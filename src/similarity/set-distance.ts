import type { Matrix } from '../matrix.ts';
import type { Random } from '../random.ts';

/** The rows of one set, and the group (patient, slide, or the image itself) of each. */
export interface GroupedSet {
  features: Matrix;
  groups: readonly string[];
}

/** A distance between sets, ready to be taken between any rows of them. Set 0 is the target, 1, 2, … are the sources. */
export interface PreparedDistance {
  /**
   * The distance between rows of set `a` and rows of set `b`, where one of the two sets is the target. Sums over rows
   * are kept by the identity of the row array, which is therefore not to be written to.
   */
  between(a: number, rowsA: Int32Array, b: number, rowsB: Int32Array): number | Promise<number>;
  /** Numbers that help to read the distance between a source and the target. */
  details(source: number): Record<string, number> | Promise<Record<string, number>>;
  /** Permutation p of “the source and the target are one distribution”, where the measure has a test. */
  p?(source: number, random: Random): number | Promise<number>;
}

/** What the comparison of sets has to know of a measure. */
export interface SetDistance {
  /** Changes whenever a number of this measure can change. */
  version: string;
  /** Why the measure says nothing at these sizes and what would do, or null. */
  refusal(source: number, target: number, columns: number): string | null;
  /** Why the measure says nothing about a set that is described like this and what would do, or null. */
  refusalOf?(set: Matrix): string | null;
  /**
   * The distance of two samples of one distribution falls as (1/n + 1/m) to this power: 1 for squared distances, ½ for
   * distances of distribution functions. `about_mean` for a value that does not fall to 0 (an AUC, a share), but varies
   * about its mean by the root of (1/n + 1/m).
   */
  nullRate: 0.5 | 1 | 'about_mean';
  /**
   * Images of one set that take part, where the work grows with their square: larger sets are drawn down to this many.
   * Default: all.
   */
  most?: number;
  /**
   * Whether the value rests on a fit to a source and the target, which is not made again for parts of them. Other samples
   * would be fitted otherwise too, so what two samples of the target differ by is then also read from how the value varies
   * between halves, each fitted for itself.
   */
  fitted?: boolean;
  /** Random halves that the null is read from. */
  halves: number;
  /** Whether the value is off in one direction at finite sizes by an amount that depends on the source. */
  biased?: boolean;
  /** See {@link import('./visual/measure.ts').VisualMeasure.standardErrorFloor}. */
  standardErrorFloor?(groups: number): number;
  /**
   * `sets[0]` is the target; every source has equally many rows. What is fitted to all sets is fitted to the first `fittedTo` of
   * them; those behind are only measured, and may have fewer rows.
   */
  prepare(sets: readonly GroupedSet[], seed: number, fittedTo: number): PreparedDistance | Promise<PreparedDistance>;
}

export function groupCount({ groups }: GroupedSet): number {
  return new Set(groups).size;
}
