import type { RawImage } from '../../image/types.ts';

/** Luma in thousandths of a grey level, 0 … 255 000: whole numbers, so that sums and differences are exact. */
export interface Luma {
  data: Int32Array;
  width: number;
  height: number;
}

export const lumaScale = 1000;

/** Luma rounded to whole grey levels, halves to even, 0 … 255. */
export interface GreyLevels {
  data: Uint8Array;
  width: number;
  height: number;
}

/**
 * Y′ = 0.299 R + 0.587 G + 0.114 B of the stored (gamma-encoded) values. ITU-R BT.601.
 * @param luma memory for it
 */
export function lumaOf({ data, width, height }: RawImage, luma: Int32Array = new Int32Array(width * height)): Luma {
  const pixels = width * height;
  for (let pixel = 0, at = 0; pixel < pixels; pixel++, at += 3)
    luma[pixel] = 299 * data[at]! + 587 * data[at + 1]! + 114 * data[at + 2]!;
  return { data: luma, width, height };
}

/** @param grey memory for them */
export function greyLevels(
  { data, width, height }: Luma,
  grey: Uint8Array = new Uint8Array(width * height),
): GreyLevels {
  for (let at = 0; at < data.length; at++) {
    const raised = (data[at]! + lumaScale / 2) | 0;
    // raised / 1000, rounded down: an eighth of it times 2²² / 125, rounded up, is exact as far as luma goes.
    const level = Math.imul(raised >> 3, 33_555) >>> 22;
    // A half was rounded up; to an odd level it goes back down. Halves are rare, so that the branch is guessed well.
    grey[at] = Math.imul(level, lumaScale) === raised ? level - (level & 1) : level;
  }
  return { data: grey, width, height };
}

/** The index of a pixel beyond the border (reflect-101): −1 is 1 and `length` is length − 2, as long as there are such pixels. */
export function mirrored(index: number, length: number): number {
  if (length === 1) return 0;
  if (index < 0) return -index;
  return index < length ? index : 2 * length - 2 - index;
}
