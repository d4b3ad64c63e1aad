import { type Matrix, matrix } from '../matrix.ts';
import type { Products } from './products.ts';
import { type Reflectors, reflect, timesFactor } from './reflectors.ts';

/**
 * A square upper band matrix: entry (i, j) may differ from 0 where i ≤ j ≤ i + width, and lies at
 * `data[i · stride + j − i + width]`, with room for what lies up to `width` below the diagonal and `2 · width` above.
 */
export interface Band {
  data: Float64Array;
  size: number;
  width: number;
  stride: number;
}

/**
 * Brings a matrix to upper band form by orthogonal transformations from both sides, which leave its singular values as
 * they are: `width` columns by reflections from the left, then as many rows by reflections from the right, and so on. All
 * but a small share of the work is products of matrices, which is why this comes before the bidiagonal form. Großer & Lang
 * 1999, section 2.
 * @param given rows ≥ columns
 */
export async function bandOf(given: Matrix<Float64Array>, width: number, products: Products): Promise<Band> {
  const size = given.columns;
  const stride = 3 * width + 1;
  const band: Band = { data: new Float64Array(size * stride), size, width, stride };
  let rest: Matrix<Float64Array> = matrix(new Float64Array(given.data), given.rows, given.columns);
  for (let done = 0; done < size; done += width) {
    const taken = Math.min(width, rest.columns);
    const { data: a, rows, columns } = rest;
    // Q from the left makes the first columns triangular; Z is what it takes from every column, by rows of Vᵀ.
    const panel = new Float64Array(taken * rows);
    for (let i = 0; i < rows; i++) for (let c = 0; c < taken; c++) panel[c * rows + i] = a[i * columns + c]!;
    const left = reflect(panel, taken, rows);
    for (let c = 0; c < taken; c++) for (let i = 0; i <= c; i++) put(band, done + i, done + c, panel[c * rows + i]!);
    const width2 = columns - taken;
    if (width2 === 0) break;
    const v = matrix(left.vectors, left.count, rows);
    const z = timesFactor(left, (await products.product(v, rest)).data, columns);

    // The rows above, as Q leaves them, are made triangular from the right.
    const top = new Float64Array(taken * width2);
    for (let i = 0; i < taken; i++)
      for (let j = 0; j < width2; j++) {
        let sum = a[i * columns + taken + j]!;
        for (let k = 0; k <= i; k++) sum -= left.vectors[k * rows + i]! * z[k * columns + taken + j]!;
        top[i * width2 + j] = sum;
      }
    const right = reflect(top, taken, width2);
    for (let i = 0; i < taken; i++)
      for (let j = 0; j <= Math.min(i, width2 - 1); j++) put(band, done + i, done + taken + j, top[i * width2 + j]!);
    rest = await remainder(rest, taken, left, matrix(z, left.count, columns), right, products);
  }
  return band;
}

/** What is left below and right of the panels: A − V Z − (A − V Z) W S Wᵀ. */
async function remainder(
  { data: a, rows, columns }: Matrix<Float64Array>,
  taken: number,
  left: Reflectors,
  z: Matrix<Float64Array>,
  right: Reflectors,
  products: Products,
): Promise<Matrix<Float64Array>> {
  const width = columns - taken;
  const height = rows - taken;
  const below = matrix(a.subarray(taken * columns), height, columns);
  // Wᵀ under as many zeros as there are columns to pass over, so that A is read where it lies.
  const w = matrix(new Float64Array(right.count * columns), right.count, columns);
  for (let k = 0; k < right.count; k++)
    w.data.set(right.vectors.subarray(k * width, (k + 1) * width), k * columns + taken);
  const aw = (await products.rows(below, w)).data;
  const zw = (await products.rows(z, w)).data;
  const both = matrix(new Float64Array(height * (left.count + right.count)), height, left.count + right.count);
  const y = new Float64Array(right.count);
  for (let i = 0; i < height; i++) {
    for (let k = 0; k < right.count; k++) {
      let sum = aw[i * right.count + k]!;
      for (let l = 0; l < left.count; l++) sum -= left.vectors[l * rows + taken + i]! * zw[l * right.count + k]!;
      y[k] = sum;
    }
    const at = i * both.columns;
    for (let l = 0; l < left.count; l++) both.data[at + l] = left.vectors[l * rows + taken + i]!;
    for (let k = 0; k < right.count; k++) {
      let sum = 0;
      for (let l = 0; l <= k; l++) sum += y[l]! * right.factor[l * right.count + k]!;
      both.data[at + left.count + k] = sum;
    }
  }
  const shares = matrix(new Float64Array(both.columns * columns), both.columns, columns);
  shares.data.set(z.data);
  shares.data.set(w.data, z.data.length);
  const change = (await products.product(both, shares)).data;
  // In place: every number moves towards the front.
  for (let i = 0, to = 0; i < height; i++) {
    let from = i * columns + taken;
    for (const end = (i + 1) * columns; from < end; from++) a[to++] = a[taken * columns + from]! - change[from]!;
  }
  return matrix(a.subarray(0, height * width), height, width);
}

function put({ data, stride, width }: Band, row: number, column: number, value: number): void {
  data[row * stride + column - row + width] = value;
}
