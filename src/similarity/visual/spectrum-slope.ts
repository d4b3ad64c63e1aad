import { atInput, scalarMeasure } from './measure.ts';
import type { Spectrum } from './spectrum.ts';

/**
 * W1 between the sets' distributions of the slope of the log-log power spectrum, on native pixels; lower is closer. White
 * noise has slope 0, photographs about −2, and a set further down is smoother. Noise and JPEG compression lift the slope,
 * blur and enlarging lower it, and which did is not told apart. An image below 6 px on a side has slope 0.
 */
export const spectrumSlope = scalarMeasure('visual.spectrum_slope', '1', ({ spectrum }) =>
  spectrum === null ? 0 : slopeOf(spectrum),
);

/** The same at the network's input size, where it does not depend on how large the files are. */
export const spectrumSlopeAtInput = atInput(spectrumSlope, 'visual.spectrum_slope_at_input');

/**
 * Least-squares slope of log power over log frequency, the power averaged over rings of whole cycles a side,
 * 1 … side / 2 − 1. van der Schaaf & van Hateren 1996, Vision Research 36:2759. A ring with less power than rounding to
 * whole grey levels makes counts as having that much, so an image of one colour has slope 0.
 */
export function slopeOf(spectrum: Spectrum): number {
  const { sums, counts } = spectrum.radial;
  const last = spectrum.side / 2 - 1;
  let meanX = 0;
  let meanY = 0;
  const points: [number, number][] = [];
  for (let ring = 1; ring <= last; ring++) {
    const x = Math.log10(ring);
    const y = Math.log10(Math.max(spectrum.rounding, sums[ring]! / counts[ring]!));
    points.push([x, y]);
    meanX += x / last;
    meanY += y / last;
  }
  let products = 0;
  let squares = 0;
  for (const [x, y] of points) {
    products += (x - meanX) * (y - meanY);
    squares += (x - meanX) ** 2;
  }
  return products / squares;
}
