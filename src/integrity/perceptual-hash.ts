import { changeOf, symmetries } from './symmetries.ts';

/** Rows and columns of the lowest frequencies, which the hash is made of. */
export const hashedSide = 8;

/** Words of the hashes of one picture in all its symmetries. */
export const hashWords = 2 * symmetries.length;

/** Words that turn the bits which a symmetry turns. */
const masks = Uint32Array.from(
  symmetries.flatMap((_, index) => {
    const turned = changeOf(index, hashedSide, hashedSide).sign.map((sign) => -sign);
    return [signsOf(turned, hashedSide, 1, 0), signsOf(turned, hashedSide, 1, 4)];
  }),
);

/**
 * Perceptual hashes of 64 bits of a picture in its eight symmetries: the signs of the 8 × 8 lowest DCT frequencies. After pHash (Zauner 2010),
 * which compares them with their median; with signs the hash of the mirrored picture is the same but for turned bits.
 * @param frequencies of the picture, the vertical one first
 * @param stride numbers in a row of them
 * @returns two words for each symmetry, in their order
 */
export function perceptualHashes(
  frequencies: ArrayLike<number>,
  stride: number,
  out = new Uint32Array(hashWords),
): Uint32Array {
  for (const half of [0, 1]) {
    const plain = signsOf(frequencies, stride, 1, 4 * half);
    const swapped = signsOf(frequencies, 1, stride, 4 * half);
    for (let at = half; at < hashWords; at += 2) out[at] = (at < hashWords / 2 ? plain : swapped) ^ masks[at]!;
  }
  return out;
}

/** The signs of four rows of eight numbers as the bits of a word. */
function signsOf(numbers: ArrayLike<number>, down: number, across: number, firstRow: number): number {
  let word = 0;
  for (let i = 0; i < 32; i++) if (numbers[(firstRow + (i >> 3)) * down + (i & 7) * across]! > 0) word |= 1 << i;
  return word >>> 0;
}
