import { TransferEvidenceError } from '../../errors.ts';

/** The factors that a length may have; four first, which needs fewest multiplications. */
const radices = [4, 2, 3, 5, 7] as const;

/** Even lengths of at least this can be transformed. */
export const shortestTransform = 6;

/** The largest even number up to `length` with no prime factor above 7, a length that {@link powerSpectrum} takes; ≥ 6. */
export function transformLength(length: number): number {
  let even = length - (length % 2);
  while (factorsOf(even) === undefined) even -= 2;
  return even;
}

/**
 * |DFT|² of a real square, row by row, without a factor before the sum.
 * @param square side × side
 * @returns (side / 2 + 1) × side: vertical frequency 0 … side / 2, horizontal frequency 0 … side − 1 (those above side / 2
 *   are negative). The other half is the same by symmetry.
 * @throws shape-mismatch when the side is not even, at least 6 and a product of 2, 3, 5 and 7
 */
export function powerSpectrum(square: Float64Array, side: number): Float64Array {
  const factors = factorsOf(side);
  if (factors === undefined || side % 2 === 1 || side < shortestTransform || square.length !== side * side)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `A spectrum needs a square with an even side of at least ${shortestTransform} and factors up to 7; ${square.length} numbers for a side of ${side} were given.`,
    );
  const half = side / 2;
  const rows = half + 1;

  // Down the columns, two real columns as one complex: x and x + half.
  const [packed, across, spare] = scratchOf(side);
  for (let y = 0; y < side; y++) {
    packed.re.set(square.subarray(y * side, y * side + half), y * half);
    packed.im.set(square.subarray(y * side + half, (y + 1) * side), y * half);
  }
  const down = transform(packed, spare, side, half, factors);

  // Taken apart by symmetry and transposed: position x, frequency v at x · rows + v.
  for (let v = 0; v < rows; v++) {
    const mirror = (v === 0 ? 0 : side - v) * half;
    for (let x = 0; x < half; x++) {
      const [re, im] = [down.re[v * half + x]!, down.im[v * half + x]!];
      const [mirrorRe, mirrorIm] = [down.re[mirror + x]!, down.im[mirror + x]!];
      across.re[x * rows + v] = (re + mirrorRe) / 2;
      across.im[x * rows + v] = (im - mirrorIm) / 2;
      across.re[(x + half) * rows + v] = (im + mirrorIm) / 2;
      across.im[(x + half) * rows + v] = (mirrorRe - re) / 2;
    }
  }
  // What the columns gave is read now, so that its memory is free.
  const whole = transform(across, down === packed ? packed : spare, side, rows, factors);

  const power = new Float64Array(rows * side);
  for (let u = 0; u < side; u++)
    for (let v = 0; v < rows; v++) {
      const at = u * rows + v;
      power[v * side + u] = whole.re[at]! ** 2 + whole.im[at]! ** 2;
    }
  return power;
}

interface Complex {
  re: Float64Array;
  im: Float64Array;
}

/**
 * Discrete Fourier transforms of `lanes` interleaved sequences of one length, in natural order: the self-sorting form of
 * Stockham (Cochran et al. 1967) with mixed radices. The result lies in `input` or in `spare`; both are overwritten.
 */
function transform(input: Complex, spare: Complex, length: number, lanes: number, factors: readonly number[]): Complex {
  const roots = rootsOf(length);
  let from = input;
  let to = spare;
  let left = length;
  let stride = lanes;
  for (const radix of factors) {
    const blocks = left / radix;
    const step = length / left;
    if (radix === 4) pass4(from, to, blocks, stride, step, roots);
    else if (radix === 2) pass2(from, to, blocks, stride, step, roots);
    else passOdd(from, to, radix, blocks, stride, step, roots);
    [from, to] = [to, from];
    left = blocks;
    stride *= radix;
  }
  return from;
}

function pass4(from: Complex, to: Complex, blocks: number, stride: number, step: number, roots: Complex): void {
  const { re: fromRe, im: fromIm } = from;
  const { re: toRe, im: toIm } = to;
  const quarter = blocks * stride;
  for (let k = 0; k < blocks; k++) {
    const [c1, s1] = [roots.re[k * step]!, roots.im[k * step]!];
    const [c2, s2] = [roots.re[2 * k * step]!, roots.im[2 * k * step]!];
    const [c3, s3] = [roots.re[3 * k * step]!, roots.im[3 * k * step]!];
    for (let q = 0; q < stride; q++) {
      const a = k * stride + q;
      const b = a + quarter;
      const c = b + quarter;
      const d = c + quarter;
      const sumRe = fromRe[a]! + fromRe[c]!;
      const sumIm = fromIm[a]! + fromIm[c]!;
      const lessRe = fromRe[a]! - fromRe[c]!;
      const lessIm = fromIm[a]! - fromIm[c]!;
      const oddRe = fromRe[b]! + fromRe[d]!;
      const oddIm = fromIm[b]! + fromIm[d]!;
      // (b − d) turned by −i.
      const turnRe = fromIm[b]! - fromIm[d]!;
      const turnIm = fromRe[d]! - fromRe[b]!;
      const out = 4 * k * stride + q;
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
}

function pass2(from: Complex, to: Complex, blocks: number, stride: number, step: number, roots: Complex): void {
  const { re: fromRe, im: fromIm } = from;
  const { re: toRe, im: toIm } = to;
  const apart = blocks * stride;
  for (let k = 0; k < blocks; k++) {
    const [c, s] = [roots.re[k * step]!, roots.im[k * step]!];
    for (let a = k * stride, out = 2 * k * stride, end = a + stride; a < end; a++, out++) {
      const b = a + apart;
      const lessRe = fromRe[a]! - fromRe[b]!;
      const lessIm = fromIm[a]! - fromIm[b]!;
      toRe[out] = fromRe[a]! + fromRe[b]!;
      toIm[out] = fromIm[a]! + fromIm[b]!;
      toRe[out + stride] = lessRe * c - lessIm * s;
      toIm[out + stride] = lessRe * s + lessIm * c;
    }
  }
}

/** Odd radices: inputs t and radix − t meet the same cosines and opposite sines, so their sums and differences do. */
function passOdd(
  from: Complex,
  to: Complex,
  radix: number,
  blocks: number,
  stride: number,
  step: number,
  roots: Complex,
): void {
  const length = roots.re.length;
  const { re: fromRe, im: fromIm } = from;
  const { re: toRe, im: toIm } = to;
  const apart = blocks * stride;
  const pairs = (radix - 1) / 2;
  const [sumRe, sumIm, lessRe, lessIm] = Array.from({ length: 4 }, () => new Float64Array(pairs)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const turn = (r: number, t: number) => (((r * t) % radix) * length) / radix;
  const cos = Float64Array.from({ length: pairs * pairs }, (_, at) => {
    return roots.re[turn(Math.floor(at / pairs) + 1, (at % pairs) + 1)]!;
  });
  const sin = Float64Array.from({ length: pairs * pairs }, (_, at) => {
    return roots.im[turn(Math.floor(at / pairs) + 1, (at % pairs) + 1)]!;
  });
  for (let k = 0; k < blocks; k++)
    for (let q = 0; q < stride; q++) {
      const first = k * stride + q;
      const out = radix * k * stride + q;
      let allRe = fromRe[first]!;
      let allIm = fromIm[first]!;
      for (let t = 0; t < pairs; t++) {
        const a = first + (t + 1) * apart;
        const b = first + (radix - 1 - t) * apart;
        sumRe[t] = fromRe[a]! + fromRe[b]!;
        sumIm[t] = fromIm[a]! + fromIm[b]!;
        lessRe[t] = fromRe[a]! - fromRe[b]!;
        lessIm[t] = fromIm[a]! - fromIm[b]!;
        allRe += sumRe[t]!;
        allIm += sumIm[t]!;
      }
      toRe[out] = allRe;
      toIm[out] = allIm;
      for (let r = 1; r <= pairs; r++) {
        let evenRe = fromRe[first]!;
        let evenIm = fromIm[first]!;
        let oddRe = 0;
        let oddIm = 0;
        for (let t = 0, at = (r - 1) * pairs; t < pairs; t++, at++) {
          evenRe += sumRe[t]! * cos[at]!;
          evenIm += sumIm[t]! * cos[at]!;
          // i · sine · difference.
          oddRe -= lessIm[t]! * sin[at]!;
          oddIm += lessRe[t]! * sin[at]!;
        }
        const [c, s] = [roots.re[r * k * step]!, roots.im[r * k * step]!];
        const [mirrorC, mirrorS] = [roots.re[(radix - r) * k * step]!, roots.im[(radix - r) * k * step]!];
        const at = out + r * stride;
        toRe[at] = (evenRe + oddRe) * c - (evenIm + oddIm) * s;
        toIm[at] = (evenRe + oddRe) * s + (evenIm + oddIm) * c;
        const mirror = out + (radix - r) * stride;
        toRe[mirror] = (evenRe - oddRe) * mirrorC - (evenIm - oddIm) * mirrorS;
        toIm[mirror] = (evenRe - oddRe) * mirrorS + (evenIm - oddIm) * mirrorC;
      }
    }
}

let scratch: [Complex, Complex, Complex] | undefined;

/** Three arrays to compute in, at least as long as the side needs, kept from call to call. */
function scratchOf(side: number): [Complex, Complex, Complex] {
  const numbers = side * (side / 2 + 1);
  const fresh = () => ({ re: new Float64Array(numbers), im: new Float64Array(numbers) });
  if (scratch === undefined || scratch[0].re.length < numbers) scratch = [fresh(), fresh(), fresh()];
  return scratch;
}

const knownRoots = new Map<number, Complex>();

/** e^(−2πi k / length) for k < length. */
function rootsOf(length: number): Complex {
  const known = knownRoots.get(length);
  if (known) return known;
  const angle = (k: number) => (-2 * Math.PI * k) / length;
  const roots = {
    re: Float64Array.from({ length }, (_, k) => Math.cos(angle(k))),
    im: Float64Array.from({ length }, (_, k) => Math.sin(angle(k))),
  };
  knownRoots.set(length, roots);
  return roots;
}

function factorsOf(length: number): number[] | undefined {
  const factors: number[] = [];
  let left = length;
  for (const radix of radices)
    while (left % radix === 0 && left > 1) {
      factors.push(radix);
      left /= radix;
    }
  return left === 1 ? factors : undefined;
}
