/** Larger images get memory of their own, so that one of them does not hold much for as long as a thread lives. */
const mostPixels = 1 << 21;

/**
 * Memory for the planes of one image after another. Fresh memory is slow: the system clears every page of it when it is
 * first written, which takes as long as computing what is written.
 */
export class PlaneMemory {
  #luma = new Int32Array(0);
  #grey = new Uint8Array(0);
  #atInput: PlaneMemory | undefined;

  luma(pixels: number): Int32Array {
    if (pixels > mostPixels) return new Int32Array(pixels);
    if (this.#luma.length < pixels) this.#luma = new Int32Array(pixels);
    return this.#luma.subarray(0, pixels);
  }

  grey(pixels: number): Uint8Array {
    if (pixels > mostPixels) return new Uint8Array(pixels);
    if (this.#grey.length < pixels) this.#grey = new Uint8Array(pixels);
    return this.#grey.subarray(0, pixels);
  }

  /** For the same image at another size. */
  get atInput(): PlaneMemory {
    this.#atInput ??= new PlaneMemory();
    return this.#atInput;
  }
}
