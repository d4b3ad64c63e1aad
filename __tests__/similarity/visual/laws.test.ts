import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { triangleResize } from '../../../src/image/triangle.ts';
import type { RawImage } from '../../../src/image/types.ts';
import type { MeasureName } from '../../../src/measures.ts';
import { seededRandom } from '../../../src/random.ts';
import { powerSpectrum, transformLength } from '../../../src/similarity/visual/fourier.ts';
import { visualMeasureOf, visualMeasures } from '../../../src/similarity/visual/index.ts';
import { planesOf } from '../../../src/similarity/visual/planes.ts';
import { patternHistogram } from '../../../src/similarity/visual/texture.ts';
import { powerLawImage } from '../../helpers/power-law.ts';
import { raster } from '../../helpers/raster.ts';

const one = (name: MeasureName, image: RawImage) => visualMeasureOf(name).describe(image)[0]!;

/** The pixel at (x, y) of the result is that of the image at `from(x, y)`. */
function rearranged(
  { data, width }: RawImage,
  [newWidth, newHeight]: readonly [number, number],
  from: (x: number, y: number) => readonly [number, number],
): RawImage {
  return raster(newWidth, newHeight, (x, y) => {
    const [oldX, oldY] = from(x, y);
    const at = (oldY * width + oldX) * 3;
    return [data[at]!, data[at + 1]!, data[at + 2]!];
  });
}

const mirrored = (image: RawImage) =>
  rearranged(image, [image.width, image.height], (x, y) => [image.width - 1 - x, y]);
const turned = (image: RawImage) => rearranged(image, [image.height, image.width], (x, y) => [y, image.height - 1 - x]);

async function jpeg({ data, width, height }: RawImage, quality: number): Promise<RawImage> {
  const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
  const decoded = await sharp(bytes).raw().toBuffer();
  return { data: new Uint8Array(decoded), width, height };
}

const scenes = [1, 2, 3].map((seed) => powerLawImage(96, 64, seed));
const blurred = ({ data, width, height }: RawImage) => {
  const half = triangleResize({ data, width, height }, width >> 1, height >> 1);
  return triangleResize(half, width, height);
};

/** What a mirror image and a quarter turn leave as it is: all that has no left, no up and no grid. */
const unmoved = visualMeasures.filter(
  ({ name }) => !['visual.aspect', 'visual.layout', 'visual.blocking'].includes(name) && !name.endsWith('_at_input'),
);

describe.each(unmoved.map(({ name }) => name))('%s', (name) => {
  it('is the same for a mirror image and a quarter turn', () => {
    const { describe: read, columns } = visualMeasureOf(name);
    for (const scene of scenes)
      for (const moved of [mirrored(scene), turned(scene)]) {
        const [before, after] = [read(scene), read(moved)];
        expect(after).toHaveLength(columns);
        after.forEach((value, at) => {
          expect(value).toBeCloseTo(before[at]!, 9);
        });
      }
  });
});

describe('a mirror image', () => {
  it('turns the layout over and leaves the aspect', () => {
    const [before, after] = [scenes[0]!, mirrored(scenes[0]!)].map((scene) =>
      visualMeasureOf('visual.layout').describe(scene),
    );
    for (let row = 0; row < 16; row++)
      for (let column = 0; column < 16; column++)
        expect(after![row * 16 + column]).toBeCloseTo(before![row * 16 + 15 - column]!, 9);
    expect(one('visual.aspect', mirrored(scenes[0]!))).toBe(one('visual.aspect', scenes[0]!));
    expect(one('visual.aspect', turned(scenes[0]!))).toBeCloseTo(-one('visual.aspect', scenes[0]!), 12);
  });

  it('is at the input size what its own input is', () => {
    for (const name of ['visual.sharpness_at_input', 'visual.noise_at_input', 'visual.entropy_at_input'] as const)
      expect(one(name, mirrored(scenes[0]!))).toBeCloseTo(one(name, scenes[0]!), 2);
  });
});

describe.each([0, 1, 2])('blur of scene %i', (index) => {
  const scene = scenes[index]!;
  const soft = blurred(scene);

  it.each([
    'visual.sharpness',
    'visual.sharpness_at_input',
    'visual.tenengrad',
    'visual.noise',
    'visual.contrast',
    'visual.spectrum_slope',
    'visual.high_frequency',
    'visual.high_frequency_at_input',
    'visual.glcm_contrast',
    'visual.effective_resolution',
  ] as const)('lowers %s', (name) => {
    expect(one(name, soft)).toBeLessThan(one(name, scene));
  });

  it('raises homogeneity', () => {
    expect(one('visual.glcm_homogeneity', soft)).toBeGreaterThan(one('visual.glcm_homogeneity', scene));
  });
});

describe('JPEG', () => {
  it.each([0, 1, 2])('at quality 10 shows its blocks, at 95 hardly: scene %i', async (index) => {
    const scene = scenes[index]!;
    const [strong, weak] = await Promise.all([jpeg(scene, 10), jpeg(scene, 95)]);
    expect(Math.abs(one('visual.blocking', scene))).toBeLessThan(0.1);
    expect(Math.abs(one('visual.blocking', weak))).toBeLessThan(0.1);
    expect(one('visual.blocking', strong)).toBeGreaterThan(0.3);
    // Off the grid the blocks are not looked for.
    const shifted = rearranged(strong, [strong.width - 4, strong.height - 4], (x, y) => [x + 4, y + 4]);
    expect(one('visual.blocking', shifted)).toBeLessThan(0.1);
  });

  it('has steps on the grid of blocks alone where there is nothing else', () => {
    const tiles = raster(32, 32, (x, y) => {
      const level = 100 + 9 * (((x >> 3) + (y >> 3)) & 1);
      return [level, level, level];
    });
    expect(one('visual.blocking', tiles)).toBeCloseTo(Math.log((9 + 1 / 3) / (1 / 3)), 9);
    expect(
      one(
        'visual.blocking',
        raster(8, 8, (x) => [x, x, x]),
      ),
    ).toBe(0);
    expect(
      one(
        'visual.blocking',
        raster(9, 1, (x) => [x, x, x]),
      ),
    ).toBe(0);
  });
});

describe('the spectrum', () => {
  it.each([6, 10, 14, 24, 30, 32, 36, 42, 56])('of %i × %i numbers is that of the sum it stands for', (side) => {
    const random = seededRandom(side, 'spectrum');
    const square = Float64Array.from({ length: side * side }, () => random.normal());
    const power = powerSpectrum(square, side);
    for (let v = 0; v <= side / 2; v++)
      for (let u = 0; u < side; u++) {
        let re = 0;
        let im = 0;
        square.forEach((value, at) => {
          const angle = (2 * Math.PI * (u * (at % side) + v * Math.floor(at / side))) / side;
          re += value * Math.cos(angle);
          im -= value * Math.sin(angle);
        });
        expect(power[v * side + u]).toBeCloseTo(re * re + im * im, 8);
      }
  });

  it('holds all energy (Parseval) at the sizes that are used most', () => {
    for (const side of [64, 96, 128, 224, 256]) {
      const random = seededRandom(side, 'parseval');
      const square = Float64Array.from({ length: side * side }, () => random.normal());
      const power = powerSpectrum(square, side);
      let all = 0;
      for (let v = 0; v <= side / 2; v++)
        for (let u = 0; u < side; u++) all += (v % (side / 2) === 0 ? 1 : 2) * power[v * side + u]!;
      const energy = square.reduce((sum, value) => sum + value * value, 0);
      expect(all / (side * side) / energy).toBeCloseTo(1, 10);
    }
  });

  it('takes the next smaller length with factors up to 7, and refuses others', () => {
    expect([6, 7, 11, 127, 223, 224, 255, 199].map(transformLength)).toEqual([6, 6, 10, 126, 216, 224, 252, 196]);
    for (const side of [4, 7, 22])
      expect(() => powerSpectrum(new Float64Array(side * side), side)).toThrow(
        expect.objectContaining({ code: 'shape-mismatch' }),
      );
    expect(() => powerSpectrum(new Float64Array(8), 8)).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
  });

  it.each([1, 2, 3])('has the slope −%i of an image drawn with power 1 / f to it', (exponent) => {
    const slopes = [1, 2, 3, 4].map((seed) =>
      one('visual.spectrum_slope', powerLawImage(128, 128, seed, { exponent, deviation: 40 })),
    );
    const mean = slopes.reduce((sum, slope) => sum + slope, 0) / slopes.length;
    expect(mean).toBeGreaterThan(-exponent - 0.2);
    expect(mean).toBeLessThan(-exponent + 0.2);
  });

  it('is flat for an image of one colour, with no high frequencies', () => {
    const grey = raster(64, 64, () => [90, 90, 90]);
    expect(one('visual.spectrum_slope', grey)).toBeCloseTo(0, 12);
    expect(one('visual.high_frequency', grey)).toBe(0);
    expect(one('visual.effective_resolution', grey)).toBe(0);
  });
});

describe('local binary patterns', () => {
  it('of one colour are all flat inside, where every neighbour is as bright', () => {
    const { grey } = planesOf(raster(10, 10, () => [77, 77, 77]));
    // 64 inner pixels see 8 of 8, the 36 of the border see black beyond it: 5 on a side, 3 in a corner.
    expect([...patternHistogram(grey)]).toEqual([0, 0, 0, 0.04, 0, 0.32, 0, 0, 0.64, 0]);
  });

  it('do not change when the contrast doubles', () => {
    const random = seededRandom(9, 'patterns');
    const level = Array.from({ length: 400 }, () => 10 + random.integer(100));
    const [plain, doubled] = [1, 2].map((gain) => {
      const image = raster(20, 20, (x, y) => {
        const value = gain * level[y * 20 + x]!;
        return [value, value, value];
      });
      return patternHistogram(planesOf(image).grey);
    });
    expect(doubled).toEqual(plain);
  });
});

describe('colourfulness', () => {
  it('is none of grey, and that of two opposite colours by hand', () => {
    expect(
      one(
        'visual.colourfulness',
        raster(4, 4, (x) => [x, x, x]),
      ),
    ).toBe(0);
    // rg is ±255, yb 127.5: σ 255, μ (0, 127.5).
    const halves = raster(4, 4, (x) => (x < 2 ? [255, 0, 0] : [0, 255, 0]));
    expect(one('visual.colourfulness', halves)).toBeCloseTo(255 + 0.3 * 127.5, 10);
  });
});

describe('co-occurrence', () => {
  it('of stripes one pixel wide is by hand: three directions across them, one along', () => {
    const stripes = raster(8, 8, (x) => (x % 2 === 0 ? [0, 0, 0] : [255, 255, 255]));
    expect(one('visual.glcm_contrast', stripes)).toBeCloseTo((3 * 15 ** 2) / 4, 10);
    expect(one('visual.glcm_homogeneity', stripes)).toBeCloseTo((3 / (1 + 15 ** 2) + 1) / 4, 10);
  });

  it('leaves out directions without neighbours', () => {
    const row = raster(8, 1, (x) => (x % 2 === 0 ? [0, 0, 0] : [255, 255, 255]));
    expect(one('visual.glcm_contrast', row)).toBeCloseTo(225, 9);
    expect(
      one(
        'visual.glcm_contrast',
        raster(1, 1, () => [9, 9, 9]),
      ),
    ).toBe(0);
    expect(
      one(
        'visual.glcm_homogeneity',
        raster(1, 1, () => [9, 9, 9]),
      ),
    ).toBe(1);
  });
});
