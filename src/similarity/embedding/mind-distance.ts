import type { Products } from '../../linear-algebra/products.ts';
import type { SetDistance } from '../set-distance.ts';
import { mindVersion } from './mind.ts';
import {
  meanOverDirections,
  type SortedProjections,
  sortedAlong,
  unitDirections,
  usualDirections,
} from './sliced-wasserstein.ts';

/** Fewer images than this a side leave its bias larger than what it measures. */
const fewestForMind = 20;
/** More than this a side would make sorted projections of hundreds of megabytes. */
const mostForMind = 20_000;

/** MIND for the comparison of sets: one set of directions for all of them. */
export function mindDistance(products: Products): SetDistance {
  return {
    version: mindVersion,
    biased: true,
    nullRate: 1,
    halves: 50,
    most: mostForMind,
    refusal: (source, target) =>
      Math.min(source, target) < fewestForMind
        ? `MIND needs at least ${fewestForMind} images a side, and about 500 to rank; ${source} of the source and ${target} of the target were given.`
        : null,
    prepare: async (sets, seed) => {
      const { columns } = sets[0]!.features;
      const directions = unitDirections(usualDirections, columns, seed);
      const projected: SortedProjections[] = [];
      for (const { features } of sets) projected.push(await sortedAlong(features, directions, products));
      const of = (set: number, rows: Int32Array) =>
        rows.length === sets[set]!.features.rows
          ? projected[set]!.values
          : valuesOf(projected[set]!, rows, usualDirections);
      return {
        between: (a, rowsA, b, rowsB) => 3 * columns * meanOverDirections(of(a, rowsA), of(b, rowsB), usualDirections),
        details: () => ({ directions: usualDirections }),
      };
    },
  };
}

/** The projections of some of the rows, in ascending order like those of all. */
function valuesOf({ values, rows: order }: SortedProjections, rows: Int32Array, directions: number): Float64Array {
  const n = values.length / directions;
  const taken = new Uint8Array(n);
  for (const row of rows) taken[row] = 1;
  const out = new Float64Array(directions * rows.length);
  let to = 0;
  for (let at = 0; at < values.length; at++) if (taken[order[at]!]) out[to++] = values[at]!;
  return out;
}
