import { scalarMeasure } from './measure.ts';

/**
 * W1 between the sets' distributions of colourfulness, on native pixels; 0 … about 190, lower is closer. Grey images have
 * 0; photographs mostly 15 (slightly colourful) to 80. Made for photographs: one strong stain counts as colourful.
 */
export const colourfulness = scalarMeasure('visual.colourfulness', '1', ({ data }) => colourfulnessOf(data));

/**
 * √(σ²rg + σ²yb) + 0.3 √(μ²rg + μ²yb) with rg = R − G and yb = (R + G) / 2 − B.
 * Hasler & Süsstrunk 2003, Proc. SPIE 5007:87, equation for M̂⁽³⁾.
 */
export function colourfulnessOf(rgb: Uint8Array): number {
  const pixels = rgb.length / 3;
  let rgSum = 0;
  let rgSquares = 0;
  let ybSum = 0;
  let ybSquares = 0;
  for (let at = 0; at < rgb.length; at += 3) {
    const red = rgb[at]!;
    const green = rgb[at + 1]!;
    const blue = rgb[at + 2]!;
    const rg = red - green;
    // Twice yb, a whole number, so that the sums are exact.
    const yb = red + green - 2 * blue;
    rgSum += rg;
    rgSquares += rg * rg;
    ybSum += yb;
    ybSquares += yb * yb;
  }
  const [rgMean, ybMean] = [rgSum / pixels, ybSum / pixels];
  const variance = rgSquares / pixels - rgMean ** 2 + (ybSquares / pixels - ybMean ** 2) / 4;
  return Math.sqrt(Math.max(0, variance)) + 0.3 * Math.sqrt(rgMean ** 2 + ybMean ** 2 / 4);
}
