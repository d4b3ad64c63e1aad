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
  const last = width - 1;
  let sum = 0;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const above = mirrored(y - 1, height) * width;
    const below = mirrored(y + 1, height) * width;
    // Each column's smoothed value and its step downwards, both whole numbers far below 2³¹, are met by three pixels.
    const smooth = (x: number) => (data[above + x]! + 2 * data[row + x]! + data[below + x]!) | 0;
    const step = (x: number) => (data[below + x]! - data[above + x]!) | 0;
    let [smoothLeft, stepLeft] = [smooth(mirrored(-1, width)), step(mirrored(-1, width))];
    let [smoothHere, stepHere] = [smooth(0), step(0)];
    for (let x = 0; x < width; x++) {
      const right = x < last ? x + 1 : mirrored(width, width);
      const higher = data[above + right]!;
      const lower = data[below + right]!;
      const smoothRight = (higher + 2 * data[row + right]! + lower) | 0;
      const stepRight = (lower - higher) | 0;
      const across = (smoothRight - smoothLeft) | 0;
      const down = (stepLeft + 2 * stepHere + stepRight) | 0;
      sum += across * across + down * down;
      smoothLeft = smoothHere;
      smoothHere = smoothRight;
      stepLeft = stepHere;
      stepHere = stepRight;
    }
  }
  return sum / data.length / lumaScale ** 2;
}
