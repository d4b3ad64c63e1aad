import { type Matrix, matrix } from '../matrix.ts';
import type { Products } from './products.ts';

/**
 * Points with a distance that orders their neighbours. Up to a common factor and rounding it is h_a + h_b − a·b, so that
 * products of matrices give it of all pairs.
 */
export interface Space {
  points: Matrix;
  /** h of each point. */
  halves: Float64Array;
  /** Of two points, summed by itself: the same whichever comes first, and whatever multiplies matrices. */
  distance(one: number, other: number): number;
}

/** Squared Euclidean distance. */
export function euclideanSpace(points: Matrix): Space {
  const { data, rows, columns } = points;
  const halves = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let at = row * columns; at < (row + 1) * columns; at++) sum += data[at]! * data[at]!;
    halves[row] = sum / 2;
  }
  const distance = (one: number, other: number) => {
    let sum = 0;
    for (let p = one * columns, q = other * columns, end = p + columns; p < end; p++, q++) {
      const difference = data[p]! - data[q]!;
      sum += difference * difference;
    }
    return sum;
  };
  return { points, halves, distance };
}

/** 1 − cos; rows of length 0 lie at a distance of 1 from all. */
export function cosineSpace({ data, rows, columns }: Matrix): Space {
  const points = matrix(new Float64Array(data.length), rows, columns);
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    let largest = 0;
    for (let k = 0; k < columns; k++) largest = Math.max(largest, Math.abs(data[from + k]!));
    if (largest === 0) continue;
    let square = 0;
    for (let k = 0; k < columns; k++) square += (data[from + k]! / largest) ** 2;
    const length = Math.sqrt(square);
    for (let k = 0; k < columns; k++) points.data[from + k] = data[from + k]! / largest / length;
  }
  const distance = (one: number, other: number) => {
    let sum = 0;
    for (let p = one * columns, q = other * columns, end = p + columns; p < end; p++, q++)
      sum += points.data[p]! * points.data[q]!;
    return 1 - sum;
  };
  return { points, halves: new Float64Array(rows).fill(0.5), distance };
}

export interface NeighbourRules {
  k: number;
  /** Of each point, as numbers: nobody of a point's own group is its neighbour. */
  groups: Int32Array;
}

/** Rows whose products are taken at a time, so that 100,000 points need no square of that size. */
const bandRows = 128;

/**
 * The k nearest of every point, in no order, k a point; −1 where there are no more. Of points at one distance the smaller
 * index is the nearer. Every pair is multiplied once and met by both its points; where products leave open, within their
 * rounding, which point is the k-th, distances are summed anew.
 */
export async function nearestNeighbours(space: Space, rules: NeighbourRules, products: Products): Promise<Int32Array> {
  const { points } = space;
  const nearest = new Nearest(space, rules);
  const room = new Float64Array(Math.min(bandRows, points.rows) * points.rows);
  for (let from = 0; from < points.rows; from += bandRows) {
    const to = Math.min(points.rows, from + bandRows);
    const first = (count: number, skipped = 0) =>
      matrix(points.data.subarray(skipped * points.columns, count * points.columns), count - skipped, points.columns);
    const { data } = await products.rows(first(to, from), first(to), room);
    for (let row = from; row < to; row++) nearest.meet(row, data, (row - from) * to);
  }
  const out = new Int32Array(points.rows * rules.k);
  for (let row = 0; row < points.rows; row++) nearest.write(row, out, row * rules.k);
  return out;
}

/**
 * As {@link nearestNeighbours}, of some rows among each other, from the products of all.
 * @param rows ascending
 * @param gram all products: points × points
 */
export function nearestAmong(space: Space, rules: NeighbourRules, rows: Int32Array, gram: Matrix): Int32Array {
  const nearest = new Nearest(space, rules, rows);
  for (const row of rows) nearest.meet(row, gram.data, row * gram.columns);
  const out = new Int32Array(rows.length * rules.k);
  rows.forEach((row, i) => {
    nearest.write(row, out, i * rules.k);
  });
  return out;
}

/** Kept of every point beyond k, so that the one after the k-th is known but where many lie at one distance. */
const spare = 8;

/** What every point has met: its nearest so far, ascending by h_a + h_b − a·b. */
class Nearest {
  readonly #space: Space;
  readonly #groups: Int32Array;
  readonly #k: number;
  /** The rows that take part; undefined for all. */
  readonly #rows: Int32Array | undefined;
  readonly #held: number;
  readonly #others: Int32Array;
  readonly #values: Float64Array;
  /** Below this a point takes another one in. */
  readonly #limits: Float64Array;
  readonly #greatestHalf: number;

  constructor(space: Space, { k, groups }: NeighbourRules, rows?: Int32Array) {
    this.#space = space;
    this.#groups = groups;
    this.#k = k;
    this.#rows = rows;
    const count = space.points.rows;
    this.#held = Math.min(k, count) + spare;
    this.#others = new Int32Array(count * this.#held).fill(-1);
    this.#values = new Float64Array(count * this.#held).fill(Infinity);
    this.#limits = new Float64Array(count).fill(Infinity);
    let greatest = 0;
    for (const half of space.halves) if (half > greatest) greatest = half;
    this.#greatestHalf = greatest;
  }

  /** A row meets those before it: `products[at + other]` holds its product with each. */
  meet(row: number, products: Float32Array | Float64Array, at: number): void {
    const { halves } = this.#space;
    const limits = this.#limits;
    const groups = this.#groups;
    const rows = this.#rows;
    const half = halves[row]!;
    if (rows === undefined)
      for (let other = 0; other < row; other++) {
        const value = half + halves[other]! - products[at + other]!;
        if ((value < limits[row]! || value < limits[other]!) && groups[row] !== groups[other])
          this.#join(row, other, value);
      }
    else
      for (let i = 0; rows[i]! < row; i++) {
        const other = rows[i]!;
        const value = half + halves[other]! - products[at + other]!;
        if ((value < limits[row]! || value < limits[other]!) && groups[row] !== groups[other])
          this.#join(row, other, value);
      }
  }

  /** The k nearest of a row. */
  write(row: number, out: Int32Array, to: number): void {
    const first = row * this.#held;
    const slack = 2 * this.#error(row);
    // Those after the k-th that may be nearer than it, and those that were not kept.
    const bound = this.#values[first + this.#k - 1] ?? Infinity;
    let near = this.#k;
    while (near < this.#held && this.#values[first + near]! <= bound + slack && this.#others[first + near]! >= 0)
      near++;
    if (this.#k >= this.#held || near === this.#k)
      for (let place = 0; place < this.#k; place++)
        out[to + place] = place < this.#held ? this.#others[first + place]! : -1;
    else {
      const isWhole = near < this.#held;
      const candidates = isWhole ? this.#others.subarray(first, first + near) : this.#everyOther(row);
      nearestOf(candidates, (other) => this.#space.distance(row, other), out.subarray(to, to + this.#k));
    }
  }

  #join(row: number, other: number, value: number): void {
    if (value < this.#limits[row]!) this.#insert(row, other, value);
    if (value < this.#limits[other]!) this.#insert(other, row, value);
  }

  #insert(row: number, other: number, value: number): void {
    const values = this.#values;
    const first = row * this.#held;
    const last = first + this.#held - 1;
    let at = last;
    for (; at > first && values[at - 1]! > value; at--) {
      values[at] = values[at - 1]!;
      this.#others[at] = this.#others[at - 1]!;
    }
    values[at] = value;
    this.#others[at] = other;
    this.#limits[row] = values[last]!;
  }

  /** How far a value can be off: by the rounding of a product of that many columns. */
  #error(row: number): number {
    const { halves, points } = this.#space;
    return (points.columns + 8) * Number.EPSILON * (halves[row]! + this.#greatestHalf);
  }

  #everyOther(row: number): Int32Array {
    const all = this.#rows ?? Int32Array.from({ length: this.#space.points.rows }, (_, other) => other);
    return all.filter((other) => this.#groups[other] !== this.#groups[row]);
  }
}

/** The nearest of some points, as many as there is room for; of equals those with the smaller index. */
function nearestOf(candidates: Int32Array, distance: (other: number) => number, out: Int32Array): void {
  const found = Array.from(candidates, (other) => ({ other, distance: distance(other) }));
  found.sort((a, b) => a.distance - b.distance || a.other - b.other);
  for (let place = 0; place < out.length; place++) out[place] = found[place]?.other ?? -1;
}
