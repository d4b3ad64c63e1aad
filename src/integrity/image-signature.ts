import { resize } from '../image/preprocess.ts';
import type { RawImage } from '../image/types.ts';

/** Side of the grey picture that an image is reduced to. */
const side = 64;
/** Frequencies kept along each side: as fine as the pixels of an image of 32 × 32. */
export const signatureSide = 32;
const kept = signatureSide;

/** Numbers of one signature. */
export const signatureColumns = kept * kept;

/** Raised when the signature of an image changes. */
export const signatureVersion = 2;

/** cosines[u][x] of the orthonormal DCT-II, divided by √side: numbers in grey levels, whatever the grid. */
const cosines = Array.from({ length: kept }, (_, u) =>
  Float64Array.from(
    { length: side },
    (_, x) => ((u === 0 ? 1 : Math.SQRT2) / side) * Math.cos(((2 * x + 1) * u * Math.PI) / (2 * side)),
  ),
);

/**
 * What of an image survives another encoding and another size: the 32 × 32 lowest frequencies (DCT-II, Ahmed, Natarajan & Rao 1974) of its
 * luma (ITU-R BT.601) on a grid of 64 × 64, row by row with the vertical frequency first. Scaled so that the sum of their squares is the mean
 * square of the grey levels. Turning and mirroring the image changes signs and places of these numbers and nothing else (see symmetries).
 * @returns 1,024 numbers
 */
export function imageSignature(image: RawImage): Float32Array {
  const { data } = resize(image, { height: side, width: side, mode: 'squash' });
  const luma = new Float64Array(side * side);
  for (let i = 0; i < luma.length; i++)
    luma[i] = 0.299 * data[3 * i]! + 0.587 * data[3 * i + 1]! + 0.114 * data[3 * i + 2]!;
  const across = new Float64Array(side * kept);
  for (let y = 0; y < side; y++)
    for (let u = 0; u < kept; u++) {
      let sum = 0;
      for (let x = 0; x < side; x++) sum += cosines[u]![x]! * luma[y * side + x]!;
      across[y * kept + u] = sum;
    }
  const signature = new Float32Array(signatureColumns);
  for (let v = 0; v < kept; v++)
    for (let u = 0; u < kept; u++) {
      let sum = 0;
      for (let y = 0; y < side; y++) sum += cosines[v]![y]! * across[y * kept + u]!;
      signature[v * kept + u] = sum;
    }
  return signature;
}
