import type { Matrix } from '../../matrix.ts';
import type { GroupedSet } from '../set-distance.ts';
import type { Grams } from './grams.ts';

/** How far two sets lie in each other's neighbourhoods; see prdc.ts for what each says. */
export interface Prdc {
  precision: number;
  recall: number;
  density: number;
  coverage: number;
}

export interface NeighbourhoodRules {
  /** The neighbour that a ball reaches to. */
  k: number;
  /** Whether a point on the edge of a ball lies in it. */
  inclusive: boolean;
}

/** Both sides' neighbourhoods, ready for any rows: set `a` as the source, set `b` as the target; one of them is set 0. */
export type Neighbourhoods = (a: number, rowsA: Int32Array, b: number, rowsB: Int32Array) => Prdc;

/**
 * Balls around the rows of sets, from products that {@link Grams} shares. A ball reaches to the k-th nearest row of
 * another group (patient, slide, or of single images any other): images of one patient resemble each other, and would make
 * the balls of a set of few patients small. Where only rows of one group are left, those count.
 *
 * Squared distances |a|² + |b|² − 2 a·b are off by the rounding of their products, which is enough to tip a row that lies
 * on the edge of a ball over it. Each is therefore an interval, and where it holds the radius the distance is summed again
 * from differences, which give the same for the same two rows whichever way round.
 * @param sets the target, then sources, as {@link import('../set-distance.ts').PreparedDistance} counts them
 */
export async function neighbourhoodsOf(
  sets: readonly GroupedSet[],
  grams: Grams,
  { k, inclusive }: NeighbourhoodRules,
): Promise<Neighbourhoods> {
  const features = sets.map((set) => set.features);
  await grams.prepare(features[0]!, features.slice(1));
  const norms = features.map((set) => squaredNorms(grams.between(set, set), set.rows));
  const groups = sets.map((set) => numbered(set.groups));
  const slack = (features[0]!.columns + 8) * Number.EPSILON;

  const kept = sets.map(() => new WeakMap<Int32Array, Float64Array>());
  const radiiOf = (set: number, rows: Int32Array): Float64Array => {
    const found =
      kept[set]!.get(rows) ??
      squaredRadii(features[set]!, grams.between(features[set]!, features[set]!), norms[set]!, {
        rows,
        groups: groups[set]!,
        k,
        slack,
      });
    kept[set]!.set(rows, found);
    return found;
  };

  return (a, rowsA, b, rowsB) => {
    const [x, y] = [features[a]!, features[b]!];
    // Products are kept with the source's rows first.
    const products = b === 0 ? grams.between(x, y) : grams.between(y, x);
    const [stepA, stepB] = b === 0 ? [y.rows, 1] : [1, x.rows];
    const [normsA, normsB] = [norms[a]!, norms[b]!];
    const [ofSource, ofTarget] = [radiiOf(a, rowsA), radiiOf(b, rowsB)];
    const covered = new Uint8Array(rowsB.length);
    const recalled = new Uint8Array(rowsB.length);
    let inside = 0;
    let precise = 0;
    for (let i = 0; i < rowsA.length; i++) {
      const row = rowsA[i]!;
      const norm = normsA[row]!;
      const ownRadius = ofSource[i]!;
      const before = inside;
      for (let j = 0; j < rowsB.length; j++) {
        const other = rowsB[j]!;
        const both = norm + normsB[other]!;
        const squared = both - 2 * products[row * stepA + other * stepB]!;
        const error = slack * both;
        const radius = ofTarget[j]!;
        const isSure = Math.abs(squared - radius) > error && Math.abs(squared - ownRadius) > error;
        const distance = isSure ? squared : squaredDistance(x, row, y, other);
        if (distance < radius || (inclusive && distance === radius)) {
          inside++;
          covered[j] = 1;
        }
        if (distance < ownRadius || (inclusive && distance === ownRadius)) recalled[j] = 1;
      }
      if (inside > before) precise++;
    }
    return {
      precision: precise / rowsA.length,
      recall: share(recalled),
      density: inside / (k * rowsA.length),
      coverage: share(covered),
    };
  };
}

/** The squared distance of each row to its k-th nearest of the rows, or to the farthest where there are fewer than k. */
function squaredRadii(
  set: Matrix,
  products: Float64Array,
  norms: Float64Array,
  { rows, groups, k, slack }: { rows: Int32Array; groups: Int32Array; k: number; slack: number },
): Float64Array {
  const alone = rows.every((row) => groups[row] === groups[rows[0]!]);
  const isNeighbour = (row: number, other: number) => row !== other && (alone || groups[row] !== groups[other]);
  const nearest = new Float64Array(k);
  return Float64Array.from(rows, (row) => {
    // The k-th smallest of the distances' upper ends bounds the radius; what begins above it is no neighbour.
    nearest.fill(Infinity);
    for (const other of rows) {
      const both = norms[row]! + norms[other]!;
      const upper = both - 2 * products[row * set.rows + other]! + slack * both;
      if (upper < nearest[k - 1]! && isNeighbour(row, other)) insert(nearest, upper);
    }
    const bound = nearest[k - 1]!;
    nearest.fill(Infinity);
    let farthest = 0;
    for (const other of rows) {
      const both = norms[row]! + norms[other]!;
      if (both - 2 * products[row * set.rows + other]! - slack * both > bound || !isNeighbour(row, other)) continue;
      const distance = squaredDistance(set, row, set, other);
      if (distance > farthest) farthest = distance;
      if (distance < nearest[k - 1]!) insert(nearest, distance);
    }
    return nearest[k - 1]! < Infinity ? nearest[k - 1]! : farthest;
  });
}

/** Puts a value into an ascending list whose largest it displaces. */
function insert(ascending: Float64Array, value: number): void {
  let at = ascending.length - 1;
  for (; at > 0 && ascending[at - 1]! > value; at--) ascending[at] = ascending[at - 1]!;
  ascending[at] = value;
}

/** Σ (a − b)² of two rows, the same whichever comes first. */
function squaredDistance(a: Matrix, row: number, b: Matrix, other: number): number {
  const d = a.columns;
  let sum = 0;
  for (let p = row * d, q = other * d, end = p + d; p < end; p++, q++) {
    const difference = a.data[p]! - b.data[q]!;
    sum += difference * difference;
  }
  return sum;
}

function squaredNorms(products: Float64Array, rows: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => products[row * rows + row]!);
}

function numbered(groups: readonly string[]): Int32Array {
  const index = new Map<string, number>();
  for (const name of groups) if (!index.has(name)) index.set(name, index.size);
  return Int32Array.from(groups, (name) => index.get(name)!);
}

function share(flags: Uint8Array): number {
  let count = 0;
  for (const flag of flags) count += flag;
  return count / flags.length;
}
