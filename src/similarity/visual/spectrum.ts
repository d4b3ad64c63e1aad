import { powerSpectrum, shortestTransform, transformLength } from './fourier.ts';
import { type Luma, lumaScale } from './luma.ts';

/** A larger centre says nothing more about the frequencies near the pixel's own. */
const widest = 256;

/** Power of the luma's frequencies in a square cut from an image's centre. */
export interface Spectrum {
  /** Of the square, in pixels; even. */
  side: number;
  /** (side / 2 + 1) × side in grey² as {@link powerSpectrum} gives it. */
  power: Float64Array;
  radial: RadialPower;
  /** What rounding to whole grey levels alone would put into every frequency. */
  rounding: number;
}

/**
 * Periodogram of the largest centred square of up to 256 px, its mean taken off and a symmetric Hann window applied, so
 * that the square's edges make no cross in the spectrum. Null below 6 px, where there are no two frequencies to compare.
 */
export function spectrumOf({ data, width, height }: Luma): Spectrum | null {
  const shortSide = Math.min(width, height, widest);
  if (shortSide < shortestTransform) return null;
  const side = transformLength(shortSide);
  const square = new Float64Array(side * side);
  const first = ((height - side) >> 1) * width + ((width - side) >> 1);
  let sum = 0;
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const value = data[first + y * width + x]!;
      square[y * side + x] = value / lumaScale;
      sum += value;
    }
  const mean = sum / (side * side * lumaScale);
  const window = Float64Array.from({ length: side }, (_, x) => 0.5 - 0.5 * Math.cos((2 * Math.PI * x) / (side - 1)));
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) square[y * side + x] = (square[y * side + x]! - mean) * window[y]! * window[x]!;
  const squares = window.reduce((total, weight) => total + weight * weight, 0);
  const power = powerSpectrum(square, side);
  return { side, power, radial: radialPower(side, power), rounding: (squares * squares) / 12 };
}

/** Calls back for every frequency of the stored half: how often it stands in the whole, and where. */
export function eachFrequency(side: number, visit: (at: number, u: number, v: number, times: 1 | 2) => void): void {
  const half = side / 2;
  for (let v = 0; v <= half; v++) {
    const times = v === 0 || v === half ? 1 : 2;
    for (let u = 0; u < side; u++) visit(v * side + u, u <= half ? u : side - u, v, times);
  }
}

/** Power by distance from frequency 0, rounded to whole cycles a side. */
interface RadialPower {
  /** Sums over all frequencies of a ring, up to the corners. */
  sums: Float64Array;
  counts: Float64Array;
}

/** Which ring each stored frequency lies in, and how many of the whole lie in each ring; the same for one side. */
interface Rings {
  ring: Uint16Array;
  counts: Float64Array;
}

const knownRings = new Map<number, Rings>();

function ringsOf(side: number): Rings {
  const known = knownRings.get(side);
  if (known) return known;
  const ring = new Uint16Array((side / 2 + 1) * side);
  const counts = new Float64Array(Math.round(Math.SQRT2 * (side / 2)) + 1);
  eachFrequency(side, (at, u, v, times) => {
    ring[at] = Math.round(Math.sqrt(u * u + v * v));
    counts[ring[at]!]! += times;
  });
  const rings = { ring, counts };
  knownRings.set(side, rings);
  return rings;
}

function radialPower(side: number, power: Float64Array): RadialPower {
  const { ring, counts } = ringsOf(side);
  const sums = new Float64Array(counts.length);
  for (let at = 0; at < power.length; at++) sums[ring[at]!]! += power[at]!;
  // All but the first and the last stored row stand for two.
  for (let at = side; at < power.length - side; at++) sums[ring[at]!]! += power[at]!;
  return { sums, counts };
}
