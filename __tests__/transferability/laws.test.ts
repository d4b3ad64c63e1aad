import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrix, selectRows } from '../../src/matrix.ts';
import { seededRandom } from '../../src/random.ts';
import { sfdaNleep } from '../../src/transferability/compat/leep.ts';
import { thumlLogMe } from '../../src/transferability/compat/log-me.ts';
import { dbolyaParc } from '../../src/transferability/compat/parc.ts';
import { gbc } from '../../src/transferability/gbc.ts';
import { knn, knnMcNemar } from '../../src/transferability/knn.ts';
import { leep } from '../../src/transferability/leep.ts';
import { logMe } from '../../src/transferability/log-me.ts';
import { nce } from '../../src/transferability/nce.ts';
import { nleep } from '../../src/transferability/nleep.ts';
import { parc } from '../../src/transferability/parc.ts';
import { refuseUnequalDimensions, regularisedHScore } from '../../src/transferability/regularised-h-score.ts';
import { labelledSet } from '../helpers/labelled.ts';
import { mapped, normalRows, reflected, shuffledRows } from '../helpers/sets.ts';

const refused = expect.objectContaining({ code: 'measure-refused' });
const fewest = 1;
/** Sets on both sides of n = d. */
const sets = fc
  .record({
    perClass: fc.integer({ min: 3, max: 9 }),
    classes: fc.integer({ min: 2, max: 4 }),
    columns: fc.integer({ min: 4, max: 30 }),
    seed: fc.nat(1e6),
  })
  .map(labelledSet);

type Score = (features: ReturnType<typeof labelledSet>['features'], labels: number[]) => Promise<number> | number;

const scores = {
  LogME: async (features, labels) => (await logMe(features, labels, { fewest })).score,
  'k-NN': async (features, labels) => (await knn(features, labels, { fewest })).balancedAccuracy,
  PARC: (features, labels) => parc(features, labels, { fewest }),
  'the regularised H-score': async (features, labels) => (await regularisedHScore(features, labels, { fewest })).score,
  GBC: (features, labels) => gbc(features, labels, { fewest }),
} satisfies Record<string, Score>;

describe.each(Object.entries(scores))('%s', (name, score) => {
  it('does not mind what the classes are called', async () => {
    // Ties of votes go to the smaller class index, so of k-NN only an odd number of neighbours of two classes is meant.
    const meant = name === 'k-NN' ? sets.filter(({ labels }) => new Set(labels).size === 2) : sets;
    await fc.assert(
      fc.asyncProperty(meant, async ({ features, labels }) => {
        const renamed = labels.map((label) => 7 - 2 * label);
        expect(
          await score(
            features,
            renamed.map((label) => label + 20),
          ),
        ).toBeCloseTo(await score(features, labels), 9);
      }),
    );
  });

  it('does not mind the order of the images', async () => {
    await fc.assert(
      fc.asyncProperty(sets, fc.nat(), async ({ features, labels }, seed) => {
        const order = shuffledRows(features, seededRandom(seed));
        const shuffled = await score(
          selectRows(features, order),
          order.map((row) => labels[row]!),
        );
        expect(shuffled).toBeCloseTo(await score(features, labels), 9);
      }),
    );
  });

  it('is higher for features that hold the classes than for noise', async () => {
    const { features, labels } = labelledSet({ perClass: 25, classes: 3, columns: 20, apart: 3, seed: 1 });
    expect(await score(features, labels)).toBeGreaterThan(await score(normalRows(75, 20, 2), labels));
  });

  it('takes float32 features as well as float64', async () => {
    const { features, labels } = labelledSet({ perClass: 25, classes: 3, columns: 20, apart: 3 });
    const single = { ...features, data: Float32Array.from(features.data) };
    expect(await score(single as never, labels)).toBeCloseTo(await score(features, labels), 3);
  });
});

describe('a common factor of all features', () => {
  it.each([1e-200, 1e-3, 7, 1e12, 1e200])('of %d changes neither LogME, k-NN, PARC nor the H-score', async (factor) => {
    const { features, labels } = labelledSet({ perClass: 8, classes: 3, columns: 12 });
    const scaled = mapped(features, (value) => factor * value);
    for (const name of ['LogME', 'k-NN', 'PARC', 'the regularised H-score'] as const)
      expect(await scores[name](scaled, labels), name).toBeCloseTo(await scores[name](features, labels), 9);
  });
});

describe('a rotation of the features', () => {
  it('changes neither LogME nor k-NN', async () => {
    const axis = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 });
    const { features, labels } = labelledSet({ perClass: 8, classes: 3, columns: 12 });
    await fc.assert(
      fc.asyncProperty(
        axis.filter((v) => v.some((x) => Math.abs(x) > 0.1)),
        async (normal) => {
          for (const name of ['LogME', 'k-NN'] as const)
            expect(await scores[name](reflected(features, normal), labels)).toBeCloseTo(
              await scores[name](features, labels),
              8,
            );
        },
      ),
    );
  });
});

describe('logMe', () => {
  it('gains nothing from dimensions of pure noise, where thuml’s default gains without end', async () => {
    const labels = Array.from({ length: 60 }, (_, i) => i % 3);
    const [narrow, wide] = [normalRows(60, 30, 1), normalRows(60, 400, 1)];
    expect((await logMe(wide, labels)).score).toBeCloseTo((await logMe(narrow, labels)).score, 1);
    expect((await thumlLogMe(wide, labels)) - (await thumlLogMe(narrow, labels))).toBeGreaterThan(1);
  });

  it('of features without any signal is that of noise alone', async () => {
    const labels = Array.from({ length: 40 }, (_, i) => i % 2);
    const zero = matrix(new Float64Array(40 * 3), 40, 3);
    const { score, rank, classes } = await logMe(zero, labels);
    expect(rank).toBe(0);
    expect(score).toBeCloseTo(-0.5 * Math.log((2 * Math.PI) / 2) - 0.5, 12);
    for (const { alpha, beta } of classes) expect([alpha, beta]).toEqual([Infinity, 2]);
  });

  it('stays finite where features give the labels exactly, with few dimensions and with as many as images', async () => {
    const labels = Array.from({ length: 40 }, (_, i) => i % 2);
    const exact = matrix(Float64Array.from(labels.flatMap((y) => [y, 1 - y])), 40, 2);
    expect((await logMe(exact, labels)).score).toBeGreaterThan(5);
    expect((await logMe(exact, labels)).score).toBeLessThan(20);
    const identity = matrix(
      Float64Array.from({ length: 1600 }, (_, at) => (at % 41 === 0 ? 1 : 0)),
      40,
      40,
    );
    expect(Number.isFinite((await logMe(identity, labels)).score)).toBe(true);
  });

  it('finds the evidence that a direct computation of the Gaussian gives', async () => {
    const { features, labels } = labelledSet({ perClass: 10, classes: 2, columns: 3, seed: 4 });
    const [first] = (await logMe(features, labels)).classes;
    const { alpha, beta } = first!;
    const density = (a: number, b: number) =>
      gaussianEvidence(
        features,
        labels.map((l) => (l === 0 ? 1 : 0)),
        a,
        b,
      );
    expect(first!.evidence).toBeCloseTo(density(alpha, beta) / 20, 9);
    for (const [a, b] of [
      [1.1, 1],
      [0.9, 1],
      [1, 1.1],
      [1, 0.9],
    ] as const)
      expect(density(alpha * a, beta * b)).toBeLessThan(density(alpha, beta));
  });
});

/** log N(y; 0, I/β + F Fᵀ/α) by elimination. */
function gaussianEvidence(
  features: ReturnType<typeof labelledSet>['features'],
  y: number[],
  alpha: number,
  beta: number,
) {
  const n = y.length;
  const d = features.columns;
  const rows = Array.from({ length: n }, (_, i) => [
    ...Array.from({ length: n }, (_, j) => {
      let dot = 0;
      for (let k = 0; k < d; k++) dot += features.data[i * d + k]! * features.data[j * d + k]!;
      return dot / alpha + (i === j ? 1 / beta : 0);
    }),
    y[i]!,
  ]);
  let [determinant, square] = [0, 0];
  for (let i = 0; i < n; i++) {
    const pivot = rows[i]![i]!;
    determinant += Math.log(pivot);
    square += rows[i]![n]! ** 2 / pivot;
    for (let r = i + 1; r < n; r++) {
      const factor = rows[r]![i]! / pivot;
      for (let c = i; c <= n; c++) rows[r]![c]! -= factor * rows[i]![c]!;
    }
  }
  return -0.5 * (n * Math.log(2 * Math.PI) + determinant + square);
}

describe('leep', () => {
  const probabilities = fc
    .record({ n: fc.integer({ min: 4, max: 30 }), z: fc.integer({ min: 1, max: 6 }), seed: fc.nat(1e6) })
    .map(({ n, z, seed }) => {
      const random = seededRandom(seed, 'leep');
      const data = new Float64Array(n * z);
      for (let i = 0; i < n; i++) {
        const row = Array.from({ length: z }, () => random.next() + 1e-3);
        const sum = row.reduce((total, value) => total + value, 0);
        row.forEach((value, k) => {
          data[i * z + k] = value / sum;
        });
      }
      return { theta: matrix(data, n, z), labels: Array.from({ length: n }, (_, i) => i % 3) };
    });

  it('is at most 0', () => {
    fc.assert(
      fc.property(probabilities, ({ theta, labels }) => {
        expect(leep(theta, labels, { fewest })).toBeLessThanOrEqual(1e-12);
      }),
    );
  });

  it('of a head that says nothing is minus the entropy of the labels, at least −log C', () => {
    fc.assert(
      fc.property(probabilities, ({ theta, labels }) => {
        const uniform = mapped(theta, () => 1 / theta.columns);
        const shares = [0, 1, 2].map((c) => labels.filter((label) => label === c).length / labels.length);
        const entropy = -shares.reduce((sum, p) => sum + p * Math.log(p), 0);
        const value = leep(uniform, labels, { fewest });
        expect(value).toBeCloseTo(-entropy, 12);
        expect(value).toBeGreaterThanOrEqual(-Math.log(3) - 1e-12);
      }),
    );
  });

  it('of a head that is certain is NCE', () => {
    const source = Array.from({ length: 60 }, (_, i) => (i * 7) % 4);
    const labels = Array.from({ length: 60 }, (_, i) => Math.floor(i / 20));
    const theta = matrix(Float64Array.from(source.flatMap((z) => [0, 1, 2, 3].map((k) => (k === z ? 1 : 0)))), 60, 4);
    expect(leep(theta, labels)).toBeCloseTo(nce(source, labels), 12);
  });

  it('refuses logits', () => {
    expect(() =>
      leep(
        normalRows(60, 4, 1),
        Array.from({ length: 60 }, (_, i) => i % 2),
      ),
    ).toThrow(refused);
  });
});

describe('knn', () => {
  const { features, labels } = labelledSet({ perClass: 20, classes: 2, columns: 6, apart: 1, seed: 9 });

  it('leaves out whole groups: a patient’s own other images do not count', async () => {
    // Every image twice: each is its copy's nearest neighbour, unless both are one patient's.
    const twice = selectRows(
      features,
      [...labels, ...labels].map((_, i) => i % labels.length),
    );
    const both = [...labels, ...labels];
    const groups = both.map((_, i) => `p${i % labels.length}`);
    expect((await knn(twice, both, { k: 1 })).accuracy).toBe(1);
    expect((await knn(twice, both, { k: 1, groups })).accuracy).toBe((await knn(features, labels, { k: 1 })).accuracy);
  });

  it('takes the first of equally near images, and the smaller class of equally many votes', async () => {
    const point = matrix(Float64Array.from([1, 0, 1, 0, 1, 0]), 3, 2);
    const predicted = async (k: number) => [...(await knn(point, [5, 3, 4], { k, fewest })).predicted];
    expect(await predicted(1)).toEqual([3, 5, 5]);
    expect(await predicted(2)).toEqual([3, 4, 3]);
  });

  it('has a wider interval when images come in groups', async () => {
    const width = async (groups?: string[]) => {
      const { interval } = await knn(features, labels, groups ? { groups } : {});
      return interval.high - interval.low;
    };
    expect(await width(labels.map((_, i) => `p${i % 8}`))).toBeGreaterThan(await width());
  });

  it('is compared by the images on which only one is right', async () => {
    const good = await knn(labelledSet({ perClass: 20, classes: 2, columns: 6, apart: 4 }).features, labels);
    const noise = await knn(normalRows(40, 6, 3), labels);
    expect(knnMcNemar(good, noise).midP).toBeLessThan(0.05);
    expect(knnMcNemar(good, noise)).toEqual(knnMcNemar(noise, good));
    expect(knnMcNemar(good, good).midP).toBe(1);
    expect(() => knnMcNemar(good, { right: [true] })).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
  });

  it('refuses one group, no neighbour, and groups of another number of images', async () => {
    await expect(knn(features, labels, { groups: labels.map(() => 'one') })).rejects.toThrow(refused);
    await expect(knn(features, labels, { k: 0 })).rejects.toThrow(refused);
    await expect(knn(features, labels, { groups: ['one'] })).rejects.toThrow(
      expect.objectContaining({ code: 'shape-mismatch' }),
    );
  });
});

describe('parc', () => {
  it('draws from more images than it takes, the same ones for the same seed', async () => {
    const { features, labels } = labelledSet({ perClass: 60, classes: 2, columns: 8 });
    const few = await parc(features, labels, { images: 50, seed: 1 });
    expect(await parc(features, labels, { images: 50, seed: 1 })).toBe(few);
    expect(await parc(features, labels, { images: 50, seed: 2 })).not.toBe(few);
    expect(few).toBeGreaterThan(0);
  });

  it('has exact ties of labels where dbolya’s rounding ranks noise: at 7 classes, not at 2 or 4', async () => {
    const off = async (classes: number) => {
      const { features, labels } = labelledSet({ perClass: 12, classes, columns: 16 });
      return Math.abs((await dbolyaParc(features, labels, { components: 0 })) - (await parc(features, labels)));
    };
    expect(await off(2)).toBeLessThan(1e-6);
    expect(await off(4)).toBeLessThan(1e-6);
    expect(await off(7)).toBeGreaterThan(0.01);
  });
});

describe('nleep', () => {
  const { features, labels } = labelledSet({ perClass: 60, classes: 2, columns: 6, apart: 4 });

  it('is at most 0, the same for the same seed, and the mean of five starts', async () => {
    const found = await nleep(features, labels);
    expect(found).toEqual(await nleep(features, labels));
    expect(found.perSeed).toHaveLength(5);
    expect(found.score).toBeLessThanOrEqual(0);
    expect(found.score).toBeCloseTo(found.perSeed.reduce((sum, value) => sum + value, 0) / 5, 12);
    expect(found.components).toBe(10);
    expect(new Set((await nleep(normalRows(120, 6, 8), labels)).perSeed).size).toBeGreaterThan(1);
  });

  it('is higher for features that hold the classes than for noise', async () => {
    expect((await nleep(features, labels)).score).toBeGreaterThan(
      (await nleep(normalRows(120, 6, 8), labels)).score + 0.2,
    );
  });

  it('is another thing without its logarithm', async () => {
    const without = await sfdaNleep(features, labels);
    expect(without).toBeGreaterThan(0);
    expect(without).toBeLessThanOrEqual(1);
    // By Jensen, the logarithm of the mean lies above the mean of the logarithm.
    expect(Math.log(without)).toBeGreaterThanOrEqual((await nleep(features, labels)).score - 1e-12);
  });
});

describe('scores of unequal dimension', () => {
  it('are not compared, and the reason is told', () => {
    expect(() => refuseUnequalDimensions('GBC', ['a', 512], ['b', 512])).not.toThrow();
    expect(() => refuseUnequalDimensions('GBC', ['a', 512], ['b', 2048])).toThrow(/a has 512 and b 2048/);
  });
});

describe('fewer images than a score needs', () => {
  const { features, labels } = labelledSet({ perClass: 9, classes: 2, columns: 4 });
  const theta = mapped(features, () => 0.25);

  it.each<[string, () => unknown, number]>([
    ['k-NN', () => knn(features, labels), 10],
    ['LogME', () => logMe(features, labels), 10],
    ['PARC', () => parc(features, labels), 10],
    ['LEEP', () => leep(theta, labels), 20],
    ['NCE', () => nce(labels, labels), 20],
    ['GBC', () => gbc(features, labels), 25],
    ['The H-score', () => regularisedHScore(features, labels), 25],
    ['NLEEP', () => nleep(features, labels), 50],
  ])('%s is refused, with what would do', async (name, measure, needed) => {
    await expect(async () => measure()).rejects.toThrow(refused);
    await expect(async () => measure()).rejects.toThrow(
      `${name} needs at least ${needed} images of every class; the rarest has 9. ${needed - 9} more`,
    );
  });
});
