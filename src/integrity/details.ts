import type { Matrix } from '../matrix.ts';
import { signatureSide } from './image-signature.ts';
import { changeOf, symmetries } from './symmetries.ts';

/** Grey levels: with less detail than this, what correlates is noise and compression. */
const leastDetail = 1;

/** Pictures of fewer frequencies than this, as stripes are, correlate by chance: of them only the very same picture is a copy. */
const fewFrequencies = 3;

/** A range of frequencies: those whose larger one of across and down lies in it. */
export interface Band {
  from: number;
  to: number;
}

/** The frequencies that are compared: coarser ones are shared by all chest X-rays, finer ones do not survive. */
const detailBand: Band = { from: 4, to: 9 };
/** Frequencies along a side that hold them. */
const detailSide = detailBand.to + 1;

/** Places of a band's frequencies among count × count, and each one's weight: pictures' spectra fall like 1 / f (Field 1987). */
export function placesOf({ from, to }: Band, count: number): { at: Uint16Array; weights: Float64Array } {
  const at: number[] = [];
  const weights: number[] = [];
  for (let v = 0; v < count; v++)
    for (let u = 0; u < count; u++)
      if (Math.max(u, v) >= from && Math.max(u, v) <= to) {
        at.push(v * count + u);
        weights.push(Math.hypot(u, v));
      }
  return { at: Uint16Array.from(at), weights: Float64Array.from(weights) };
}

/** What of a picture has to be shared by its copies. */
export interface Detail {
  /** Weighted frequencies of unit length; zeros where the picture is flat. */
  values: Float64Array;
  /** Root mean square in grey levels. */
  strength: number;
  /** Participation ratio: how many frequencies of equal strength would be as concentrated. */
  frequencies: number;
}

const { at: detailAt, weights: detailWeights } = placesOf(detailBand, detailSide);

/** @param frequencies detailSide × detailSide of them, or the same corner of rows of `stride` */
export function detailOf(frequencies: ArrayLike<number>, stride = detailSide): Detail {
  const values = new Float64Array(detailAt.length);
  let energy = 0;
  let length = 0;
  let fourth = 0;
  for (let k = 0; k < values.length; k++) {
    const at = detailAt[k]!;
    const value = frequencies[Math.floor(at / detailSide) * stride + (at % detailSide)]!;
    values[k] = value * detailWeights[k]!;
    const square = values[k]! ** 2;
    energy += value * value;
    length += square;
    fourth += square * square;
  }
  const scale = length > 0 ? 1 / Math.sqrt(length) : 0;
  for (let k = 0; k < values.length; k++) values[k]! *= scale;
  return { values, strength: Math.sqrt(energy), frequencies: fourth > 0 ? (length * length) / fourth : 0 };
}

/** Whether there is nothing in a picture that a copy could be told by. */
export function isFlat({ strength }: Pick<Detail, 'strength'>): boolean {
  return strength < leastDetail;
}

/** Whether a picture is so regular that others have the same detail. */
function isRegular({ frequencies }: Pick<Detail, 'frequencies'>): boolean {
  return frequencies < fewFrequencies;
}

/** Details of a set of pictures. */
export interface Details {
  values: Float64Array[];
  flat: Uint8Array;
  regular: Uint8Array;
}

/** @param signatures one a row */
export function detailsOf({ data, rows, columns }: Matrix): Details {
  const values: Float64Array[] = [];
  const flat = new Uint8Array(rows);
  const regular = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    const detail = detailOf(data.subarray(row * columns, (row + 1) * columns), signatureSide);
    values.push(detail.values);
    flat[row] = isFlat(detail) ? 1 : 0;
    regular[row] = isRegular(detail) ? 1 : 0;
  }
  return { values, flat, regular };
}

const placeOf = new Map(Array.from(detailAt, (at, k) => [at, k]));
/** By symmetry, which value each value is compared with, and its sign. */
const changes = symmetries.map((_, index) => {
  const { from, sign } = changeOf(index, detailSide, detailSide);
  return {
    from: Uint16Array.from(detailAt, (at) => placeOf.get(from[at]!)!),
    sign: Float64Array.from(detailAt, (at) => sign[at]!),
  };
});

/**
 * Correlation of the details of two pictures, the second laid in one of its symmetries: −1 to 1, at 1 the same.
 * @param symmetry index into symmetries
 */
export function correlationOf(a: Float64Array, b: Float64Array, symmetry: number): number {
  const { from, sign } = changes[symmetry]!;
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * sign[k]! * b[from[k]!]!;
  return sum;
}
