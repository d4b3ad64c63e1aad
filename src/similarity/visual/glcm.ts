import type { GreyLevels } from './luma.ts';

/** Bits of a grey level that the co-occurrence matrix leaves out: 16 of 16 levels each, the same for all images. */
const levelBits = 4;

/** The largest difference of two levels; differences are counted from −15 on. */
const furthest = (256 >> levelBits) - 1;

/** Differences of two directions are counted as one number, the first in steps of this. */
const stride = 32;

/** Contrast and homogeneity of an image's grey-level co-occurrence matrices. */
export interface CoOccurrence {
  /** Σ p(i, j) (i − j)²; 0 … 225, higher where neighbours differ more. */
  contrast: number;
  /** Σ p(i, j) / (1 + (i − j)²); 0.004 … 1, 1 for an image of one level. */
  homogeneity: number;
}

/**
 * Haralick, Shanmugam & Dinstein 1973, IEEE Trans. SMC 3:610, features f₂ and f₅, over neighbours at distance 1 in four
 * directions, 0°, 45°, 90° and 135°, each direction's matrix with sum 1 and the directions averaged. Both depend on
 * |i − j| alone, so no matrix is kept. A direction without neighbours is left out; an image of one pixel has contrast 0
 * and homogeneity 1.
 */
export function coOccurrence(grey: GreyLevels): CoOccurrence {
  const found = directions(grey).filter(({ pairs }) => pairs > 0);
  if (found.length === 0) return { contrast: 0, homogeneity: 1 };
  let contrast = 0;
  let homogeneity = 0;
  for (const { counts, pairs } of found)
    for (let at = 0; at < counts.length; at++) {
      const square = (at - furthest) ** 2;
      const share = counts[at]! / pairs;
      contrast += share * square;
      homogeneity += share / (1 + square);
    }
  return { contrast: contrast / found.length, homogeneity: homogeneity / found.length };
}

/** How often a direction's neighbours differ by −15 … 15 levels, and how many pairs of them there are. */
interface Differences {
  counts: Float64Array;
  pairs: number;
}

/** Towards the right, above, above right and above left. */
function directions({ data, width, height }: GreyLevels): Differences[] {
  const direction = (pairs: number): Differences => ({ counts: new Float64Array(2 * furthest + 1), pairs });
  const right = direction((width - 1) * height);
  const above = direction(width * (height - 1));
  const aboveRight = direction((width - 1) * (height - 1));
  const aboveLeft = direction((width - 1) * (height - 1));
  const count = ({ counts }: Differences, from: number, to: number) => {
    counts[(data[from]! >> levelBits) - (data[to]! >> levelBits) + furthest]!++;
  };

  // Pixels at an edge miss some neighbours.
  for (let x = 0; x + 1 < width; x++) count(right, x, x + 1);
  for (let y = 1; y < height; y++) {
    const first = y * width;
    const last = first + width - 1;
    count(above, first, first - width);
    if (width === 1) continue;
    count(above, last, last - width);
    count(right, first, first + 1);
    count(aboveRight, first, first - width + 1);
    count(aboveLeft, last, last - width - 1);
  }

  // All others have the four. Two directions are counted as one number, which takes half as long.
  const sides = new Uint32Array(stride * stride);
  const diagonals = new Uint32Array(stride * stride);
  for (let y = 1; y < height && width > 2; y++)
    countRow(data.subarray((y - 1) * width, y * width), data.subarray(y * width, (y + 1) * width), sides, diagonals);
  addPairs(sides, right, above);
  addPairs(diagonals, aboveRight, aboveLeft);
  return [right, above, aboveRight, aboveLeft];
}

/** All pixels of a row but the first and the last, with the row above it. */
function countRow(above: Uint8Array, row: Uint8Array, sides: Uint32Array, diagonals: Uint32Array): void {
  let upLeft = above[0]! >> levelBits;
  let up = above[1]! >> levelBits;
  let here = row[1]! >> levelBits;
  for (let x = 2; x < row.length; x++) {
    const upRight = above[x]! >> levelBits;
    const next = row[x]! >> levelBits;
    const both = (here + furthest) * (stride + 1);
    sides[both - next * stride - up]!++;
    diagonals[both - upRight * stride - upLeft]!++;
    upLeft = up;
    up = upRight;
    here = next;
  }
}

function addPairs(together: Uint32Array, { counts: first }: Differences, { counts: second }: Differences): void {
  for (let i = 0; i < first.length; i++)
    for (let j = 0; j < second.length; j++) {
      const times = together[i * stride + j]!;
      first[i]! += times;
      second[j]! += times;
    }
}
