import { scalarMeasure } from './measure.ts';

/**
 * W1 between the sets' distributions of the share of clipped pixels, 0 … 1, on native pixels; lower is closer. A black
 * frame or an empty background is clipped as well as an overexposed spot.
 */
export const clipping = scalarMeasure('visual.clipping', '1', ({ data }) => clippedShare(data));

/** Share of pixels in which a channel is at the end of its scale, 0 or 255, where differences may have been lost. */
function clippedShare(rgb: Uint8Array): number {
  let clipped = 0;
  for (let at = 0; at < rgb.length; at += 3) {
    const red = rgb[at]!;
    const green = rgb[at + 1]!;
    const blue = rgb[at + 2]!;
    // Only 255 and 0 leave less than 2 of the lowest eight bits when 1 is added.
    if (((red + 1) & 255) < 2 || ((green + 1) & 255) < 2 || ((blue + 1) & 255) < 2) clipped++;
  }
  return clipped / (rgb.length / 3);
}
