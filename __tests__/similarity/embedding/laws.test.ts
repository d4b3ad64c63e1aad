import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Matrix, matrix, selectRows } from '../../../src/matrix.ts';
import { seededRandom } from '../../../src/random.ts';
import { fid } from '../../../src/similarity/embedding/fid.ts';
import { kid } from '../../../src/similarity/embedding/kid.ts';
import { medianBandwidth, mmd } from '../../../src/similarity/embedding/mmd.ts';
import { mapped, normalRows, reflected, shuffledRows } from '../../helpers/sets.ts';

const columns = 6;
/** Pairs of sets on both sides of n = d, so that both forms of FID are met. */
const pair = fc
  .record({
    n: fc.integer({ min: 3, max: 14 }),
    m: fc.integer({ min: 3, max: 14 }),
    seed: fc.integer({ min: 0, max: 1e6 }),
    mean: fc.double({ min: -2, max: 2, noNaN: true }),
  })
  .map(({ n, m, seed, mean }) => [normalRows(n, columns, seed), normalRows(m, columns, seed + 1, mean)] as const);
const normal = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: columns, maxLength: columns })
  .filter((v) => v.some((x) => Math.abs(x) > 0.1));

const medianMmd = async (a: Matrix, b: Matrix) => mmd(a, b, await medianBandwidth([a, b]));

function expectClose(a: number, b: number): void {
  expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 + 1e-8 * Math.abs(b));
}

describe.each([
  ['RBF-MMD²', medianMmd],
  ['KID', kid],
  ['FID', fid],
] as const)('%s', (_, distance) => {
  it('is symmetric', async () => {
    await fc.assert(fc.asyncProperty(pair, async ([a, b]) => expectClose(await distance(a, b), await distance(b, a))));
  });

  it('does not mind the order of the rows', async () => {
    await fc.assert(
      fc.asyncProperty(pair, fc.integer(), async ([a, b], seed) => {
        const shuffled = selectRows(a, shuffledRows(a, seededRandom(seed)));
        expectClose(await distance(shuffled, b), await distance(a, b));
      }),
    );
  });

  it('does not mind a rotation of both sets', async () => {
    await fc.assert(
      fc.asyncProperty(pair, normal, async ([a, b], axis) =>
        expectClose(await distance(reflected(a, axis), reflected(b, axis)), await distance(a, b)),
      ),
    );
  });

  it('takes float32 features as well as float64', async () => {
    const [a, b] = [normalRows(9, columns, 1), normalRows(11, columns, 2)].map((set) => ({
      ...set,
      data: Float32Array.from(set.data),
    })) as [Matrix<Float32Array>, Matrix<Float32Array>];
    expect(await distance(a, b)).toBe(
      await distance(
        mapped(a, (x) => x),
        mapped(b, (x) => x),
      ),
    );
  });

  it('refuses sets of different dimension', async () => {
    await expect(distance(normalRows(8, 3, 1), normalRows(8, 4, 2))).rejects.toThrow(
      expect.objectContaining({ code: 'shape-mismatch' }),
    );
  });
});

describe('FID', () => {
  it('grows with the square of the features', async () => {
    await fc.assert(
      fc.asyncProperty(pair, fc.double({ min: 0.01, max: 100, noNaN: true }), async ([a, b], scale) =>
        expectClose(
          (await fid(
            mapped(a, (x) => x * scale),
            mapped(b, (x) => x * scale),
          )) /
            scale ** 2,
          await fid(a, b),
        ),
      ),
    );
  });

  it('does not mind constant features, which change the form it is computed in', async () => {
    await fc.assert(
      fc.asyncProperty(pair, async ([a, b]) => expectClose(await fid(padded(a, 20), padded(b, 20)), await fid(a, b))),
    );
  });

  it('is the squared distance of the means for sets without spread', async () => {
    const at = (value: number) => mapped(normalRows(12, 3, 1), () => value);
    expect(await fid(at(1), at(3))).toBeCloseTo(12, 12);
    expect(await fid(at(2), at(2))).toBe(0);
  });
});

describe('RBF-MMD²', () => {
  it('does not mind the scale of the features, because the bandwidth follows it', async () => {
    await fc.assert(
      fc.asyncProperty(pair, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), async ([a, b], scale) =>
        expectClose(
          await medianMmd(
            mapped(a, (x) => x * scale),
            mapped(b, (x) => x * scale),
          ),
          await medianMmd(a, b),
        ),
      ),
    );
  });

  it('is exactly 0 between sets in which all rows are alike', async () => {
    const same = mapped(normalRows(12, 3, 1), () => 0.3);
    expect(await medianMmd(same, same)).toBe(0);
  });

  it('keeps the bandwidth of a large pool near that of all its rows', async () => {
    const [a, b] = [normalRows(700, 4, 1), normalRows(300, 4, 2, 1)];
    const distances: number[] = [];
    const all = [...rowsOf(a), ...rowsOf(b)];
    for (const [i, p] of all.entries())
      for (const q of all.slice(i + 1)) distances.push(Math.hypot(...p.map((value, k) => value - q[k]!)));
    const median = Float64Array.from(distances).sort()[distances.length >> 1]!;
    expect(Math.abs((await medianBandwidth([a, b])) / median - 1)).toBeLessThan(0.03);
  });
});

function rowsOf(set: Matrix): number[][] {
  return Array.from({ length: set.rows }, (_, row) => [
    ...set.data.subarray(row * set.columns, (row + 1) * set.columns),
  ]);
}

function padded(set: Matrix, extra: number): Matrix<Float64Array> {
  const wide = set.columns + extra;
  const data = new Float64Array(set.rows * wide).fill(0.5);
  for (let row = 0; row < set.rows; row++)
    data.set(set.data.subarray(row * set.columns, (row + 1) * set.columns), row * wide);
  return matrix(data, set.rows, wide);
}
