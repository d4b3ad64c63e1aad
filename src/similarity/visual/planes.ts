import { TransferEvidenceError } from '../../errors.ts';
import type { RawImage } from '../../image/types.ts';
import { type LabHistograms, labHistograms } from './lab.ts';

/** Luma in thousandths of a grey level, 0 … 255 000: whole numbers, so that sums and differences are exact. */
export interface Luma {
  data: Int32Array;
  width: number;
  height: number;
}

export const lumaScale = 1000;

/** An image with the planes that several measures read, each computed once and only when asked for. */
export class Planes implements RawImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  #luma: Luma | undefined;
  #lab: LabHistograms | undefined;

  constructor(image: RawImage) {
    const { data, width, height } = image;
    if (!(width >= 1 && height >= 1 && data.length === width * height * 3))
      throw new TransferEvidenceError(
        'shape-mismatch',
        `An RGB image of ${width} × ${height} pixels needs ${width * height * 3} bytes and at least one pixel; ${data.length} were given.`,
      );
    this.data = data;
    this.width = width;
    this.height = height;
  }

  get luma(): Luma {
    this.#luma ??= lumaOf(this);
    return this.#luma;
  }

  get lab(): LabHistograms {
    this.#lab ??= labHistograms(this.data);
    return this.#lab;
  }
}

export function planesOf(image: RawImage): Planes {
  return image instanceof Planes ? image : new Planes(image);
}

/** Y′ = 0.299 R + 0.587 G + 0.114 B of the stored (gamma-encoded) values. ITU-R BT.601. */
function lumaOf({ data, width, height }: RawImage): Luma {
  const luma = new Int32Array(width * height);
  for (let pixel = 0, at = 0; pixel < luma.length; pixel++, at += 3)
    luma[pixel] = 299 * data[at]! + 587 * data[at + 1]! + 114 * data[at + 2]!;
  return { data: luma, width, height };
}
