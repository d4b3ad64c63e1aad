import { dot } from './dot-products.ts';

/**
 * Several Householder reflections as one, I − V T Vᵀ (Schreiber & Van Loan 1989, the compact WY form).
 */
export interface Reflectors {
  count: number;
  /** Vᵀ: count × length, a reflection a row, 1 where it begins and 0 before. */
  vectors: Float64Array;
  /** T: count × count, upper triangular. */
  factor: Float64Array;
}

/**
 * The QR factorisation of a matrix that is given by its columns: columns × length. Column c is left with R(0 … c, c) in
 * its first numbers and 0 below.
 */
export function reflect(panel: Float64Array, columns: number, length: number): Reflectors {
  const count = Math.min(columns, length);
  const vectors = new Float64Array(count * length);
  const factor = new Float64Array(count * count);
  for (let j = 0; j < count; j++) {
    const at = j * length;
    const scale = reflector(panel, at + j, length - j, vectors, at + j);
    factor[j * count + j] = scale;
    if (scale !== 0)
      for (let c = j + 1; c < columns; c++) {
        const to = c * length + j;
        addScaled(panel, to, -scale * dot(vectors, at + j, panel, to, length - j), vectors, at + j, length - j);
      }
    for (let i = 0; i < j; i++) {
      const shared = -scale * dot(vectors, i * length + j, vectors, at + j, length - j);
      for (let row = 0; row <= i; row++) factor[row * count + j]! += factor[row * count + i]! * shared;
    }
  }
  return { count, vectors, factor };
}

/** Tᵀ times what is given, count × columns. */
export function timesFactor({ count, factor }: Reflectors, given: Float64Array, columns: number): Float64Array {
  const out = new Float64Array(count * columns);
  for (let i = 0; i < count; i++)
    for (let k = 0; k <= i; k++) addScaled(out, i * columns, factor[k * count + i]!, given, k * columns, columns);
  return out;
}

/**
 * The reflection I − scale · v vᵀ that turns x into (±|x|, 0, …, 0), which is written over x; v starts with 1. A vector
 * that is so already is left alone, with scale 0. Golub & Van Loan 2013, algorithm 5.1.1.
 * @returns scale
 */
export function reflector(x: Float64Array, from: number, length: number, v: Float64Array, at: number): number {
  const first = x[from]!;
  let rest = 0;
  for (let k = 1; k < length; k++) rest += x[from + k]! ** 2;
  v[at] = 1;
  if (rest === 0) {
    for (let k = 1; k < length; k++) {
      v[at + k] = 0;
      x[from + k] = 0;
    }
    return 0;
  }
  const norm = Math.sqrt(first * first + rest);
  const turned = first >= 0 ? -norm : norm;
  const start = first - turned;
  for (let k = 1; k < length; k++) {
    v[at + k] = x[from + k]! / start;
    x[from + k] = 0;
  }
  x[from] = turned;
  return -start / turned;
}

/**
 * Reflects `count` rows that lie `step` apart: x − scale (v · x) v. Two at a time, so that v is read half as often.
 */
export function reflectRows(
  data: Float64Array,
  start: number,
  step: number,
  count: number,
  v: Float64Array,
  length: number,
  scale: number,
): void {
  let row = 0;
  for (; row + 1 < count; row += 2) {
    const p = start + row * step;
    const q = p + step;
    let sum = 0;
    let sum2 = 0;
    for (let k = 0; k < length; k++) {
      const x = v[k]!;
      sum += x * data[p + k]!;
      sum2 += x * data[q + k]!;
    }
    sum *= scale;
    sum2 *= scale;
    for (let k = 0; k < length; k++) {
      const x = v[k]!;
      data[p + k] = data[p + k]! - sum * x;
      data[q + k] = data[q + k]! - sum2 * x;
    }
  }
  if (row === count) return;
  const p = start + row * step;
  addScaled(data, p, -scale * dot(v, 0, data, p, length), v, 0, length);
}

/**
 * Reflects the columns of `count` rows that lie `step` apart: A − scale v (vᵀ A). Four rows at a time, so that the sums are
 * read and written a quarter as often.
 * @param sums at least `length` numbers to work in
 */
export function reflectColumns(
  data: Float64Array,
  start: number,
  step: number,
  count: number,
  v: Float64Array,
  length: number,
  scale: number,
  sums: Float64Array,
): void {
  sums.fill(0, 0, length);
  const fours = count - (count % 4);
  for (let row = 0; row < fours; row += 4) addFour(sums, 0, v, row, data, start + row * step, step, length);
  for (let row = fours; row < count; row++) addScaled(sums, 0, v[row]!, data, start + row * step, length);
  for (let row = 0; row < count; row++) addScaled(data, start + row * step, -scale * v[row]!, sums, 0, length);
}

/** Adds four rows that lie `step` apart, each times one of four factors. */
export function addFour(
  target: Float64Array,
  at: number,
  factors: Float64Array,
  first: number,
  values: Float64Array,
  from: number,
  step: number,
  length: number,
): void {
  const f0 = factors[first]!;
  const f1 = factors[first + 1]!;
  const f2 = factors[first + 2]!;
  const f3 = factors[first + 3]!;
  let p = from;
  let q = from + step;
  let r = from + 2 * step;
  let s = from + 3 * step;
  for (let k = at; k < at + length; k++)
    target[k] = target[k]! + f0 * values[p++]! + f1 * values[q++]! + (f2 * values[r++]! + f3 * values[s++]!);
}

/** `target[at …] += factor · values[from …]`. */
export function addScaled(
  target: Float64Array,
  at: number,
  factor: number,
  values: Float64Array,
  from: number,
  length: number,
): void {
  let k = 0;
  for (; k + 3 < length; k += 4) {
    target[at + k]! += factor * values[from + k]!;
    target[at + k + 1]! += factor * values[from + k + 1]!;
    target[at + k + 2]! += factor * values[from + k + 2]!;
    target[at + k + 3]! += factor * values[from + k + 3]!;
  }
  for (; k < length; k++) target[at + k]! += factor * values[from + k]!;
}
