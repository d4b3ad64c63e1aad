import { describe, expect, it } from 'vitest';
import { centroidCosine } from '../../../src/similarity/embedding/centroid-cosine.ts';
import { cmmd, unbiasedCmmd } from '../../../src/similarity/embedding/cmmd.ts';
import { subsetKid } from '../../../src/similarity/embedding/compat/kid.ts';
import { linearCka } from '../../../src/similarity/embedding/linear-cka.ts';
import { mind } from '../../../src/similarity/embedding/mind.ts';
import { coverage, density, precision, recall } from '../../../src/similarity/embedding/prdc.ts';
import { meanSquaredW2, slicedWasserstein } from '../../../src/similarity/embedding/sliced-wasserstein.ts';
import { vendi } from '../../../src/similarity/embedding/vendi.ts';
import { expectGolden, matrixOf, readGolden } from '../../helpers/golden.ts';
import { mapped, reflected } from '../../helpers/sets.ts';

interface Prdc {
  precision: number;
  recall: number;
  density: number;
  coverage: number;
}
interface Inputs {
  X: number[][];
  Y: number[][];
  projections: number[][];
  kid_subsets: { ix: number[]; iy: number[] }[];
}
interface Expected {
  cmmd_normalised: number;
  cmmd_normalised_unbiased: number;
  sliced_w2: { sw: number; mean_wpp: number; mind: number };
  centroid_cosine: number;
  vendi_X: number;
  vendi_Y: number;
  prdc_k3: Prdc;
  prdc_k5: Prdc;
  prdc_k3_inclusive: Prdc;
  kid_subsets: { mean: number; std_ddof0: number; values: number[] };
}

describe.each(['set_gauss_64x16', 'set_relu_200x32_150x32', 'set_small_n_20x32_24x32', 'set_degenerate_40x16'])(
  '%s agrees with the reference implementations',
  (name) => {
    const golden = readGolden<Inputs, Expected>(name);
    const { inputs, expected } = golden;
    // The reference takes X as real, which is the target here, and Y as fake, the source.
    const target = matrixOf(inputs.X);
    const source = matrixOf(inputs.Y);

    it.each([
      ['k = 3', { k: 3 }, expected.prdc_k3],
      ['k = 5', {}, expected.prdc_k5],
      ['k = 3, edges inside', { k: 3, inclusive: true }, expected.prdc_k3_inclusive],
    ] as const)('in precision, recall, density and coverage at %s', async (_, options, stated) => {
      expectGolden(await precision(source, target, options), stated.precision, golden);
      expectGolden(await recall(source, target, options), stated.recall, golden);
      expectGolden(await density(source, target, options), stated.density, golden);
      expectGolden(await coverage(source, target, options), stated.coverage, golden);
      // Each set in the other's place: one's precision is the other's recall.
      expectGolden(await precision(target, source, options), stated.recall, golden);
      expectGolden(await recall(target, source, options), stated.precision, golden);
    });

    it('in sliced W2 and MIND along the listed directions, both ways round', async () => {
      const along = { directions: matrixOf(inputs.projections) };
      for (const [a, b] of [
        [source, target],
        [target, source],
      ] as const) {
        expectGolden(await slicedWasserstein(a, b, along), expected.sliced_w2.sw, golden);
        expectGolden(await meanSquaredW2('sliced W2', a, b, along), expected.sliced_w2.mean_wpp, golden);
        expectGolden(await mind(a, b, along), expected.sliced_w2.mind, golden);
      }
    });

    it('in CMMD with its bias and without, both ways round', async () => {
      expectGolden(await cmmd(source, target), expected.cmmd_normalised, golden);
      expectGolden(await cmmd(target, source), expected.cmmd_normalised, golden);
      expectGolden(await unbiasedCmmd(source, target), expected.cmmd_normalised_unbiased, golden);
      expectGolden(await unbiasedCmmd(target, source), expected.cmmd_normalised_unbiased, golden);
    });

    it('in the cosine of centroids and in the Vendi score of each', async () => {
      expectGolden(centroidCosine(source, target), expected.centroid_cosine, golden);
      expectGolden(centroidCosine(target, source), expected.centroid_cosine, golden);
      expectGolden(await vendi(target), expected.vendi_X, golden);
      expectGolden(await vendi(source), expected.vendi_Y, golden);
    });

    it('in KID of subsets, both ways round', async () => {
      const subsets = inputs.kid_subsets.map(({ ix, iy }) => ({ source: iy, target: ix }));
      const found = await subsetKid(source, target, { subsets });
      const back = await subsetKid(target, source, {
        subsets: subsets.map((s) => ({ source: s.target, target: s.source })),
      });
      for (const one of [found, back]) {
        expectGolden(one.mean, expected.kid_subsets.mean, golden);
        expectGolden(one.standardDeviation, expected.kid_subsets.std_ddof0, golden);
        for (const [i, value] of one.values.entries()) expectGolden(value, expected.kid_subsets.values[i]!, golden);
      }
    });
  },
);

describe('set_identical', () => {
  interface Identical {
    cmmd_normalised: number;
    sliced_w2: number;
    linear_cka: number;
    centroid_cosine: number;
    prdc_k5: Prdc;
  }
  const golden = readGolden<{ X: number[][] }, Identical>('set_identical');
  const [x, copy] = [matrixOf(golden.inputs.X), matrixOf(golden.inputs.X)];

  it.each([
    ['itself', x],
    ['a copy of itself', copy],
  ])('is no distance from %s, and all of it lies in its neighbourhoods', async (_, other) => {
    const { expected } = golden;
    expectGolden(await cmmd(x, other), expected.cmmd_normalised, golden);
    expectGolden(await slicedWasserstein(x, other), expected.sliced_w2, golden);
    expectGolden(await linearCka(x, other), expected.linear_cka, golden);
    expectGolden(centroidCosine(x, other), expected.centroid_cosine, golden);
    expectGolden(await precision(x, other), expected.prdc_k5.precision, golden);
    expectGolden(await recall(x, other), expected.prdc_k5.recall, golden);
    expectGolden(await density(x, other), expected.prdc_k5.density, golden);
    expectGolden(await coverage(x, other), expected.prdc_k5.coverage, golden);
  });
});

describe('paired_cka', () => {
  const golden = readGolden<Record<'A' | 'B' | 'C', number[][]>, Record<string, number>>('paired_cka');
  const { expected } = golden;
  const a = matrixOf(golden.inputs.A);
  const b = matrixOf(golden.inputs.B);
  const c = matrixOf(golden.inputs.C);

  it('agrees in linear CKA without bias, which independent features hardly have', async () => {
    expectGolden(await linearCka(a, b), expected.cka_debiased_AB!, golden);
    expectGolden(await linearCka(b, a), expected.cka_debiased_AB!, golden);
    expectGolden(await linearCka(a, c), expected.cka_debiased_AC!, golden);
    expectGolden(await linearCka(c, a), expected.cka_debiased_AC!, golden);
  });

  it('agrees in linear CKA as first published', async () => {
    const biased = { estimator: 'biased' } as const;
    expectGolden(await linearCka(a, b, biased), expected.cka_AB!, golden);
    expectGolden(await linearCka(a, c, biased), expected.cka_AC!, golden);
    expectGolden(await linearCka(a, a, biased), expected.cka_AA!, golden);
    const turned = mapped(
      reflected(
        a,
        Array.from({ length: a.columns }, (_, k) => 1 + k),
      ),
      (value) => 3 * value,
    );
    expectGolden(await linearCka(a, turned, biased), expected.cka_A_rot_scale!, golden);
    expect(await linearCka(a, turned)).toBeCloseTo(1, 10);
  });
});
