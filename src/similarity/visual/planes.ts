import { TransferEvidenceError } from '../../errors.ts';
import { resize } from '../../image/preprocess.ts';
import type { RawImage } from '../../image/types.ts';
import { type CoOccurrence, coOccurrence } from './glcm.ts';
import { inputResizing, inputSize } from './input-size.ts';
import { type LabHistograms, labHistograms } from './lab.ts';
import { type GreyLevels, greyLevels, type Luma, lumaOf } from './luma.ts';
import type { PlaneMemory } from './plane-memory.ts';
import { type Spectrum, spectrumOf } from './spectrum.ts';

/** An image with the planes that several measures read, each computed once and only when asked for. */
export class Planes implements RawImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly jpegQuality?: number;
  readonly #memory: PlaneMemory | undefined;
  #luma: Luma | undefined;
  #grey: GreyLevels | undefined;
  #lab: LabHistograms | undefined;
  #neighbours: CoOccurrence | undefined;
  #spectrum: Spectrum | null | undefined;
  #atInput: Planes | undefined;

  /** @param memory where to keep luma and grey levels; they are lost when it is given to the next image */
  constructor(image: RawImage, memory?: PlaneMemory) {
    const { data, width, height } = image;
    if (!(width >= 1 && height >= 1 && data.length === width * height * 3))
      throw new TransferEvidenceError(
        'shape-mismatch',
        `An RGB image of ${width} × ${height} pixels needs ${width * height * 3} bytes and at least one pixel; ${data.length} were given.`,
      );
    this.data = data;
    this.width = width;
    this.height = height;
    if (image.jpegQuality !== undefined) this.jpegQuality = image.jpegQuality;
    this.#memory = memory;
  }

  get luma(): Luma {
    this.#luma ??= lumaOf(this, this.#memory?.luma(this.width * this.height));
    return this.#luma;
  }

  get grey(): GreyLevels {
    this.#grey ??= greyLevels(this.luma, this.#memory?.grey(this.width * this.height));
    return this.#grey;
  }

  get lab(): LabHistograms {
    this.#lab ??= labHistograms(this.data);
    return this.#lab;
  }

  get neighbours(): CoOccurrence {
    this.#neighbours ??= coOccurrence(this.grey);
    return this.#neighbours;
  }

  /** Of luma; null for an image that is too small for one. */
  get spectrum(): Spectrum | null {
    if (this.#spectrum === undefined) this.#spectrum = spectrumOf(this.luma);
    return this.#spectrum;
  }

  /** The image as most networks are given it: the short side scaled to {@link inputSize}, the centre cut out. */
  get atInput(): Planes {
    if (this.width === inputSize && this.height === inputSize) return this;
    this.#atInput ??= new Planes(resize(this, inputResizing), this.#memory?.atInput);
    return this.#atInput;
  }
}

export function planesOf(image: RawImage): Planes {
  return image instanceof Planes ? image : new Planes(image);
}
