import { inDoubles, type Products, plainProducts } from '../../linear-algebra/products.ts';
import { type Matrix, matrix } from '../../matrix.ts';
import type { Grams } from './grams.ts';

/** Changes whenever a number of this measure can change. */
export const kidVersion = '3';

/**
 * Kernel Inception Distance: unbiased squared MMD with the cubic kernel (x·y/d + 1)³, as one full U-statistic rather
 * than a mean over random subsets, which estimates the same number with more noise. Lower is closer, below 0 by chance
 * when the sets are alike. It scales with the cube of the squared features, so values of two encoders cannot be
 * compared. 20 images a side for a value, about 1000 to rank. Bińkowski et al. 2018, section 4.
 * @param source n × d features
 * @param target m × d features
 * @param products what multiplies matrices; loops where none is given
 * @throws shape-mismatch when the two sets differ in columns
 */
export async function kid(source: Matrix, target: Matrix, products: Products = plainProducts): Promise<number> {
  const [x, y] = [inDoubles(source), inDoubles(target)];
  return (await meanWithin(x, products)) + (await meanWithin(y, products)) - 2 * (await meanBetween(x, y, products));
}

/** Rows whose kernel values are made at a time: they are summed while they are still in the cache. */
const bandRows = 256;

async function meanWithin(set: Matrix<Float64Array>, products: Products): Promise<number> {
  let total = 0;
  const room = new Float64Array(Math.min(bandRows, set.rows) * set.rows);
  for (let from = 0; from < set.rows; from += bandRows) {
    const band = rowsFrom(set, from);
    const before = matrix(set.data.subarray(0, (from + band.rows) * set.columns), from + band.rows, set.columns);
    const { data, columns } = await products.rows(band, before, room);
    for (let i = 0; i < band.rows; i++) total += cubicSum(data, i * columns, from + i, set.columns);
  }
  return (2 * total) / (set.rows * (set.rows - 1));
}

async function meanBetween(a: Matrix<Float64Array>, b: Matrix<Float64Array>, products: Products): Promise<number> {
  let total = 0;
  const room = new Float64Array(Math.min(bandRows, a.rows) * b.rows);
  for (let from = 0; from < a.rows; from += bandRows) {
    const { data } = await products.rows(rowsFrom(a, from), b, room);
    total += cubicSum(data, 0, data.length, a.columns);
  }
  return total / (a.rows * b.rows);
}

function rowsFrom({ data, rows, columns }: Matrix<Float64Array>, from: number): Matrix<Float64Array> {
  const to = Math.min(rows, from + bandRows);
  return matrix(data.subarray(from * columns, to * columns), to - from, columns);
}

/** Σ (x·y/d + 1)³ over some products. */
function cubicSum(products: Float64Array, from: number, count: number, columns: number): number {
  let even = 0;
  let odd = 0;
  let at = from;
  for (const end = from + count - 1; at < end; at += 2) {
    const base = products[at]! / columns + 1;
    const next = products[at + 1]! / columns + 1;
    even += base * base * base;
    odd += next * next * next;
  }
  if (at < from + count) even += (products[at]! / columns + 1) ** 3;
  return even + odd;
}

/** (x·y/d + 1)³ of all pairs of rows, a.rows × b.rows. */
export function cubicKernel(grams: Grams, a: Matrix, b: Matrix): Float64Array {
  const products = grams.between(a, b);
  const out = new Float64Array(products.length);
  for (let at = 0; at < out.length; at++) {
    const base = products[at]! / a.columns + 1;
    out[at] = base * base * base;
  }
  return out;
}
