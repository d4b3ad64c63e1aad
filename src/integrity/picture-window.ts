import { signatureSide } from './image-signature.ts';

/** A part of a picture, in shares of its sides. */
export interface PictureWindow {
  left: number;
  width: number;
  top: number;
  height: number;
}

/** Closer to a pole than this, the limit is taken. */
const pole = 1e-6;

/**
 * The matrix that turns frequencies along one side of a picture into those of a part of that side: with f(x) = Σ c(u) k(u) cos(π u x) for x in
 * [0, 1] and k(0) = 1, otherwise √2, the part's are Σ c(u) k(u) k(v) ∫ cos(π u (from + size x)) cos(π v x) dx, in closed form.
 * @param from where the part begins, as a share of the side; slightly outside is even continuation
 * @param size length of the part, as a share of the side
 * @param wanted frequencies of the part
 * @param known frequencies of the whole that are taken into account
 * @returns wanted × known, row by row
 */
export function windowMatrix(from: number, size: number, wanted: number, known: number): Float64Array {
  const out = new Float64Array(wanted * known);
  out[0] = 1;
  for (let u = 1; u < known; u++) {
    const a = u * size;
    const begin = Math.sin(Math.PI * u * from);
    const end = Math.sin(Math.PI * u * (from + size));
    for (let v = 0; v < wanted; v++) {
      const difference = (v % 2 === 0 ? end : -end) - begin;
      const integral =
        Math.abs(a - v) < pole
          ? (Math.cos(Math.PI * u * from) + difference / (Math.PI * (a + v))) / 2
          : (difference * a) / (Math.PI * (a * a - v * v));
      out[v * known + u] = integral * Math.SQRT2 * (v === 0 ? 1 : Math.SQRT2);
    }
  }
  return out;
}

/**
 * The rows of a signature, each along a part of its width: what {@link alongHeight} goes on from.
 * @returns known × wanted
 */
export function alongWidth(
  signature: ArrayLike<number>,
  matrix: Float64Array,
  wanted: number,
  known: number,
): Float64Array {
  const out = new Float64Array(known * wanted);
  for (let v = 0; v < known; v++)
    for (let k = 0; k < wanted; k++) {
      let sum = 0;
      for (let u = 0; u < known; u++) sum += matrix[k * known + u]! * signature[v * signatureSide + u]!;
      out[v * wanted + k] = sum;
    }
  return out;
}

/** @returns wanted × wanted frequencies of the window, the vertical one first */
export function alongHeight(rows: Float64Array, matrix: Float64Array, wanted: number, known: number): Float64Array {
  const out = new Float64Array(wanted * wanted);
  for (let m = 0; m < wanted; m++)
    for (let v = 0; v < known; v++) {
      const weight = matrix[m * known + v]!;
      for (let k = 0; k < wanted; k++) out[m * wanted + k] = out[m * wanted + k]! + weight * rows[v * wanted + k]!;
    }
  return out;
}

/** The lowest frequencies of a part of a picture, from the picture's signature: wanted × wanted numbers, as a signature of the part has them. */
export function windowFrequencies(
  signature: ArrayLike<number>,
  { left, width, top, height }: PictureWindow,
  wanted: number,
  known: number,
): Float64Array {
  const rows = alongWidth(signature, windowMatrix(left, width, wanted, known), wanted, known);
  return alongHeight(rows, windowMatrix(top, height, wanted, known), wanted, known);
}
