/** From linear RGB to X, Y, Z over those of the white point. */
const matrixRows = [
  [0.412453 / 0.95047, 0.35758 / 0.95047, 0.180423 / 0.95047],
  [0.212671, 0.71516, 0.072169],
  [0.019334 / 1.08883, 0.119193 / 1.08883, 0.950227 / 1.08883],
] as const;

/** Steps of the table of f(t); linear interpolation between them is within 1e-5, 0.005 ΔE in a*. */
const rootSteps = 4096;

/** f(t) at t = index / rootSteps. White may pass 1 by a rounding error, hence the entries past the end. */
const roots = Float64Array.from({ length: rootSteps + 3 }, (_, step) => cubeRoot(step / rootSteps));

/** [value · 9 + channel · 3 + (X, Y, Z)]: what a channel at a value adds, in steps of {@link roots}. */
const shares = Float64Array.from({ length: 256 * 9 }, (_, at) => {
  const axis = matrixRows[(at % 3) as 0 | 1 | 2];
  return axis[(Math.floor(at / 3) % 3) as 0 | 1 | 2] * linear(Math.floor(at / 9)) * rootSteps;
});

/**
 * Colour in CIE L*a*b* (CIE 15:2004) from 8-bit sRGB (IEC 61966-2-1), white point D65 (2° observer).
 * L* 0 … 100, a* −86.2 … 98.3 (green to red), b* −107.9 … 94.5 (blue to yellow).
 */
export function labOf(
  red: number,
  green: number,
  blue: number,
): [lightness: number, greenRed: number, blueYellow: number] {
  const [x, y, z] = matrixRows.map((row) => row[0] * linear(red) + row[1] * linear(green) + row[2] * linear(blue));
  const [fx, fy, fz] = [cubeRoot(x!), cubeRoot(y!), cubeRoot(z!)];
  return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
}

/** Histograms of an image's pixels in bins of 1 ΔE centred on whole numbers; each sums to 1. */
export interface LabHistograms {
  lightness: Float64Array;
  greenRed: Float64Array;
  blueYellow: Float64Array;
}

/** The whole numbers that the sRGB gamut reaches, rounded outwards. */
export const lightnessBins = { lowest: 0, count: 101 };
export const greenRedBins = { lowest: -87, count: 187 };
export const blueYellowBins = { lowest: -108, count: 204 };

/**
 * Each pixel's mass is shared between the two nearest bins in proportion to its distance from them, so a histogram has
 * the mean of its pixels (to 0.01 ΔE, the error of the tables) and a W1 between two histograms is off by less than
 * 1 ΔE at worst and by about 0.1 ΔE for distributions that are smooth over one bin.
 */
export function labHistograms(rgb: Uint8Array): LabHistograms {
  const masses: LabHistograms = {
    lightness: new Float64Array(lightnessBins.count + 1),
    greenRed: new Float64Array(greenRedBins.count + 1),
    blueYellow: new Float64Array(blueYellowBins.count + 1),
  };
  const greys = new Uint32Array(256);
  addPixels(masses, rgb, greys, true);
  addPixels(masses, everyGrey, greys, false);
  const pixels = rgb.length / 3;
  // The last entry only takes the second share of a pixel on the highest bin, which is 0 up to rounding.
  const finished = (counts: Float64Array, count: number) => {
    counts[count - 1]! += counts[count]!;
    return counts.subarray(0, count).map((mass) => mass / pixels);
  };
  return {
    lightness: finished(masses.lightness, lightnessBins.count),
    greenRed: finished(masses.greenRed, greenRedBins.count),
    blueYellow: finished(masses.blueYellow, blueYellowBins.count),
  };
}

/** One pixel of each grey. */
const everyGrey = Uint8Array.from({ length: 256 * 3 }, (_, at) => Math.floor(at / 3));

/**
 * Adds each pixel's mass. Greys, nearly all that radiographs have, are of 256 kinds only: they are either put off and
 * counted, or counted as often as `greys` says.
 */
function addPixels(
  { lightness, greenRed, blueYellow }: LabHistograms,
  rgb: Uint8Array,
  greys: Uint32Array,
  putOff: boolean,
): void {
  const [lowestA, lowestB] = [greenRedBins.lowest, blueYellowBins.lowest];
  for (let at = 0; at < rgb.length; at += 3) {
    const red = rgb[at]!;
    const green = rgb[at + 1]!;
    const blue = rgb[at + 2]!;
    let times = 1;
    if (red === green && green === blue) {
      if (putOff) {
        greys[red]!++;
        continue;
      }
      times = greys[red]!;
    }
    const r = red * 9;
    const g = green * 9 + 3;
    const b = blue * 9 + 6;
    const x = shares[r]! + shares[g]! + shares[b]!;
    const y = shares[r + 1]! + shares[g + 1]! + shares[b + 1]!;
    const z = shares[r + 2]! + shares[g + 2]! + shares[b + 2]!;
    const ix = x | 0;
    const iy = y | 0;
    const iz = z | 0;
    const fx = roots[ix]! + (x - ix) * (roots[ix + 1]! - roots[ix]!);
    const fy = roots[iy]! + (y - iy) * (roots[iy + 1]! - roots[iy]!);
    const fz = roots[iz]! + (z - iz) * (roots[iz + 1]! - roots[iz]!);
    const l = Math.max(0, 116 * fy - 16);
    const a = 500 * (fx - fy) - lowestA;
    const c = 200 * (fy - fz) - lowestB;
    const il = l | 0;
    const ia = a | 0;
    const ic = c | 0;
    const pl = (l - il) * times;
    const pa = (a - ia) * times;
    const pc = (c - ic) * times;
    lightness[il]! += times - pl;
    lightness[il + 1]! += pl;
    greenRed[ia]! += times - pa;
    greenRed[ia + 1]! += pa;
    blueYellow[ic]! += times - pc;
    blueYellow[ic + 1]! += pc;
  }
}

function linear(value: number): number {
  const share = value / 255;
  return share > 0.04045 ? ((share + 0.055) / 1.055) ** 2.4 : share / 12.92;
}

function cubeRoot(t: number): number {
  return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116;
}
