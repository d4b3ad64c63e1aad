import type { RawImage } from './types.ts';

/** Fixed-point fraction bits: 255 · 2^22 still fits a signed 32-bit sum. */
const fractionBits = 22;

/**
 * Scales to width × height with a triangle filter as wide as the reduction, so that shrinking averages (no aliasing) and
 * enlarging interpolates linearly between pixel centres. This is the "antialiased bilinear" of Pillow's BILINEAR,
 * torchvision and most training pipelines, to the bit: horizontal pass first, 22-bit weights, 8-bit rows between the
 * passes. libvips' own resize differs from it by up to 5/255 on average when it enlarges.
 */
export function triangleResize(image: RawImage, width: number, height: number): RawImage {
  return width === image.width && height === image.height
    ? image
    : triangleResizeWindow(image, width, height, { left: 0, top: 0, width, height });
}

/**
 * A window of the scaled image, to the bit what cutting it out afterwards gives. Nothing outside is computed, so that an
 * image a thousand times as wide as high needs no more memory than its window.
 */
export function triangleResizeWindow(
  image: RawImage,
  width: number,
  height: number,
  window: { left: number; top: number; width: number; height: number },
): RawImage {
  const across = tapsFor(image.width, width, window.left, window.width);
  const down = tapsFor(image.height, height, window.top, window.height);
  const last = window.height - 1;
  const top = down.first[0]!;
  const rows = down.first[last]! + down.count[last]! - top;
  const narrowed = alongRows(image, across, { top, rows });
  return { width: window.width, height: window.height, data: alongColumns(narrowed, window.width, down, top) };
}

/** For each output position, the first input position and the weights of the `count` that follow. */
interface Taps {
  first: Int32Array;
  count: Int32Array;
  weights: Int32Array;
  stride: number;
}

/** For the output positions `start` … start + `outputs` − 1 of `outputSize`. */
function tapsFor(inputSize: number, outputSize: number, start: number, outputs: number): Taps {
  const scale = inputSize / outputSize;
  const support = Math.max(1, scale);
  const stride = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outputs);
  const count = new Int32Array(outputs);
  const weights = new Int32Array(outputs * stride);
  for (let out = 0; out < outputs; out++) {
    const centre = (start + out + 0.5) * scale;
    const from = Math.max(0, Math.trunc(centre - support + 0.5));
    const to = Math.min(inputSize, Math.trunc(centre + support + 0.5));
    const exact: number[] = [];
    let total = 0;
    for (let at = from; at < to; at++) {
      const weight = Math.max(0, 1 - Math.abs((at - centre + 0.5) / support));
      exact.push(weight);
      total += weight;
    }
    first[out] = from;
    count[out] = exact.length;
    exact.forEach((weight, i) => {
      weights[out * stride + i] = Math.trunc(0.5 + (weight / total) * 2 ** fractionBits);
    });
  }
  return { first, count, weights, stride };
}

const half = 1 << (fractionBits - 1);

/** As much as the narrowed image of most takes; kept, since fresh memory is slow. */
const kept = 4_000_000;
let memory: Uint8Array | undefined;

function memoryFor(bytes: number): Uint8Array {
  if (bytes > kept) return new Uint8Array(bytes);
  if (memory === undefined || memory.length < bytes) memory = new Uint8Array(bytes);
  return memory;
}

/** Rows that are scaled together: their pixels stay in the cache while one output position after another needs them. */
const band = 64;

function alongRows(image: RawImage, taps: Taps, { top, rows }: { top: number; rows: number }): Uint8Array {
  const { data } = image;
  const { first, count, weights, stride } = taps;
  const width = first.length;
  const fromRow = image.width * 3;
  const toRow = width * 3;
  const out = memoryFor(toRow * rows);
  for (let begin = 0; begin < rows; begin += band) {
    const end = toRow * Math.min(rows, begin + band);
    for (let x = 0; x < width; x++) {
      const firstTap = x * stride;
      const endTap = firstTap + count[x]!;
      let from = (top + begin) * fromRow + first[x]! * 3;
      if (count[x] === 2) {
        // All that enlarging needs, and most of its outputs.
        const near = weights[firstTap]!;
        const far = weights[firstTap + 1]!;
        for (let to = begin * toRow + x * 3; to < end; to += toRow, from += fromRow) {
          out[to] = (half + Math.imul(data[from]!, near) + Math.imul(data[from + 3]!, far)) >> fractionBits;
          out[to + 1] = (half + Math.imul(data[from + 1]!, near) + Math.imul(data[from + 4]!, far)) >> fractionBits;
          out[to + 2] = (half + Math.imul(data[from + 2]!, near) + Math.imul(data[from + 5]!, far)) >> fractionBits;
        }
        continue;
      }
      for (let to = begin * toRow + x * 3; to < end; to += toRow, from += fromRow) {
        let red = half;
        let green = half;
        let blue = half;
        for (let tap = firstTap, at = from; tap < endTap; tap++, at += 3) {
          const weight = weights[tap]!;
          red = (red + Math.imul(data[at]!, weight)) | 0;
          green = (green + Math.imul(data[at + 1]!, weight)) | 0;
          blue = (blue + Math.imul(data[at + 2]!, weight)) | 0;
        }
        out[to] = red >> fractionBits;
        out[to + 1] = green >> fractionBits;
        out[to + 2] = blue >> fractionBits;
      }
    }
  }
  return out;
}

/** `data` begins with the input's row `top` and may be longer. */
function alongColumns(data: Uint8Array, width: number, taps: Taps, top: number): Uint8Array {
  const length = width * 3;
  const { first, count, weights, stride } = taps;
  const height = first.length;
  const out = new Uint8Array(length * height);
  const sums = new Int32Array(length);
  const rowAt = (row: number) => data.subarray(row * length, (row + 1) * length);
  for (let y = 0; y < height; y++) {
    const into = out.subarray(y * length, (y + 1) * length);
    let row = first[y]! - top;
    let tap = y * stride;
    const endTap = tap + count[y]!;
    if (count[y] === 2) {
      blendRows(into, rowAt(row), weights[tap]!, rowAt(row + 1), weights[tap + 1]!);
      continue;
    }
    sums.fill(half);
    // Two rows at a time: most of the time goes into reading and writing the sums.
    for (; tap + 1 < endTap; tap += 2, row += 2) {
      const [one, weight, other, next] = [rowAt(row), weights[tap]!, rowAt(row + 1), weights[tap + 1]!];
      for (let i = 0; i < length; i++) sums[i] = sums[i]! + Math.imul(one[i]!, weight) + Math.imul(other[i]!, next);
    }
    if (tap < endTap) {
      const [one, weight] = [rowAt(row), weights[tap]!];
      for (let i = 0; i < length; i++) sums[i] = sums[i]! + Math.imul(one[i]!, weight);
    }
    for (let i = 0; i < length; i++) into[i] = sums[i]! >> fractionBits;
  }
  return out;
}

/** All that enlarging needs. */
function blendRows(out: Uint8Array, one: Uint8Array, weight: number, other: Uint8Array, next: number): void {
  for (let i = 0; i < out.length; i++)
    out[i] = (half + Math.imul(one[i]!, weight) + Math.imul(other[i]!, next)) >> fractionBits;
}
