import type { GreyLevels } from './luma.ts';

/** Grey levels of the co-occurrence matrix: 16 of 16 levels each, the same for all images. */
const levelWidth = 16;

/** Neighbours to the right, above, and on both diagonals: 0°, 90°, 45° and 135°. */
const steps = [
  [1, 0],
  [0, -1],
  [1, -1],
  [-1, -1],
] as const;

/** Contrast and homogeneity of an image's grey-level co-occurrence matrices. */
export interface CoOccurrence {
  /** Σ p(i, j) (i − j)²; 0 … 225, higher where neighbours differ more. */
  contrast: number;
  /** Σ p(i, j) / (1 + (i − j)²); 0.004 … 1, 1 for an image of one level. */
  homogeneity: number;
}

/**
 * Haralick, Shanmugam & Dinstein 1973, IEEE Trans. SMC 3:610, features f₂ and f₅, over neighbours at distance 1 in four
 * directions, each direction's matrix with sum 1 and the directions averaged. Both depend on |i − j| alone, so no matrix
 * is kept. A direction without neighbours is left out; an image of one pixel has contrast 0 and homogeneity 1.
 */
export function coOccurrence({ data, width, height }: GreyLevels): CoOccurrence {
  const levels = data.map((value) => value / levelWidth);
  const none = 256 / levelWidth - 1;
  let contrast = 0;
  let homogeneity = 0;
  let directions = 0;
  for (const [dx, dy] of steps) {
    // By i − j, from −15 on; a whole number each, counted without a branch.
    const apart = new Uint32Array(2 * none + 1);
    const from = Math.max(0, -dx);
    const to = width - Math.max(0, dx);
    for (let y = -dy; y < height; y++)
      for (let at = y * width + from, end = y * width + to, step = dy * width + dx; at < end; at++)
        apart[levels[at]! - levels[at + step]! + none]!++;
    const pairs = Math.max(0, to - from) * Math.max(0, height + dy);
    if (pairs === 0) continue;
    directions++;
    for (let difference = -none; difference <= none; difference++) {
      const share = apart[difference + none]! / pairs;
      contrast += share * difference * difference;
      homogeneity += share / (1 + difference * difference);
    }
  }
  return directions === 0
    ? { contrast: 0, homogeneity: 1 }
    : { contrast: contrast / directions, homogeneity: homogeneity / directions };
}
