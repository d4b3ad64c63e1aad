import { allRows } from '../rows.ts';
import { histogramIntersection } from './histogram-intersection.ts';
import { jensenShannon } from './jensen-shannon.ts';
import type { GreyLevels } from './luma.ts';
import { atInput, pooled, pooledMeasure, type VisualMeasure } from './measure.ts';

/** Eight uniform patterns by the number of brighter neighbours, 0 … 8, and one bin for all others. */
const bins = 10;

/** Bin of each pattern of eight neighbours, neighbour k at bit k. */
const binOf = Uint8Array.from({ length: 256 }, (_, pattern) => {
  const bit = (k: number) => (pattern >> (k & 7)) & 1;
  let ones = 0;
  let changes = 0;
  for (let k = 0; k < 8; k++) {
    ones += bit(k);
    changes += bit(k) ^ bit(k + 1);
  }
  return changes <= 2 ? ones : bins - 1;
});

/** Where the circle of radius 1 passes a diagonal neighbour, in 1/100 000 of a pixel, as scikit-image rounds it. */
const along = 70711;
const beside = 100_000 - along;

/**
 * Jensen–Shannon divergence between the sets' pooled histograms of local binary patterns, on native pixels, in bits;
 * 0 … 1, lower is closer. Read it against two halves of the target: {@link import('./same-texture.ts').sameTexture}. Blind to contrast and to the
 * direction of a texture; `intersection` is the share of patterns that the pooled histograms have in common. On native pixels the same tissue at two magnifications is two textures.
 */
export const texture: VisualMeasure = {
  ...pooledMeasure('visual.texture', '1', bins, jensenShannon, ({ grey }) => patternHistogram(grey)),
  nullRate: 1,
  biased: true,
  details: (source, target) => ({
    intersection: histogramIntersection(pooled(source, allRows(source.rows)), pooled(target, allRows(target.rows))),
  }),
};

/** The same at the network's input size. */
export const textureAtInput = atInput(texture, 'visual.texture_at_input');

/**
 * Shares of the ten rotation-invariant uniform patterns LBP(8, 1) in an image; sums to 1. Neighbours on the circle between
 * pixels are interpolated linearly, beyond the border they are black, and a neighbour as bright as the pixel counts as
 * brighter. Ojala, Pietikäinen & Mäenpää 2002, IEEE TPAMI 24:971, equation 9. The same as scikit-image's
 * `local_binary_pattern(…, 8, 1, 'uniform')` up to ties, which here are exact because all sums are of whole numbers.
 */
export function patternHistogram({ data, width, height }: GreyLevels): Float64Array {
  const patterns = new Uint32Array(256);
  // A black frame of one pixel, so that no neighbour needs a check.
  const stride = width + 2;
  const framed = new Uint8Array(stride * (height + 2));
  for (let y = 0; y < height; y++) framed.set(data.subarray(y * width, (y + 1) * width), (y + 1) * stride + 1);
  for (let y = 1; y <= height; y++)
    for (let at = y * stride + 1, end = at + width; at < end; at++) {
      const centre = framed[at]!;
      const right = framed[at + 1]! - centre;
      const up = framed[at - stride]! - centre;
      const left = framed[at - 1]! - centre;
      const down = framed[at + stride]! - centre;
      const pattern =
        (right >= 0 ? 1 : 0) |
        (along * (framed[at - stride + 1]! - centre) + beside * (right + up) >= 0 ? 2 : 0) |
        (up >= 0 ? 4 : 0) |
        (along * (framed[at - stride - 1]! - centre) + beside * (left + up) >= 0 ? 8 : 0) |
        (left >= 0 ? 16 : 0) |
        (along * (framed[at + stride - 1]! - centre) + beside * (left + down) >= 0 ? 32 : 0) |
        (down >= 0 ? 64 : 0) |
        (along * (framed[at + stride + 1]! - centre) + beside * (right + down) >= 0 ? 128 : 0);
      patterns[pattern]!++;
    }
  const shares = new Float64Array(bins);
  for (let pattern = 0; pattern < 256; pattern++) shares[binOf[pattern]!]! += patterns[pattern]! / (width * height);
  return shares;
}
