import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resize } from '../../../src/image/preprocess.ts';
import type { RawImage } from '../../../src/image/types.ts';
import { type Matrix, matrix } from '../../../src/matrix.ts';
import { type MeasureName, measureNames, measures } from '../../../src/measures.ts';
import { seededRandom } from '../../../src/random.ts';
import { visualAxes } from '../../../src/similarity/visual/axes.ts';
import {
  describeVisually,
  visualColumns,
  visualMeasureOf,
  visualMeasures,
  visualSlice,
  visualVersion,
} from '../../../src/similarity/visual/index.ts';
import { labOf } from '../../../src/similarity/visual/lab.ts';
import { fuzzRuns } from '../../helpers/labelled.ts';
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

/** Images to draw sets from, each described once: at 224 × 224 that costs more than everything else here. */
const pool = (() => {
  const random = seededRandom(7, 'visual-pool');
  const sides = () => [1 + random.integer(40), 1 + random.integer(40)] as const;
  return Array.from({ length: 24 }, (_, i): RawImage => {
    const [width, height] = sides();
    const base = random.integer(256);
    const spread = [0, 1, 20, 255][i % 4]!;
    return {
      ...raster(width, height, () => {
        const channel = () => Math.min(255, base + random.integer(spread + 1));
        return [channel(), channel(), channel()];
      }),
      jpegQuality: 10 + random.integer(91),
    };
  });
})();
const rowsOfPool = new Map(
  visualMeasures.map(({ name, describe: read }) => [name, pool.map((one) => [...read(one)])] as const),
);
const poolSet = fc.array(fc.nat({ max: pool.length - 1 }), { minLength: 2, maxLength: 5 });
const setOf = (name: MeasureName, chosen: readonly number[]): Matrix<Float64Array> =>
  matrix(
    Float64Array.from(chosen.flatMap((one) => rowsOfPool.get(name)![one]!)),
    chosen.length,
    visualMeasureOf(name).columns,
  );
const apart = (name: MeasureName, a: readonly number[], b: readonly number[]) =>
  visualMeasureOf(name).distance(setOf(name, a), setOf(name, b));

/** Distances of distributions; the others are a divergence and an estimate without bias. */
const metric = visualMeasures.filter(({ nullRate }) => nullRate === undefined);

/** Noise, one colour, two colours and rows, from one pixel to a hundred times as wide as high. */
const image = fc
  .record({
    short: fc.integer({ min: 1, max: 12 }),
    long: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 60, max: 120 })),
    upright: fc.boolean(),
    kind: fc.constantFrom('noise', 'plain', 'two', 'rows'),
    seed: fc.nat(),
    quality: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
  })
  .map(({ short, long, upright, kind, seed, quality }): RawImage => {
    const random = seededRandom(seed, 'image');
    const [width, height] = upright ? [short, long] : [long, short];
    const colour = (): [number, number, number] => [random.integer(256), random.integer(256), random.integer(256)];
    const [first, second] = [colour(), colour()];
    const picture = raster(width, height, (_, y) => {
      if (kind === 'noise') return colour();
      if (kind === 'plain') return first;
      return (kind === 'rows' ? y % 2 === 0 : random.integer(2) === 0) ? first : second;
    });
    return quality === undefined ? picture : { ...picture, jpegQuality: quality };
  });

describe('describeVisually', () => {
  it('sets every measure behind the last, as describing one by one does', () => {
    for (const [i, one] of pool.entries()) {
      const whole = [...describeVisually(one)];
      expect(whole).toEqual(visualMeasures.flatMap(({ name }) => rowsOfPool.get(name)![i]!));
      expect(whole).toHaveLength(visualColumns);
    }
  });

  it('has each measure of the registry once, on one axis, and names all in what descriptions are keyed by', () => {
    const registered = measureNames.filter((name) => measures[name].family === 'visual');
    const sorted = (names: readonly string[]) => [...names].sort();
    expect(sorted(visualMeasures.map(({ name }) => name))).toEqual(sorted(registered));
    expect(sorted(visualAxes.flatMap(({ measures: names }) => names))).toEqual(sorted(registered));
    for (const { name, version } of visualMeasures) expect(visualVersion.split(',')).toContain(`${name} ${version}`);
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
      { numRuns: fuzzRuns },
    );
  }, 600_000);

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
        expect(measure.mean!(visualSlice(set, measure.name))).toBeCloseTo(value, 2);
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

describe.each(metric.map(({ name }) => name))('%s', (name) => {
  it('is symmetric, never negative, 0 between a set and itself, and blind to order and repetition', () => {
    fc.assert(
      fc.property(poolSet, poolSet, (a, b) => {
        const d = apart(name, a, b);
        expect(d).toBeGreaterThanOrEqual(0);
        expect(apart(name, b, a)).toBeCloseTo(d, 10);
        expect(apart(name, a, a)).toBe(0);
        expect(apart(name, [...a, ...a], b.toReversed())).toBeCloseTo(d, 10);
      }),
    );
  });

  it('obeys the triangle inequality', () => {
    fc.assert(
      fc.property(poolSet, poolSet, poolSet, (a, b, c) => {
        expect(apart(name, a, c)).toBeLessThanOrEqual(apart(name, a, b) + apart(name, b, c) + 1e-9);
      }),
    );
  });

  it('is at least as large as the difference of the means', () => {
    const measure = visualMeasureOf(name);
    fc.assert(
      fc.property(poolSet, poolSet, (a, b) => {
        const means = [a, b].map((set) => measure.mean!(setOf(name, set)));
        expect(apart(name, a, b)).toBeGreaterThanOrEqual(Math.abs(means[0]! - means[1]!) - 1e-9);
      }),
    );
  });
});

describe.each(['visual.texture', 'visual.texture_at_input'] as const)('%s', (name) => {
  it('is a divergence: symmetric, 0 … 1, 0 between a set and itself, blind to order and repetition', () => {
    fc.assert(
      fc.property(poolSet, poolSet, (a, b) => {
        const d = apart(name, a, b);
        expect(d).toBeGreaterThanOrEqual(0);
        expect(d).toBeLessThanOrEqual(1);
        expect(apart(name, b, a)).toBeCloseTo(d, 12);
        expect(apart(name, a, a)).toBe(0);
        expect(apart(name, [...a, ...a], b.toReversed())).toBeCloseTo(d, 12);
      }),
    );
  });

  it('has a root that obeys the triangle inequality', () => {
    const root = (a: number[], b: number[]) => Math.sqrt(apart(name, a, b));
    fc.assert(
      fc.property(poolSet, poolSet, poolSet, (a, b, c) => {
        expect(root(a, c)).toBeLessThanOrEqual(root(a, b) + root(b, c) + 1e-7);
      }),
    );
  });

  it('is 1 exactly where no pattern is shared, and says how much is', () => {
    const measure = visualMeasureOf(name);
    const only = (bin: number) =>
      matrix(
        Float64Array.from({ length: 10 }, (_, at) => Number(at === bin)),
        1,
        10,
      );
    expect(measure.distance(only(3), only(8))).toBe(1);
    expect(measure.details!(only(3), only(8))).toEqual({ intersection: 0 });
    expect(measure.details!(only(3), only(3))).toEqual({ intersection: 1 });
  });
});

describe('visual.layout', () => {
  const name = 'visual.layout';
  const measure = visualMeasureOf(name);
  const spot = (x: number, y: number, level: number) =>
    raster(32, 32, (at, row) => {
      const value = Math.hypot(at - x, row - y) < 6 ? 20 : level;
      return [value, value, value];
    });

  it('is symmetric and blind to order', () => {
    fc.assert(
      fc.property(poolSet, poolSet, (a, b) => {
        expect(apart(name, b, a)).toBeCloseTo(apart(name, a, b), 8);
        expect(apart(name, a.toReversed(), b)).toBeCloseTo(apart(name, a, b), 8);
      }),
    );
  });

  it('is on average nothing between samples of one distribution, however small', () => {
    const random = seededRandom(3, 'layout-null');
    const draw = (n: number) =>
      matrix(
        Float64Array.from({ length: n * 256 }, () => 30 * random.normal()),
        n,
        256,
      );
    const nulls = Array.from({ length: 400 }, () => measure.distance(draw(3), draw(5)));
    const mean = nulls.reduce((sum, d) => sum + d, 0) / nulls.length;
    const deviation = Math.sqrt(nulls.reduce((sum, d) => sum + (d - mean) ** 2, 0) / nulls.length);
    expect(Math.abs(mean)).toBeLessThan((4 * deviation) / Math.sqrt(nulls.length));
    expect(nulls.filter((d) => d < 0).length).toBeGreaterThan(100);
  });

  it('sees that a spot is elsewhere, and not that the picture is brighter', () => {
    const left = [spot(8, 16, 120), spot(8, 16, 120)];
    const right = [spot(24, 16, 120), spot(24, 16, 120)];
    expect(distance(name, left, right)).toBeGreaterThan(1000);
    const lifted = left.map((one) => ({ ...one, data: one.data.map((value) => value + 60) }));
    expect(distance(name, left, lifted)).toBeCloseTo(0, 8);
  });

  it('gives each cell the mean of what it covers, for any size of image', () => {
    const ramp = (side: number) => measure.describe(raster(side, side, (x) => [x, x, x]));
    // 32 px: cell c holds columns 2c and 2c + 1. 8 px: two cells a column. 24 px: one and a half columns a cell.
    expect(ramp(32)[3]).toBeCloseTo(6.5 - 15.5, 9);
    expect([ramp(8)[2], ramp(8)[3]]).toEqual([1 - 3.5, 1 - 3.5]);
    expect(ramp(24)[1]).toBeCloseTo((0.5 * 1 + 1 * 2) / 1.5 - 11.5, 9);
    expect(ramp(24).slice(0, 16)).toEqual(ramp(24).slice(240));
  });

  it('refuses a mean of one image', () => {
    expect(() => apart(name, [0], [1, 2])).toThrow(expect.objectContaining({ code: 'measure-refused' }));
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

  it('clipped are the pixels with a channel at either end', () => {
    const clipped = raster(2, 2, (x, y) => (y === 1 ? [1, 128, 254] : x === 0 ? [0, 90, 90] : [90, 90, 255]));
    expect(visualMeasureOf('visual.clipping').describe(clipped)[0]).toBe(0.5);
  });

  it('aspect is as far for twice as wide as for twice as high', () => {
    expect(distance('visual.aspect', [plain(20, 10, 0)], [plain(10, 10, 0)])).toBeCloseTo(Math.LN2, 12);
    expect(distance('visual.aspect', [plain(10, 20, 0)], [plain(20, 10, 0)])).toBeCloseTo(2 * Math.LN2, 12);
  });

  it('at the input size an image and its copy at that size are the same, however much they differ natively', () => {
    const random = seededRandom(6, 'copies');
    const large = raster(448, 448, () => [random.integer(256), random.integer(256), random.integer(256)]);
    const copy = resize(large, { width: 224, height: 224, mode: 'squash' });
    for (const { name } of visualMeasures)
      if (name.endsWith('_at_input')) {
        expect(distance(name, [large], [copy])).toBe(0);
        expect(distance(name.replace('_at_input', '') as MeasureName, [large], [copy])).toBeGreaterThan(0.001);
      }
  });

  it('at the input size takes little memory for an image a hundred thousand times as wide as high', () => {
    const thread = raster(100_000, 1, (x) => [x % 256, 0, 0]);
    for (const one of [thread, { ...thread, width: 1, height: 100_000 }])
      expect(describeVisually(one).every(Number.isFinite)).toBe(true);
  });

  it('at the input size is native where the image has that size', () => {
    const random = seededRandom(5, 'at-input');
    const one = raster(224, 224, () => [random.integer(256), random.integer(256), random.integer(256)]);
    for (const { name, describe: read } of visualMeasures)
      if (name.endsWith('_at_input'))
        expect(read(one)).toEqual(visualMeasureOf(name.replace('_at_input', '') as MeasureName).describe(one));
  });

  it('resolution counts doublings of the short side', () => {
    expect(distance('visual.resolution', [plain(64, 32, 0)], [plain(8, 100, 0)])).toBe(2);
  });
});
