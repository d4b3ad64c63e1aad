import {
  euclideanSpace,
  nearestAmong,
  nearestNeighbours,
  type Space,
} from '../../linear-algebra/nearest-neighbours.ts';
import type { Products } from '../../linear-algebra/products.ts';
import { type Matrix, matrix } from '../../matrix.ts';
import { allRows } from '../rows.ts';
import type { GroupedSet } from '../set-distance.ts';
import { type Balls, ballCounts, type NeighbourhoodRules, type Prdc } from './ball-counts.ts';
import type { Grams } from './grams.ts';

/** Both sides' neighbourhoods, ready for any rows: set `a` as the source, set `b` as the target; one of them is set 0. */
export type Neighbourhoods = (a: number, rowsA: Int32Array, b: number, rowsB: Int32Array) => Prdc;

/**
 * Balls around the rows of sets, from products that {@link Grams} shares. A ball reaches to the k-th nearest row of
 * another group (patient, slide, or of single images any other): images of one patient resemble each other, and would make
 * the balls of a set of few patients small. Where only rows of one group are left, those count.
 * @param sets the target, then sources, as {@link import('../set-distance.ts').PreparedDistance} counts them
 */
export async function neighbourhoodsOf(
  sets: readonly GroupedSet[],
  grams: Grams,
  rules: NeighbourhoodRules,
): Promise<Neighbourhoods> {
  const features = sets.map((set) => set.features);
  await grams.prepare(features[0]!, features.slice(1));
  const spaces = features.map((set) => euclideanSpace(set));
  const groups = sets.map((set) => numbered(set.groups));
  const kept = sets.map(() => new WeakMap<Int32Array, Balls>());
  const ballsOf = (set: number, rows: Int32Array): Balls => {
    const found = kept[set]!.get(rows);
    if (found) return found;
    const space = spaces[set]!;
    const gram = matrix(grams.between(space.points, space.points), space.points.rows, space.points.rows);
    const alone = rows.every((row) => groups[set]![row] === groups[set]![rows[0]!]);
    const own = { k: rules.k, groups: alone ? allRows(space.points.rows) : groups[set]! };
    const made = { space, rows, radii: radiiOf(space, rows, nearestAmong(space, own, rows, gram)) };
    kept[set]!.set(rows, made);
    return made;
  };
  return (a, rowsA, b, rowsB) => {
    const [x, y] = [features[a]!, features[b]!];
    // Products are kept with the source's rows first.
    const products = b === 0 ? grams.between(x, y) : grams.between(y, x);
    const [stepA, stepB] = b === 0 ? [y.rows, 1] : [1, x.rows];
    const counts = ballCounts(ballsOf(a, rowsA), ballsOf(b, rowsB), rules);
    for (let i = 0; i < rowsA.length; i++) counts.meet(i, products, rowsA[i]! * stepA, stepB);
    return counts.prdc();
  };
}

/** Rows of the source that meet the target at a time. */
const bandRows = 128;

/** The same of two whole sets of single images, without matrices of all pairs. */
export async function prdcOfAll(
  source: Matrix,
  target: Matrix,
  rules: NeighbourhoodRules,
  products: Products,
): Promise<Prdc> {
  const balls = async (set: Matrix): Promise<Balls> => {
    const space = euclideanSpace(set);
    const rows = allRows(set.rows);
    return {
      space,
      rows,
      radii: radiiOf(space, rows, await nearestNeighbours(space, { k: rules.k, groups: rows }, products)),
    };
  };
  const counts = ballCounts(await balls(source), await balls(target), rules);
  const { data, rows, columns } = source;
  const room = new Float64Array(Math.min(bandRows, rows) * target.rows);
  for (let from = 0; from < rows; from += bandRows) {
    const to = Math.min(rows, from + bandRows);
    const band = matrix(data.subarray(from * columns, to * columns), to - from, columns);
    const met = await products.rows(band, target, room);
    for (let i = from; i < to; i++) counts.meet(i, met.data, (i - from) * target.rows, 1);
  }
  return counts.prdc();
}

/** The squared distance of each row to its k-th nearest, or to the farthest where there are fewer than k. */
function radiiOf(space: Space, rows: Int32Array, nearest: Int32Array): Float64Array {
  const k = nearest.length / rows.length;
  return Float64Array.from(rows, (row, i) => {
    let farthest = 0;
    for (let place = 0; place < k; place++) {
      const other = nearest[i * k + place]!;
      if (other >= 0) farthest = Math.max(farthest, space.distance(row, other));
    }
    return farthest;
  });
}

function numbered(groups: readonly string[]): Int32Array {
  const index = new Map<string, number>();
  for (const name of groups) if (!index.has(name)) index.set(name, index.size);
  return Int32Array.from(groups, (name) => index.get(name)!);
}
