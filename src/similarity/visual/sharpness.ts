import { type Luma, lumaScale, mirrored } from './luma.ts';
import { atInput, scalarMeasure } from './measure.ts';

/** Rounding to whole grey levels has this variance; an image below it counts as flat. */
const flat = 1 / 12;

/**
 * W1 between the sets' distributions of ln Var(Laplacian of luma), on native pixels, in ln grey²; lower is closer.
 * A set further up is sharper or noisier. Pech-Pacheco et al. 2000.
 */
export const sharpness = scalarMeasure('visual.sharpness', '1', ({ luma }) =>
  Math.log(Math.max(flat, laplacianVariance(luma))),
);

/** The same at the network's input size. */
export const sharpnessAtInput = atInput(sharpness, 'visual.sharpness_at_input');

/** Variance of the 4-neighbour Laplacian in grey², divided by the number of pixels; the border is mirrored (reflect-101). */
export function laplacianVariance({ data, width, height }: Luma): number {
  let sum = 0;
  let squares = 0;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const above = mirrored(y - 1, height) * width;
    const below = mirrored(y + 1, height) * width;
    const last = width - 1;
    let left = data[row + mirrored(-1, width)]!;
    let centre = data[row]!;
    for (let x = 0; x < last; x++) {
      const right = data[row + x + 1]!;
      // Whole numbers far below 2³¹; said so, they are added without a check.
      const value = (data[above + x]! + data[below + x]! + left + right - 4 * centre) | 0;
      sum += value;
      squares += value * value;
      left = centre;
      centre = right;
    }
    const value = data[above + last]! + data[below + last]! + left + data[row + mirrored(width, width)]! - 4 * centre;
    sum += value;
    squares += value * value;
  }
  const pixels = data.length;
  return Math.max(0, squares / pixels - (sum / pixels) ** 2) / lumaScale ** 2;
}
