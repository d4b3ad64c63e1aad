import { sha256 } from '../digest.ts';
import type { Estimate } from '../evidence/schema.ts';
import { seededRandom } from '../random.ts';
import { estimateFrom } from '../statistics/estimate.ts';
import { blockCount, blocksOf, jackknife } from '../statistics/jackknife.ts';
import { allRows } from './rows.ts';
import { type GroupedSet, groupCount, type PreparedDistance, type SetDistance } from './set-distance.ts';
import { halve } from './subsample.ts';

/** What two random halves of the target are apart, brought to the comparison's sizes: mean and 95 % range. */
export interface SplitHalf {
  value: number;
  low: number;
  high: number;
}

export interface SetDistanceResult {
  /** Distance between a source and the target with its block jackknife interval; null when refused. */
  estimate: Estimate | null;
  /** Why there is no estimate and what would give one. */
  refused?: string;
  /** Permutation p of “source and target are one distribution”, where the measure has a test and enough images. */
  p?: number;
  /** Absent when refused. */
  splitHalf?: SplitHalf;
  details: Record<string, number>;
}

export interface SetDifferenceResult {
  /** Subject's distance − object's distance: negative means that the subject is closer. Null when refused. */
  estimate: Estimate | null;
  refused?: string;
  /**
   * Two sources that are both samples of the target would differ by less than this in 95 % of cases. Absent when
   * refused.
   */
  nullHalfWidth?: number;
}

/** Distances and differences of sources that all have equally many rows; undefined for an id that is not among them. */
export interface MeasuredSets {
  distance(id: string): SetDistanceResult | undefined;
  difference(subject: string, object: string): SetDifferenceResult | undefined;
}

export function measureAll(
  rules: SetDistance,
  target: GroupedSet,
  sources: ReadonlyMap<string, GroupedSet>,
  seed: number,
): MeasuredSets {
  if (sources.size === 0) return { distance: () => undefined, difference: () => undefined };
  const sets = [target, ...sources.values()];
  const index = new Map([...sources.keys()].map((id, i) => [id, i + 1]));
  const prepared = rules.prepare(sets, seed);
  const whole = sets.map(({ features }) => allRows(features.rows));
  const values = sets.map((_, set) => (set === 0 ? 0 : prepared.between(set, whole[set]!, 0, whole[0]!)));
  const leaveOut = leavingOut(prepared, sets, seed);
  const nulls = splitHalfNulls(rules, prepared, sets, seed);

  return {
    distance: (id) => {
      const set = index.get(id);
      if (set === undefined) return undefined;
      const blocks = blocksFor([target, sets[set]!]);
      const p = prepared.p?.(set, seededRandom(seed, 'permutation'));
      return {
        estimate: estimateOf(values[set]!, leaveOut(set, blocks), rules, [target, sets[set]!]),
        ...(p === undefined ? {} : { p }),
        splitHalf: nulls.splitHalf,
        details: {
          ...prepared.details(set),
          sourceImages: sets[set]!.features.rows,
          targetImages: target.features.rows,
        },
      };
    },
    difference: (subject, object) => {
      const a = index.get(subject);
      const b = index.get(object);
      if (a === undefined || b === undefined) return undefined;
      const involved = [target, sets[a]!, sets[b]!];
      const blocks = blocksFor(involved);
      const withoutB = leaveOut(b, blocks);
      const leftOut = leaveOut(a, blocks).map((value, block) => value - withoutB[block]!);
      const difference = values[a]! - values[b]!;
      return {
        // What the next image brings, it brings to one set under two names alike.
        estimate: sameSet(sets[a]!, sets[b]!)
          ? jackknife(difference, leftOut)
          : estimateOf(difference, leftOut, rules, involved),
        nullHalfWidth: Math.max(nulls.halfWidth(a), nulls.halfWidth(b)),
      };
    },
  };
}

function blocksFor(sets: readonly GroupedSet[]): number {
  return blockCount(sets.map((set) => ({ rows: set.features.rows, groups: groupCount(set) })));
}

/** The distance of each source to the target without each block, blocks leaving both sets together. */
function leavingOut(prepared: PreparedDistance, sets: readonly GroupedSet[], seed: number) {
  const kept = new Map<string, Float64Array>();
  const rowsLeft = new Map<string, Int32Array[]>();
  const without = (set: number, blocks: number): Int32Array[] =>
    once(rowsLeft, `${set}/${blocks}`, () => {
      const { features, groups } = sets[set]!;
      // By content: the same images under two names leave together, and those of two sources have nothing in common,
      // which one dealing for both would make of rows that stand in the same order.
      const content = sha256(new Uint8Array(features.data.buffer, features.data.byteOffset, features.data.byteLength));
      const block = blocksOf(groups, blocks, seededRandom(seed, 'blocks', content, blocks));
      return Array.from({ length: blocks }, (_, left) => allRows(features.rows).filter((row) => block[row] !== left));
    });
  return (source: number, blocks: number): Float64Array =>
    once(kept, `${source}/${blocks}`, () => {
      const ofTarget = without(0, blocks);
      return Float64Array.from(without(source, blocks), (rows, block) =>
        prepared.between(source, rows, 0, ofTarget[block]!),
      );
    });
}

function splitHalfNulls(rules: SetDistance, prepared: PreparedDistance, sets: readonly GroupedSet[], seed: number) {
  const random = seededRandom(seed, 'split-half');
  const target = sets[0]!;
  const n = sets[1]!.features.rows;
  const m = target.features.rows;
  const splits = Array.from({ length: rules.halves }, () => {
    const [first, second] = halve(target.groups, random);
    return { first, second, size: 1 / first.length + 1 / second.length };
  });
  const apart = Float64Array.from(
    splits,
    ({ first, second, size }) => prepared.between(0, first, 0, second) * ((1 / n + 1 / m) / size) ** rules.nullRate,
  ).sort();
  const halfWidths = new Map<number, number>();
  return {
    splitHalf: {
      value: apart.reduce((sum, value) => sum + value, 0) / apart.length,
      low: quantile(apart, 0.025),
      high: quantile(apart, 0.975),
    },
    halfWidth: (source: number): number =>
      once(halfWidths, source, () => {
        const rows = allRows(n);
        const squares = splits.map(({ first, second, size }) => {
          const difference = prepared.between(source, rows, 0, first) - prepared.between(source, rows, 0, second);
          return difference ** 2 * (2 / n / size);
        });
        return 1.96 * Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
      }),
  };
}

function sameSet(a: GroupedSet, b: GroupedSet): boolean {
  const { data } = b.features;
  return (
    a.features.data.length === data.length &&
    a.features.data.every((value, i) => value === data[i]) &&
    a.groups.every((group, row) => group === b.groups[row])
  );
}

/**
 * The jackknife estimate with its standard error raised to what the measure knows to be the least, and for a biased
 * measure by the bias that the jackknife shows, (G − 1)(J̄ − value) (Quenouille 1956): two sources equally far from the
 * target but of different spread differ by their biases.
 */
function estimateOf(value: number, leftOut: Float64Array, rules: SetDistance, sets: readonly GroupedSet[]): Estimate {
  const estimate = jackknife(value, leftOut);
  const floor = rules.standardErrorFloor;
  const least = floor ? Math.hypot(...sets.map((set) => floor(groupCount(set)))) : 0;
  const mean = leftOut.reduce((sum, x) => sum + x, 0) / leftOut.length;
  const bias = rules.biased ? (leftOut.length - 1) * (mean - value) : 0;
  const standardError = Math.hypot(Math.max(estimate.standardError, least), bias);
  return standardError === estimate.standardError ? estimate : estimateFrom({ ...estimate, standardError });
}

/** Linear interpolation between order statistics (Hyndman & Fan 1996, type 7). */
function quantile(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const next = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (at - below) * (sorted[next]! - sorted[below]!);
}

function once<K, V>(kept: Map<K, V>, key: K, make: () => V): V {
  const found = kept.get(key);
  if (found !== undefined) return found;
  const made = make();
  kept.set(key, made);
  return made;
}
