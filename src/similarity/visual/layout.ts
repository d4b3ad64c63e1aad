import { TransferEvidenceError } from '../../errors.ts';
import type { Matrix } from '../../matrix.ts';
import { allRows } from '../rows.ts';
import { type Luma, lumaScale } from './luma.ts';
import type { VisualMeasure } from './measure.ts';
import { planesOf } from './planes.ts';

/** Cells along each side of the grid. */
const cells = 16;

/**
 * Squared distance between the sets' mean images, each image a 16 × 16 grid of luma with its own mean taken off: the mean
 * over the cells of (E s − E t)², in grey²; lower is closer. Without bias, and so sometimes below 0: the square of the
 * sample means' distance is lowered by what chance adds, the mean variance of each set over its size. That is the
 * unbiased squared MMD with a linear kernel (Gretton et al. 2012, J. Machine Learning Research 13:723, equation 3).
 *
 * Large when one set always has its subject in the same place and the other elsewhere, as centred photographs and chest
 * films. Blind to all that varies within a set, and to overall brightness, which `visual.lightness` sees. Needs two
 * images a side; the aspect ratio is lost.
 * @throws measure-refused with fewer
 */
export const layout: VisualMeasure = {
  name: 'visual.layout',
  version: '1',
  columns: cells * cells,
  nullRate: 1,
  describe: (image) => cellsOf(planesOf(image).luma),
  distance: (source, target) => between(source, allRows(source.rows), target, allRows(target.rows)),
  between,
};

function between(source: Matrix, sourceRows: Int32Array, target: Matrix, targetRows: Int32Array): number {
  const fewest = Math.min(sourceRows.length, targetRows.length);
  if (fewest < 2)
    throw new TransferEvidenceError(
      'measure-refused',
      `A mean image and its uncertainty need at least 2 images a side; ${fewest} found. More images would do.`,
    );
  const a = meanAndError(source, sourceRows);
  const b = meanAndError(target, targetRows);
  let squares = 0;
  for (let cell = 0; cell < a.mean.length; cell++) squares += (a.mean[cell]! - b.mean[cell]!) ** 2;
  return squares / a.mean.length - a.error - b.error;
}

/** The mean image, and the mean over its cells of the squared standard error. */
function meanAndError({ data, columns }: Matrix, rows: Int32Array): { mean: Float64Array; error: number } {
  const mean = new Float64Array(columns);
  let squares = 0;
  for (const row of rows)
    for (let cell = 0, at = row * columns; cell < columns; cell++, at++) {
      mean[cell]! += data[at]! / rows.length;
      squares += data[at]! * data[at]!;
    }
  let ofMean = 0;
  for (const value of mean) ofMean += value * value;
  // Rounding may leave equal images a variance just below 0.
  const variance = Math.max(0, squares - rows.length * ofMean) / (rows.length - 1);
  return { mean, error: variance / (rows.length * columns) };
}

/** Mean luma of each cell in grey levels, less the whole image's; pixels that lie across an edge count by their share. */
function cellsOf({ data, width, height }: Luma): Float64Array {
  const grid = new Float64Array(cells * cells);
  const row = new Float64Array(cells);
  const [columnsAt, rowsAt] = [sharesOf(width), sharesOf(height)];
  for (let y = 0; y < height; y++) {
    row.fill(0);
    for (const { cell, from, to, first, last } of columnsAt) {
      let sum = first * data[y * width + from]!;
      for (let at = y * width + from + 1, end = y * width + to; at < end; at++) sum += data[at]!;
      if (to > from) sum += last * data[y * width + to]!;
      row[cell] = sum;
    }
    for (const { cell, from, to, first, last } of rowsAt) {
      if (y < from || y > to) continue;
      const weight = y === from ? first : y === to ? last : 1;
      for (let x = 0; x < cells; x++) grid[cell * cells + x]! += weight * row[x]!;
    }
  }
  const area = (width * height * lumaScale) / (cells * cells);
  let mean = 0;
  for (const sum of grid) mean += sum / area / grid.length;
  return grid.map((sum) => sum / area - mean);
}

/** For each cell along a side of `length` pixels, its first and last pixel and the shares of them that it covers. */
function sharesOf(length: number): { cell: number; from: number; to: number; first: number; last: number }[] {
  return Array.from({ length: cells }, (_, cell) => {
    const start = (cell * length) / cells;
    const end = ((cell + 1) * length) / cells;
    const from = Math.floor(start);
    const to = Math.min(length - 1, Math.ceil(end) - 1);
    return { cell, from, to, first: Math.min(end, from + 1) - start, last: end - to };
  });
}
