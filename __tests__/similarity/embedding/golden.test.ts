import { describe, expect, it } from 'vitest';
import { type Matrix, selectRows } from '../../../src/matrix.ts';
import { compareSets } from '../../../src/similarity/compare.ts';
import { fid, fidInfinity } from '../../../src/similarity/embedding/fid.ts';
import { createGrams } from '../../../src/similarity/embedding/grams.ts';
import { kid } from '../../../src/similarity/embedding/kid.ts';
import { gaussianKernel, medianBandwidth, mmd } from '../../../src/similarity/embedding/mmd.ts';
import { mmdOfSplit, poolKernels } from '../../../src/similarity/embedding/permutation.ts';
import { jackknife } from '../../../src/statistics/jackknife.ts';
import { expectGolden, matrixOf, readGolden } from '../../helpers/golden.ts';

interface Subset {
  ix: number[];
  iy: number[];
}
interface Jackknife {
  estimate: number;
  se: number;
  ci95: [number, number];
  groups: number;
}
interface Inputs {
  X: number[][];
  Y: number[][];
  kid_subsets: Subset[];
  fid_infinity_subsets: Subset[];
  permutations: number[][];
}
interface Expected {
  fid: { fid: number };
  fid_reversed: number;
  fid_infinity: { fid_infinity: number; points: number[] };
  kid_unbiased: number;
  kid_subsets: { values: number[] };
  median_sigma: number;
  mmd2_rbf_median_unbiased: number;
  mmd2_rbf_jackknife: Jackknife;
  kid_jackknife: Jackknife;
  mmd_permutation: { observed: number; null_values: number[] };
}

const pick = (set: Matrix, rows: number[]) => selectRows<Float32Array | Float64Array>(set, rows);

describe.each(['set_gauss_64x16', 'set_relu_200x32_150x32', 'set_small_n_20x32_24x32', 'set_degenerate_40x16'])(
  '%s agrees with the reference implementations',
  (name) => {
    const golden = readGolden<Inputs, Expected>(name);
    const { inputs, expected } = golden;
    const x = matrixOf(inputs.X);
    const y = matrixOf(inputs.Y);

    it('in FID, both ways round', async () => {
      expectGolden(await fid(x, y), expected.fid.fid, golden);
      expectGolden(await fid(y, x), expected.fid_reversed, golden);
    });

    it('in FID of subsets and their extrapolation to FID∞', async () => {
      const points: { size: number; value: number }[] = [];
      for (const [i, { ix, iy }] of inputs.fid_infinity_subsets.entries()) {
        const value = await fid(pick(x, ix), pick(y, iy));
        expectGolden(value, expected.fid_infinity.points[i]!, golden);
        points.push({ size: ix.length, value });
      }
      expectGolden(fidInfinity(points), expected.fid_infinity.fid_infinity, golden);
    });

    it('in KID, of all rows and of subsets', async () => {
      expectGolden(await kid(x, y), expected.kid_unbiased, golden);
      for (const [i, { ix, iy }] of inputs.kid_subsets.entries())
        expectGolden(await kid(pick(x, ix), pick(y, iy)), expected.kid_subsets.values[i]!, golden);
    });

    it('in the median bandwidth and RBF-MMD²', async () => {
      const bandwidth = await medianBandwidth([x, y]);
      expectGolden(bandwidth, expected.median_sigma, golden);
      expectGolden(await mmd(x, y, bandwidth), expected.mmd2_rbf_median_unbiased, golden);
    });

    it('in MMD² under listed permutations', () => {
      const grams = createGrams();
      const kernel = (a: Matrix, b: Matrix) => gaussianKernel(grams, a, b, expected.median_sigma);
      const pool = poolKernels({ xx: kernel(x, x), yy: kernel(y, y), xy: kernel(x, y) });
      inputs.permutations.forEach((permutation, i) => {
        const value = mmdOfSplit(pool, Int32Array.from(permutation.slice(0, x.rows)));
        expectGolden(value, expected.mmd_permutation.null_values[i]!, golden);
      });
    });

    it.each([
      ['embedding.mmd', expected.mmd2_rbf_jackknife],
      ['embedding.kid', expected.kid_jackknife],
    ] as const)('in the jackknife interval of %s, row i leaving with block i mod G', async (measure, stated) => {
      const distance = (a: Matrix, b: Matrix) =>
        measure === 'embedding.kid' ? kid(a, b) : mmd(a, b, expected.median_sigma);
      const without = (set: Matrix, block: number) =>
        pick(
          set,
          Array.from({ length: set.rows }, (_, row) => row).filter((row) => row % stated.groups !== block),
        );
      const leftOut = new Float64Array(stated.groups);
      for (let block = 0; block < stated.groups; block++)
        leftOut[block] = await distance(without(x, block), without(y, block));
      const estimate = jackknife(await distance(x, y), leftOut);
      expectGolden(estimate.value, stated.estimate, golden);
      expectGolden(estimate.standardError, stated.se, golden);
      expectGolden(estimate.low, stated.ci95[0], golden);
      expectGolden(estimate.high, stated.ci95[1], golden);
    });

    it.each([
      ['embedding.mmd', expected.mmd2_rbf_jackknife],
      ['embedding.kid', expected.kid_jackknife],
    ] as const)('in %s through the comparison of sets, whose blocks are as many', async (measure, stated) => {
      const { distances } = await compareSets({ measure, target: y, sources: new Map([['x', x]]), seed: 1 });
      const estimate = distances.get('x')!.estimate!;
      expectGolden(estimate.value, stated.estimate, golden);
      expect(estimate.degreesOfFreedom).toBe(stated.groups - 1);
    });
  },
);

describe('set_identical', () => {
  const golden = readGolden<{ X: number[][] }, { fid: number; kid_unbiased: number }>('set_identical');
  const x = matrixOf(golden.inputs.X);

  it('has no Fréchet distance, and a KID below 0 that is not cut off', async () => {
    expectGolden(await fid(x, matrixOf(golden.inputs.X)), golden.expected.fid, golden);
    expectGolden(await kid(x, matrixOf(golden.inputs.X)), golden.expected.kid_unbiased, golden);
    expect(await kid(x, x)).toBeLessThan(0);
  });
});
