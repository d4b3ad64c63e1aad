import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Estimate, evidenceSchema } from '../../src/evidence/schema.ts';
import { type Matrix, matrix, selectRows } from '../../src/matrix.ts';
import { type MeasureName, measureNames } from '../../src/measures.ts';
import { seededRandom } from '../../src/random.ts';
import {
  compareSets,
  distanceVersion,
  pairKey,
  type SetComparisonResult,
  type SetDifferenceResult,
  type SetDistanceResult,
} from '../../src/similarity/compare.ts';
import { createGrams } from '../../src/similarity/embedding/grams.ts';
import { kid } from '../../src/similarity/embedding/kid.ts';
import { describeVisually, visualColumns, visualMeasureOf, visualSlice } from '../../src/similarity/visual/index.ts';
import { plain } from '../helpers/raster.ts';
import { mapped, normalRows } from '../helpers/sets.ts';

const distances = measureNames.filter((name) => /^(?:embedding|visual)\./.test(name));
const embeddings = distances.filter((name) => name.startsWith('embedding.'));

/** Rows as the measure takes them: features, or descriptions whose histograms have mass 1. */
function rowsFor(measure: MeasureName, rows: number, seed: number, mean = 0): Matrix<Float64Array> {
  if (measure.startsWith('embedding.')) return normalRows(rows, 6, seed, mean);
  const { columns } = visualMeasureOf(measure);
  const raw = mapped(
    normalRows(rows, columns, seed, mean),
    (x) => Math.abs(x) + (measure === 'visual.grey_share' ? -1 : 0),
  );
  if (measure === 'visual.grey_share') return mapped(raw, (x) => Number(x > 0));
  if (columns === 1) return raw;
  const data = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) data[row * columns + (Math.floor(raw.data[row * columns]! * 20) % columns)] = 1;
  return matrix(data, rows, columns);
}

const compare = (measure: MeasureName, target: Matrix, sources: Record<string, Matrix>, more = {}) =>
  compareSets({ measure, target, sources: new Map(Object.entries(sources)), seed: 7, ...more });

const differenceOf = (result: SetComparisonResult, a: string, b: string) => result.differences.get(pairKey(a, b))!;

describe.each(distances)('compareSets in %s', (measure) => {
  // A classifier takes more images than a distance.
  const times = measure === 'embedding.domain_classifier' ? 5 : 1;
  const target = rowsFor(measure, 40 * times, 1);
  const near = rowsFor(measure, 40 * times, 2, 0.1);
  const far = rowsFor(measure, 40 * times, 3, 1.5);

  it('gives every source a distance and every pair a difference, once', async () => {
    const result = await compare(measure, target, { near, far, third: near });
    expect([...result.distances.keys()]).toEqual(['near', 'far', 'third']);
    expect([...result.differences.keys()]).toEqual([
      pairKey('near', 'far'),
      pairKey('near', 'third'),
      pairKey('far', 'third'),
    ]);
    for (const { estimate, splitHalf } of result.distances.values()) {
      expect(evidenceSchema.shape.measurements.element.shape.estimate.parse(estimate)).not.toBeNull();
      expect(splitHalf!.low).toBeLessThanOrEqual(splitHalf!.value);
      expect(splitHalf!.high).toBeGreaterThanOrEqual(splitHalf!.value);
    }
  });

  it('finds the same images under two names equally far, also when a smaller source makes it draw', async () => {
    const copy = matrix(Float64Array.from(near.data), near.rows, near.columns);
    const result = await compare(measure, target, { near, copy, smaller: rowsFor(measure, 30 * times, 5) });
    const { estimate, nullHalfWidth } = differenceOf(result, 'near', 'copy');
    expect(estimate!.value).toBe(0);
    expect(estimate!.low).toBeLessThanOrEqual(0);
    expect(estimate!.high).toBeGreaterThanOrEqual(0);
    expect(nullHalfWidth).toBeGreaterThan(0);
    expect(result.distances.get('near')).toEqual(result.distances.get('copy'));
    expect(result.distances.get('near')!.details.sourceImages).toBe(30 * times);
  });

  it('gives a difference the opposite sign the other way round', async () => {
    const forth = differenceOf(await compare(measure, target, { near, far }), 'near', 'far');
    const back = differenceOf(await compare(measure, target, { far, near }), 'far', 'near');
    expect(back.estimate!.value).toBeCloseTo(-forth.estimate!.value, 10);
    expect(back.estimate!.standardError).toBeCloseTo(forth.estimate!.standardError, 10);
    expect(back.nullHalfWidth).toBeCloseTo(forth.nullHalfWidth!, 10);
  });

  it('gives the same numbers for the same seed', async () => {
    const run = () => compare(measure, target, { near, smaller: rowsFor(measure, 30 * times, 5) });
    expect(await run()).toEqual(await run());
  });

  it('refuses too few images by name and number, without drawing the others down to them', async () => {
    const few = rowsFor(measure, 8 * times, 9);
    const result = await compare(measure, target, { near, few });
    const needed =
      { 'embedding.fid': 12, 'embedding.domain_classifier': 100 }[measure as string] ??
      (measure.startsWith('embedding.') ? 20 : 10);
    const refused = result.distances.get('few')!;
    expect(refused.estimate).toBeNull();
    expect(refused.refused).toContain(`at least ${needed} images`);
    expect(refused.refused).toContain(`${8 * times} of the source`);
    expect(refused.splitHalf).toBeUndefined();
    expect(result.distances.get('near')!.details.sourceImages).toBe(40 * times);
    const difference = differenceOf(result, 'near', 'few');
    expect(difference.estimate).toBeNull();
    expect(difference.refused).toMatch(/^few: /);
    expect(difference.nullHalfWidth).toBeUndefined();
  });

  it('refuses images of fewer than 5 patients', async () => {
    const patients = Array.from({ length: 40 * times }, (_, row) => `p${row % 4}`);
    const { estimate, refused } = (await compare(measure, target, { near }, { targetGroups: patients })).distances.get(
      'near',
    )!;
    expect(estimate).toBeNull();
    expect(refused).toContain('at least 5 independent groups');
  });

  it('refuses a source that has too few patients left when a smaller one makes it draw', async () => {
    const patients = Array.from({ length: 40 * times }, (_, row) => `p${Math.floor(row / (5 * times))}`);
    const result = await compare(
      measure,
      target,
      { near, smaller: rowsFor(measure, 20 * times, 5) },
      { sourceGroups: new Map([['near', patients]]) },
    );
    expect(result.distances.get('near')!.refused).toContain('4 found');
    expect(result.distances.get('smaller')!.estimate).not.toBeNull();
    expect(differenceOf(result, 'near', 'smaller').refused).toMatch(/^near: /);
  });

  it('refuses a set with a value that is no number, and only that set', async () => {
    const broken = mapped(near, (x) => x);
    broken.data[5] = Number.NaN;
    const result = await compare(measure, target, { near, broken });
    expect(result.distances.get('broken')!.refused).toContain('not a finite number');
    expect(result.distances.get('near')!.estimate).not.toBeNull();
  });
});

describe('compareSets', () => {
  it('is finite or a named refusal for sets without spread, with repeats, and of wild scale', async () => {
    const value = fc.oneof(
      fc.constantFrom(0, 1, -1e-300, 5e-324, 1e20, -1e20, 1e-160, 1e39, Infinity),
      fc.double({ min: -10, max: 10, noNaN: true }),
    );
    const set = (columns: number) =>
      fc
        .tuple(
          fc.oneof(fc.constantFrom(0, 1, 9, 12), fc.integer({ min: 20, max: 30 })),
          fc.array(value, { minLength: columns, maxLength: columns * 3 }),
        )
        .map(([rows, values]) =>
          matrix(
            Float64Array.from({ length: rows * columns }, (_, i) => values[i % values.length]!),
            rows,
            columns,
          ),
        );
    const inputs = fc
      .constantFrom(...embeddings, 'visual.noise' as const, 'visual.grey_share' as const)
      .chain((measure) => {
        const columns = measure.startsWith('visual.') ? 1 : 3;
        return fc.tuple(fc.constant(measure), set(columns), set(columns), set(columns));
      });
    await fc.assert(
      fc.asyncProperty(inputs, async ([measure, target, a, b]) => {
        const result = await compare(measure, target, { a, b });
        for (const { estimate, refused } of [...result.distances.values(), ...result.differences.values()]) {
          if (estimate === null) expect(refused).toMatch(/\d/);
          else
            for (const number of [estimate.value, estimate.low, estimate.high, estimate.standardError])
              expect(Number.isFinite(number)).toBe(true);
        }
        for (const { splitHalf, details } of result.distances.values())
          expect([...Object.values(splitHalf ?? {}), ...Object.values(details)].every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('drops the same target images from both distances, so what two sources share is no noise', async () => {
    const target = normalRows(60, 4, 1);
    const [source, other] = [2, 3].map((seed) => mapped(normalRows(60, 4, seed), (x) => 0.01 * x + 0.5));
    const result = await compare('embedding.mmd', target, { source: source!, other: other! });
    const own = result.distances.get('source')!.estimate!.standardError;
    expect(differenceOf(result, 'source', 'other').estimate!.standardError).toBeLessThan(own / 20);
  });

  it('takes the same images under two names for the same, without any doubt', async () => {
    const target = normalRows(60, 4, 1);
    const source = normalRows(60, 4, 2, 0.5);
    const result = await compare('embedding.mmd', target, { source, copy: mapped(source, (x) => x) });
    expect(differenceOf(result, 'source', 'copy').estimate).toMatchObject({ value: 0, standardError: 0 });
  });

  it('widens the interval when images come by patient', async () => {
    const patientOf = Array.from({ length: 100 }, (_, row) => Math.floor(row / 10));
    const shared = (seed: number, mean: number) => {
      const own = normalRows(10, 4, seed, mean);
      const each = normalRows(100, 4, seed + 50);
      return matrix(
        Float64Array.from(each.data, (x, i) => 0.3 * x + own.data[patientOf[Math.floor(i / 4)]! * 4 + (i % 4)]!),
        100,
        4,
      );
    };
    const target = shared(1, 0);
    const source = shared(2, 0.8);
    const groups = patientOf.map((patient) => `p${patient}`);
    const plain = (await compare('embedding.mmd', target, { source })).distances.get('source')!.estimate!;
    const byPatient = (
      await compare(
        'embedding.mmd',
        target,
        { source },
        { targetGroups: groups, sourceGroups: new Map([['source', groups]]) },
      )
    ).distances.get('source')!.estimate!;
    expect(byPatient.value).toBeLessThan(plain.value);
    expect(byPatient.standardError).toBeGreaterThan(2 * plain.standardError);
  });

  it('puts a source no farther because it has few patients with many images each', async () => {
    const target = normalRows(40, 6, 1);
    const patients = normalRows(30, 6, 2, 0.5);
    const fourEach = Array.from({ length: 120 }, (_, row) => row % 30);
    const repeated = selectRows(patients, fourEach);
    const once = await compare('embedding.kid', target, { source: patients });
    const fourTimes = await compare(
      'embedding.kid',
      target,
      { source: repeated },
      { sourceGroups: new Map([['source', fourEach.map((patient) => `patient ${patient}`)]]) },
    );
    const value = (result: SetComparisonResult) => result.distances.get('source')!.estimate!.value;
    expect(value(fourTimes)).toBeCloseTo(value(once), 10);
    expect(await kid(repeated, target)).toBeGreaterThan(1.1 * value(once));
  });

  it('tests from 100 images a side on, and does not claim a test below', async () => {
    const [target, same, other] = [normalRows(100, 4, 1), normalRows(100, 4, 2), normalRows(100, 4, 3, 0.5)];
    const tested = (await compare('embedding.mmd', target, { same, other })).distances;
    expect(tested.get('same')!.p).toBeGreaterThan(0.05);
    expect(tested.get('other')!.p).toBe(0.001);
    const smaller = selectRows(same, [...Array(99).keys()]);
    expect((await compare('embedding.mmd', target, { smaller })).distances.get('smaller')!.p).toBeUndefined();
  });

  it('draws sets down to what kernel matrices of them leave room for, the same set under two names alike', async () => {
    const target = normalRows(2600, 2, 1);
    const { distances } = await compare('embedding.kid', target, { target, source: normalRows(2550, 2, 2, 0.3) });
    expect(distances.get('source')!.details).toMatchObject({ sourceImages: 2500, targetImages: 2500 });
    // The rows of the set itself lie on the diagonal of the cross products, and raise them.
    expect(distances.get('target')!.estimate!.value).toBeLessThan(0);
    expect(distances.get('source')!.estimate!.value).toBeGreaterThan(0);
  });

  it('uses one bandwidth for all sources of a comparison', async () => {
    const target = normalRows(30, 4, 1);
    const result = await compare('embedding.mmd', target, { a: normalRows(30, 4, 2), b: normalRows(30, 4, 3, 2) });
    const bandwidths = [...result.distances.values()].map(({ details }) => details.bandwidth);
    expect(bandwidths[0]).toBeGreaterThan(0);
    expect(bandwidths[1]).toBe(bandwidths[0]);
  });

  it('gives the same numbers whether dot products are shared between measures or not', async () => {
    const target = normalRows(30, 4, 1);
    const sources = { a: normalRows(30, 4, 2), b: normalRows(26, 4, 3) };
    const grams = createGrams();
    for (const measure of ['embedding.mmd', 'embedding.kid'] as const)
      expect(await compare(measure, target, sources, { grams })).toEqual(await compare(measure, target, sources));
  });

  it('says how many images FID would take, and shows FID∞ where it answers', async () => {
    const [target, source] = [normalRows(120, 40, 1), normalRows(79, 40, 2)];
    expect((await compare('embedding.fid', target, { source })).distances.get('source')!.refused).toContain(
      'at least 80 images',
    );
    const enough = (await compare('embedding.fid', target, { enough: normalRows(80, 40, 3) })).distances.get('enough')!;
    // Both sets are one distribution: all of FID is bias, which the extrapolation takes away for the most part.
    expect(enough.estimate!.value).toBeGreaterThan(5);
    expect(Math.abs(enough.details.fidInfinity!)).toBeLessThan(enough.estimate!.value / 2);
    expect(enough.details.meanTerm! + enough.details.traceTerm!).toBeCloseTo(enough.estimate!.value, 10);
  });

  it('does not take FID’s bias, which grows with a source’s spread, for a difference', async () => {
    // Both are 7.24 feature² from the target: one by its mean, the other by the spread of half its columns.
    const [columns, n] = [16, 48];
    let wrong = 0;
    for (let world = 0; world < 40; world++) {
      const target = normalRows(n, columns, 3 * world);
      const thin = normalRows(n, columns, 3 * world + 1);
      const moved = mapped(normalRows(n, columns, 3 * world + 2), (x) => x + Math.sqrt((8 * 0.95 ** 2 + 0.02) / 16));
      const narrow = matrix(
        Float64Array.from(thin.data, (x, i) => (i % columns < 8 ? 0.05 * x : x) + Math.sqrt(0.02 / 16)),
        n,
        columns,
      );
      const { estimate } = differenceOf(await compare('embedding.fid', target, { moved, narrow }), 'moved', 'narrow');
      if (estimate!.low > 0 || estimate!.high < 0) wrong++;
    }
    expect(wrong).toBeLessThanOrEqual(3);
  });

  it('keeps an interval for shares of 0 and 1, where resampling sees no variation', async () => {
    const all = (value: number) => matrix(new Float64Array(40).fill(value), 40, 1);
    const { estimate } = (await compare('visual.grey_share', all(1), { colour: all(0) })).distances.get('colour')!;
    expect(estimate!.value).toBe(1);
    // Two shares, each as uncertain as one image in 42 of the other kind.
    expect(estimate!.standardError).toBeCloseTo(Math.sqrt((2 * (1 / 42) * (41 / 42)) / 42), 12);
  });

  it('does not tell grey sets apart by the last digits of the white point', async () => {
    const films = (darkest: number) => {
      const images = Array.from({ length: 20 }, (_, i) => plain(8, 8, darkest + ((i * 37) % 5)));
      return matrix(Float64Array.from(images.flatMap((one) => [...describeVisually(one)])), 20, visualColumns);
    };
    const result = await compare('visual.blue_yellow', films(21), { dark: films(20), bright: films(225) });
    const { low, high, value } = differenceOf(result, 'dark', 'bright').estimate!;
    expect(value).not.toBe(0);
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
  });

  it('takes whole visual descriptions as well as the columns of one measure', async () => {
    const whole = (seed: number) => mapped(normalRows(12, visualColumns, seed), Math.abs);
    const [target, source] = [whole(1), whole(2)];
    const read = (set: SetComparisonResult) => {
      const { estimate, splitHalf, details } = set.distances.get('source')!;
      return { value: estimate!.value, splitHalf, details };
    };
    const slice = (set: Matrix) => visualSlice(set, 'visual.noise');
    expect(read(await compare('visual.noise', target, { source }))).toEqual(
      read(await compare('visual.noise', slice(target), { source: slice(source) })),
    );
  });

  it('has nothing to say without sources', async () => {
    const { distances: none, differences } = await compare('embedding.mmd', normalRows(30, 4, 1), {});
    expect([none.size, differences.size]).toEqual([0, 0]);
  });

  it('throws for a probe, for sets described differently and for groups that do not fit', async () => {
    const target = normalRows(30, 4, 1);
    await expect(compare('probe.linear', target, {})).rejects.toThrow(
      expect.objectContaining({ code: 'measure-refused' }),
    );
    await expect(compare('embedding.kid', target, { a: normalRows(30, 5, 1) })).rejects.toThrow(
      expect.objectContaining({ code: 'shape-mismatch' }),
    );
    await expect(compare('embedding.kid', target, { a: target }, { targetGroups: ['one'] })).rejects.toThrow(
      expect.objectContaining({ code: 'shape-mismatch' }),
    );
  });

  it('tells its version before anything is measured, for the key of what is stored', async () => {
    const target = normalRows(30, 4, 1);
    expect((await compare('embedding.kid', target, { target })).version).toBe(distanceVersion('embedding.kid'));
  });
});

describe('the interval of a difference', () => {
  it('holds the true difference in about 95 % of cases', async () => {
    const repeats = 60;
    const estimates: Estimate[] = [];
    for (let seed = 0; seed < repeats; seed++) {
      const [target, a, b] = [0, 0.6, 0.4].map((mean, i) => normalRows(40, 4, 3 * seed + i, mean));
      estimates.push(differenceOf(await compare('embedding.mmd', target!, { a: a!, b: b! }), 'a', 'b').estimate!);
    }
    // Unbiased: the mean over the repeats stands for the truth.
    const truth = estimates.reduce((sum, { value }) => sum + value, 0) / repeats;
    const covered = estimates.filter(({ low, high }) => low <= truth && truth <= high).length;
    expect(covered).toBeGreaterThanOrEqual(52);
    // And not by being needlessly wide: the mean standard error is near the spread over the repeats.
    const spread = Math.sqrt(estimates.reduce((sum, { value }) => sum + (value - truth) ** 2, 0) / repeats);
    const mean = estimates.reduce((sum, { standardError }) => sum + standardError, 0) / repeats;
    expect(mean / spread).toBeGreaterThan(0.75);
    expect(mean / spread).toBeLessThan(1.5);
  });

  it('allows for the mix of classes in a sample, although rows stand by class', async () => {
    // Two classes far apart, in the order of their names, as a folder lists them; which images are drawn is chance.
    let wrong = 0;
    for (let world = 0; world < 60; world++) {
      const random = seededRandom(world, 'mixed classes');
      const draw = (mean: number, n: number) => {
        const values = Array.from({ length: n }, () => random.normal() + mean + (random.next() < 0.5 ? 8 : 0));
        return matrix(Float64Array.from(values.sort((a, b) => a - b)), n, 1);
      };
      const { estimate } = differenceOf(
        await compare('visual.contrast', draw(-20, 60), { a: draw(0, 60), b: draw(0, 60) }, { seed: world }),
        'a',
        'b',
      );
      if (estimate!.low > 0 || estimate!.high < 0) wrong++;
    }
    expect(wrong).toBeLessThanOrEqual(8);
  });
});

describe('the null of two halves', () => {
  const repeats = 40;
  /** Target, subject and object are samples of one distribution, the sources of other sizes than the target. */
  const nulls = async (measure: MeasureName, targetRows: number, sourceRows: number) => {
    const found: { distance: SetDistanceResult; difference: SetDifferenceResult }[] = [];
    for (let seed = 0; seed < repeats; seed++) {
      const [target, a, b] = [targetRows, sourceRows, sourceRows].map((rows, i) =>
        rowsFor(measure, rows, 3 * seed + i),
      );
      const result = await compare(measure, target!, { a: a!, b: b! });
      found.push({ distance: result.distances.get('a')!, difference: differenceOf(result, 'a', 'b') });
    }
    return found;
  };
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  it.each([
    ['embedding.kid', 60, 60],
    ['embedding.kid', 120, 30],
    ['visual.noise', 60, 60],
    ['visual.noise', 120, 30],
  ] as const)(
    'shows what a sample of the target itself would measure: %s, target %i, source %i',
    async (measure, n, m) => {
      const found = await nulls(measure, n, m);
      const values = found.map(({ distance }) => distance.estimate!.value).sort((a, b) => a - b);
      const range = mean(found.map(({ distance }) => distance.splitHalf!.high - distance.splitHalf!.low));
      // The middle 90 % of 40 repeats lie between the 3rd and the 38th.
      const actual = values[37]! - values[2]!;
      expect(range / actual).toBeGreaterThan(0.8);
      expect(range / actual).toBeLessThan(1.7);
      const centre = mean(found.map(({ distance }) => distance.splitHalf!.value));
      expect(Math.abs(centre - mean(values))).toBeLessThan(range / 5);
    },
  );

  it.each([
    [60, 60],
    [120, 30],
  ])('bounds what two samples of the target differ by, not much above: target %i, sources %i', async (n, m) => {
    const found = (await nulls('embedding.mmd', n, m)).map(({ difference }) => difference);
    const within = found.filter(({ estimate, nullHalfWidth }) => Math.abs(estimate!.value) <= nullHalfWidth!);
    expect(within.length).toBeGreaterThanOrEqual(36);
    // On the safe side of 1.96 standard deviations, and not by so much that nothing could pass.
    const spread = Math.sqrt(mean(found.map(({ estimate }) => estimate!.value ** 2)));
    const ratio = mean(found.map(({ nullHalfWidth }) => nullHalfWidth!)) / (1.96 * spread);
    expect(ratio).toBeGreaterThan(1.15);
    expect(ratio).toBeLessThan(1.8);
  });
});
