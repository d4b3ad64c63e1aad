import { type Matrix, matrix } from '../matrix.ts';
import { type Products, transposed } from './products.ts';
import { addScaled, type Reflectors, reflect, timesFactor } from './reflectors.ts';

/**
 * A symmetric band matrix by its lower half: entry (i, j) may differ from 0 where i − width ≤ j ≤ i, and lies at
 * `data[i · stride + j − i + 2 · width]`, with room for what lies up to `2 · width` below the diagonal.
 */
export interface SymmetricBand {
  data: Float64Array;
  size: number;
  width: number;
  stride: number;
}

/** A symmetric matrix as a band that is wide enough for all of it. */
export function fullBandOf({ data, rows: size }: Matrix<Float64Array>): SymmetricBand {
  const band = emptyBand(size, Math.max(0, size - 1));
  for (let i = 0; i < size; i++)
    band.data.set(data.subarray(i * size, i * size + i + 1), i * band.stride + 2 * band.width - i);
  return band;
}

/**
 * Brings a symmetric matrix A to band form Qᵀ A Q by reflections, panel by panel, and some columns B to Qᵀ B. All but a
 * small share of the work is products of matrices, where half of that of a tridiagonal form made at once is passes over
 * all of A. Dongarra, Sorensen & Hammarling 1989; Bischof, Lang & Sun 2000, section 2.
 * @param given n × n, both triangles
 * @param columns n × c, overwritten
 */
export async function symmetricBandOf(
  given: Matrix<Float64Array>,
  width: number,
  columns: Matrix<Float64Array>,
  products: Products,
): Promise<SymmetricBand> {
  const size = given.rows;
  const band = emptyBand(size, width);
  const put = (row: number, column: number, value: number) => {
    band.data[row * band.stride + column - row + 2 * width] = value;
  };
  let rest: Matrix<Float64Array> = matrix(new Float64Array(given.data), size, size);
  const room = new Float64Array(Math.max(0, size - width) ** 2);
  for (let done = 0; rest.rows > 0; done += width) {
    const { data: a, rows } = rest;
    const taken = Math.min(width, rows);
    for (let i = 0; i < taken; i++) for (let j = 0; j <= i; j++) put(done + i, done + j, a[i * rows + j]!);
    const below = rows - taken;
    if (below === 0) break;
    // The columns under the diagonal block, which are the rows beside it.
    const panel = new Float64Array(taken * below);
    for (let c = 0; c < taken; c++) panel.set(a.subarray(c * rows + taken, (c + 1) * rows), c * below);
    const turned = reflect(panel, taken, below);
    for (let c = 0; c < taken; c++)
      for (let i = 0; i <= Math.min(c, below - 1); i++) put(done + taken + i, done + c, panel[c * below + i]!);
    rest = await remainder(rest, taken, turned, products, room);
    const from = (done + taken) * columns.columns;
    if (columns.columns > 0) await turn(turned, matrix(columns.data.subarray(from), below, columns.columns), products);
  }
  return band;
}

/** Qᵀ A Q right of and below the first rows: A − V Wᵀ − W Vᵀ with X = A V T and W = X − ½ V Tᵀ Vᵀ X. */
async function remainder(
  { data: a, rows }: Matrix<Float64Array>,
  taken: number,
  turned: Reflectors,
  products: Products,
  room: Float64Array,
): Promise<Matrix<Float64Array>> {
  const { count, vectors } = turned;
  const below = rows - taken;
  // V under as many zeros as there are columns to pass over, so that A is read where it lies.
  const shifted = matrix(new Float64Array(count * rows), count, rows);
  for (let k = 0; k < count; k++) shifted.data.set(vectors.subarray(k * below, (k + 1) * below), k * rows + taken);
  const av = await products.rows(matrix(a.subarray(taken * rows), below, rows), shifted);
  // Xᵀ = Tᵀ (A V)ᵀ, a row for every reflection.
  const x = timesFactor(turned, transposed(av).data, below);
  const v = matrix(vectors, count, below);
  const middle = timesFactor(turned, (await products.rows(v, matrix(x, count, below))).data, count);
  for (let k = 0; k < count; k++)
    for (let l = 0; l < count; l++) {
      // Symmetric but for rounding.
      const half = -(middle[k * count + l]! + middle[l * count + k]!) / 4;
      addScaled(x, k * below, half, vectors, l * below, below);
    }
  const both = new Float64Array(2 * count * below);
  both.set(vectors);
  both.set(x, vectors.length);
  const vw = transposed(matrix(both, 2 * count, below));
  both.set(x);
  both.set(vectors, x.length);
  const change = (await products.product(vw, matrix(both, 2 * count, below), room)).data;
  // In place: every number moves towards the front.
  for (let i = 0, to = 0; i < below; i++) {
    let from = (taken + i) * rows + taken;
    for (const end = (taken + i + 1) * rows; from < end; from++, to++) a[to] = a[from]! - change[to]!;
  }
  return matrix(a.subarray(0, below * below), below, below);
}

/** Qᵀ B = B − V Tᵀ Vᵀ B, written over B. */
async function turn(turned: Reflectors, columns: Matrix<Float64Array>, products: Products): Promise<void> {
  const v = matrix(turned.vectors, turned.count, columns.rows);
  const shares = timesFactor(turned, (await products.product(v, columns)).data, columns.columns);
  const change = await products.product(transposed(v), matrix(shares, turned.count, columns.columns));
  for (let at = 0; at < change.data.length; at++) columns.data[at]! -= change.data[at]!;
}

function emptyBand(size: number, width: number): SymmetricBand {
  const stride = 2 * width + 1;
  return { data: new Float64Array(size * stride), size, width, stride };
}
