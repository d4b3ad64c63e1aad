import type { Matrix } from '../matrix.ts';
import { type Hashes, indexHashes } from './hash-index.ts';
import { signatureSide as side } from './image-signature.ts';

/** Two images that are copies of each other, by their rows. */
export interface Copy {
  row: number;
  /** Row of the image it is a copy of. */
  of: number;
  /** Of their details, see {@link copiesBetween}: 0.975 to 1. */
  correlation: number;
  /** Whether one is the other's mirror image, left to right. */
  mirrored: boolean;
}

/** Details of one picture and another correlate at least so much when they are copies: between 0.951 and 0.984, see copiesBetween. */
const copyCorrelation = 0.975;

/** Above it no better one is looked for. */
const surely = 0.995;

/** Grey levels: with less detail than this, what correlates is noise and compression. */
const leastDetail = 1;

/** Pictures of fewer frequencies than this, as stripes are, correlate by chance: of them only the very same picture is a copy. */
const fewFrequencies = 3;
const samePicture = 0.9999;

/** The frequencies that are compared: coarser ones are shared by all chest X-rays, finer ones do not survive. */
const detail = { from: 4, to: 9 };

/** Rows and columns of the lowest frequencies, which the hash is made of. */
const hashed = 8;

/**
 * Which target images have a copy among the source's images: re-encoded, resized, mirrored, brightened, or windowed differently. Each target
 * image is named at most once, with the source image that it correlates with most.
 *
 * Two steps. Candidates: perceptual hashes of 64 bits (pHash, Zauner 2010: the 8 × 8 lowest DCT frequencies, each against their median), of the
 * image and of its mirror image, within 8 bits. Then the pictures themselves: the correlation of frequencies 4 to 9 of a 32 × 32 grid, each
 * weighted by its frequency because pictures' spectra fall like 1 / f (Field 1987), at least 0.975. A pair is a pair: nothing follows from two
 * pairs that share an image. Images with less than one grey level of such detail have no copies; of those whose detail lies in fewer than
 * three frequencies only the very same picture is one. Copies that are turned or cropped are not seen.
 *
 * Measured on 5,734 images of 32 to 128 pixels (chest X-rays, histology, CT and MRI, product photographs, CIFAR-10; 16 million pairs, each two
 * ways round). Of 787 copies re-encoded as JPEG of quality 60, 787 resized to 60 % and 787 mirrored all were found, the lowest correlations
 * being 0.989, 0.984 and 1, the largest distances of their hashes 4, 6 and 0 bits; of 787 that are all three at once 773 (the others are of
 * 32 and 64 pixels). The nearest pictures of different things within 8 bits: 0.951 for photographs of trousers, 0.88 for chest X-rays of
 * different patients, 0.92 and 0.94 for two pairs of CIFAR-10 that show one car and one dog. No pair was called a copy but 22 neighbouring
 * or repeated slices among MedNIST's scans, and one chest X-ray that MedNIST and the NIH's set share.
 * @param source image signatures (see imageSignature), one a row
 * @param target likewise
 */
export function copiesBetween(source: Matrix, target: Matrix): Copy[] {
  const from = prepare(source);
  const index = indexHashes(from.hashes);
  const to = prepare(target);
  const found: Copy[] = [];
  for (let row = 0; row < target.rows; row++) {
    const best = bestAmong(from, to, row, (low, high) => index.near(low, high));
    if (best) found.push(best);
  }
  return found;
}

/**
 * Copies within one set, by the same rule. In order of the rows, each image that is not yet a copy stands for those that are copies of it, so
 * that every copy is named once, beside an image that it was compared with.
 */
export function copiesWithin(set: Matrix): Copy[] {
  const prepared = prepare(set);
  const index = indexHashes(prepared.hashes);
  const copies = new Map<number, Copy>();
  for (let of = 0; of < set.rows; of++) {
    if (copies.has(of)) continue;
    for (const mirrored of [false, true]) {
      const [low, high] = hashOf(prepared, of, mirrored);
      for (const row of index.near(low, high)) {
        if (row <= of || copies.has(row)) continue;
        const correlation = correlationOf(prepared, row, prepared, of, mirrored);
        if (correlation >= Math.max(prepared.asked[row]!, prepared.asked[of]!))
          copies.set(row, { row, of, correlation, mirrored });
      }
    }
  }
  return [...copies.values()].sort((a, b) => a.row - b.row);
}

/** What signatures are compared by. */
interface Prepared {
  hashes: Hashes;
  mirroredHashes: Hashes;
  /** Of unit length, as many numbers a row as frequencies are compared. */
  details: Float32Array;
  /** The least correlation that makes a copy of this picture; above 1 where nothing can. */
  asked: Float32Array;
}

/** Positions of the frequencies whose larger one lies in the range, with the sign that mirroring gives them. */
const compared = Array.from({ length: side * side }, (_, at) => ({
  at,
  u: at % side,
  v: Math.floor(at / side),
})).filter(({ u, v }) => Math.max(u, v) >= detail.from && Math.max(u, v) <= detail.to);
const weights = compared.map(({ u, v }) => Math.hypot(u, v));
const signs = compared.map(({ u }) => (u % 2 === 0 ? 1 : -1));

function prepare({ data, rows, columns }: Matrix): Prepared {
  const hashes = new Uint32Array(2 * rows);
  const mirroredHashes = new Uint32Array(2 * rows);
  const details = new Float32Array(rows * compared.length);
  const asked = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const signature = data.subarray(row * columns, (row + 1) * columns);
    writeHash(signature, 1, hashes, row);
    writeHash(signature, -1, mirroredHashes, row);
    let energy = 0;
    let length = 0;
    let fourth = 0;
    for (const [k, { at }] of compared.entries()) {
      const square = (signature[at]! * weights[k]!) ** 2;
      energy += signature[at]! ** 2;
      length += square;
      fourth += square * square;
    }
    // The transform is orthonormal, on 32 × 32 pixels.
    const isFlat = Math.sqrt(energy) / 32 < leastDetail;
    // Participation ratio: how many frequencies of equal strength would be as concentrated.
    asked[row] = isFlat ? 2 : (length * length) / fourth < fewFrequencies ? samePicture : copyCorrelation;
    const scale = isFlat ? 0 : 1 / Math.sqrt(length);
    for (const [k, { at }] of compared.entries())
      details[row * compared.length + k] = signature[at]! * weights[k]! * scale;
  }
  return { hashes, mirroredHashes, details, asked };
}

/** @param odd what odd horizontal frequencies are multiplied with: −1 mirrors */
function writeHash(signature: ArrayLike<number>, odd: 1 | -1, into: Hashes, row: number): void {
  const values = new Float64Array(hashed * hashed);
  for (let i = 0; i < values.length; i++) {
    const u = i % hashed;
    values[i] = signature[Math.floor(i / hashed) * side + u]! * (u % 2 === 0 ? 1 : odd);
  }
  const sorted = values.toSorted();
  const median = (sorted[values.length / 2 - 1]! + sorted[values.length / 2]!) / 2;
  for (const [i, value] of values.entries())
    if (value > median) into[2 * row + (i >> 5)] = (into[2 * row + (i >> 5)]! | (1 << (i & 31))) >>> 0;
}

function hashOf({ hashes, mirroredHashes }: Prepared, row: number, mirrored: boolean): [low: number, high: number] {
  const words = mirrored ? mirroredHashes : hashes;
  return [words[2 * row]!, words[2 * row + 1]!];
}

function bestAmong(
  from: Prepared,
  to: Prepared,
  row: number,
  near: (low: number, high: number) => number[],
): Copy | undefined {
  let best: Copy | undefined;
  for (const mirrored of [false, true])
    for (const of of near(...hashOf(to, row, mirrored))) {
      const correlation = correlationOf(to, row, from, of, mirrored);
      if (correlation < Math.max(to.asked[row]!, from.asked[of]!) || correlation <= (best?.correlation ?? 0)) continue;
      best = { row, of, correlation, mirrored };
      if (correlation >= surely) return best;
    }
  return best;
}

function correlationOf(a: Prepared, i: number, b: Prepared, j: number, mirrored: boolean): number {
  const width = compared.length;
  let sum = 0;
  for (let k = 0; k < width; k++) {
    const product = a.details[i * width + k]! * b.details[j * width + k]!;
    sum += mirrored ? product * signs[k]! : product;
  }
  return sum;
}
