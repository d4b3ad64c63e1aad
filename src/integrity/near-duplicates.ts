import type { Matrix } from '../matrix.ts';
import { findCrops } from './cropped-copies.ts';
import { correlationOf, type Details, detailsOf } from './details.ts';
import { type HashIndex, indexHashes } from './hash-index.ts';
import { signatureSide } from './image-signature.ts';
import { perceptualHashes } from './perceptual-hash.ts';
import { type Symmetry, symmetries, undone } from './symmetries.ts';

/** Two images that are copies of each other, by their rows. */
export interface Copy {
  row: number;
  /** Row of the image it is a copy of. */
  of: number;
  /** Of their details, see {@link copiesBetween}: 0.975 to 1. */
  correlation: number;
  /** What was done to the other image to make this one. */
  change: Symmetry;
  /** Whether one of the two is a part of the other. */
  cropped: boolean;
  /** Whether their files have the same bytes. */
  exact: boolean;
}

/** Details of one picture and another correlate at least so much when they are copies: see copiesBetween. */
const copyCorrelation = 0.975;

/** Regular pictures correlate by chance: of them only the very same picture is a copy. */
const samePicture = 0.9999;

/** Above it no better one is looked for. */
const surely = 0.995;

/**
 * Which target images have a copy among the source's images: re-encoded, resized, brightened, windowed differently, turned by quarter turns,
 * mirrored, or cropped by up to a fifth of a side at each end. Each target image is named at most once, with the source image that it
 * correlates with most.
 *
 * Whole copies: perceptual hashes of 64 bits, in the eight symmetries, within 8 bits name candidates. Then the pictures themselves: the
 * correlation of frequencies 4 to 9 of a picture, each weighted by its frequency because pictures' spectra fall like 1 / f (Field 1987), at
 * least 0.975. Of images whose detail lies in fewer than three frequencies only the very same picture is one. Parts: the hashes of 255 windows
 * of one image name candidates among the other's; the window's four edges are moved until it shows the part (see register); then frequencies
 * 4 to 9 correlate at least 0.98, and so do the pictures with every place's contrast given the same weight (see localLikeness). What is its own
 * half turn, or has contrast in less than a third of it, is no part. Images with less than one grey level of detail have no copies. A pair is a
 * pair: nothing follows from two pairs that share an image. Not seen: turns by other angles, more cut off, two different parts of one picture.
 *
 * Measured on 5,734 images of 32 to 128 pixels (chest X-rays, histology, CT and MRI, product photographs, CIFAR-10; 16 million pairs, each eight
 * ways round and 255 windows each way). Whole copies: of 819 re-encoded as JPEG of quality 60, 818 were found; of 819 resized to 60 %, all; of
 * 819 mirrored, resized and re-encoded, 790 (27 of the others have 32 pixels); of 1,000 in each of six symmetries all but one, for which its
 * neighbouring slice was named. Parts, 3,600 of each set: 5, 10 or 20 % off one side, off every side, or at random up to that off each, half of
 * them re-encoded as JPEG of quality 60. Found were 94 % of chest X-rays, 93 % of photographs, 94 % of histology, 95 % of CIFAR-10 and 84 % of
 * MedNIST, of no kind fewer than 79 %; a wrong image was named for none. The nearest whole pictures of different things: 0.951 for photographs of
 * trousers, 0.910 for chest X-rays of different patients; the nearest parts: 0.973 in the second correlation, for two skulls. Called copies
 * without having been planted: 23 neighbouring or repeated slices among MedNIST's scans; two chest X-rays that MedNIST and the NIH's set share,
 * one of them windowed differently; and six pairs of CIFAR-10 and one of the photographs that are parts of one picture, as a look at them shows.
 * One image takes 5 ms.
 *
 * @param source image signatures (see imageSignature), one a row
 * @param target likewise
 * @param equal by row of the target, a row of the source whose file has the same bytes: it is named first
 */
export function copiesBetween(source: Matrix, target: Matrix, equal: ReadonlyMap<number, number> = new Map()): Copy[] {
  const from = prepare(source);
  const to = prepare(target);
  const index = indexHashes(from.hashes);
  const found = new Map<number, Copy>();
  const rest: number[] = [];
  for (let row = 0; row < target.rows; row++) {
    const same = equal.get(row);
    const copy = same === undefined ? wholeCopy(from, to, row, index) : sameFile(to.details, row, same);
    if (copy) found.set(row, copy);
    else if (same === undefined && !to.details.flat[row]) rest.push(row);
  }
  for (const copy of croppedBetween(source, target, rest)) {
    const known = found.get(copy.row);
    if (!known || copy.correlation > known.correlation) found.set(copy.row, copy);
  }
  return [...found.values()].sort((a, b) => a.row - b.row);
}

/**
 * Copies within one set, by the same rule. In order of the rows, each image that is not yet a copy stands for those that are copies of it, so
 * that every copy is named once, beside an image that it was compared with.
 * @param equal by row, an earlier row whose file has the same bytes
 */
export function copiesWithin(set: Matrix, equal: ReadonlyMap<number, number> = new Map()): Copy[] {
  const prepared = prepare(set);
  const pairs: Copy[][] = Array.from({ length: set.rows }, () => []);
  for (const [row, of] of equal) {
    const copy = sameFile(prepared.details, row, of);
    if (copy) pairs[of]!.push(copy);
  }
  for (const copy of wholeWithin(prepared)) pairs[copy.of]!.push(copy);
  const whole = new Set(pairs.flat().map(({ row, of }) => pairOf(row, of)));
  for (const copy of croppedWithin(set, whole)) pairs[copy.of]!.push(copy);
  const copies = new Map<number, Copy>();
  for (const [of, ofThis] of pairs.entries()) {
    if (copies.has(of)) continue;
    for (const copy of ofThis) {
      const known = copies.get(copy.row);
      if (!known || (known.of === of && !known.exact && !copy.cropped && copy.correlation > known.correlation))
        copies.set(copy.row, copy);
    }
  }
  return [...copies.values()].sort((a, b) => a.row - b.row);
}

/** What signatures are compared by. */
interface Prepared {
  hashes: Uint32Array;
  /** By row, two words for each symmetry. */
  turned: Uint32Array[];
  details: Details;
}

function prepare(set: Matrix): Prepared {
  const { data, rows, columns } = set;
  const hashes = new Uint32Array(2 * rows);
  const turned = Array.from({ length: rows }, (_, row) =>
    perceptualHashes(data.subarray(row * columns, (row + 1) * columns), signatureSide),
  );
  for (const [row, words] of turned.entries()) hashes.set(words.subarray(0, 2), 2 * row);
  return { hashes, turned, details: detailsOf(set) };
}

function sameFile({ flat }: Details, row: number, of: number): Copy | undefined {
  return flat[row] ? undefined : { row, of, correlation: 1, change: symmetries[0], cropped: false, exact: true };
}

function wholeCopy(from: Prepared, to: Prepared, row: number, index: HashIndex): Copy | undefined {
  let best: Copy | undefined;
  for (const [symmetry, of] of nearest(index, to.turned[row]!)) {
    const copy = compared(to.details, row, from.details, of, symmetry);
    if (copy === undefined || copy.correlation <= (best?.correlation ?? 0)) continue;
    best = copy;
    if (copy.correlation >= surely) return best;
  }
  return best;
}

/** All pairs, each with the later row as the copy. */
function wholeWithin(prepared: Prepared): Copy[] {
  const index = indexHashes(prepared.hashes);
  const found: Copy[] = [];
  for (const [row, words] of prepared.turned.entries())
    for (const [symmetry, of] of nearest(index, words)) {
      if (of >= row) continue;
      const copy = compared(prepared.details, row, prepared.details, of, symmetry);
      if (copy) found.push(copy);
    }
  return found;
}

/** Rows of which a picture, in each symmetry, has nearly the hash. */
function* nearest(index: HashIndex, words: Uint32Array): Generator<[symmetry: number, row: number]> {
  for (let symmetry = 0; symmetry < symmetries.length; symmetry++)
    for (const row of index.near(words[2 * symmetry]!, words[2 * symmetry + 1]!)) yield [symmetry, row];
}

/** @param symmetry what makes the other image of this one */
function compared(to: Details, row: number, from: Details, of: number, symmetry: number): Copy | undefined {
  if (to.flat[row] || from.flat[of]) return undefined;
  const asked = to.regular[row] || from.regular[of] ? samePicture : copyCorrelation;
  const correlation = correlationOf(from.values[of]!, to.values[row]!, symmetry);
  return correlation >= asked
    ? { row, of, correlation, change: symmetries[undone(symmetry)]!, cropped: false, exact: false }
    : undefined;
}

function* croppedBetween(source: Matrix, target: Matrix, rows: readonly number[]): Generator<Copy> {
  if (rows.length === 0 || source.rows === 0) return;
  const inSource = findCrops(source);
  for (const row of rows)
    for (const { part, symmetry, correlation, cropped } of inSource.partsOf(signatureAt(target, row)))
      yield { row, of: part, correlation, change: symmetries[undone(symmetry)]!, cropped, exact: false };
  const inTarget = findCrops(rowsOf(target, rows));
  for (let of = 0; of < source.rows; of++)
    for (const { part, symmetry, correlation, cropped } of inTarget.partsOf(signatureAt(source, of)))
      yield { row: rows[part]!, of, correlation, change: symmetries[symmetry]!, cropped, exact: false };
}

function pairOf(row: number, of: number): string {
  return `${Math.max(row, of)} ${Math.min(row, of)}`;
}

/** @param known pairs that need no second look */
function* croppedWithin(set: Matrix, known: ReadonlySet<string>): Generator<Copy> {
  const finder = findCrops(set);
  for (let whole = 0; whole < set.rows; whole++) {
    const isKnown = (part: number) => part === whole || known.has(pairOf(part, whole));
    for (const { part, symmetry, correlation, cropped } of finder.partsOf(signatureAt(set, whole), isKnown)) {
      const change = symmetries[part > whole ? symmetry : undone(symmetry)]!;
      const [row, of] = [Math.max(part, whole), Math.min(part, whole)];
      yield { row, of, correlation, change, cropped, exact: false };
    }
  }
}

function signatureAt({ data, columns }: Matrix, row: number): Float32Array | Float64Array {
  return data.subarray(row * columns, (row + 1) * columns);
}

function rowsOf(set: Matrix, rows: readonly number[]): Matrix {
  const data = new Float32Array(rows.length * set.columns);
  for (const [at, row] of rows.entries()) data.set(signatureAt(set, row), at * set.columns);
  return { data, rows: rows.length, columns: set.columns };
}
