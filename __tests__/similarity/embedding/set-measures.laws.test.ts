import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainProducts } from '../../../src/linear-algebra/products.ts';
import { type Matrix, matrix, selectRows } from '../../../src/matrix.ts';
import { seededRandom } from '../../../src/random.ts';
import { centroidCosine } from '../../../src/similarity/embedding/centroid-cosine.ts';
import { cmmd, unbiasedCmmd } from '../../../src/similarity/embedding/cmmd.ts';
import { subsetKid } from '../../../src/similarity/embedding/compat/kid.ts';
import { domainClassifier } from '../../../src/similarity/embedding/domain-classifier.ts';
import { kid } from '../../../src/similarity/embedding/kid.ts';
import { linearCka } from '../../../src/similarity/embedding/linear-cka.ts';
import { mind } from '../../../src/similarity/embedding/mind.ts';
import { coverage, density, precision, recall } from '../../../src/similarity/embedding/prdc.ts';
import { slicedWasserstein, unitDirections } from '../../../src/similarity/embedding/sliced-wasserstein.ts';
import { vendi } from '../../../src/similarity/embedding/vendi.ts';
import { mapped, normalRows, reflected, shuffledRows } from '../../helpers/sets.ts';

const columns = 5;
const pair = fc
  .record({
    n: fc.integer({ min: 7, max: 20 }),
    m: fc.integer({ min: 7, max: 20 }),
    seed: fc.integer({ min: 0, max: 1e6 }),
    mean: fc.double({ min: 0.2, max: 2, noNaN: true }),
  })
  .map(({ n, m, seed, mean }) => [normalRows(n, columns, seed), normalRows(m, columns, seed + 1, mean)] as const);
const axes = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: columns, maxLength: columns })
  .filter((v) => v.some((x) => Math.abs(x) > 0.1));
const scales = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
const numRuns = 40;

type Measure = (source: Matrix, target: Matrix) => Promise<number>;
const along = { directions: unitDirections(20, columns, 1) };
const distances: [string, Measure, power: number][] = [
  ['sliced W2', (a, b) => slicedWasserstein(a, b, along), 1],
  ['MIND', (a, b) => mind(a, b, along), 2],
  ['CMMD', cmmd, 0],
  ['unbiased CMMD', unbiasedCmmd, 0],
  ['the cosine of centroids', async (a, b) => centroidCosine(a, b), 0],
];
const neighbourhoods: [string, Measure][] = [
  ['precision', precision],
  ['recall', recall],
  ['density', density],
  ['coverage', coverage],
];
const all: [string, Measure, number][] = [
  ...distances,
  ...neighbourhoods.map(([name, measure]): [string, Measure, number] => [name, measure, 0]),
];

function expectClose(a: number, b: number): void {
  expect(Math.abs(a - b), `${a} for ${b}`).toBeLessThanOrEqual(1e-9 + 1e-8 * Math.abs(b));
}
const scaled = (set: Matrix, by: number) => mapped(set, (x) => x * by);

describe.each(distances)('%s', (_, measure) => {
  it('is symmetric', async () => {
    await fc.assert(
      fc.asyncProperty(pair, async ([a, b]) => expectClose(await measure(a, b), await measure(b, a))),
      { numRuns },
    );
  });
});

describe.each(all)('%s', (name, measure, power) => {
  it('does not mind the order of the rows', async () => {
    await fc.assert(
      fc.asyncProperty(pair, fc.integer(), async ([a, b], seed) => {
        const shuffled = selectRows(a, shuffledRows(a, seededRandom(seed)));
        expectClose(await measure(shuffled, b), await measure(a, b));
      }),
      { numRuns },
    );
  });

  it(`grows with the features to the power of ${power}`, async () => {
    await fc.assert(
      fc.asyncProperty(pair, scales, async ([a, b], by) =>
        expectClose((await measure(scaled(a, by), scaled(b, by))) / by ** power, await measure(a, b)),
      ),
      { numRuns },
    );
  });

  it('takes float32 features as well as float64, and refuses sets of different dimension', async () => {
    const [a, b] = [normalRows(9, columns, 1), normalRows(11, columns, 2)].map((set) => ({
      ...set,
      data: Float32Array.from(set.data),
    })) as [Matrix<Float32Array>, Matrix<Float32Array>];
    expect(await measure(a, b)).toBe(await measure(mapped(a, Number), mapped(b, Number)));
    // The cosine answers at once; the others promise.
    await expect((async () => measure(a, normalRows(8, columns + 1, 3)))()).rejects.toMatchObject({
      code: 'shape-mismatch',
    });
  });

  it('does not mind a rotation of both sets', async () => {
    await fc.assert(
      fc.asyncProperty(pair, axes, async ([a, b], axis) => {
        const turned = { directions: reflected(along.directions, axis) };
        const after: Measure =
          name === 'sliced W2'
            ? (x, y) => slicedWasserstein(x, y, turned)
            : name === 'MIND'
              ? (x, y) => mind(x, y, turned)
              : measure;
        expectClose(await after(reflected(a, axis), reflected(b, axis)), await measure(a, b));
      }),
      { numRuns },
    );
  });
});

describe.each(neighbourhoods)('%s', (_, measure) => {
  it('does not mind a shift of both sets, however far', async () => {
    await fc.assert(
      fc.asyncProperty(pair, async ([a, b]) => {
        const shifted = (set: Matrix) => mapped(set, (x) => Math.round(x * 16) / 16 + 2 ** 24);
        const plain = (set: Matrix) => mapped(set, (x) => Math.round(x * 16) / 16);
        expect(await measure(shifted(a), shifted(b))).toBe(await measure(plain(a), plain(b)));
      }),
      { numRuns },
    );
  });
});

describe('precision, recall, density and coverage', () => {
  it('are as counted from differences, where many rows lie on the edge of a ball and products are rounded', async () => {
    // A grid of tenths: equal distances everywhere, none of them exact.
    const grid = (rows: number, seed: number) => mapped(normalRows(rows, 3, seed), (x) => Math.round(x * 2) / 10 + 0.7);
    const rounded = {
      ...plainProducts,
      rows: async (a: Matrix, b: Matrix) => {
        const { data, ...shape } = await plainProducts.rows(a, b);
        return { ...shape, data: data.map((x, i) => x * (1 + ((i % 5) - 2) * Number.EPSILON)) };
      },
    };
    for (let seed = 0; seed < 30; seed++) {
      const [source, target] = [grid(25, seed), grid(30, seed + 100)];
      for (const inclusive of [false, true]) {
        const options = { k: 3, inclusive, products: rounded };
        expect({
          precision: await precision(source, target, options),
          recall: await recall(source, target, options),
          density: await density(source, target, options),
          coverage: await coverage(source, target, options),
        }).toEqual(counted(source, target, 3, inclusive));
      }
    }
  });

  it('are what two samples of one distribution give: density 1, coverage 0.97', async () => {
    const [a, b] = [normalRows(500, 8, 1), normalRows(500, 8, 2)];
    expect(Math.abs((await density(a, b)) - 1)).toBeLessThan(0.08);
    expect(Math.abs((await coverage(a, b)) - 0.97)).toBeLessThan(0.02);
  });

  it('show one outlying target image in precision, and hardly in density', async () => {
    const [target, far] = [normalRows(60, 3, 1), normalRows(60, 3, 2, 30)];
    const outlying = mapped(target, Number);
    outlying.data.fill(40, 0, 3);
    expect([await precision(far, target), await density(far, target)]).toEqual([0, 0]);
    expect(await precision(far, outlying)).toBe(1);
    expect(await density(far, outlying)).toBeCloseTo(1 / 5, 12);
  });

  it('let a broader source reach over more of the target, which is no closeness', async () => {
    const target = normalRows(200, 4, 1);
    const broad = scaled(normalRows(200, 4, 2), 4);
    expect(await recall(broad, target)).toBeGreaterThan(await recall(normalRows(200, 4, 3), target));
    expect(await precision(broad, target)).toBeLessThan(0.5);
  });

  it('refuse as few images as neighbours, and neighbours that are no number', async () => {
    await expect(precision(normalRows(5, 3, 1), normalRows(9, 3, 2))).rejects.toThrow('at least 6 images a side; 5');
    await expect(density(normalRows(9, 3, 1), normalRows(9, 3, 2), { k: 0 })).rejects.toMatchObject({
      code: 'measure-refused',
    });
  });
});

describe('sliced W2', () => {
  it('counts a set whose rows stand twice as the set', async () => {
    await fc.assert(
      fc.asyncProperty(pair, async ([a, b]) => {
        const twice = selectRows(
          a,
          [...Array(2 * a.rows).keys()].map((i) => i % a.rows),
        );
        expectClose(await slicedWasserstein(twice, b, along), await slicedWasserstein(a, b, along));
      }),
      { numRuns },
    );
  });

  it('is the distance of shifted copies along each direction, and draws directions evenly', async () => {
    const set = normalRows(30, 4, 1);
    const shifted = matrix(
      set.data.map((x, i) => x + [3, 0, 0, 4][i % 4]!),
      30,
      4,
    );
    const found = await slicedWasserstein(set, shifted, { directions: 4000 });
    // The mean square of a unit direction's share of a vector of length 5 in 4 dimensions.
    expect(found ** 2 / (25 / 4)).toBeGreaterThan(0.95);
    expect(found ** 2 / (25 / 4)).toBeLessThan(1.05);
    const { data } = unitDirections(50, 4, 3);
    for (let l = 0; l < 50; l++) expect(Math.hypot(...data.subarray(4 * l, 4 * l + 4))).toBeCloseTo(1, 12);
    expect(await slicedWasserstein(set, shifted, { seed: 1 })).not.toBe(await slicedWasserstein(set, shifted));
  });
});

describe('CMMD', () => {
  const positive = (rows: number, seed: number, mean: number) => mapped(normalRows(rows, 40, seed, mean), Math.abs);

  it('is ten times the squared distance of mean directions, to within 1 %', async () => {
    const [a, b] = [positive(80, 1, 0), positive(60, 2, 0.6)];
    const [x, y] = [meanDirection(a), meanDirection(b)];
    const centroids = x.reduce((sum, value, k) => sum + (value - y[k]!) ** 2, 0);
    expect((await cmmd(a, b)) / (10 * centroids)).toBeGreaterThan(0.99);
    expect((await cmmd(a, b)) / (10 * centroids)).toBeLessThan(1.01);
  });

  it('is nearly blind to spread that MIND sees', async () => {
    // Directions on a cone about (1, 0, …): the same mean direction, more and less scatter around it.
    const cone = (seed: number, spread: number) => mapped(normalRows(400, 30, seed), (x) => spread * x + 0);
    const about = (set: Matrix) =>
      matrix(
        Float64Array.from(set.data, (x, i) => x + (i % 30 === 0 ? 20 : 0)),
        400,
        30,
      );
    const [narrow, wide, other] = [about(cone(1, 0.5)), about(cone(2, 1)), about(cone(3, 0.5))];
    expect(Math.abs(await unbiasedCmmd(narrow, wide))).toBeLessThan(0.02);
    expect(await mind(narrow, wide)).toBeGreaterThan(5 * (await mind(narrow, other)));
  });

  it('exceeds the unbiased form by the bias that its formula states', async () => {
    const [a, b] = [positive(30, 1, 0), positive(40, 2, 0.2)];
    const within = async (set: Matrix) => {
      const n = set.rows;
      // Of one set, the unbiased form of it against itself is twice (mean between rows − mean over all pairs).
      return -((await unbiasedCmmd(set, set)) / 2) * ((n - 1) / n) * (n / (n - 1));
    };
    expectClose((await cmmd(a, b)) - (await unbiasedCmmd(a, b)), (await within(a)) + (await within(b)));
  });

  it('leaves a row of zeros at the origin', async () => {
    const a = normalRows(10, 4, 1);
    const dark = mapped(a, Number);
    dark.data.fill(0, 0, 4);
    expect(await cmmd(dark, a)).toBeGreaterThan(0);
    expect(await cmmd(dark, dark)).toBe(0);
  });
});

describe('the Vendi score', () => {
  const axesOf = (n: number, d: number) =>
    matrix(
      Float64Array.from({ length: n * d }, (_, i) => Number(i % d === Math.floor(i / d) % d)),
      n,
      d,
    );

  it('is the number of different directions: 1 for one, n for n at right angles', async () => {
    expect(await vendi(mapped(normalRows(9, 4, 1), () => 2))).toBeCloseTo(1, 12);
    expect(await vendi(axesOf(6, 6))).toBeCloseTo(6, 10);
    expect(await vendi(axesOf(60, 6))).toBeCloseTo(6, 10);
  });

  it('is the same on either side, for more rows than columns and fewer', async () => {
    const set = normalRows(7, 6, 1);
    const padded = matrix(new Float64Array(7 * 20), 7, 20);
    for (let row = 0; row < 7; row++) padded.data.set(set.data.subarray(row * 6, row * 6 + 6), row * 20);
    expect(await vendi(padded)).toBeCloseTo(await vendi(set), 10);
  });

  it('does not mind the order of rows, their lengths, or each standing twice', async () => {
    const set = normalRows(12, 5, 1);
    const value = await vendi(set);
    expectClose(await vendi(selectRows(set, shuffledRows(set, seededRandom(1)))), value);
    expectClose(await vendi(mapped(set, (x) => 7 * x)), value);
    expectClose(
      await vendi(
        selectRows(
          set,
          [...Array(24).keys()].map((i) => i % 12),
        ),
      ),
      value,
    );
  });

  it('draws 500 of more images, by whole groups, and others for another seed', async () => {
    const set = normalRows(700, 3, 1);
    expect(await vendi(set, { seed: 1 })).not.toBe(await vendi(set, { seed: 2 }));
    expect(await vendi(set, { images: 700 })).not.toBe(await vendi(set));
    const groups = Array.from({ length: 700 }, (_, row) => `p${row % 2}`);
    const [even, odd] = [0, 1].map((side) =>
      selectRows(
        set,
        [...Array(350).keys()].map((i) => 2 * i + side),
      ),
    );
    expect([await vendi(even!), await vendi(odd!)].map((value) => value.toFixed(9))).toContain(
      (await vendi(set, { images: 350, groups })).toFixed(9),
    );
  });
});

describe('linear CKA', () => {
  it('is symmetric, and 1 for features that are turned, scaled and shifted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1e6 }), axes, scales, async (seed, axis, by) => {
        const [a, b] = [normalRows(12, columns, seed), normalRows(12, 9, seed + 1)];
        expectClose(await linearCka(a, b), await linearCka(b, a));
        const turned = mapped(reflected(a, axis), (x) => by * x + 3 * by);
        for (const estimator of ['unbiased', 'biased'] as const) {
          expectClose(await linearCka(a, turned, { estimator }), 1);
          expectClose(await linearCka(turned, b, { estimator }), await linearCka(a, b, { estimator }));
        }
      }),
      { numRuns },
    );
  });

  it('is near 0 for independent features where the biased form is near 1', async () => {
    const [a, b] = [normalRows(50, 512, 1), normalRows(50, 512, 2)];
    expect(Math.abs(await linearCka(a, b))).toBeLessThan(0.05);
    expect(await linearCka(a, b, { estimator: 'biased' })).toBeGreaterThan(0.88);
  });

  it('refuses different images, fewer than 4, and features that say nothing', async () => {
    const a = normalRows(9, 3, 1);
    await expect(linearCka(a, normalRows(8, 3, 1))).rejects.toMatchObject({ code: 'shape-mismatch' });
    await expect(linearCka(normalRows(3, 3, 1), normalRows(3, 3, 2))).rejects.toThrow('at least 4 images');
    await expect(
      linearCka(
        a,
        mapped(a, () => 0.1),
      ),
    ).rejects.toThrow('same for all 9');
  });
});

describe('the cosine of centroids', () => {
  it('is 1 for sets that lie one way, −1 for opposite ones, and refuses a mean of 0', () => {
    const a = normalRows(9, 3, 1, 5);
    expect(centroidCosine(a, scaled(a, 4))).toBeCloseTo(1, 12);
    expect(centroidCosine(a, scaled(a, -1))).toBeCloseTo(-1, 12);
    expect(() =>
      centroidCosine(
        a,
        mapped(a, () => 0),
      ),
    ).toThrow('that of the target is 0');
  });
});

describe('the domain classifier', () => {
  it('cannot tell two samples of one distribution apart, and tells shifted ones', async () => {
    const target = normalRows(150, 20, 1);
    const same = await domainClassifier(normalRows(150, 20, 2), target);
    expect(same.auc.low).toBeLessThan(0.5);
    expect(same.auc.high).toBeGreaterThan(0.45);
    expect(Math.abs(same.proxyADistance)).toBeLessThan(0.3);
    const other = await domainClassifier(normalRows(150, 20, 3, 0.4), target);
    // The best that any classifier can do: Φ(0.4 · √20 ÷ √2).
    expect(Math.abs(other.auc.value - 0.897)).toBeLessThan(0.04);
    expect(other.auc.low).toBeGreaterThan(0.8);
    expect(other.proxyADistance).toBeGreaterThan(1);
    expect([same.converged, other.converged]).toEqual([true, true]);
  });

  it('is at its end for sets far apart, and keeps an interval there', async () => {
    const { auc, proxyADistance } = await domainClassifier(normalRows(100, 4, 1, 20), normalRows(120, 4, 2));
    expect([auc.value, proxyADistance]).toEqual([1, 2]);
    expect(auc.low).toBeLessThan(0.99);
  });

  it('is not helped by more images of one side', async () => {
    const target = normalRows(400, 10, 1);
    const found = await domainClassifier(normalRows(100, 10, 2), target);
    expect(Math.abs(found.auc.value - 0.5)).toBeLessThan(0.12);
    expect(Math.abs(found.proxyADistance)).toBeLessThan(0.35);
    // The best that can be had, 2 (1 − 2 Φ(−0.5 · √10 ÷ 2)), although four images in five are of one side.
    const shifted = await domainClassifier(normalRows(100, 10, 2, 0.5), target);
    expect(Math.abs(shifted.proxyADistance - 1.14)).toBeLessThan(0.15);
  });

  it('does not know a patient again: groups stay on one side of a fold', async () => {
    // One distribution of patients; each has ten images that are nearly the same.
    const patients = (seed: number) => {
      const own = normalRows(20, 30, seed);
      const each = normalRows(200, 30, seed + 50);
      return matrix(
        Float64Array.from(each.data, (x, i) => own.data[Math.floor(i / 300) * 30 + (i % 30)]! + 0.1 * x),
        200,
        30,
      );
    };
    const groups = Array.from({ length: 200 }, (_, row) => `p${Math.floor(row / 10)}`);
    const [source, target] = [patients(1), patients(2)];
    expect((await domainClassifier(source, target)).auc.value).toBeGreaterThan(0.95);
    const kept = await domainClassifier(source, target, { sourceGroups: groups, targetGroups: groups });
    expect(kept.auc.low).toBeLessThan(0.6);
    expect(kept.auc.method).toContain('jackknife');
  });

  it('refuses fewer than 100 images a side, and a side of one patient', async () => {
    const [a, b] = [normalRows(99, 3, 1), normalRows(100, 3, 2)];
    await expect(domainClassifier(a, b)).rejects.toThrow('at least 100 images a side; 99');
    await expect(domainClassifier(b, b, { sourceGroups: Array(100).fill('p') })).rejects.toThrow('at least 2 groups');
    await expect(domainClassifier(b, b, { sourceGroups: ['p'] })).rejects.toMatchObject({ code: 'shape-mismatch' });
  });
});

describe('KID of subsets', () => {
  it('is near KID of all images, and the same for the same seed', async () => {
    const [a, b] = [normalRows(60, 4, 1), normalRows(70, 4, 2, 1)];
    const found = await subsetKid(a, b, { subsets: 60, size: 40 });
    expect(found.values).toHaveLength(60);
    const whole = await kid(a, b);
    expect(Math.abs(found.mean / whole - 1)).toBeLessThan(0.15);
    expect(await subsetKid(a, b, { subsets: 60, size: 40 })).toEqual(found);
    const everything = await subsetKid(a, selectRows(b, [...Array(60).keys()]), { subsets: 2, size: 60 });
    expect(everything.standardDeviation).toBeLessThan(1e-9);
  });

  it('refuses subsets larger than a set, and of one image', async () => {
    const a = normalRows(10, 3, 1);
    await expect(subsetKid(a, a)).rejects.toThrow('Subsets of 1000 images');
    await expect(subsetKid(a, a, { subsets: [{ source: [1], target: [1, 2] }] })).rejects.toMatchObject({
      code: 'measure-refused',
    });
    await expect(subsetKid(a, a, { subsets: [{ source: [1, 12], target: [1, 2] }] })).rejects.toMatchObject({
      code: 'shape-mismatch',
    });
  });
});

/** The four by their definitions, each distance a sum of squared differences. */
function counted(source: Matrix, target: Matrix, k: number, inclusive: boolean) {
  const distance = (a: Matrix, i: number, b: Matrix, j: number) => {
    let sum = 0;
    for (let c = 0; c < a.columns; c++) sum += (a.data[i * a.columns + c]! - b.data[j * b.columns + c]!) ** 2;
    return sum;
  };
  const rows = (set: Matrix) => [...Array(set.rows).keys()];
  const radii = (set: Matrix) =>
    rows(set).map(
      (i) =>
        rows(set)
          .filter((j) => j !== i)
          .map((j) => distance(set, i, set, j))
          .sort((a, b) => a - b)[k - 1]!,
    );
  const inside = (d: number, radius: number) => (inclusive ? d <= radius : d < radius);
  const [ofSource, ofTarget] = [radii(source), radii(target)];
  const balls = rows(source).map((i) => rows(target).map((j) => inside(distance(source, i, target, j), ofTarget[j]!)));
  const share = (flags: boolean[]) => flags.filter(Boolean).length / flags.length;
  return {
    precision: share(balls.map((row) => row.some(Boolean))),
    recall: share(
      rows(target).map((j) => rows(source).some((i) => inside(distance(source, i, target, j), ofSource[i]!))),
    ),
    density: balls.flat().filter(Boolean).length / (k * source.rows),
    coverage: share(rows(target).map((j) => balls.some((row) => row[j]!))),
  };
}

function meanDirection(set: Matrix): Float64Array {
  const mean = new Float64Array(set.columns);
  for (let row = 0; row < set.rows; row++) {
    const own = set.data.subarray(row * set.columns, (row + 1) * set.columns);
    const length = Math.hypot(...own);
    own.forEach((value, k) => {
      mean[k]! += value / length / set.rows;
    });
  }
  return mean;
}
