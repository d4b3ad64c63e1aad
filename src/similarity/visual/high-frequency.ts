import { atInput, scalarMeasure } from './measure.ts';
import type { Spectrum } from './spectrum.ts';

/**
 * W1 between the sets' distributions of the high-frequency share, 0 … 1, on native pixels; lower is closer. An enlarged
 * or blurred image has a share near 0. Noise counts as detail. An image below 6 px on a side has none.
 */
export const highFrequency = scalarMeasure('visual.high_frequency', '1', ({ spectrum }) =>
  spectrum === null ? 0 : highFrequencyShare(spectrum),
);

/** The same at the network's input size: how much of what the network can resolve the images fill. */
export const highFrequencyAtInput = atInput(highFrequency, 'visual.high_frequency_at_input');

/**
 * Power from a quarter of the sampling frequency on (half of what the pixels can carry) over all power but the mean's. 0
 * when all there is could be rounding to whole grey levels.
 */
export function highFrequencyShare(spectrum: Spectrum): number {
  const { sums, counts } = spectrum.radial;
  let all = 0;
  let high = 0;
  let rounding = 0;
  for (let ring = 1; ring < sums.length; ring++) {
    all += sums[ring]!;
    rounding += spectrum.rounding * counts[ring]!;
    if (ring >= spectrum.side / 4) high += sums[ring]!;
  }
  return all <= rounding ? 0 : high / all;
}
