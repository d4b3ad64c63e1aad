import { allRows } from '../rows.ts';
import { histogramIntersection } from './histogram-intersection.ts';
import { jensenShannon } from './jensen-shannon.ts';
import type { GreyLevels } from './luma.ts';
import { atInput, pooled, pooledMeasure, type VisualMeasure } from './measure.ts';

/** Eight uniform patterns by the number of brighter neighbours, 0 … 8, and one bin for all others. */
const bins = 10;

/** Bin of each pattern of eight neighbours, bit k set where neighbour k is darker. */
const binOf = Uint8Array.from({ length: 256 }, (_, darker) => {
  const bit = (k: number) => 1 - ((darker >> (k & 7)) & 1);
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
  // Three rows with a black pixel at both ends, so that no neighbour needs a check.
  let aboveRow = new Uint8Array(width + 2);
  let row = new Uint8Array(width + 2);
  let belowRow = new Uint8Array(width + 2);
  belowRow.set(data.subarray(0, width), 1);
  for (let y = 0; y < height; y++) {
    [aboveRow, row, belowRow] = [row, belowRow, aboveRow];
    if (y + 1 < height) belowRow.set(data.subarray((y + 1) * width, (y + 2) * width), 1);
    else belowRow.fill(0);
    countPatterns(patterns, aboveRow, row, belowRow);
  }
  const shares = new Float64Array(bins);
  for (let pattern = 0; pattern < 256; pattern++) shares[binOf[pattern]!]! += patterns[pattern]! / (width * height);
  return shares;
}

/** The patterns of one row, whose neighbours above and below are given with it. */
function countPatterns(patterns: Uint32Array, aboveRow: Uint8Array, row: Uint8Array, belowRow: Uint8Array): void {
  let aboveLeft = 0;
  let above = aboveRow[1]!;
  let before = 0;
  let centre = row[1]!;
  let belowLeft = 0;
  let below = belowRow[1]!;
  for (let x = 2; x < row.length; x++) {
    const aboveRight = aboveRow[x]!;
    const after = row[x]!;
    const belowRight = belowRow[x]!;
    const right = after - centre;
    const up = above - centre;
    const left = before - centre;
    const down = below - centre;
    // A shift by 31 leaves the sign: patterns hardly repeat, so that a branch would mostly be guessed wrong.
    const darker =
      (right >>> 31) |
      (((along * (aboveRight - centre) + beside * (right + up)) >> 31) & 2) |
      ((up >> 31) & 4) |
      (((along * (aboveLeft - centre) + beside * (left + up)) >> 31) & 8) |
      ((left >> 31) & 16) |
      (((along * (belowLeft - centre) + beside * (left + down)) >> 31) & 32) |
      ((down >> 31) & 64) |
      (((along * (belowRight - centre) + beside * (right + down)) >> 31) & 128);
    patterns[darker]!++;
    aboveLeft = above;
    above = aboveRight;
    before = centre;
    centre = after;
    belowLeft = below;
    below = belowRight;
  }
}
