import { powerSpectrum, shortestTransform, transformLength } from './fourier.ts';
import { type Luma, lumaScale } from './luma.ts';
import { meanLogPower, type RadialPower, radialPower } from './rings.ts';

/** A larger centre says nothing more about the frequencies near the pixel's own. */
const widest = 256;

/** Power of the luma's frequencies in a square cut from an image's centre, in grey² as {@link powerSpectrum} gives it. */
export interface Spectrum {
  /** Of the square, in pixels; even. */
  side: number;
  radial: RadialPower;
  /** Means of ln power over square rings, 0 … side / 2; no power counts as a thousandth of {@link rounding}. */
  logarithms: Float64Array;
  /** What rounding to whole grey levels alone would put into every frequency. */
  rounding: number;
}

// Kept from image to image: a spectrum's own memory is a few hundred numbers.
const squares = new Float64Array(widest * widest);
const powers = new Float64Array(widest * (widest / 2 + 1));

/**
 * Periodogram of the largest centred square of up to 256 px, its mean taken off and a symmetric Hann window applied, so
 * that the square's edges make no cross in the spectrum. Null below 6 px, where there are no two frequencies to compare.
 */
export function spectrumOf({ data, width, height }: Luma): Spectrum | null {
  const shortSide = Math.min(width, height, widest);
  if (shortSide < shortestTransform) return null;
  const side = transformLength(shortSide);
  const first = ((height - side) >> 1) * width + ((width - side) >> 1);
  let sum = 0;
  for (let y = 0; y < side; y++) {
    let row = 0;
    for (let at = first + y * width, end = at + side; at < end; at++) row += data[at]!;
    sum += row;
  }
  const mean = sum / (side * side);
  const { weights, squared } = windowOf(side);
  const square = squares.subarray(0, side * side);
  for (let y = 0, to = 0; y < side; y++) {
    const weight = weights[y]! / lumaScale;
    for (let x = 0, at = first + y * width; x < side; x++, at++, to++)
      square[to] = (data[at]! - mean) * weight * weights[x]!;
  }
  const rounding = squared ** 2 / 12;
  const power = powerSpectrum(square, side, powers.subarray(0, side * (side / 2 + 1)));
  return { side, rounding, radial: radialPower(side, power), logarithms: meanLogPower(side, power, rounding / 1000) };
}

/** A window along one side, and the sum of its squares. */
interface Window {
  weights: Float64Array;
  squared: number;
}

const knownWindows = new Map<number, Window>();

function windowOf(side: number): Window {
  const known = knownWindows.get(side);
  if (known) return known;
  const weights = Float64Array.from({ length: side }, (_, x) => 0.5 - 0.5 * Math.cos((2 * Math.PI * x) / (side - 1)));
  const window = { weights, squared: weights.reduce((total, weight) => total + weight * weight, 0) };
  knownWindows.set(side, window);
  return window;
}
