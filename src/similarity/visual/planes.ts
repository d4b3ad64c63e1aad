import { TransferEvidenceError } from '../../errors.ts';
import { resize } from '../../image/preprocess.ts';
import type { RawImage } from '../../image/types.ts';
import { type CoOccurrence, coOccurrence } from './glcm.ts';
import { inputSize } from './input-size.ts';
import { type LabHistograms, labHistograms } from './lab.ts';
import { type GreyLevels, greyLevels, type Luma, lumaOf } from './luma.ts';
import { type Spectrum, spectrumOf } from './spectrum.ts';

/** An image with the planes that several measures read, each computed once and only when asked for. */
export class Planes implements RawImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly jpegQuality?: number;
  #luma: Luma | undefined;
  #grey: GreyLevels | undefined;
  #lab: LabHistograms | undefined;
  #neighbours: CoOccurrence | undefined;
  #spectrum: Spectrum | null | undefined;
  #atInput: Planes | undefined;

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
    if (image.jpegQuality !== undefined) this.jpegQuality = image.jpegQuality;
  }

  get luma(): Luma {
    this.#luma ??= lumaOf(this);
    return this.#luma;
  }

  get grey(): GreyLevels {
    this.#grey ??= greyLevels(this.luma);
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
    this.#atInput ??= new Planes(resize(this, { width: inputSize, height: inputSize, mode: 'crop' }));
    return this.#atInput;
  }
}

export function planesOf(image: RawImage): Planes {
  return image instanceof Planes ? image : new Planes(image);
}
