import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../src/image/decode.ts';
import { triangleResize } from '../../../src/image/triangle.ts';
import type { RawImage } from '../../../src/image/types.ts';
import { seededRandom } from '../../../src/random.ts';
import { effectiveShortSide } from '../../../src/similarity/visual/effective-resolution.ts';
import { planesOf } from '../../../src/similarity/visual/planes.ts';
import { powerLawImage } from '../../helpers/power-law.ts';
import { plain, raster } from '../../helpers/raster.ts';

const sideOf = (image: RawImage) => effectiveShortSide(planesOf(image));
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1]!;

type Enlarge = (image: RawImage, factor: number) => Promise<RawImage>;
const linear: Enlarge = async (image, factor) =>
  triangleResize(image, Math.round(image.width * factor), Math.round(image.height * factor));
const cubic: Enlarge = async ({ data, width, height }, factor) => {
  const size = { width: Math.round(width * factor), height: Math.round(height * factor) };
  const enlarged = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize({ ...size, fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer();
  return { ...size, data: new Uint8Array(enlarged) };
};

describe('the effective short side', () => {
  const scenes = [1, 2, 3, 4, 5].map((seed) => powerLawImage(80, 64, seed));

  it('is the short side, to a tenth, of images with the spectrum of photographs', () => {
    for (const scene of scenes) expect(sideOf(scene)).toBeGreaterThan(0.9 * 64);
  });

  describe.each([
    ['linearly', linear],
    ['cubically', cubic],
  ] as const)('of images enlarged %s', (_, enlarge) => {
    it.each([2, 3, 4])('%i times is within a factor of 1.5 of the one they had', async (factor) => {
      for (const scene of scenes) {
        const side = sideOf(await enlarge(scene, factor));
        expect(side).toBeGreaterThan(64 / 1.5);
        expect(side).toBeLessThan(1.5 * 64);
      }
    });
  });

  it('is never more than the short side nor less than 1 px', () => {
    const random = seededRandom(4, 'noise');
    const noise = (width: number, height: number) =>
      raster(width, height, () => Array(3).fill(random.integer(256)) as [number, number, number]);
    for (const [width, height] of [
      [1, 1],
      [5, 90],
      [6, 6],
      [40, 7],
      [300, 299],
    ] as const) {
      const side = sideOf(noise(width, height));
      expect(side).toBeGreaterThanOrEqual(1);
      expect(side).toBeLessThanOrEqual(Math.min(width, height));
    }
    expect(sideOf(plain(64, 64, 80))).toBe(1);
    expect(sideOf(plain(5, 64, 80))).toBe(5);
  });
});

const data = fileURLToPath(new URL('../../../../shared/data/datasets/', import.meta.url));
const present = existsSync(data);
const title = present ? 'on real images' : 'on real images (left out: ../shared/data is not there)';

describe.skipIf(!present)(title, () => {
  const imagesOf = async (set: string): Promise<RawImage[]> => {
    const files = readdirSync(join(data, set), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:png|jpe?g)$/.test(file))
      .sort();
    const some = files.filter((_, i) => i % Math.floor(files.length / 15) === 0);
    return Promise.all(some.map((file) => decode(sharp, join(data, set, file))));
  };

  it.each(['cifar10', 'clothing', 'lc25000_lung', 'mednist', 'nih_cxr'])(
    'of %s the median is 0.8 to 1 of the short side, and 0.65 to 1.4 of the true one after enlarging 2 to 4 times',
    async (set) => {
      const images = await imagesOf(set);
      const short = ({ width, height }: RawImage) => Math.min(width, height);
      const own = median(images.map((image) => sideOf(image) / short(image)));
      expect(own).toBeGreaterThan(0.8);
      for (const enlarge of [linear, cubic])
        for (const factor of [2, 3, 4]) {
          const ratios: number[] = [];
          for (const image of images) ratios.push(sideOf(await enlarge(image, factor)) / short(image));
          expect(median(ratios), `${factor}`).toBeGreaterThan(0.65);
          expect(median(ratios), `${factor}`).toBeLessThan(1.4);
        }
    },
    120_000,
  );
});
