/**
 * Filters of the scattering transform, in the Fourier domain: Morlet wavelets (a Gabor function made zero-mean by subtracting its envelope)
 * and a Gaussian low-pass, with the parameters of Oyallon & Mallat (2015), as kymatio has them: width 0.8 · 2^j, frequency 3π/4 · 2^−j,
 * eccentricity 4 / L. All spectra are real. Row-major squares of `size`² values, index (k, l) = frequency 2π(k, l) / size.
 */

const slant = 0.5;

/**
 * The spectrum of an elliptic Gaussian window times a plane wave, sampled on the integers and made periodic, in closed form: the
 * continuous spectrum summed over its aliases (Poisson's formula). `sigma` is the width along the wave, `sigma / slant` across it.
 */
function gaborSpectrum(size: number, sigma: number, angle: number, frequency: number): Float64Array {
  const out = new Float64Array(size * size);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const aliases = [-2, -1, 0, 1, 2];
  for (let k = 0; k < size; k++)
    for (let l = 0; l < size; l++)
      for (const a of aliases)
        for (const b of aliases) {
          const x = 2 * Math.PI * (k / size + a) - frequency * cos;
          const y = 2 * Math.PI * (l / size + b) - frequency * sin;
          const along = x * cos + y * sin;
          const across = (y * cos - x * sin) / slant;
          const exponent = 0.5 * sigma * sigma * (along * along + across * across);
          if (exponent < 40) out[k * size + l]! += Math.exp(-exponent);
        }
  return out;
}

/** The wavelet of scale 2^j and orientation `theta` of `angles`. */
export function morletSpectrum(size: number, j: number, theta: number, angles: number): Float64Array {
  const sigma = 0.8 * 2 ** j;
  const angle = ((angles / 2 - 1 - theta) * Math.PI) / angles;
  const wave = gaborSpectrum(size, sigma, angle, ((3 / 4) * Math.PI) / 2 ** j);
  const envelope = gaborSpectrum(size, sigma, angle, 0);
  const ratio = wave[0]! / envelope[0]!;
  return wave.map((value, i) => value - ratio * envelope[i]!);
}

/** One axis of the separable Gaussian low-pass of scale 2^J. */
export function lowPassSpectrum(size: number, J: number): Float64Array {
  const sigma = 0.8 * 2 ** (J - 1);
  return Float64Array.from({ length: size }, (_, k) => {
    let sum = 0;
    for (const a of [-2, -1, 0, 1, 2]) sum += Math.exp(-0.5 * (sigma * 2 * Math.PI * (k / size + a)) ** 2);
    return sum;
  });
}

/**
 * The spectrum of a filter for maps subsampled by 2^resolution: the band beyond the coarser grid's Nyquist frequency is cut off, what
 * remains is folded. Indices along one axis that survive, in the order of the coarse grid.
 */
function survivingFrequencies(size: number, resolution: number): number[][] {
  const coarse = size / 2 ** resolution;
  const from = size / 2 ** (resolution + 1);
  const to = from + size - coarse;
  return Array.from({ length: coarse }, (_, k) =>
    Array.from({ length: 2 ** resolution }, (_, i) => k + i * coarse).filter((index) => index < from || index >= to),
  );
}

export function coarsened(spectrum: Float64Array, size: number, resolution: number): Float64Array {
  const surviving = survivingFrequencies(size, resolution);
  const coarse = surviving.length;
  const out = new Float64Array(coarse * coarse);
  surviving.forEach((rows, k) => {
    surviving.forEach((columns, l) => {
      for (const row of rows) for (const column of columns) out[k * coarse + l]! += spectrum[row * size + column]!;
    });
  });
  return out;
}

export function coarsenedAxis(spectrum: Float64Array, resolution: number): Float64Array {
  return Float64Array.from(survivingFrequencies(spectrum.length, resolution), (indices) =>
    indices.reduce((sum, index) => sum + spectrum[index]!, 0),
  );
}
