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
    const [red, green, blue] = [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!];
    if (red === 0 || red === 255 || green === 0 || green === 255 || blue === 0 || blue === 255) clipped++;
  }
  return clipped / (rgb.length / 3);
}
