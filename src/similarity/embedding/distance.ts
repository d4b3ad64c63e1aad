import type { Matrix } from '../../matrix.ts';
import type { Random } from '../../random.ts';
import { allRows } from '../rows.ts';
import { type GroupedSet, groupCount, type PreparedDistance, type SetDistance } from '../set-distance.ts';
import { rowsByGroup } from '../subsample.ts';
import { fidBySize, fidInfinity, fidRefusal, fidVersion } from './fid.ts';
import { frechetTerms, type Moments, momentsOf } from './frechet.ts';
import type { Grams } from './grams.ts';
import { crossSum, offDiagonalSum } from './kernel.ts';
import { cubicKernel, kidVersion } from './kid.ts';
import { gaussianKernel, medianBandwidth, mmdVersion } from './mmd.ts';
import { permutationP, poolKernels } from './permutation.ts';

/** Fewer images than this a side leave an unbiased kernel distance with nothing but noise. */
const fewestForValue = 20;
/** Fewer than this a side and a test would hardly ever find a difference that is there. */
const fewestForTest = 100;

/** RBF-MMD² with the median distance of the target and all sources as the one bandwidth. */
export function mmdDistance(grams: Grams): SetDistance {
  return {
    ...kernelRules(mmdVersion),
    prepare: (sets) => {
      const bandwidth = medianBandwidth(sets.map(({ features }) => features));
      const kernel = (a: Matrix, b: Matrix) => gaussianKernel(grams, a, b, bandwidth);
      const { between, blocks } = prepareKernel(sets, kernel);
      const p = (source: number, random: Random): number =>
        permutationP(poolKernels(blocks(source)), unitsOf(sets[source]!, sets[0]!), groupCount(sets[source]!), random);
      const smallest = Math.min(...sets.map(({ features }) => features.rows));
      return { between, details: () => ({ bandwidth }), ...(smallest < fewestForTest ? {} : { p }) };
    },
  };
}

/** KID, the same statistic with the cubic kernel. */
export function kidDistance(grams: Grams): SetDistance {
  return {
    ...kernelRules(kidVersion),
    prepare: (sets) => {
      const { between } = prepareKernel(sets, (a, b) => cubicKernel(grams, a, b));
      return { between, details: () => ({}) };
    },
  };
}

/** FID with its guard, and FID∞ beside it. */
export function fidDistance(): SetDistance {
  return {
    version: fidVersion,
    biased: true,
    nullRate: 1,
    halves: 20,
    refusal: fidRefusal,
    prepare: (sets, seed) => {
      const kept = sets.map(() => new WeakMap<Int32Array, Moments>());
      const moments = (set: number, rows: Int32Array): Moments => {
        const found = kept[set]!.get(rows) ?? momentsOf(sets[set]!.features, rows);
        kept[set]!.set(rows, found);
        return found;
      };
      const terms = (a: number, rowsA: Int32Array, b: number, rowsB: Int32Array) =>
        // The target's root serves every source.
        a === 0
          ? frechetTerms(moments(a, rowsA), moments(b, rowsB))
          : frechetTerms(moments(b, rowsB), moments(a, rowsA));
      return {
        between: (...sides) => {
          const { mean, trace } = terms(...sides);
          return mean + trace;
        },
        details: (source) => {
          const features = sets[source]!.features;
          const target = sets[0]!.features;
          const { mean, trace } = terms(0, allRows(target.rows), source, allRows(features.rows));
          return { meanTerm: mean, traceTerm: trace, fidInfinity: fidInfinity(fidBySize(features, target, seed)) };
        },
      };
    },
  };
}

function kernelRules(version: string): Omit<SetDistance, 'prepare'> {
  return {
    version,
    nullRate: 1,
    halves: 100,
    refusal: (source, target) =>
      Math.min(source, target) < fewestForValue
        ? `A kernel distance needs at least ${fewestForValue} images a side, and ${fewestForTest} for a test; ${source} of the source and ${target} of the target were given.`
        : null,
  };
}

function prepareKernel(
  sets: readonly GroupedSet[],
  kernel: (a: Matrix, b: Matrix) => Float64Array,
): Pick<PreparedDistance, 'between'> & {
  blocks(source: number): { xx: Float64Array; yy: Float64Array; xy: Float64Array };
} {
  const features = sets.map((set) => set.features);
  const within = features.map((set) => kernel(set, set));
  const across = features.map((set, index) => (index === 0 ? within[0]! : kernel(set, features[0]!)));
  const kept = sets.map(() => new WeakMap<Int32Array, number>());
  const meanWithin = (set: number, rows: Int32Array): number => {
    const mean = kept[set]!.get(rows) ?? meanBetweenGroups(within[set]!, sets[set]!, rows);
    kept[set]!.set(rows, mean);
    return mean;
  };
  return {
    between: (a, rowsA, b, rowsB) => {
      const [source, rows, target] = b === 0 ? [a, rowsA, rowsB] : [b, rowsB, rowsA];
      const cross = crossSum(across[source]!, features[0]!.rows, rows, target);
      return meanWithin(a, rowsA) + meanWithin(b, rowsB) - (2 * cross) / (rowsA.length * rowsB.length);
    },
    blocks: (source) => ({ xx: within[source]!, yy: within[0]!, xy: across[source]! }),
  };
}

/**
 * The mean kernel value of all pairs of different groups (patients, slides; of images where there are no groups). Two
 * images of one patient resemble each other, and counted as a pair they would put a source of few patients farther from
 * every target. Rows that are all of one group have no other pairs to show.
 */
function meanBetweenGroups(kernel: Float64Array, { features, groups }: GroupedSet, rows: Int32Array): number {
  let sum = offDiagonalSum(kernel, features.rows, rows);
  let pairs = rows.length * (rows.length - 1);
  const together = rowsByGroup(Array.from(rows, (row) => groups[row]!)).filter((own) => own.length > 1);
  if (together.length === 0 || together[0]!.length === rows.length) return sum / pairs;
  for (const own of together) {
    const ofGroup = Int32Array.from(own, (at) => rows[at]!);
    sum -= offDiagonalSum(kernel, features.rows, ofGroup);
    pairs -= own.length * (own.length - 1);
  }
  return sum / pairs;
}

/** The pooled rows in units that change sides as a whole; the source's come first. */
function unitsOf(source: GroupedSet, target: GroupedSet): Int32Array[] {
  const shift = source.features.rows;
  return [
    ...rowsByGroup(source.groups).map((rows) => Int32Array.from(rows)),
    ...rowsByGroup(target.groups).map((rows) => Int32Array.from(rows, (row) => row + shift)),
  ];
}
