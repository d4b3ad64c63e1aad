import { scalarMeasure, type VisualMeasure } from './measure.ts';

/** Channels that differ by no more than this are grey; compression moves them by as much. */
const tolerance = 3;

/**
 * Difference of the sets' shares of grey images, 0 … 1, lower is closer. An image is grey when in no pixel the largest
 * and smallest of R, G, B differ by more than 3.
 */
export const greyShare: VisualMeasure = {
  ...scalarMeasure('visual.grey_share', '1', ({ data }) => Number(isGrey(data)), shareDifference),
  // Agresti & Caffo 2000: a share of 0 or 1 in n is uncertain as if one image more of each kind had been seen.
  standardErrorFloor: (groups) => Math.sqrt(groups + 1) / (groups + 2) ** 1.5,
};

export function isGrey(rgb: Uint8Array): boolean {
  for (let at = 0; at < rgb.length; at += 3) {
    const r = rgb[at]!;
    const g = rgb[at + 1]!;
    const b = rgb[at + 2]!;
    if (Math.max(r, g, b) - Math.min(r, g, b) > tolerance) return false;
  }
  return true;
}

function shareDifference(source: Float64Array, target: Float64Array): number {
  const share = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.abs(share(source) - share(target));
}
