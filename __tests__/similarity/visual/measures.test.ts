import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RawImage } from '../../../src/image/types.ts';
import { type Matrix, matrix } from '../../../src/matrix.ts';
import type { MeasureName } from '../../../src/measures.ts';
import {
  describeVisually,
  visualColumns,
  visualMeasureOf,
  visualMeasures,
  visualSlice,
} from '../../../src/similarity/visual/index.ts';
import { labOf } from '../../../src/similarity/visual/lab.ts';
import { plain, raster } from '../../helpers/raster.ts';

const described = (images: readonly RawImage[]): Matrix<Float64Array> =>
  matrix(Float64Array.from(images.flatMap((image) => [...describeVisually(image)])), images.length, visualColumns);

function distance(name: MeasureName, source: readonly RawImage[], target: readonly RawImage[]): number {
  return visualMeasureOf(name).distance(columnsOf(name, source), columnsOf(name, target));
}

function columnsOf(name: MeasureName, images: readonly RawImage[]): Matrix<Float64Array> {
  const { columns, describe: read } = visualMeasureOf(name);
  return matrix(Float64Array.from(images.flatMap((image) => [...read(image)])), images.length, columns);
}

const image = fc
  .record({ width: fc.integer({ min: 1, max: 6 }), height: fc.integer({ min: 1, max: 6 }) })
  .chain(({ width, height }) =>
    fc
      .uint8Array({ minLength: width * height * 3, maxLength: width * height * 3 })
      .map((data): RawImage => ({ data, width, height })),
  );
const images = fc.array(image, { minLength: 1, maxLength: 5 });

describe('describeVisually', () => {
  it('sets every measure behind the last, as describing one by one does', () => {
    fc.assert(
      fc.property(image, (one) => {
        const whole = [...describeVisually(one)];
        expect(whole).toEqual(visualMeasures.flatMap((measure) => [...measure.describe(one)]));
        expect(whole).toHaveLength(visualColumns);
      }),
    );
  });

  it('gives finite numbers and histograms of mass 1 for any image, down to one pixel', () => {
    fc.assert(
      fc.property(image, (one) => {
        const set = described([one]);
        expect(set.data.every(Number.isFinite)).toBe(true);
        for (const name of ['visual.lightness', 'visual.green_red', 'visual.blue_yellow'] as const) {
          const histogram = visualSlice(set, name).data;
          expect(histogram.reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 10);
          expect(histogram.every((mass) => mass >= 0)).toBe(true);
        }
      }),
    );
  });

  it('holds every colour of sRGB within its bins', () => {
    for (const [r, g, b] of [
      [0, 0, 0],
      [255, 255, 255],
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
      [255, 255, 0],
      [0, 255, 255],
      [255, 0, 255],
    ] as const) {
      const set = described([raster(1, 1, () => [r, g, b])]);
      labOf(r, g, b).forEach((value, axis) => {
        const measure = visualMeasures[axis]!;
        expect(measure.mean(visualSlice(set, measure.name))).toBeCloseTo(value, 2);
      });
    }
  });

  it('refuses pixels that are not width × height × 3', () => {
    const wrong = { data: new Uint8Array(11), width: 2, height: 2 };
    expect(() => describeVisually(wrong)).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
    expect(() => describeVisually({ data: new Uint8Array(0), width: 0, height: 0 })).toThrow(
      expect.objectContaining({ code: 'shape-mismatch' }),
    );
  });
});

describe('visualSlice', () => {
  it('refuses other matrices and other measures', () => {
    expect(() => visualSlice(matrix(new Float64Array(6), 2, 3), 'visual.noise')).toThrow(
      expect.objectContaining({ code: 'shape-mismatch' }),
    );
    expect(() => visualSlice(described([plain(2, 2, 9)]), 'embedding.mmd')).toThrow(
      expect.objectContaining({ code: 'measure-refused' }),
    );
  });
});

describe.each(visualMeasures.map(({ name }) => name))('%s', (name) => {
  it('is symmetric, never negative, 0 between a set and itself, and blind to order and repetition', () => {
    fc.assert(
      fc.property(images, images, (a, b) => {
        const d = distance(name, a, b);
        expect(d).toBeGreaterThanOrEqual(0);
        expect(distance(name, b, a)).toBeCloseTo(d, 10);
        expect(distance(name, a, a)).toBe(0);
        expect(distance(name, [...a, ...a], b.toReversed())).toBeCloseTo(d, 10);
      }),
    );
  });

  it('obeys the triangle inequality', () => {
    fc.assert(
      fc.property(images, images, images, (a, b, c) => {
        expect(distance(name, a, c)).toBeLessThanOrEqual(distance(name, a, b) + distance(name, b, c) + 1e-9);
      }),
    );
  });

  it('is at least as large as the difference of the means', () => {
    const measure = visualMeasureOf(name);
    fc.assert(
      fc.property(images, images, (a, b) => {
        const means = [a, b].map((set) => measure.mean(columnsOf(name, set)));
        expect(distance(name, a, b)).toBeGreaterThanOrEqual(Math.abs(means[0]! - means[1]!) - 1e-9);
      }),
    );
  });
});

describe('what the measures respond to', () => {
  const pattern = (x: number, y: number) => 96 + ((x * 7 + y * 13) % 32);
  const scene = raster(16, 16, (x, y) => [pattern(x, y), pattern(x, y), pattern(x, y)]);

  it('lightness follows a brighter picture by its step in L*', () => {
    const step = labOf(150, 150, 150)[0] - labOf(100, 100, 100)[0];
    expect(distance('visual.lightness', [plain(4, 4, 150)], [plain(4, 4, 100)])).toBeCloseTo(step, 3);
    expect(distance('visual.green_red', [plain(4, 4, 150)], [plain(4, 4, 100)])).toBeCloseTo(0, 2);
  });

  it('a large image counts as much as a small one', () => {
    const mixed = [plain(64, 64, 200), plain(2, 2, 100)];
    const even = [plain(8, 8, 200), plain(8, 8, 100)];
    expect(distance('visual.lightness', mixed, even)).toBeCloseTo(0, 10);
  });

  it('greys a share apart are that share apart, and channels 3 levels apart still count as grey', () => {
    const colour = raster(2, 2, () => [200, 40, 40]);
    const almost = raster(2, 2, () => [100, 103, 101]);
    const not = raster(2, 2, (x) => (x === 0 ? [100, 100, 100] : [100, 104, 100]));
    expect(distance('visual.grey_share', [almost, almost, colour, not], [scene])).toBeCloseTo(0.5, 12);
  });

  it('sharpness of an image of one colour is the flat floor, ln 1/12', () => {
    expect(visualMeasureOf('visual.sharpness').describe(plain(5, 5, 80))[0]).toBeCloseTo(Math.log(1 / 12), 12);
  });

  it('noise of alternating rows is there and of a ramp is none', () => {
    const noise = visualMeasureOf('visual.noise');
    expect(noise.describe(raster(9, 9, (x) => [x * 10, x * 10, x * 10]))[0]).toBe(0);
    expect(noise.describe(raster(9, 9, (x, y) => ((x + y) % 2 ? [90, 90, 90] : [80, 80, 80])))[0]).toBeCloseTo(
      (Math.sqrt(Math.PI / 2) * 80) / 6,
      10,
    );
    expect(noise.describe(plain(2, 9, 80))[0]).toBe(0);
  });

  it('contrast of half black, half white is 0.5 and entropy 1 bit', () => {
    const half = raster(4, 4, (x) => (x < 2 ? [0, 0, 0] : [255, 255, 255]));
    expect(visualMeasureOf('visual.contrast').describe(half)[0]).toBeCloseTo(0.5, 12);
    expect(visualMeasureOf('visual.entropy').describe(half)[0]).toBe(1);
  });

  it('resolution counts doublings of the short side', () => {
    expect(distance('visual.resolution', [plain(64, 32, 0)], [plain(8, 100, 0)])).toBe(2);
  });
});
