import { type Luma, lumaScale } from './luma.ts';
import { atInput, scalarMeasure } from './measure.ts';

/** W1 between the sets' distributions of RMS contrast on native pixels; 0 … 0.5, lower is closer. */
export const contrast = scalarMeasure('visual.contrast', '1', ({ luma }) => rmsContrast(luma));

/** The same at the network's input size. */
export const contrastAtInput = atInput(contrast, 'visual.contrast_at_input');

/** Standard deviation of luma ÷ 255 over all pixels. Peli 1990, J. Opt. Soc. Am. A 7:2032. */
export function rmsContrast({ data }: Luma): number {
  // Counted from the first pixel, an image of one colour has exactly none.
  const first = data[0]!;
  let sum = 0;
  let squares = 0;
  for (let at = 0; at < data.length; at++) {
    const value = data[at]! - first;
    sum += value;
    squares += value * value;
  }
  const variance = Math.max(0, squares / data.length - (sum / data.length) ** 2);
  return Math.sqrt(variance) / (lumaScale * 255);
}
