import { type Matrix, matrix } from '../../src/matrix.ts';
import type { MeasureName } from '../../src/measures.ts';
import { seededRandom } from '../../src/random.ts';
import { compareSets, pairKey } from '../../src/similarity/compare.ts';

/**
 * How often the 95 % intervals of the kernel distances and of their paired differences hold the true value, and how often the
 * permutation test rejects two samples of one distribution at 5 %. The estimators are unbiased, so the mean over all draws
 * stands for the truth. Features are rectified, correlated and of more dimensions than there are images, as a network's are.
 * Run: node __tests__/bench/distance-intervals.ts [draws] [sizes …]
 */
const [draws = 200, ...sizes] = process.argv.slice(2).map(Number);
const columns = 512;
const factors = 24;

/** Images of one source: how far its mean is moved, along the first factors, and how wide it is. */
interface World {
  shift: number;
  spread: number;
}
const same: World = { shift: 0, spread: 1 };
const worlds: [name: string, first: World, second: World][] = [
  ['nothing, nothing', same, same],
  ['shifted a little, more', { shift: 0.3, spread: 1 }, { shift: 0.45, spread: 1 }],
  ['shifted, wider', { shift: 0.5, spread: 1 }, { shift: 0, spread: 1.3 }],
];

const mixing = Float64Array.from({ length: columns * factors }, (_, i) => seededRandom(1, 'mixing', i).normal());

function features({ shift, spread }: World, rows: number, ...purpose: (string | number)[]): Matrix {
  const random = seededRandom(2, ...purpose);
  const data = new Float32Array(rows * columns);
  const own = new Float64Array(factors);
  for (let row = 0; row < rows; row++) {
    for (let factor = 0; factor < factors; factor++)
      own[factor] = spread * random.normal() + (factor < factors / 4 ? shift : 0);
    for (let column = 0; column < columns; column++) {
      let sum = 0.5 * random.normal();
      for (let factor = 0; factor < factors; factor++)
        sum += (mixing[column * factors + factor]! * own[factor]!) / Math.sqrt(factors);
      data[row * columns + column] = Math.max(0, sum);
    }
  }
  return matrix(data, rows, columns);
}

interface Interval {
  value: number;
  low: number;
  high: number;
}

function coverage(intervals: readonly Interval[]): string {
  const truth = intervals.reduce((sum, { value }) => sum + value, 0) / intervals.length;
  const holding = intervals.filter(({ low, high }) => low <= truth && truth <= high).length;
  return `${((100 * holding) / intervals.length).toFixed(1)} %`.padStart(9);
}

const measures: MeasureName[] = ['embedding.mmd', 'embedding.kid'];
console.log(
  `${draws} draws: the interval holds the truth of          d(A, T)  d(B, T)  d(A, T) − d(B, T)   p < 0.05 for A`,
);
for (const size of sizes.length > 0 ? sizes : [100, 200, 500])
  for (const [name, first, second] of worlds)
    for (const measure of measures) {
      const found: Record<'a' | 'b' | 'difference', Interval[]> = { a: [], b: [], difference: [] };
      let rejected = 0;
      let tested = 0;
      for (let draw = 0; draw < draws; draw++) {
        const { distances, differences } = await compareSets({
          measure,
          target: features(same, size, 'target', name, size, draw),
          sources: new Map([
            ['a', features(first, size, 'a', name, size, draw)],
            ['b', features(second, size, 'b', name, size, draw)],
          ]),
          seed: draw,
        });
        for (const id of ['a', 'b'] as const) found[id].push(distances.get(id)!.estimate!);
        found.difference.push(differences.get(pairKey('a', 'b'))!.estimate!);
        const { p } = distances.get('a')!;
        if (p !== undefined) tested++;
        if (p !== undefined && p < 0.05) rejected++;
      }
      const share = tested === 0 ? 'no test' : `${((100 * rejected) / tested).toFixed(1)} %`;
      console.log(
        `${measure} n = ${String(size).padEnd(4)} ${name.padEnd(24)}   ${coverage(found.a)}${coverage(found.b)}${coverage(found.difference).padStart(14)}${share.padStart(18)}`,
      );
    }
