import type { Products } from '../../linear-algebra/products.ts';
import type { Matrix } from '../../matrix.ts';
import type { Random } from '../../random.ts';
import { allRows } from '../rows.ts';
import { type GroupedSet, groupCount, type PreparedDistance, type SetDistance } from '../set-distance.ts';
import { rowsByGroup } from '../subsample.ts';
import { fidBySize, fidInfinity, fidRefusal, fidVersion } from './fid.ts';
import { frechetTerms } from './frechet.ts';
import type { Grams } from './grams.ts';
import { columnSums, offDiagonalSum } from './kernel.ts';
import { cubicKernel, kidVersion } from './kid.ts';
import { gaussianKernel, medianBandwidth, mmdVersion } from './mmd.ts';
import { type Moments, momentsOf, type Scatter, scatterOfSet } from './moments.ts';
import { permutationP, poolKernels } from './permutation.ts';

/** Fewer images than this a side leave an unbiased kernel distance with nothing but noise. */
const fewestForValue = 20;
/** Fewer than this a side and a test would hardly ever find a difference that is there. */
const fewestForTest = 100;
/**
 * More than this a side would make kernel matrices that do not fit beside each other in a runner's memory, and order
 * sources hardly better.
 */
const mostForKernel = 2500;

/** RBF-MMD² with the median distance of the target and all sources as the one bandwidth. */
export function mmdDistance(grams: Grams): SetDistance {
  return {
    ...kernelRules(mmdVersion),
    prepare: async (sets, _seed, fittedTo) => {
      const fitted = sets.slice(0, fittedTo).map(({ features }) => features);
      const bandwidth = await medianBandwidth(fitted, grams.products);
      const kernel = (a: Matrix, b: Matrix) => gaussianKernel(grams, a, b, bandwidth);
      const { between, blocks } = await prepareKernel(sets, grams, kernel);
      const p = (source: number, random: Random) =>
        permutationP(poolKernels(blocks(source)), unitsOf(sets[source]!, sets[0]!), groupCount(sets[source]!), random, {
          products: grams.products,
        });
      const smallest = Math.min(...fitted.map(({ rows }) => rows));
      return { between, details: () => ({ bandwidth }), ...(smallest < fewestForTest ? {} : { p }) };
    },
  };
}

/** KID, the same statistic with the cubic kernel. */
export function kidDistance(grams: Grams): SetDistance {
  return {
    ...kernelRules(kidVersion),
    prepare: async (sets) => {
      const { between } = await prepareKernel(sets, grams, (a, b) => cubicKernel(grams, a, b));
      return { between, details: () => ({}) };
    },
  };
}

/** Numbers that kept factors may take in all, 512 MB: beyond it moments are computed again when they are needed again. */
const mostKept = 2 ** 26;

/** FID with its guard, and FID∞ beside it. */
export function fidDistance(products: Products): SetDistance {
  return {
    version: fidVersion,
    biased: true,
    nullRate: 1,
    halves: 20,
    refusal: fidRefusal,
    prepare: (sets, seed) => {
      const whole = sets.map(({ features }) => allRows(features.rows));
      const kept = sets.map(() => new WeakMap<Int32Array, Moments>());
      const scatters = new Map<number, Scatter>();
      let room = mostKept;
      const moments = async (set: number, rows: Int32Array): Promise<Moments> => {
        const found = kept[set]!.get(rows);
        if (found) return found;
        const { features } = sets[set]!;
        const scatter = scatters.get(set) ?? (await scatterOfSet(features, products));
        scatters.set(set, scatter);
        const made = await momentsOf(features, rows, products, scatter);
        // A source's parts are met once; the target's again with every source.
        const isMetAgain = set === 0 || rows.length === features.rows;
        if (isMetAgain && made.factor.data.length <= room) {
          kept[set]!.set(rows, made);
          room -= made.factor.data.length;
        }
        return made;
      };
      const terms = async (a: number, rowsA: Int32Array, b: number, rowsB: Int32Array) =>
        frechetTerms(await moments(a, rowsA), await moments(b, rowsB), products);
      const between = async (...sides: Parameters<typeof terms>) => {
        const { mean, trace } = await terms(...sides);
        return mean + trace;
      };
      return {
        between,
        details: async (source) => {
          const { mean, trace } = await terms(source, whole[source]!, 0, whole[0]!);
          const points = await fidBySize(
            { source: whole[source]!.length, target: whole[0]!.length },
            (rows, ofTarget) => between(source, rows, 0, ofTarget),
            seed,
          );
          return { meanTerm: mean, traceTerm: trace, fidInfinity: fidInfinity(points) };
        },
      };
    },
  };
}

export function kernelRules(version: string): Omit<SetDistance, 'prepare'> {
  return {
    version,
    nullRate: 1,
    halves: 100,
    most: mostForKernel,
    refusal: (source, target) =>
      Math.min(source, target) < fewestForValue
        ? `A kernel distance needs at least ${fewestForValue} images a side, and ${fewestForTest} for a test; ${source} of the source and ${target} of the target were given.`
        : null,
  };
}

export async function prepareKernel(
  sets: readonly GroupedSet[],
  grams: Grams,
  kernel: (a: Matrix, b: Matrix) => Float64Array,
): Promise<
  Pick<PreparedDistance, 'between'> & {
    blocks(source: number): { xx: Float64Array; yy: Float64Array; xy: Float64Array };
  }
> {
  const features = sets.map((set) => set.features);
  await grams.prepare(features[0]!, features.slice(1));
  const within = features.map((set) => kernel(set, set));
  const across = features.map((set, index) => (index === 0 ? within[0]! : kernel(set, features[0]!)));
  const kept = sets.map(() => new WeakMap<Int32Array, number>());
  const meanWithin = (set: number, rows: Int32Array): number => {
    const mean = kept[set]!.get(rows) ?? meanBetweenGroups(within[set]!, sets[set]!, rows);
    kept[set]!.set(rows, mean);
    return mean;
  };
  // Many halves of the target are compared with the same rows of a source.
  const sums = sets.map(() => new WeakMap<Int32Array, Float64Array>());
  const sumsOver = (source: number, rows: Int32Array): Float64Array => {
    const found = sums[source]!.get(rows) ?? columnSums(across[source]!, features[0]!.rows, rows);
    sums[source]!.set(rows, found);
    return found;
  };
  return {
    between: (a, rowsA, b, rowsB) => {
      const [source, rows, target] = b === 0 ? [a, rowsA, rowsB] : [b, rowsB, rowsA];
      const ofSource = sumsOver(source, rows);
      let cross = 0;
      for (const column of target) cross += ofSource[column]!;
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
