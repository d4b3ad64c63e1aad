import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { RawImage } from '../../src/image/types.ts';
import { deadLeavesVersion, drawDeadLeaves } from '../../src/reference/dead-leaves.ts';
import { lumaOf } from '../../src/similarity/visual/luma.ts';
import { spectrumOf } from '../../src/similarity/visual/spectrum.ts';
import { slopeOf } from '../../src/similarity/visual/spectrum-slope.ts';

const images = Array.from({ length: 40 }, (_, index) => drawDeadLeaves(index));
const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const deviation = (numbers: readonly number[]) => {
  const middle = mean(numbers);
  return Math.sqrt(mean(numbers.map((number) => (number - middle) ** 2)));
};

/** Lightness of every 16th pixel and how far from grey it is, in grey levels. */
function colours({ data }: RawImage): { light: number; yellow: number; red: number }[] {
  return Array.from({ length: data.length / 48 }, (_, pixel) => {
    const [r, g, b] = data.subarray(48 * pixel, 48 * pixel + 3) as unknown as [number, number, number];
    return { light: (r + g + b) / 3, yellow: (r + g) / 2 - b, red: r - g };
  });
}

const slope = (image: RawImage) => slopeOf(spectrumOf(lumaOf(image))!);

describe('dead leaves', { timeout: 60_000 }, () => {
  it('are the same bytes on every machine as long as their version is', () => {
    const hash = createHash('sha256');
    for (const { data } of images.slice(0, 8)) hash.update(data);
    expect([deadLeavesVersion, hash.digest('hex')]).toEqual([
      1,
      'c04a0b2452aa8ecd21259ac17c158c91cd2e9b481c77b422beba1cc0cedc4f01',
    ]);
  });

  it('are 256 px a side, each another', () => {
    expect(images[0]).toMatchObject({ width: 256, height: 256 });
    expect(images[0]!.data).toHaveLength(256 * 256 * 3);
    expect(new Set(images.map(({ data }) => createHash('sha256').update(data).digest('hex'))).size).toBe(40);
    expect(drawDeadLeaves(7).data).toEqual(images[7]!.data);
  });

  it('have the spectrum of photographs, whose power falls as frequency to about −2', () => {
    const slopes = images.map(slope);
    expect(mean(slopes)).toBeGreaterThan(-2.2);
    expect(mean(slopes)).toBeLessThan(-1.9);
    for (const one of slopes) expect(Math.abs(one + 2)).toBeLessThan(0.6);
  });

  it('are flat within a disc and have edges between, as things that hide each other', () => {
    for (const image of images.slice(0, 10)) {
      const { data, width } = lumaOf(image);
      const steps = Array.from({ length: data.length - 1 }, (_, at) => data[at + 1]! - data[at]!).filter(
        (_, at) => (at + 1) % width !== 0,
      );
      const flat = steps.filter((step) => step === 0).length / steps.length;
      expect(flat).toBeGreaterThan(0.5);
      const squares = deviation(steps) ** 2;
      // 3 for a normal distribution, and for noise with the same spectrum.
      expect(mean(steps.map((step) => step ** 4)) / squares ** 2).toBeGreaterThan(6);
    }
  });

  it('differ in lightness more than in hue, within an image and between images', () => {
    const pixels = images.map(colours);
    const spread = (of: 'light' | 'yellow' | 'red') => mean(pixels.map((own) => deviation(own.map((one) => one[of]))));
    expect(spread('light')).toBeGreaterThan(1.5 * spread('yellow'));
    expect(spread('yellow')).toBeGreaterThan(spread('red'));
    expect(deviation(pixels.map((own) => mean(own.map(({ light }) => light))))).toBeGreaterThan(20);
  });
});
