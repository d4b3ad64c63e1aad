import { describe, expect, it } from 'vitest';
import type { RawImage } from '../../../src/image/types.ts';
import { rmsContrast } from '../../../src/similarity/visual/contrast.ts';
import { lumaEntropy } from '../../../src/similarity/visual/entropy.ts';
import { isGrey } from '../../../src/similarity/visual/grey-share.ts';
import { labOf } from '../../../src/similarity/visual/lab.ts';
import { noiseDeviation } from '../../../src/similarity/visual/noise.ts';
import { lumaScale, planesOf } from '../../../src/similarity/visual/planes.ts';
import { laplacianVariance } from '../../../src/similarity/visual/sharpness.ts';
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
}
const names = ['smooth', 'texture', 'grey'] as const;
type Name = (typeof names)[number];

const golden = readGolden<
  { width: number; height: number; images: Record<Name, number[]> },
  Record<Name, Expected> & { smooth_vs_texture: { w1_luma: number } }
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
    expectGolden(lumaEntropy(planes.luma), values.entropy_bits, golden);
    expect(isGrey(image.data)).toBe(values.is_greyscale);
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

describe('W1', () => {
  it('of the luma of two images agrees with scipy', () => {
    expectGolden(wasserstein(lumaOf('smooth'), lumaOf('texture')), expected.smooth_vs_texture.w1_luma, golden);
  });
});

function triple(data: Uint8Array, at: number): [number, number, number] {
  return [data[at]!, data[at + 1]!, data[at + 2]!];
}
