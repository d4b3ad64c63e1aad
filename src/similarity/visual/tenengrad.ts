import { type Luma, lumaScale, mirrored } from './luma.ts';
import { scalarMeasure } from './measure.ts';

/** Rounding to whole grey levels has this Tenengrad: 2 · 12 weights² · 1/12; an image below it counts as flat. */
const flat = 2;

/**
 * W1 between the sets' distributions of ln Tenengrad, on native pixels, in ln grey²; lower is closer. Like
 * `visual.sharpness`, but over edges two pixels wide, so that fine noise weighs less.
 */
export const tenengrad = scalarMeasure('visual.tenengrad', '1', ({ luma }) =>
  Math.log(Math.max(flat, squaredGradient(luma))),
);

/**
 * Mean squared length of the Sobel gradient in grey², borders mirrored (reflect-101). Tenenbaum 1970 (Stanford
 * AI Memo 134); Pech-Pacheco et al. 2000. Without the threshold that some implementations add.
 */
export function squaredGradient({ data, width, height }: Luma): number {
  let sum = 0;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const above = mirrored(y - 1, height) * width;
    const below = mirrored(y + 1, height) * width;
    for (let x = 0; x < width; x++) {
      const left = x > 0 ? x - 1 : mirrored(-1, width);
      const right = x + 1 < width ? x + 1 : mirrored(width, width);
      const falling = data[below + right]! - data[above + left]!;
      const rising = data[above + right]! - data[below + left]!;
      const across = 2 * (data[row + right]! - data[row + left]!) + falling + rising;
      const down = 2 * (data[below + x]! - data[above + x]!) + falling - rising;
      sum += across * across + down * down;
    }
  }
  return sum / data.length / lumaScale ** 2;
}
