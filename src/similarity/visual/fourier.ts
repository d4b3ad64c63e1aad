import { TransferEvidenceError } from '../../errors.ts';
import { type Butterflies, butterflies2, butterflies4, butterflies8, type Complex } from './even-butterflies.ts';
import { butterflies3, butterflies5, butterflies7 } from './odd-butterflies.ts';

/** The factors that a length may have, in the order in which they are taken out: eight first, which needs fewest passes. */
const passes: readonly { radix: number; butterflies: Butterflies }[] = [
  { radix: 8, butterflies: butterflies8 },
  { radix: 4, butterflies: butterflies4 },
  { radix: 2, butterflies: butterflies2 },
  { radix: 7, butterflies: butterflies7 },
  { radix: 5, butterflies: butterflies5 },
  { radix: 3, butterflies: butterflies3 },
];

/** Butterflies in one call. Short calls are soon compiled well, long loops only after hundreds of images. */
const mostAtOnce = 256;

/** Even lengths of at least this can be transformed. */
export const shortestTransform = 6;

/** The largest even number up to `length` with no prime factor above 7, a length that {@link powerSpectrum} takes; ≥ 6. */
export function transformLength(length: number): number {
  let even = length - (length % 2);
  while (planOf(even) === undefined) even -= 2;
  return even;
}

/**
 * |DFT|² of a real square, row by row, without a factor before the sum.
 * @param square side × side
 * @param power memory for the result
 * @returns (side / 2 + 1) × side: vertical frequency 0 … side / 2, horizontal frequency 0 … side − 1 (those above side / 2
 *   are negative). The other half is the same by symmetry.
 * @throws shape-mismatch when the side is not even, at least 6 and a product of 2, 3, 5 and 7
 */
export function powerSpectrum(square: Float64Array, side: number, power?: Float64Array): Float64Array {
  const plan = planOf(side);
  if (plan === undefined || side % 2 === 1 || side < shortestTransform || square.length !== side * side)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `A spectrum needs a square with an even side of at least ${shortestTransform} and factors up to 7; ${square.length} numbers for a side of ${side} were given.`,
    );
  const half = side / 2;
  const rows = half + 1;
  const memory = scratchOf(side);

  // Down the columns, two real columns as one complex: x and x + half.
  const down = transform({ re: square, im: square.subarray(half) }, side, memory, half, plan);

  // Taken apart by symmetry and transposed: position x, frequency v at x · rows + v.
  const { re: downRe, im: downIm } = down;
  const across = down === memory[0] ? memory[1] : memory[0];
  const { re: acrossRe, im: acrossIm } = across;
  for (let v = 0; v < rows; v++) {
    const mirror = (v === 0 ? 0 : side - v) * half;
    const other = half * rows;
    for (let x = 0, at = v * half, to = v; x < half; x++, at++, to += rows) {
      const re = downRe[at]!;
      const im = downIm[at]!;
      const mirrorRe = downRe[mirror + x]!;
      const mirrorIm = downIm[mirror + x]!;
      acrossRe[to] = (re + mirrorRe) / 2;
      acrossIm[to] = (im - mirrorIm) / 2;
      acrossRe[to + other] = (im + mirrorIm) / 2;
      acrossIm[to + other] = (mirrorRe - re) / 2;
    }
  }
  // What the columns gave is read now, so that its memory is free.
  const { re: wholeRe, im: wholeIm } = transform(across, rows, [down, across], rows, plan);

  const result = power ?? new Float64Array(rows * side);
  for (let u = 0, at = 0; u < side; u++)
    for (let v = 0, to = u; v < rows; v++, at++, to += side)
      result[to] = wholeRe[at]! * wholeRe[at]! + wholeIm[at]! * wholeIm[at]!;
  return result;
}

/** How a length is transformed. */
interface Plan {
  length: number;
  steps: { radix: number; butterflies: Butterflies }[];
  /** e^(−2πi k / length) for k < length. */
  roots: Complex;
}

/**
 * Discrete Fourier transforms of `lanes` interleaved sequences of one length, in natural order: the self-sorting form of
 * Stockham (Cochran et al. 1967) with mixed radices.
 * @param input the sequences' numbers with one index lie together, those with the next `inputStride` further on
 * @param memory overwritten; the second may be the input
 * @returns the one that holds the result, with nothing between the lanes
 */
function transform(
  input: Complex,
  inputStride: number,
  memory: [Complex, Complex],
  lanes: number,
  { length, steps, roots }: Plan,
): Complex {
  let from = input;
  let [to, next] = memory;
  let fromStride = inputStride;
  let left = length;
  let stride = lanes;
  for (const { radix, butterflies } of steps) {
    const blocks = left / radix;
    const fromApart = blocks * fromStride;
    for (let block = 0; block < blocks; block++)
      for (let lane = 0; lane < stride; lane += mostAtOnce)
        butterflies(from, to, roots, {
          from: block * fromStride + lane,
          fromApart,
          to: block * stride * radix + lane,
          toApart: stride,
          count: Math.min(mostAtOnce, stride - lane),
          turn: block * (length / left),
        });
    [from, to, next] = [to, next, to];
    left = blocks;
    stride *= radix;
    fromStride = stride;
  }
  return from;
}

let scratch: [Complex, Complex] | undefined;

/** Two arrays to compute in, at least as long as the side needs, kept from call to call. */
function scratchOf(side: number): [Complex, Complex] {
  const numbers = side * (side / 2 + 1);
  const fresh = () => ({ re: new Float64Array(numbers), im: new Float64Array(numbers) });
  if (scratch === undefined || scratch[0].re.length < numbers) scratch = [fresh(), fresh()];
  return scratch;
}

const knownPlans = new Map<number, Plan | undefined>();

/** Undefined for a length with a prime factor above 7. */
function planOf(length: number): Plan | undefined {
  if (knownPlans.has(length)) return knownPlans.get(length);
  const steps: Plan['steps'] = [];
  let left = length;
  for (const step of passes)
    while (left % step.radix === 0 && left > 1) {
      steps.push(step);
      left /= step.radix;
    }
  const angle = (k: number) => (-2 * Math.PI * k) / length;
  const roots = {
    re: Float64Array.from({ length }, (_, k) => Math.cos(angle(k))),
    im: Float64Array.from({ length }, (_, k) => Math.sin(angle(k))),
  };
  const plan = left === 1 ? { length, steps, roots } : undefined;
  knownPlans.set(length, plan);
  return plan;
}
