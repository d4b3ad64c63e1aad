import type { GraphBuilder } from '../onnx/build.ts';
import { coarsened, coarsenedAxis, lowPassSpectrum, morletSpectrum } from './morlet.ts';

/** Scales, orientations, and sizes: an image, the image with its reflected border, the grid of coefficients. */
export const J = 3;
export const L = 8;
export const size = 64;
const border = 2 ** J;
const padded = size + 2 * border;
export const grid = size / 2 ** J;

/** Paths of order 0, 1 and 2. */
export const paths = 1 + J * L + (L * L * J * (J - 1)) / 2;

/**
 * Appends the scattering transform to a graph: `image` [N, C, 64, 64] → one tensor [8·8, paths, C, N] of coefficients; paths are the mean,
 * then the first order (scale, angle), then the second (scale₁, angle₁, scale₂ > scale₁, angle₂).
 *
 * Convolutions are products in the Fourier domain, and a DFT of so small a map is fastest as a product with a constant matrix. Maps are laid out
 * with space first and channels × images last, so that every step is one large matrix product from the left.
 */
export function appendScattering(g: GraphBuilder, image: string, channels: number): string {
  const x = g.node('Transpose', [image], { perm: [2, 3, 1, 0] }, 'space_first');
  const rows = reflection();
  const spectrum0 = appendDft(g, x, padded, rows);
  const pieces = [appendLowPass(g, x, 0, 1, rows)];
  const wavelets = Array.from({ length: J }, (_, j) =>
    Array.from({ length: L }, (_, theta) => morletSpectrum(padded, j, theta, L)),
  );
  const second: string[] = [];
  const first: string[] = [];
  for (let j1 = 0; j1 < J; j1++) {
    const u1 = appendWaveletModulus(g, spectrum0, wavelets, 0, j1);
    first.push(appendLowPass(g, u1, j1, L));
    if (j1 === J - 1) continue;
    const spectrum1 = appendDft(g, u1, padded / 2 ** j1);
    const finer: string[] = [];
    for (let j2 = j1 + 1; j2 < J; j2++) {
      const u2 = appendWaveletModulus(g, spectrum1, wavelets, j1, j2);
      // [64, angle₂, angle₁ · C · N] → [64, 1, angle₂, angle₁, C · N]
      const s2 = appendLowPass(g, u2, j2, L);
      finer.push(reshape(g, s2, [grid * grid, 1, L, L, -1]));
    }
    const stacked = finer.length === 1 ? finer[0]! : g.node('Concat', finer, { axis: 1 });
    const ordered = g.node('Transpose', [stacked], { perm: [0, 3, 1, 2, 4] });
    second.push(reshape(g, ordered, [grid * grid, finer.length * L * L, -1]));
  }
  pieces.push(...first, ...second);
  const all = g.node('Concat', pieces, { axis: 1 });
  return reshape(g, all, [grid * grid, paths, channels, -1]);
}

function reshape(g: GraphBuilder, tensor: string, dims: number[]): string {
  return g.node('Reshape', [tensor, g.constant('shape', dims)]);
}

/** The border's reflection (the edge itself not repeated) as a padded × size matrix of zeros and ones. */
function reflection(): Float64Array {
  const out = new Float64Array(padded * size);
  for (let p = 0; p < padded; p++) {
    const at = Math.abs(p - border);
    out[p * size + (at < size ? at : 2 * (size - 1) - at)] = 1;
  }
  return out;
}

/** a (m × n) times b (n × k). */
function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const m = a.length / n;
  const k = b.length / n;
  const out = new Float64Array(m * k);
  for (let i = 0; i < m; i++)
    for (let t = 0; t < n; t++) {
      const factor = a[i * n + t]!;
      if (factor !== 0) for (let j = 0; j < k; j++) out[i * k + j]! += factor * b[t * k + j]!;
    }
  return out;
}

function matrixConstant(g: GraphBuilder, name: string, values: Float64Array, columns: number): string {
  return g.constant(name, Float32Array.from(values), [values.length / columns, columns]);
}

/**
 * The DFT of real maps [n, n · m] (or, with `rows`, of smaller maps which that matrix extends) → [(n/2 + 1) · 2 · n, m]: the upper half of the
 * frequencies' rows, each as real part and imaginary part; the lower half is its mirror image.
 */
function appendDft(g: GraphBuilder, maps: string, n: number, rows?: Float64Array): string {
  const half = n / 2 + 1;
  const from = rows ? rows.length / n : n;
  const left = new Float64Array(half * 2 * n);
  for (let k = 0; k < half; k++)
    for (let p = 0; p < n; p++) {
      left[2 * k * n + p] = Math.cos((2 * Math.PI * ((k * p) % n)) / n);
      left[(2 * k + 1) * n + p] = -Math.sin((2 * Math.PI * ((k * p) % n)) / n);
    }
  const right = new Float64Array(4 * n * from);
  const columns = 2 * from;
  const cos = new Float64Array(n * n);
  const sin = new Float64Array(n * n);
  for (let l = 0; l < n; l++)
    for (let q = 0; q < n; q++) {
      cos[l * n + q] = Math.cos((2 * Math.PI * ((l * q) % n)) / n);
      sin[l * n + q] = Math.sin((2 * Math.PI * ((l * q) % n)) / n);
    }
  const [c, s] = rows ? [product(cos, rows, n), product(sin, rows, n)] : [cos, sin];
  for (let l = 0; l < n; l++)
    for (let q = 0; q < from; q++) {
      right[l * columns + q] = c[l * from + q]!;
      right[l * columns + from + q] = s[l * from + q]!;
      right[(n + l) * columns + q] = -s[l * from + q]!;
      right[(n + l) * columns + from + q] = c[l * from + q]!;
    }
  const flat = reshape(g, maps, [from, -1]);
  const e = matrixConstant(g, 'dft_rows', rows ? product(left, rows, n) : left, from);
  const y = reshape(g, g.node('MatMul', [e, flat]), [half, 2 * from, -1]);
  const spectrum = g.node('MatMul', [matrixConstant(g, 'dft_columns', right, columns), y]);
  return reshape(g, spectrum, [half * 2 * n, -1]);
}

/**
 * |maps ⋆ ψ| for the L wavelets of scale 2^to, from the spectrum of maps subsampled by 2^from, on the grid subsampled by 2^to:
 * [rows, m] → [n, n, L, m] (flattened to [n, −1]).
 */
function appendWaveletModulus(
  g: GraphBuilder,
  spectrum: string,
  wavelets: Float64Array[][],
  from: number,
  to: number,
): string {
  const n = padded / 2 ** from;
  const factor = 2 ** (to - from);
  const coarse = n / factor;
  const aliases = factor * factor;
  const filters = wavelets[to]!.map((wavelet) => coarsened(wavelet, padded, from));
  const indices: number[] = [];
  const weights = new Float32Array(coarse * 2 * coarse * L * aliases);
  let at = 0;
  for (let k = 0; k < coarse; k++)
    for (let part = 0; part < 2; part++)
      for (let l = 0; l < coarse; l++) {
        for (let a = 0; a < factor; a++)
          for (let b = 0; b < factor; b++) {
            const [row, column] = [k + a * coarse, l + b * coarse];
            const mirrored = row > n / 2;
            const stored = mirrored ? ((n - row) * 2 + part) * n + ((n - column) % n) : (row * 2 + part) * n + column;
            indices.push(stored);
            const sign = mirrored && part === 1 ? -1 : 1;
            filters.forEach((filter, theta) => {
              weights[at + theta * aliases + a * factor + b] = (sign * filter[row * n + column]!) / aliases;
            });
          }
        at += L * aliases;
      }
  const gathered = g.node('Gather', [spectrum, g.constant('frequencies', indices, [coarse, 2, coarse, aliases])], {
    axis: 0,
  });
  const bank = g.constant('wavelets', weights, [coarse, 2, coarse, L, aliases]);
  const filtered = aliases === 1 ? g.node('Mul', [bank, gathered]) : g.node('MatMul', [bank, gathered]);
  const [left, right] = inverseDft(coarse);
  const y = g.node('MatMul', [
    matrixConstant(g, 'idft_rows', left, 2 * coarse),
    reshape(g, filtered, [2 * coarse, -1]),
  ]);
  const z = g.node('MatMul', [
    matrixConstant(g, 'idft_columns', right, 2 * coarse),
    reshape(g, y, [coarse, 2 * coarse, -1]),
  ]);
  const parts = reshape(g, z, [coarse, 2, -1]);
  const energy = g.node('ReduceSum', [g.node('Mul', [parts, parts]), g.constant('axis', [1])], { keepdims: 0 });
  return g.node('Sqrt', [energy], {}, 'modulus');
}

/** Inverse DFT over rows, (row, part) ← (frequency, part), and over columns, (part, column) ← (part, frequency). */
function inverseDft(n: number): [left: Float64Array, right: Float64Array] {
  const left = new Float64Array(4 * n * n);
  const right = new Float64Array(4 * n * n);
  for (let p = 0; p < n; p++)
    for (let k = 0; k < n; k++) {
      const cos = Math.cos((2 * Math.PI * ((k * p) % n)) / n) / n;
      const sin = Math.sin((2 * Math.PI * ((k * p) % n)) / n) / n;
      left[2 * p * 2 * n + 2 * k] = cos;
      left[2 * p * 2 * n + 2 * k + 1] = -sin;
      left[(2 * p + 1) * 2 * n + 2 * k] = sin;
      left[(2 * p + 1) * 2 * n + 2 * k + 1] = cos;
      right[p * 2 * n + k] = cos;
      right[p * 2 * n + n + k] = -sin;
      right[(n + p) * 2 * n + k] = sin;
      right[(n + p) * 2 * n + n + k] = cos;
    }
  return [left, right];
}

/** Gaussian averages on the grid: maps [n, n · angles · m] subsampled by 2^from → [64, angles, m]. */
function appendLowPass(g: GraphBuilder, maps: string, from: number, angles: number, rows?: Float64Array): string {
  const n = padded / 2 ** from;
  const spectrum = coarsenedAxis(lowPassSpectrum(padded, J), from);
  const kernel = Float64Array.from({ length: n }, (_, p) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += spectrum[k]! * Math.cos((2 * Math.PI * ((k * p) % n)) / n);
    return sum / n;
  });
  const average = new Float64Array(grid * n);
  for (let i = 0; i < grid; i++)
    for (let p = 0; p < n; p++) average[i * n + p] = kernel[((i + 1) * 2 ** (J - from) - p + n) % n]!;
  const width = rows ? rows.length / n : n;
  const matrix = matrixConstant(g, 'low_pass', rows ? product(average, rows, n) : average, width);
  const y = reshape(g, g.node('MatMul', [matrix, reshape(g, maps, [width, -1])]), [grid, width, -1]);
  return reshape(g, g.node('MatMul', [matrix, y]), [grid * grid, angles, -1]);
}
