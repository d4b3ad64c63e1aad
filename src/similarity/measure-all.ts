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
  /**
   * Subject's distance − object's distance: negative means that the subject is closer, positive where higher is closer.
   * Null when refused.
   */
  estimate: Estimate | null;
  refused?: string;
  /**
   * Two sources that are both samples of the target would differ by less than this in 95 % of cases. Absent when
   * refused.
   */
  nullHalfWidth?: number;
}

/** Distances and differences of sources, and of sets beside them; undefined for an id that is not among them. */
export interface MeasuredSets {
  distance(id: string): Promise<SetDistanceResult | undefined>;
  difference(subject: string, object: string): Promise<SetDifferenceResult | undefined>;
}

/**
 * @param sources all with equally many rows
 * @param beside sets with no more rows than those, to which nothing is fitted
 */
export async function measureAll(
  rules: SetDistance,
  target: GroupedSet,
  sources: ReadonlyMap<string, GroupedSet>,
  seed: number,
  beside: ReadonlyMap<string, GroupedSet> = new Map(),
): Promise<MeasuredSets> {
  if (sources.size === 0) return { distance: async () => undefined, difference: async () => undefined };
  const sets = [target, ...sources.values(), ...beside.values()];
  const index = new Map([...sources.keys(), ...beside.keys()].map((id, i) => [id, i + 1]));
  const prepared = await rules.prepare(sets, seed, 1 + sources.size);
  const whole = sets.map(({ features }) => allRows(features.rows));
  const values = new Float64Array(sets.length);
  for (let set = 1; set < sets.length; set++) values[set] = await prepared.between(set, whole[set]!, 0, whole[0]!);
  const leaveOut = leavingOut(prepared, sets, seed);
  const nulls = await splitHalfNulls(rules, prepared, sets, whole, seed);

  return {
    distance: async (id) => {
      const set = index.get(id);
      if (set === undefined) return undefined;
      const blocks = blocksFor([target, sets[set]!]);
      const p = await prepared.p?.(set, seededRandom(seed, 'permutation'));
      return {
        estimate: estimateOf(values[set]!, await leaveOut(set, blocks), rules, [target, sets[set]!]),
        ...(p === undefined ? {} : { p }),
        splitHalf: nulls.splitHalf,
        details: {
          ...(await prepared.details(set)),
          sourceImages: sets[set]!.features.rows,
          targetImages: target.features.rows,
        },
      };
    },
    difference: async (subject, object) => {
      const a = index.get(subject);
      const b = index.get(object);
      if (a === undefined || b === undefined) return undefined;
      const involved = [target, sets[a]!, sets[b]!];
      const blocks = blocksFor(involved);
      const withoutB = await leaveOut(b, blocks);
      const leftOut = (await leaveOut(a, blocks)).map((value, block) => value - withoutB[block]!);
      const difference = values[a]! - values[b]!;
      return {
        // What the next image brings, it brings to one set under two names alike.
        estimate: sameSet(sets[a]!, sets[b]!)
          ? jackknife(difference, leftOut)
          : estimateOf(difference, leftOut, rules, involved),
        nullHalfWidth: Math.max(await nulls.halfWidth(a), await nulls.halfWidth(b)),
      };
    },
  };
}

function blocksFor(sets: readonly GroupedSet[]): number {
  return blockCount(sets.map((set) => ({ rows: set.features.rows, groups: groupCount(set) })));
}

/** The distance of each source to the target without each block, blocks leaving both sets together. */
function leavingOut(prepared: PreparedDistance, sets: readonly GroupedSet[], seed: number) {
  const kept = new Map<string, Promise<Float64Array>>();
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
  return (source: number, blocks: number): Promise<Float64Array> =>
    once(kept, `${source}/${blocks}`, async () => {
      const ofTarget = without(0, blocks);
      const ofSource = without(source, blocks);
      const values = new Float64Array(blocks);
      for (let left = 0; left < blocks; left++)
        values[left] = await prepared.between(source, ofSource[left]!, 0, ofTarget[left]!);
      return values;
    });
}

async function splitHalfNulls(
  rules: SetDistance,
  prepared: PreparedDistance,
  sets: readonly GroupedSet[],
  whole: readonly Int32Array[],
  seed: number,
) {
  const random = seededRandom(seed, 'split-half');
  const target = sets[0]!;
  const n = sets[1]!.features.rows;
  const m = target.features.rows;
  const splits = Array.from({ length: rules.halves }, () => {
    const [first, second] = halve(target.groups, random);
    return { first, second, size: 1 / first.length + 1 / second.length };
  });
  const apart = new Float64Array(splits.length);
  for (const [i, { first, second }] of splits.entries()) apart[i] = await prepared.between(0, first, 0, second);
  const mean = apart.reduce((sum, value) => sum + value, 0) / apart.length;
  const [centre, rate] = rules.nullRate === 'about_mean' ? [mean, 0.5] : [0, rules.nullRate];
  for (const [i, { size }] of splits.entries())
    apart[i] = centre + (apart[i]! - centre) * ((1 / n + 1 / m) / size) ** rate;
  apart.sort();
  const variance = apart.reduce((sum, value) => sum + (value - mean) ** 2, 0) / apart.length;
  // Two values that share no more than the target.
  const least = rules.fitted ? Math.sqrt(2 * variance) : 0;
  const halfWidths = new Map<number, Promise<number>>();
  return {
    splitHalf: splitHalfOf(apart),
    halfWidth: (source: number): Promise<number> =>
      once(halfWidths, source, async () => {
        const rows = whole[source]!;
        let squares = 0;
        for (const { first, second, size } of splits) {
          const toFirst = await prepared.between(source, rows, 0, first);
          const toSecond = await prepared.between(source, rows, 0, second);
          squares += (toFirst - toSecond) ** 2 * (2 / n / size);
        }
        return 1.96 * Math.max(least, Math.sqrt(squares / splits.length));
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

function estimateOf(value: number, leftOut: Float64Array, rules: SetDistance, sets: readonly GroupedSet[]): Estimate {
  const floor = rules.standardErrorFloor;
  const least = floor ? Math.hypot(...sets.map((set) => floor(groupCount(set)))) : 0;
  return raisedJackknife(value, leftOut, { least, biased: rules.biased ?? false });
}

/**
 * The jackknife estimate with its standard error raised to what the measure knows to be the least, and for a biased
 * measure by the bias that the jackknife shows, (G − 1)(J̄ − value) (Quenouille 1956): two sources equally far from the
 * target but of different spread differ by their biases.
 */
export function raisedJackknife(
  value: number,
  leftOut: Float64Array,
  { least, biased }: { least: number; biased: boolean },
): Estimate {
  const estimate = jackknife(value, leftOut);
  const mean = leftOut.reduce((sum, x) => sum + x, 0) / leftOut.length;
  const bias = biased ? (leftOut.length - 1) * (mean - value) : 0;
  const standardError = Math.hypot(Math.max(estimate.standardError, least), bias);
  return standardError === estimate.standardError ? estimate : estimateFrom({ ...estimate, standardError });
}

/** Mean and 95 % range of what halves are apart. */
export function splitHalfOf(apart: Float64Array): SplitHalf {
  const sorted = apart.toSorted();
  return {
    value: apart.reduce((sum, value) => sum + value, 0) / apart.length,
    low: quantile(sorted, 0.025),
    high: quantile(sorted, 0.975),
  };
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
