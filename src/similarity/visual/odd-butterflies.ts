import type { Complex, Place } from './even-butterflies.ts';

// Odd radices: numbers t and radix − t meet the same cosines and opposite sines, so their sums and differences do.

const third = { cos: Math.cos((2 * Math.PI) / 3), sin: Math.sin((2 * Math.PI) / 3) };

export function butterflies3(input: Complex, output: Complex, roots: Complex, place: Place): void {
  const { re, im } = input;
  const { re: toRe, im: toIm } = output;
  const { from, fromApart: apart, to, toApart: stride, count, turn } = place;
  const { cos, sin } = third;
  const c1 = roots.re[turn]!;
  const s1 = roots.im[turn]!;
  const c2 = roots.re[2 * turn]!;
  const s2 = roots.im[2 * turn]!;
  for (let a = from, out = to, end = from + count; a < end; a++, out++) {
    const b = a + apart;
    const c = b + apart;
    const sumRe = re[b]! + re[c]!;
    const sumIm = im[b]! + im[c]!;
    toRe[out] = re[a]! + sumRe;
    toIm[out] = im[a]! + sumIm;
    const evenRe = re[a]! + cos * sumRe;
    const evenIm = im[a]! + cos * sumIm;
    const oddRe = sin * (im[b]! - im[c]!);
    const oddIm = sin * (re[c]! - re[b]!);
    const firstRe = evenRe + oddRe;
    const firstIm = evenIm + oddIm;
    toRe[out + stride] = firstRe * c1 - firstIm * s1;
    toIm[out + stride] = firstRe * s1 + firstIm * c1;
    const secondRe = evenRe - oddRe;
    const secondIm = evenIm - oddIm;
    toRe[out + 2 * stride] = secondRe * c2 - secondIm * s2;
    toIm[out + 2 * stride] = secondRe * s2 + secondIm * c2;
  }
}

export function butterflies5(input: Complex, output: Complex, roots: Complex, place: Place): void {
  const { re, im } = input;
  const { re: toRe, im: toIm } = output;
  const { re: cos, im: sin } = roots;
  const { from, fromApart: apart, to, toApart: stride, count, turn } = place;
  const cos1 = Math.cos((2 * Math.PI) / 5);
  const cos2 = Math.cos((4 * Math.PI) / 5);
  const sin1 = Math.sin((2 * Math.PI) / 5);
  const sin2 = Math.sin((4 * Math.PI) / 5);
  const c1 = cos[turn]!;
  const s1 = sin[turn]!;
  const c2 = cos[2 * turn]!;
  const s2 = sin[2 * turn]!;
  const c3 = cos[3 * turn]!;
  const s3 = sin[3 * turn]!;
  const c4 = cos[4 * turn]!;
  const s4 = sin[4 * turn]!;
  for (let a = from, out = to, end = from + count; a < end; a++, out++) {
    const b = a + apart;
    const c = b + apart;
    const d = c + apart;
    const e = d + apart;
    const aRe = re[a]!;
    const aIm = im[a]!;
    const beRe = re[b]! + re[e]!;
    const beIm = im[b]! + im[e]!;
    const cdRe = re[c]! + re[d]!;
    const cdIm = im[c]! + im[d]!;
    // Turned by −i.
    const beTurnRe = im[b]! - im[e]!;
    const beTurnIm = re[e]! - re[b]!;
    const cdTurnRe = im[c]! - im[d]!;
    const cdTurnIm = re[d]! - re[c]!;
    toRe[out] = aRe + beRe + cdRe;
    toIm[out] = aIm + beIm + cdIm;
    const even1Re = aRe + cos1 * beRe + cos2 * cdRe;
    const even1Im = aIm + cos1 * beIm + cos2 * cdIm;
    const odd1Re = sin1 * beTurnRe + sin2 * cdTurnRe;
    const odd1Im = sin1 * beTurnIm + sin2 * cdTurnIm;
    const x1Re = even1Re + odd1Re;
    const x1Im = even1Im + odd1Im;
    toRe[out + stride] = x1Re * c1 - x1Im * s1;
    toIm[out + stride] = x1Re * s1 + x1Im * c1;
    const x4Re = even1Re - odd1Re;
    const x4Im = even1Im - odd1Im;
    toRe[out + 4 * stride] = x4Re * c4 - x4Im * s4;
    toIm[out + 4 * stride] = x4Re * s4 + x4Im * c4;
    const even2Re = aRe + cos2 * beRe + cos1 * cdRe;
    const even2Im = aIm + cos2 * beIm + cos1 * cdIm;
    const odd2Re = sin2 * beTurnRe - sin1 * cdTurnRe;
    const odd2Im = sin2 * beTurnIm - sin1 * cdTurnIm;
    const x2Re = even2Re + odd2Re;
    const x2Im = even2Im + odd2Im;
    toRe[out + 2 * stride] = x2Re * c2 - x2Im * s2;
    toIm[out + 2 * stride] = x2Re * s2 + x2Im * c2;
    const x3Re = even2Re - odd2Re;
    const x3Im = even2Im - odd2Im;
    toRe[out + 3 * stride] = x3Re * c3 - x3Im * s3;
    toIm[out + 3 * stride] = x3Re * s3 + x3Im * c3;
  }
}

export function butterflies7(input: Complex, output: Complex, roots: Complex, place: Place): void {
  const { re, im } = input;
  const { re: toRe, im: toIm } = output;
  const { re: cos, im: sin } = roots;
  const { from, fromApart: apart, to, toApart: stride, count, turn } = place;
  const cos1 = Math.cos((2 * Math.PI) / 7);
  const cos2 = Math.cos((4 * Math.PI) / 7);
  const cos3 = Math.cos((6 * Math.PI) / 7);
  const sin1 = Math.sin((2 * Math.PI) / 7);
  const sin2 = Math.sin((4 * Math.PI) / 7);
  const sin3 = Math.sin((6 * Math.PI) / 7);
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
  for (let a = from, out = to, end = from + count; a < end; a++, out++) {
    const b = a + apart;
    const c = b + apart;
    const d = c + apart;
    const e = d + apart;
    const f = e + apart;
    const g = f + apart;
    const aRe = re[a]!;
    const aIm = im[a]!;
    const bgRe = re[b]! + re[g]!;
    const bgIm = im[b]! + im[g]!;
    const cfRe = re[c]! + re[f]!;
    const cfIm = im[c]! + im[f]!;
    const deRe = re[d]! + re[e]!;
    const deIm = im[d]! + im[e]!;
    // Turned by −i.
    const bgTurnRe = im[b]! - im[g]!;
    const bgTurnIm = re[g]! - re[b]!;
    const cfTurnRe = im[c]! - im[f]!;
    const cfTurnIm = re[f]! - re[c]!;
    const deTurnRe = im[d]! - im[e]!;
    const deTurnIm = re[e]! - re[d]!;
    toRe[out] = aRe + bgRe + cfRe + deRe;
    toIm[out] = aIm + bgIm + cfIm + deIm;
    const even1Re = aRe + cos1 * bgRe + cos2 * cfRe + cos3 * deRe;
    const even1Im = aIm + cos1 * bgIm + cos2 * cfIm + cos3 * deIm;
    const odd1Re = sin1 * bgTurnRe + sin2 * cfTurnRe + sin3 * deTurnRe;
    const odd1Im = sin1 * bgTurnIm + sin2 * cfTurnIm + sin3 * deTurnIm;
    const x1Re = even1Re + odd1Re;
    const x1Im = even1Im + odd1Im;
    toRe[out + stride] = x1Re * c1 - x1Im * s1;
    toIm[out + stride] = x1Re * s1 + x1Im * c1;
    const x6Re = even1Re - odd1Re;
    const x6Im = even1Im - odd1Im;
    toRe[out + 6 * stride] = x6Re * c6 - x6Im * s6;
    toIm[out + 6 * stride] = x6Re * s6 + x6Im * c6;
    const even2Re = aRe + cos2 * bgRe + cos3 * cfRe + cos1 * deRe;
    const even2Im = aIm + cos2 * bgIm + cos3 * cfIm + cos1 * deIm;
    const odd2Re = sin2 * bgTurnRe - sin3 * cfTurnRe - sin1 * deTurnRe;
    const odd2Im = sin2 * bgTurnIm - sin3 * cfTurnIm - sin1 * deTurnIm;
    const x2Re = even2Re + odd2Re;
    const x2Im = even2Im + odd2Im;
    toRe[out + 2 * stride] = x2Re * c2 - x2Im * s2;
    toIm[out + 2 * stride] = x2Re * s2 + x2Im * c2;
    const x5Re = even2Re - odd2Re;
    const x5Im = even2Im - odd2Im;
    toRe[out + 5 * stride] = x5Re * c5 - x5Im * s5;
    toIm[out + 5 * stride] = x5Re * s5 + x5Im * c5;
    const even3Re = aRe + cos3 * bgRe + cos1 * cfRe + cos2 * deRe;
    const even3Im = aIm + cos3 * bgIm + cos1 * cfIm + cos2 * deIm;
    const odd3Re = sin3 * bgTurnRe - sin1 * cfTurnRe + sin2 * deTurnRe;
    const odd3Im = sin3 * bgTurnIm - sin1 * cfTurnIm + sin2 * deTurnIm;
    const x3Re = even3Re + odd3Re;
    const x3Im = even3Im + odd3Im;
    toRe[out + 3 * stride] = x3Re * c3 - x3Im * s3;
    toIm[out + 3 * stride] = x3Re * s3 + x3Im * c3;
    const x4Re = even3Re - odd3Re;
    const x4Im = even3Im - odd3Im;
    toRe[out + 4 * stride] = x4Re * c4 - x4Im * s4;
    toIm[out + 4 * stride] = x4Re * s4 + x4Im * c4;
  }
}
