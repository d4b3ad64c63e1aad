import type { RawImage } from '../image/types.ts';
import { type Random, seededRandom } from '../random.ts';

/** Raised whenever a pixel can change: descriptions of the images are stored under it. */
export const deadLeavesVersion = 1;

/** Pixels a side: brought to 224 px, as most networks take it, an image becomes smaller and not larger. */
const side = 256;

/** Of a disc, in pixels: the smallest gives a handful of pixels, the largest is as wide as the image. */
const [smallestRadius, largestRadius] = [1.25, side / 2];

/** What the colours of one image vary about, in grey levels: images differ in it as photographs do in light and motif. */
interface Palette {
  lightness: number;
  contrast: number;
  yellowness: number;
  redness: number;
  colourfulness: number;
}

/**
 * One image of opaque discs in front of each other, the model of photographs known as dead leaves (Matheron 1968; Lee, Mumford &
 * Huang 2001, International Journal of Computer Vision 41:35): centres anywhere, radii r with density r⁻³ between 1.25 and 128 px,
 * so that the image looks alike at every scale, its power falls about as frequency⁻² and its edges are those of things that hide
 * others. A disc has one colour; lightness varies more than hue, as in photographs (Ruderman, Cronin & Chiao 1998, Journal of the
 * Optical Society of America A 15:2036), and both vary about a palette of the image's own. There is neither texture nor
 * meaning in it.
 *
 * The discs are laid from the front to the back until no pixel is bare, which gives the model's own law and not an approximation
 * (Kendall & Thönnes 1999, Pattern Recognition 32:1569). Only sums, products, quotients and square roots of seeded random
 * numbers are taken: the bytes are the same on every machine.
 *
 * @param index which image; each has a seed of its own, so that none depends on how many are drawn
 * @returns 256 × 256 px
 */
export function drawDeadLeaves(index: number): RawImage {
  const random = seededRandom(0, 'dead leaves', index);
  const palette = paletteOf(random);
  const data = new Uint8Array(side * side * 3);
  // For each pixel the first bare one from it on; a row ends in one that is never painted.
  const stride = side + 1;
  const bareFrom = Int32Array.from({ length: side * stride }, (_, at) => at);
  for (let bare = side * side; bare > 0; ) {
    const radius = radiusOf(random);
    const [centreX, centreY] = [placeOf(random), placeOf(random)];
    let colour: Uint8Array | undefined;
    const bottom = Math.min(side - 1, Math.floor(centreY + radius));
    for (let y = Math.max(0, Math.ceil(centreY - radius)); y <= bottom; y++) {
      // Rounding can put the first and last row just outside the disc.
      const half = Math.sqrt(Math.max(0, radius * radius - (y - centreY) * (y - centreY)));
      const left = Math.max(0, Math.ceil(centreX - half));
      const right = Math.min(side - 1, Math.floor(centreX + half));
      if (left > right) continue;
      const row = y * stride;
      for (let at = firstBare(bareFrom, row + left); at <= row + right; at = firstBare(bareFrom, at)) {
        colour ??= colourOf(palette, random);
        data.set(colour, (at - y) * 3);
        bareFrom[at] = at + 1;
        bare--;
      }
    }
  }
  return { data, width: side, height: side };
}

/** Follows the row to its first bare pixel, halving the way for those that come after. */
function firstBare(bareFrom: Int32Array, from: number): number {
  let at = from;
  while (bareFrom[at] !== at) {
    const next = bareFrom[bareFrom[at]!]!;
    bareFrom[at] = next;
    at = next;
  }
  return at;
}

/** Density r⁻³: r⁻² is uniform. */
function radiusOf(random: Random): number {
  const [most, least] = [1 / smallestRadius ** 2, 1 / largestRadius ** 2];
  return 1 / Math.sqrt(least + (most - least) * random.next());
}

/** As far outside as a disc can lie that still reaches in, or those at the borders would be fewer. */
function placeOf(random: Random): number {
  return (side + 2 * largestRadius) * random.next() - largestRadius;
}

function paletteOf(random: Random): Palette {
  return {
    lightness: 64 + 128 * random.next(),
    contrast: 40 + 120 * random.next(),
    yellowness: 30 * aboutZero(random),
    redness: 15 * aboutZero(random),
    colourfulness: 60 * random.next(),
  };
}

function colourOf({ lightness, contrast, yellowness, redness, colourfulness }: Palette, random: Random): Uint8Array {
  const light = lightness + contrast * aboutZero(random);
  const yellow = yellowness + colourfulness * aboutZero(random);
  const red = redness + (colourfulness / 2) * aboutZero(random);
  return Uint8Array.of(level(light + yellow / 2 + red), level(light + yellow / 2 - red), level(light - yellow));
}

/** Between −1 and 1, the density a triangle. */
function aboutZero(random: Random): number {
  return random.next() + random.next() - 1;
}

function level(value: number): number {
  return Math.min(255, Math.max(0, Math.floor(value + 0.5)));
}
