import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TransferEvidenceError } from '../../../src/errors.ts';
import { type Matrix, matrix } from '../../../src/matrix.ts';
import { centroidCosine } from '../../../src/similarity/embedding/centroid-cosine.ts';
import { cmmd, unbiasedCmmd } from '../../../src/similarity/embedding/cmmd.ts';
import { subsetKid } from '../../../src/similarity/embedding/compat/kid.ts';
import { domainClassifier } from '../../../src/similarity/embedding/domain-classifier.ts';
import { linearCka } from '../../../src/similarity/embedding/linear-cka.ts';
import { mind } from '../../../src/similarity/embedding/mind.ts';
import { coverage, density, precision, recall } from '../../../src/similarity/embedding/prdc.ts';
import { slicedWasserstein } from '../../../src/similarity/embedding/sliced-wasserstein.ts';
import { vendi } from '../../../src/similarity/embedding/vendi.ts';
import { fuzzRuns, strangeSet } from '../../helpers/labelled.ts';

/** Two strange sets, described by the same numbers; now and then one set twice. */
const strangePair = fc
  .record({ first: strangeSet, second: strangeSet, same: fc.integer({ min: 0, max: 9 }) })
  .map(({ first, second, same }): StrangePair => {
    const a = first.features;
    const b = second.features;
    const data = Float64Array.from({ length: b.rows * a.columns }, (_, at) => b.data[at % b.data.length] ?? 0);
    const isSame = same === 0;
    return {
      source: a,
      target: isSame ? a : matrix(data, b.rows, a.columns),
      sourceGroups: first.groups,
      targetGroups: isSame ? first.groups : second.groups,
      seed: first.seed,
    };
  });

interface StrangePair {
  source: Matrix<Float64Array>;
  target: Matrix<Float64Array>;
  sourceGroups: string[];
  targetGroups: string[];
  seed: number;
}

/** Refused by name, or every number of the result finite. */
async function finiteOrRefused(measure: () => Promise<number[]>): Promise<boolean> {
  let found: number[];
  try {
    found = await measure();
  } catch (error) {
    expect(error).toBeInstanceOf(TransferEvidenceError);
    expect(['measure-refused', 'shape-mismatch']).toContain((error as TransferEvidenceError).code);
    return false;
  }
  expect(found.every(Number.isFinite), String(found)).toBe(true);
  return true;
}

const few = { directions: 8 };
const measures: [string, (pair: StrangePair) => Promise<number[]>][] = [
  ['precision', async ({ source, target }) => [await precision(source, target)]],
  ['recall', async ({ source, target }) => [await recall(source, target, { k: 1 })]],
  ['density', async ({ source, target }) => [await density(source, target, { k: 3, inclusive: true })]],
  ['coverage', async ({ source, target }) => [await coverage(source, target)]],
  ['sliced W2', async ({ source, target, seed }) => [await slicedWasserstein(source, target, { ...few, seed })]],
  ['MIND', async ({ source, target, seed }) => [await mind(source, target, { ...few, seed })]],
  ['CMMD', async ({ source, target }) => [await cmmd(source, target), await unbiasedCmmd(source, target)]],
  ['the Vendi score', async ({ source, seed }) => [await vendi(source), await vendi(source, { images: 7, seed })]],
  ['the cosine of centroids', async ({ source, target }) => [centroidCosine(source, target)]],
  ['CKA', async (pair) => [await linearCka(...samples(pair))]],
  ['biased CKA', async (pair) => [await linearCka(...samples(pair), { estimator: 'biased' })]],
  [
    'KID of subsets',
    async ({ source, target, seed }) => {
      const { mean, standardDeviation, values } = await subsetKid(source, target, { subsets: 3, size: 4, seed });
      return [mean, standardDeviation, ...values];
    },
  ],
  [
    'the domain classifier',
    async ({ source, target, sourceGroups, targetGroups, seed }) => {
      const options = { sourceGroups, targetGroups, seed, fewest: 2 };
      const { auc, proxyADistance } = await domainClassifier(source, target, options);
      const alone = await domainClassifier(source, target, { seed, fewest: 2 });
      return [auc, alone.auc]
        .flatMap(({ value, low, high, standardError }) => [value, low, high, standardError])
        .concat(proxyADistance);
    },
  ],
];

/** The same images in both, as CKA takes them. */
function samples({ source, target }: StrangePair): [Matrix, Matrix] {
  const rows = Math.min(source.rows, target.rows);
  const part = ({ data, columns }: Matrix<Float64Array>) => matrix(data.slice(0, rows * columns), rows, columns);
  return [part(source), part(target)];
}

describe.each(measures)('%s of any input', (_, measure) => {
  it('is finite or refused, never NaN', { timeout: 600_000 }, async () => {
    let finite = 0;
    await fc.assert(
      fc.asyncProperty(strangePair, async (pair) => {
        if (await finiteOrRefused(() => measure(pair))) finite++;
      }),
      { numRuns: fuzzRuns },
    );
    // Refusing everything would be no proof.
    expect(finite).toBeGreaterThan(fuzzRuns / 10);
  });
});
