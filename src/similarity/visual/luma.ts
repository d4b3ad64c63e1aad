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

/** Y′ = 0.299 R + 0.587 G + 0.114 B of the stored (gamma-encoded) values. ITU-R BT.601. */
export function lumaOf({ data, width, height }: RawImage): Luma {
  const luma = new Int32Array(width * height);
  for (let pixel = 0, at = 0; pixel < luma.length; pixel++, at += 3)
    luma[pixel] = 299 * data[at]! + 587 * data[at + 1]! + 114 * data[at + 2]!;
  return { data: luma, width, height };
}

export function greyLevels({ data, width, height }: Luma): GreyLevels {
  const grey = new Uint8Array(data.length);
  for (let at = 0; at < data.length; at++) {
    const raised = data[at]! + lumaScale / 2;
    const level = (raised / lumaScale) | 0;
    // A half was rounded up; to an odd level it goes back down.
    grey[at] = (level & 1) === 1 && level * lumaScale === raised ? level - 1 : level;
  }
  return { data: grey, width, height };
}

/** The index of a pixel beyond the border (reflect-101): −1 is 1 and `length` is length − 2, as long as there are such pixels. */
export function mirrored(index: number, length: number): number {
  if (length === 1) return 0;
  if (index < 0) return -index;
  return index < length ? index : 2 * length - 2 - index;
}
