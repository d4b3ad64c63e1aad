import { describe, expect, it } from 'vitest';
import type { RawImage } from '../../../src/image/types.ts';
import { colourfulnessOf } from '../../../src/similarity/visual/colourfulness.ts';
import { rmsContrast } from '../../../src/similarity/visual/contrast.ts';
import { lumaEntropy } from '../../../src/similarity/visual/entropy.ts';
import { isGrey } from '../../../src/similarity/visual/grey-share.ts';
import { highFrequencyShare } from '../../../src/similarity/visual/high-frequency.ts';
import { histogramIntersection } from '../../../src/similarity/visual/histogram-intersection.ts';
import { jensenShannon } from '../../../src/similarity/visual/jensen-shannon.ts';
import { labOf } from '../../../src/similarity/visual/lab.ts';
import { lumaScale } from '../../../src/similarity/visual/luma.ts';
import { noiseDeviation } from '../../../src/similarity/visual/noise.ts';
import { planesOf } from '../../../src/similarity/visual/planes.ts';
import { laplacianVariance } from '../../../src/similarity/visual/sharpness.ts';
import { slopeOf } from '../../../src/similarity/visual/spectrum-slope.ts';
import { squaredGradient } from '../../../src/similarity/visual/tenengrad.ts';
import { patternHistogram } from '../../../src/similarity/visual/texture.ts';
import { wasserstein } from '../../../src/similarity/visual/wasserstein.ts';
import { expectGolden, readGolden } from '../../helpers/golden.ts';

interface Expected {
  luma_mean: number;
  rms_contrast: number;
  laplacian_variance: number;
  noise_sigma: number;
  entropy_bits: number;
  lab_mean: number[];
  lab_std: number[];
  lab_first_pixel: number[];
  is_greyscale: boolean;
  tenengrad: number;
  colourfulness: number;
  lbp_uniform_hist: number[];
  glcm16: { contrast: number; homogeneity: number };
  spectrum: { slope: number; high_freq_fraction: number; radial: number[] };
}
const names = ['smooth', 'texture', 'grey'] as const;
type Name = (typeof names)[number];

const golden = readGolden<
  { width: number; height: number; images: Record<Name, number[]> },
  Record<Name, Expected> & {
    smooth_vs_texture: { w1_luma: number; js_luma64: number; hist_intersection64: number };
  }
>('visual_32x32');
const { inputs, expected } = golden;
const imageOf = (name: Name): RawImage => ({
  data: Uint8Array.from(inputs.images[name]),
  width: inputs.width,
  height: inputs.height,
});
const lumaOf = (name: Name) => Float64Array.from(planesOf(imageOf(name)).luma.data, (value) => value / lumaScale);

describe.each(names)('the %s image agrees with skimage, scipy and the papers', (name) => {
  const image = imageOf(name);
  const planes = planesOf(image);
  const values = expected[name];

  it('in luma, contrast, Laplacian variance, noise and entropy', () => {
    expectGolden(lumaOf(name).reduce((sum, value) => sum + value, 0) / 1024, values.luma_mean, golden);
    expectGolden(rmsContrast(planes.luma), values.rms_contrast, golden);
    expectGolden(laplacianVariance(planes.luma), values.laplacian_variance, golden);
    expectGolden(noiseDeviation(planes.luma), values.noise_sigma, golden);
    expectGolden(lumaEntropy(planes.grey), values.entropy_bits, golden);
    expect(isGrey(image.data)).toBe(values.is_greyscale);
  });

  it('in Tenengrad and colourfulness', () => {
    expectGolden(squaredGradient(planes.luma), values.tenengrad, golden);
    expectGolden(colourfulnessOf(image.data), values.colourfulness, golden);
  });

  it('in the shares of the uniform local binary patterns and the co-occurrence of 16 levels', () => {
    const histogram = patternHistogram(planes.grey);
    expect(histogram).toHaveLength(values.lbp_uniform_hist.length);
    for (const [bin, share] of values.lbp_uniform_hist.entries()) expectGolden(histogram[bin]!, share, golden);
    expectGolden(planes.neighbours.contrast, values.glcm16.contrast, golden);
    expectGolden(planes.neighbours.homogeneity, values.glcm16.homogeneity, golden);
  });

  it('in the spectrum: every ring, the slope and the high-frequency share', () => {
    const spectrum = planes.spectrum!;
    const { sums, counts } = spectrum.radial;
    for (const [index, power] of values.spectrum.radial.entries())
      expectGolden(sums[index + 1]! / counts[index + 1]!, power, golden);
    expectGolden(slopeOf(spectrum), values.spectrum.slope, golden);
    expectGolden(highFrequencyShare(spectrum), values.spectrum.high_freq_fraction, golden);
  });

  it('in L*a*b*, pixel by pixel', () => {
    const pixels = Array.from({ length: 1024 }, (_, i) => labOf(...triple(image.data, i * 3)));
    for (const axis of [0, 1, 2] as const) {
      const mean = pixels.reduce((sum, pixel) => sum + pixel[axis], 0) / 1024;
      const variance = pixels.reduce((sum, pixel) => sum + (pixel[axis] - mean) ** 2, 0) / 1024;
      expectGolden(pixels[0]![axis], values.lab_first_pixel[axis]!, golden);
      expectGolden(mean, values.lab_mean[axis]!, golden);
      expectGolden(Math.sqrt(variance), values.lab_std[axis]!, golden);
    }
  });

  it('in the means of the L*a*b* histograms, to 0.001 ΔE', () => {
    const { lightness, greenRed, blueYellow } = planes.lab;
    const mean = (histogram: Float64Array, lowest: number) =>
      histogram.reduce((sum, mass, bin) => sum + mass * (lowest + bin), 0);
    expect(mean(lightness, 0)).toBeCloseTo(values.lab_mean[0]!, 3);
    expect(mean(greenRed, -87)).toBeCloseTo(values.lab_mean[1]!, 3);
    expect(mean(blueYellow, -108)).toBeCloseTo(values.lab_mean[2]!, 3);
  });
});

describe('distances of distributions', () => {
  it('W1 of the luma of two images agrees with scipy', () => {
    expectGolden(wasserstein(lumaOf('smooth'), lumaOf('texture')), expected.smooth_vs_texture.w1_luma, golden);
  });

  it('Jensen–Shannon divergence in bits and intersection of 64 bins of luma agree with scipy and NumPy', () => {
    const histogram = (name: Name) => {
      const { grey } = planesOf(imageOf(name));
      return Float64Array.from(
        { length: 64 },
        (_, bin) => grey.data.filter((level) => level >> 2 === bin).length / 1024,
      );
    };
    const [smooth, texture] = [histogram('smooth'), histogram('texture')];
    expectGolden(jensenShannon(smooth, texture), expected.smooth_vs_texture.js_luma64, golden);
    expectGolden(histogramIntersection(smooth, texture), expected.smooth_vs_texture.hist_intersection64, golden);
  });
});

function triple(data: Uint8Array, at: number): [number, number, number] {
  return [data[at]!, data[at + 1]!, data[at + 2]!];
}
