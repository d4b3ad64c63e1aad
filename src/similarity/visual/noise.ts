import { type Luma, lumaScale } from './luma.ts';
import { atInput, scalarMeasure } from './measure.ts';

/** W1 between the sets' distributions of noise σ on native pixels, in grey levels; lower is closer. */
export const noise = scalarMeasure('visual.noise', '1', ({ luma }) => noiseDeviation(luma));

/** The same at the network's input size. */
export const noiseAtInput = atInput(noise, 'visual.noise_at_input');

/**
 * Noise standard deviation in grey levels: √(π/2) / (6 (W − 2)(H − 2)) · Σ|I ∗ N| over the inner pixels, where N is the
 * difference of two Laplacians. Fine texture counts as noise. 0 for an image without inner pixels (below 3 × 3).
 * Immerkær 1996, Computer Vision and Image Understanding 64:300, equation 3.
 */
export function noiseDeviation({ data, width, height }: Luma): number {
  if (width < 3 || height < 3) return 0;
  // N is the second difference along columns, then along rows; whole numbers far below 2³¹.
  const bend = (at: number) => (data[at - width]! - 2 * data[at]! + data[at + width]!) | 0;
  let total = 0;
  for (let y = 1; y < height - 1; y++) {
    const row = y * width;
    let left = bend(row);
    let centre = bend(row + 1);
    for (let at = row + 1, end = row + width - 1; at < end; at++) {
      const right = bend(at + 1);
      total += Math.abs((left - 2 * centre + right) | 0);
      left = centre;
      centre = right;
    }
  }
  return (Math.sqrt(Math.PI / 2) * total) / (6 * (width - 2) * (height - 2) * lumaScale);
}
