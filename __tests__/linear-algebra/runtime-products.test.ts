import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainProducts, transposed } from '../../src/linear-algebra/products.ts';
import { type RuntimeProducts, runtimeProducts } from '../../src/linear-algebra/runtime-products.ts';
import { type Matrix, matrix } from '../../src/matrix.ts';
import { seededRandom } from '../../src/random.ts';
import { loadNatives } from '../../src/runtime/natives.ts';
import { fid } from '../../src/similarity/embedding/fid.ts';
import { createGrams } from '../../src/similarity/embedding/grams.ts';
import { kid } from '../../src/similarity/embedding/kid.ts';
import { gaussianKernel, medianBandwidth, mmd } from '../../src/similarity/embedding/mmd.ts';
import { permutationP, poolKernels } from '../../src/similarity/embedding/permutation.ts';
import { knn } from '../../src/transferability/knn.ts';
import { logMe } from '../../src/transferability/log-me.ts';
import { parc } from '../../src/transferability/parc.ts';
import { regularisedHScore } from '../../src/transferability/regularised-h-score.ts';
import { labelledSet } from '../helpers/labelled.ts';
import { normalRows } from '../helpers/sets.ts';

let runtime: RuntimeProducts;
let single: RuntimeProducts;
beforeAll(async () => {
  const { onnxruntime } = await loadNatives({ need: ['onnxruntime-node'], log: () => undefined });
  runtime = runtimeProducts(onnxruntime!, 2);
  single = runtimeProducts(onnxruntime!, 1);
});
afterAll(async () => {
  await runtime.close();
  await single.close();
});

function expectEqual(found: Matrix, expected: Matrix): void {
  expect([found.rows, found.columns]).toEqual([expected.rows, expected.columns]);
  let [scale, apart] = [0, 0];
  for (const [at, value] of expected.data.entries()) {
    scale = Math.max(scale, Math.abs(value));
    apart = Math.max(apart, Math.abs(found.data[at]! - value));
  }
  expect(apart).toBeLessThanOrEqual(1e-14 * scale);
}

describe('products on the runtime', () => {
  // Below and above the size from which the runtime is asked, one band and several.
  it.each([
    [3, 4, 5],
    [70, 90, 300],
    [300, 70, 64],
    [1, 900, 400],
    [530, 530, 32],
  ])('are those of loops: %i × %i rows of %i', async (n, m, d) => {
    const [a, b] = [normalRows(n, d, 1), normalRows(m, d, 2)];
    for (const products of [runtime, single]) {
      expectEqual(await products.rows(a, b), await plainProducts.rows(a, b));
      expectEqual(await products.rows(a, a), await plainProducts.rows(a, a));
      expectEqual(await products.product(a, transposed(b)), await plainProducts.rows(a, b));
    }
  });

  it('of rows with themselves are symmetric to the bit', async () => {
    const set = normalRows(300, 50, 1);
    const { data } = await runtime.rows(set, set);
    let asymmetric = 0;
    for (let i = 0; i < 300; i++)
      for (let j = 0; j < i; j++) asymmetric += Number(data[i * 300 + j] !== data[j * 300 + i]);
    expect(asymmetric).toBe(0);
  });

  it('takes parts of larger memory and float32', async () => {
    const whole = normalRows(200, 80, 1);
    const part = { data: whole.data.subarray(40 * 80, 140 * 80), rows: 100, columns: 80 };
    expectEqual(await runtime.rows(part, part), await plainProducts.rows(part, part));
    const single = { ...part, data: Float32Array.from(part.data) };
    expectEqual(await runtime.rows(single, part), await plainProducts.rows(single, part));
  });

  it('refuses matrices that do not fit', async () => {
    const mismatch = expect.objectContaining({ code: 'shape-mismatch' });
    await expect(runtime.rows(normalRows(4, 3, 1), normalRows(4, 2, 1))).rejects.toThrow(mismatch);
    await expect(runtime.product(normalRows(4, 3, 1), normalRows(4, 2, 1))).rejects.toThrow(mismatch);
  });
});

describe('measures on the runtime', () => {
  it.each([
    [150, 200, 300],
    [420, 300, 120],
    [260, 100, 150],
  ])('are those in loops, whatever the threads: %i and %i rows of %i', async (n, m, d) => {
    const [x, y] = [normalRows(n, d, 1), normalRows(m, d, 2, 0.1)];
    const bandwidth = await medianBandwidth([x, y]);
    for (const products of [runtime, single]) {
      expect((await fid(x, y, products)) / (await fid(x, y))).toBeCloseTo(1, 10);
      expect((await kid(x, y, products)) / (await kid(x, y))).toBeCloseTo(1, 10);
      expect((await medianBandwidth([x, y], products)) / bandwidth).toBeCloseTo(1, 12);
      expect((await mmd(x, y, bandwidth, products)) / (await mmd(x, y, bandwidth))).toBeCloseTo(1, 10);
    }
  });

  it.each([
    [160, 300],
    [300, 160],
  ])('scores features as in loops, k-NN in every prediction: %i rows of %i', async (n, d) => {
    const { features, labels } = labelledSet({ perClass: n / 4, classes: 4, columns: d, apart: 3 });
    const [one, other] = [await logMe(features, labels), await regularisedHScore(features, labels)];
    expect(other.score).toBeGreaterThan(0);
    for (const products of [runtime, single]) {
      expect((await logMe(features, labels, { products })).score / one.score).toBeCloseTo(1, 10);
      expect((await regularisedHScore(features, labels, { products })).score).toBeCloseTo(other.score, 10);
      expect(await parc(features, labels, { products })).toBeCloseTo(await parc(features, labels), 9);
      for (const distance of ['cosine', 'euclidean'] as const)
        expect(await knn(features, labels, { products, distance })).toEqual(await knn(features, labels, { distance }));
    }
  });

  it('writes to the beginning of room that is given', async () => {
    const [a, b] = [normalRows(90, 100, 1), normalRows(80, 100, 2)];
    for (const products of [runtime, plainProducts]) {
      const room = new Float64Array(10_000).fill(7);
      const rows = await products.rows(a, b, room);
      expect(rows.data.buffer).toBe(room.buffer);
      expectEqual(rows, await plainProducts.rows(a, b));
      expectEqual(await products.product(a, transposed(b), room), await plainProducts.rows(a, b));
      expect(room.subarray(7200).every((value) => value === 7)).toBe(true);
    }
  });

  it('finds rows that are all alike at no distance, although products of equal rows may differ in the last bit', async () => {
    const same = matrix(
      Float64Array.from({ length: 130 * 301 }, (_, at) => Math.sin(at % 301) / 3),
      130,
      301,
    );
    const bandwidth = await medianBandwidth([same, same], runtime);
    expect(bandwidth).toBe(0);
    expect(await mmd(same, same, bandwidth, runtime)).toBe(0);
  });

  it('gives the same permutation p in one product as in loops', async () => {
    const [x, y] = [normalRows(120, 20, 1), normalRows(100, 20, 2, 0.05)];
    const grams = createGrams();
    const kernel = (a: Matrix, b: Matrix) => gaussianKernel(grams, a, b, 6);
    const pool = poolKernels({ xx: kernel(x, x), yy: kernel(y, y), xy: kernel(x, y) });
    const units = Array.from({ length: 110 }, (_, unit) => Int32Array.of(2 * unit, 2 * unit + 1));
    const p = (products: typeof plainProducts) => permutationP(pool, units, 60, seededRandom(1), { products });
    expect(await p(runtime)).toBe(await p(plainProducts));
  });
});
