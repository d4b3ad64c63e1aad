import type { Matrix } from '../matrix.ts';
import { bitsApart, indexHashes } from './hash-index.ts';
import { signatureSide } from './image-signature.ts';
import { hashedSide, hashWords, perceptualHashes } from './perceptual-hash.ts';
import { alongHeight, alongWidth, type PictureWindow, windowMatrix } from './picture-window.ts';
import { symmetries } from './symmetries.ts';

/** Shares of a side that a window leaves out at each end: no crop of up to a fifth is further than a thirtieth from one of them. */
const margins = [0, 1 / 15, 2 / 15, 1 / 5];

/** Frequencies of a picture that the lowest eight of its smallest window are made of, and some more. */
const known = 20;

/** Candidates that one picture keeps, the nearest hashes first: among pictures that all look alike a crop of one resembles many. */
const mostKept = 40;

const sides = margins.flatMap((before) =>
  margins.map((after) => {
    const size = 1 - before - after;
    return { from: before, size, matrix: windowMatrix(before, size, hashedSide, known) };
  }),
);

/** A picture that may be a part of another. */
export interface CropCandidate {
  /** Row of the picture that is a part. */
  part: number;
  /** What was done to the window to make the part: an index into symmetries. */
  symmetry: number;
  /** Where the part begins to be looked for. */
  window: PictureWindow;
  /** Bits that the hashes of window and part differ by. */
  bits: number;
}

/** Looks for pictures that may be parts of a given one. */
export interface CropSearch {
  /** @returns at most 40 candidates, the nearest first; one for each part and symmetry */
  within(signature: ArrayLike<number>): CropCandidate[];
}

/**
 * Prepares the search for pictures that are parts of others, with up to a fifth of a side cut off at each end: the hashes of 255 windows of the
 * containing picture, in the eight symmetries, are looked up among the hashes of the whole parts. The windows' frequencies follow from those of
 * the picture, so nothing is decoded or resized.
 * @param parts image signatures, one a row
 */
export function searchCrops({ data, rows, columns }: Matrix): CropSearch {
  const hashes = new Uint32Array(2 * rows);
  for (let row = 0; row < rows; row++)
    hashes.set(
      perceptualHashes(data.subarray(row * columns, (row + 1) * columns), signatureSide).subarray(0, 2),
      2 * row,
    );
  const index = indexHashes(hashes, 1);
  return {
    within(signature) {
      const found = new Map<number, CropCandidate>();
      const words = new Uint32Array(hashWords);
      for (const across of sides) {
        const columnsOfRows = alongWidth(signature, across.matrix, hashedSide, known);
        for (const down of sides) {
          if (across.size === 1 && down.size === 1) continue;
          const frequencies = alongHeight(columnsOfRows, down.matrix, hashedSide, known);
          perceptualHashes(frequencies, hashedSide, words);
          for (let symmetry = 0; symmetry < symmetries.length; symmetry++) {
            const [low, high] = [words[2 * symmetry]!, words[2 * symmetry + 1]!];
            for (const part of index.near(low, high)) {
              const bits = bitsApart(hashes, part, low, high);
              const before = found.get(symmetries.length * part + symmetry);
              if (before && before.bits <= bits) continue;
              const window = { left: across.from, width: across.size, top: down.from, height: down.size };
              found.set(symmetries.length * part + symmetry, { part, symmetry, window, bits });
            }
          }
        }
      }
      return [...found.values()]
        .sort((a, b) => a.bits - b.bits || a.part - b.part || a.symmetry - b.symmetry)
        .slice(0, mostKept);
    },
  };
}
