import { describe, expect, it } from 'vitest';
import { googleSphericalGbc } from '../../src/transferability/compat/gbc.ts';
import { sfdaLeep } from '../../src/transferability/compat/leep.ts';
import { thumlLogMe, tllibLogMe } from '../../src/transferability/compat/log-me.ts';
import { dbolyaParc } from '../../src/transferability/compat/parc.ts';
import { gbc } from '../../src/transferability/gbc.ts';
import { knn } from '../../src/transferability/knn.ts';
import { leep } from '../../src/transferability/leep.ts';
import { logMe } from '../../src/transferability/log-me.ts';
import { nce } from '../../src/transferability/nce.ts';
import { parc } from '../../src/transferability/parc.ts';
import { regularisedHScore } from '../../src/transferability/regularised-h-score.ts';
import { expectGolden, matrixOf, readGolden } from '../helpers/golden.ts';

interface Inputs {
  F: number[][];
  y: number[];
  source_probs: number[][];
  gmm_posteriors: number[][];
}
interface Neighbours {
  accuracy: number;
  pred: number[];
}
interface Expected {
  logme: { score: number };
  logme_converged: { score: number; per_class: number[]; alpha: (number | null)[]; beta: number[] };
  logme_thuml_default: number;
  leep: number;
  nleep: number;
  nleep_no_log: number;
  nce: number;
  reg_h_score: { score: number; shrinkage: number };
  gbc_diagonal: number;
  gbc_spherical_as_google: number;
  parc: number;
  parc_pca8: number;
  knn1: Neighbours;
  knn5: Neighbours;
  knn5_cosine: Neighbours;
}

/** The cases have smaller classes than a score accepts by itself. */
const fewest = 1;

describe.each([
  'transfer_balanced_200x32_c4',
  'transfer_imbalanced_160x24_c5',
  'transfer_n_lt_d_48x64_c3',
  'transfer_noise_120x16_c2',
])('%s agrees with the reference implementations', (name) => {
  const golden = readGolden<Inputs, Expected>(name);
  const { inputs, expected } = golden;
  const features = matrixOf(inputs.F);
  const labels = inputs.y;
  const source = matrixOf(inputs.source_probs);
  const largest = (row: readonly number[]) => row.indexOf(row.reduce((most, value) => Math.max(most, value)));

  it('in LogME where its iteration has converged', async () => {
    const converged = { ...golden, tolerance: { rel: 1e-7, abs: 1e-9 } };
    const { score, classes } = await logMe(features, labels, { fewest });
    expectGolden(score, expected.logme_converged.score, converged);
    classes.forEach(({ evidence, alpha, beta }, c) => {
      expectGolden(evidence, expected.logme_converged.per_class[c]!, converged);
      expectGolden(beta, expected.logme_converged.beta[c]!, { ...golden, tolerance: { rel: 1e-6, abs: 0 } });
      const stated = expected.logme_converged.alpha[c];
      if (stated === null) expect(alpha).toBe(Infinity);
      else expectGolden(alpha, stated!, { ...golden, tolerance: { rel: 1e-5, abs: 0 } });
    });
  });

  it('in LogME as TLlib and thuml print it', async () => {
    expectGolden(await tllibLogMe(features, labels, { fewest }), expected.logme.score, golden);
    expectGolden(await thumlLogMe(features, labels, { fewest }), expected.logme_thuml_default, golden);
  });

  it('in LEEP, NCE and NLEEP of given posteriors, with the logarithm and as SFDA without', () => {
    expectGolden(leep(source, labels, { fewest }), expected.leep, golden);
    expectGolden(nce(inputs.source_probs.map(largest), labels, { fewest }), expected.nce, golden);
    const posteriors = matrixOf(inputs.gmm_posteriors);
    expectGolden(leep(posteriors, labels, { fewest }), expected.nleep, golden);
    expectGolden(sfdaLeep(posteriors, labels, { fewest }), expected.nleep_no_log, golden);
  });

  it('in the regularised H-score and its shrinkage', async () => {
    const { score, shrinkage } = await regularisedHScore(features, labels, { fewest });
    expectGolden(score, expected.reg_h_score.score, golden);
    expectGolden(shrinkage, expected.reg_h_score.shrinkage, golden);
  });

  it('in GBC, diagonal and as google’s spherical', () => {
    expectGolden(gbc(features, labels, { fewest }), expected.gbc_diagonal, golden);
    expectGolden(googleSphericalGbc(features, labels, { fewest }), expected.gbc_spherical_as_google, golden);
  });

  it('in PARC, and in the form with principal components', async () => {
    expectGolden(await parc(features, labels, { fewest }), expected.parc, golden);
    expectGolden(
      await dbolyaParc(features, labels, { fewest, components: 8, labelTies: 'exact' }),
      expected.parc_pca8,
      golden,
    );
  });

  it.each([
    ['knn1', 1, 'euclidean'],
    ['knn5', 5, 'euclidean'],
    ['knn5_cosine', 5, 'cosine'],
  ] as const)('in every prediction of %s', async (key, k, distance) => {
    const { accuracy, predicted } = await knn(features, labels, { k, distance, fewest });
    expectGolden(accuracy, expected[key].accuracy, golden);
    expect([...predicted]).toEqual(expected[key].pred);
  });
});

describe('transfer_edge', () => {
  const golden = readGolden<Omit<Inputs, 'gmm_posteriors'>, { leep: number; knn1: number; gbc_diagonal: number }>(
    'transfer_edge',
  );
  const { inputs, expected } = golden;
  const features = matrixOf(inputs.F);

  it('skips source classes without mass', () => {
    expectGolden(leep(matrixOf(inputs.source_probs), inputs.y), expected.leep, golden);
  });

  it('keeps variances of nothing at the floor', () => {
    expectGolden(gbc(features, inputs.y), expected.gbc_diagonal, golden);
  });

  it('finds the nearest neighbour', async () => {
    expectGolden((await knn(features, inputs.y, { k: 1, distance: 'euclidean' })).accuracy, expected.knn1, golden);
  });
});
