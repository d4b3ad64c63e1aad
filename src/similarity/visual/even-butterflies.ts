/** Numbers with a real and an imaginary part each. */
export interface Complex {
  re: Float64Array;
  im: Float64Array;
}

/** Butterflies next to each other, which have the same turns. */
export interface Place {
  /** Where the first number of the first one lies, and how far apart its numbers lie. */
  from: number;
  fromApart: number;
  /** The same of what they become. */
  to: number;
  toApart: number;
  count: number;
  /** The first number is left as it is, the next turned by this root of unity, the one after by its square, and so on. */
  turn: number;
}

/** As many numbers as the radix become their discrete Fourier transform and are turned. */
export type Butterflies = (input: Complex, output: Complex, roots: Complex, place: Place) => void;

export function butterflies2(input: Complex, output: Complex, roots: Complex, place: Place): void {
  const { re, im } = input;
  const { re: toRe, im: toIm } = output;
  const { from, fromApart: apart, to, toApart: stride, count, turn } = place;
  const c = roots.re[turn]!;
  const s = roots.im[turn]!;
  for (let a = from, out = to, end = from + count; a < end; a++, out++) {
    const b = a + apart;
    const lessRe = re[a]! - re[b]!;
    const lessIm = im[a]! - im[b]!;
    toRe[out] = re[a]! + re[b]!;
    toIm[out] = im[a]! + im[b]!;
    toRe[out + stride] = lessRe * c - lessIm * s;
    toIm[out + stride] = lessRe * s + lessIm * c;
  }
}

export function butterflies4(input: Complex, output: Complex, roots: Complex, place: Place): void {
  const { re, im } = input;
  const { re: toRe, im: toIm } = output;
  const { from, fromApart: apart, to, toApart: stride, count, turn } = place;
  const c1 = roots.re[turn]!;
  const s1 = roots.im[turn]!;
  const c2 = roots.re[2 * turn]!;
  const s2 = roots.im[2 * turn]!;
  const c3 = roots.re[3 * turn]!;
  const s3 = roots.im[3 * turn]!;
  for (let a = from, out = to, end = from + count; a < end; a++, out++) {
    const b = a + apart;
    const c = b + apart;
    const d = c + apart;
    const sumRe = re[a]! + re[c]!;
    const sumIm = im[a]! + im[c]!;
    const lessRe = re[a]! - re[c]!;
    const lessIm = im[a]! - im[c]!;
    const oddRe = re[b]! + re[d]!;
    const oddIm = im[b]! + im[d]!;
    // (b − d) turned by −i.
    const turnRe = im[b]! - im[d]!;
    const turnIm = re[d]! - re[b]!;
    toRe[out] = sumRe + oddRe;
    toIm[out] = sumIm + oddIm;
    const firstRe = lessRe + turnRe;
    const firstIm = lessIm + turnIm;
    toRe[out + stride] = firstRe * c1 - firstIm * s1;
    toIm[out + stride] = firstRe * s1 + firstIm * c1;
    const secondRe = sumRe - oddRe;
    const secondIm = sumIm - oddIm;
    toRe[out + 2 * stride] = secondRe * c2 - secondIm * s2;
    toIm[out + 2 * stride] = secondRe * s2 + secondIm * c2;
    const thirdRe = lessRe - turnRe;
    const thirdIm = lessIm - turnIm;
    toRe[out + 3 * stride] = thirdRe * c3 - thirdIm * s3;
    toIm[out + 3 * stride] = thirdRe * s3 + thirdIm * c3;
  }
}

/** √½, the cosine and the sine of an eighth of a turn. */
const eighth = Math.SQRT1_2;

/** Two radix-4 butterflies, of the even and of the odd numbers, joined by eighths of a turn. */
export function butterflies8(input: Complex, output: Complex, roots: Complex, place: Place): void {
  const { re, im } = input;
  const { re: toRe, im: toIm } = output;
  const { re: cos, im: sin } = roots;
  const { from, fromApart: apart, to, toApart: stride, count, turn } = place;
  const c1 = cos[turn]!;
  const s1 = sin[turn]!;
  const c2 = cos[2 * turn]!;
  const s2 = sin[2 * turn]!;
  const c3 = cos[3 * turn]!;
  const s3 = sin[3 * turn]!;
  const c4 = cos[4 * turn]!;
  const s4 = sin[4 * turn]!;
  const c5 = cos[5 * turn]!;
  const s5 = sin[5 * turn]!;
  const c6 = cos[6 * turn]!;
  const s6 = sin[6 * turn]!;
  const c7 = cos[7 * turn]!;
  const s7 = sin[7 * turn]!;
  for (let a = from, out = to, end = from + count; a < end; a++, out++) {
    const b = a + apart;
    const c = b + apart;
    const d = c + apart;
    const e = d + apart;
    const f = e + apart;
    const g = f + apart;
    const h = g + apart;
    const aeRe = re[a]! + re[e]!;
    const aeIm = im[a]! + im[e]!;
    const cgRe = re[c]! + re[g]!;
    const cgIm = im[c]! + im[g]!;
    const bfRe = re[b]! + re[f]!;
    const bfIm = im[b]! + im[f]!;
    const dhRe = re[d]! + re[h]!;
    const dhIm = im[d]! + im[h]!;
    const evenRe = aeRe + cgRe;
    const evenIm = aeIm + cgIm;
    const oddRe = bfRe + dhRe;
    const oddIm = bfIm + dhIm;
    toRe[out] = evenRe + oddRe;
    toIm[out] = evenIm + oddIm;
    const x4Re = evenRe - oddRe;
    const x4Im = evenIm - oddIm;
    toRe[out + 4 * stride] = x4Re * c4 - x4Im * s4;
    toIm[out + 4 * stride] = x4Re * s4 + x4Im * c4;
    const p2Re = aeRe - cgRe;
    const p2Im = aeIm - cgIm;
    const q2Re = bfIm - dhIm;
    const q2Im = dhRe - bfRe;
    const x2Re = p2Re + q2Re;
    const x2Im = p2Im + q2Im;
    toRe[out + 2 * stride] = x2Re * c2 - x2Im * s2;
    toIm[out + 2 * stride] = x2Re * s2 + x2Im * c2;
    const x6Re = p2Re - q2Re;
    const x6Im = p2Im - q2Im;
    toRe[out + 6 * stride] = x6Re * c6 - x6Im * s6;
    toIm[out + 6 * stride] = x6Re * s6 + x6Im * c6;

    const aeLessRe = re[a]! - re[e]!;
    const aeLessIm = im[a]! - im[e]!;
    // (c − g) turned by −i.
    const cgTurnRe = im[c]! - im[g]!;
    const cgTurnIm = re[g]! - re[c]!;
    const bfLessRe = re[b]! - re[f]!;
    const bfLessIm = im[b]! - im[f]!;
    const dhTurnRe = im[d]! - im[h]!;
    const dhTurnIm = re[h]! - re[d]!;
    const p1Re = aeLessRe + cgTurnRe;
    const p1Im = aeLessIm + cgTurnIm;
    const p3Re = aeLessRe - cgTurnRe;
    const p3Im = aeLessIm - cgTurnIm;
    const o1Re = bfLessRe + dhTurnRe;
    const o1Im = bfLessIm + dhTurnIm;
    const o3Re = bfLessRe - dhTurnRe;
    const o3Im = bfLessIm - dhTurnIm;
    // Turned by −1/8 and −3/8.
    const q1Re = eighth * (o1Re + o1Im);
    const q1Im = eighth * (o1Im - o1Re);
    const q3Re = eighth * (o3Im - o3Re);
    const q3Im = -eighth * (o3Re + o3Im);
    const x1Re = p1Re + q1Re;
    const x1Im = p1Im + q1Im;
    toRe[out + stride] = x1Re * c1 - x1Im * s1;
    toIm[out + stride] = x1Re * s1 + x1Im * c1;
    const x5Re = p1Re - q1Re;
    const x5Im = p1Im - q1Im;
    toRe[out + 5 * stride] = x5Re * c5 - x5Im * s5;
    toIm[out + 5 * stride] = x5Re * s5 + x5Im * c5;
    const x3Re = p3Re + q3Re;
    const x3Im = p3Im + q3Im;
    toRe[out + 3 * stride] = x3Re * c3 - x3Im * s3;
    toIm[out + 3 * stride] = x3Re * s3 + x3Im * c3;
    const x7Re = p3Re - q3Re;
    const x7Im = p3Im - q3Im;
    toRe[out + 7 * stride] = x7Re * c7 - x7Im * s7;
    toIm[out + 7 * stride] = x7Re * s7 + x7Im * c7;
  }
}
