import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TransferEvidenceError } from '../../src/errors.ts';
import { type Matrix, matrix } from '../../src/matrix.ts';
import { googleSphericalGbc } from '../../src/transferability/compat/gbc.ts';
import { sfdaLeep, sfdaNleep } from '../../src/transferability/compat/leep.ts';
import { thumlLogMe, tllibLogMe } from '../../src/transferability/compat/log-me.ts';
import { dbolyaParc } from '../../src/transferability/compat/parc.ts';
import { gbc } from '../../src/transferability/gbc.ts';
import { type Knn, knn } from '../../src/transferability/knn.ts';
import { leep } from '../../src/transferability/leep.ts';
import { logMe } from '../../src/transferability/log-me.ts';
import { nce } from '../../src/transferability/nce.ts';
import { nleep } from '../../src/transferability/nleep.ts';
import { parc } from '../../src/transferability/parc.ts';
import { regularisedHScore } from '../../src/transferability/regularised-h-score.ts';
import { fuzzRuns, strangeSet } from '../helpers/labelled.ts';

type Strange = Parameters<Parameters<typeof strangeSet.map>[0]>[0];

/** Refused by name, or every number of the result finite. */
async function expectFiniteOrRefused(measure: () => Promise<number[]>): Promise<void> {
  let found: number[];
  try {
    found = await measure();
  } catch (error) {
    expect(error).toBeInstanceOf(TransferEvidenceError);
    expect(['measure-refused', 'shape-mismatch']).toContain((error as TransferEvidenceError).code);
    return;
  }
  expect(found.every(Number.isFinite), String(found)).toBe(true);
}

/** Rows as a head would give them, some of all mass on one class; what is not finite stays so. */
function asProbabilities({ data, rows, columns }: Matrix<Float64Array>): Matrix<Float64Array> {
  const out = matrix(new Float64Array(data.length), rows, columns);
  for (let row = 0; row < rows; row++) {
    const own = data.subarray(row * columns, (row + 1) * columns);
    const most = own.reduce((a, b) => Math.max(a, b), -Infinity);
    const sum = own.reduce((total, value) => total + Math.exp(value - most), 0);
    own.forEach((value, k) => {
      out.data[row * columns + k] = Math.exp(value - most) / sum;
    });
  }
  return out;
}

const fewest = 1;
const measures: [string, (set: Strange) => Promise<number[]> | number[]][] = [
  ['k-NN', async ({ features, labels, groups }) => knnNumbers(await knn(features, labels, { groups, fewest }))],
  [
    '1-NN, Euclidean',
    async ({ features, labels }) => knnNumbers(await knn(features, labels, { k: 1, distance: 'euclidean', fewest })),
  ],
  ['LogME', async ({ features, labels }) => [(await logMe(features, labels, { fewest })).score]],
  ['LogME as thuml', async ({ features, labels }) => [await thumlLogMe(features, labels, { fewest })]],
  ['LogME as TLlib', async ({ features, labels }) => [await tllibLogMe(features, labels, { fewest })]],
  ['LEEP', ({ features, labels }) => [leep(asProbabilities(features), labels, { fewest })]],
  ['LEEP as SFDA', ({ features, labels }) => [sfdaLeep(asProbabilities(features), labels, { fewest })]],
  ['NCE', ({ features, labels }) => [nce(sourceClasses(features), labels, { fewest })]],
  ['NLEEP', async ({ features, labels, seed }) => (await nleep(features, labels, { seeds: 1, seed, fewest })).perSeed],
  [
    'NLEEP as SFDA',
    async ({ features, labels, seed }) => [await sfdaNleep(features, labels, { seeds: 1, seed, fewest })],
  ],
  [
    'PARC',
    async ({ features, labels, groups, seed }) => [await parc(features, labels, { images: 30, groups, seed, fewest })],
  ],
  ['PARC as dbolya', async ({ features, labels }) => [await dbolyaParc(features, labels, { fewest })]],
  [
    'the regularised H-score',
    async ({ features, labels }) => Object.values(await regularisedHScore(features, labels, { fewest })),
  ],
  ['GBC', ({ features, labels }) => [gbc(features, labels, { fewest })]],
  ['GBC as google', ({ features, labels }) => [googleSphericalGbc(features, labels, { fewest })]],
];

/** A whole number from 0 an image, unless its first feature is none. */
function sourceClasses({ data, rows, columns }: Matrix): number[] {
  return Array.from({ length: rows }, (_, row) => Math.floor(Math.abs(data[row * columns] ?? 0)));
}

function knnNumbers({ accuracy, balancedAccuracy, interval }: Knn): number[] {
  return [accuracy, balancedAccuracy, interval.low, interval.high];
}

describe.each(measures)('%s of any input', (_, measure) => {
  it('is finite or refused, never NaN', { timeout: 600_000 }, async () => {
    let finite = 0;
    await fc.assert(
      fc.asyncProperty(strangeSet, (set) =>
        expectFiniteOrRefused(async () => {
          const found = await measure(set);
          finite++;
          return found;
        }),
      ),
      { numRuns: fuzzRuns },
    );
    // Refusing everything would be no proof.
    expect(finite).toBeGreaterThan(fuzzRuns / 10);
  });

  it('is refused where labels are missing or none', async () => {
    const features = matrix(
      Float64Array.from({ length: 24 }, (_, at) => Math.sin(at)),
      12,
      2,
    );
    const six = { features, groups: Array.from({ length: 12 }, (_, i) => `g${i}`), seed: 0 };
    const labels = Array.from({ length: 12 }, (_, i) => i % 2);
    await expect(async () => measure({ ...six, labels: labels.slice(1) })).rejects.toThrow(TransferEvidenceError);
    for (const strange of [-1, 0.5, Number.NaN])
      await expect(async () => measure({ ...six, labels: [strange, ...labels.slice(1)] })).rejects.toThrow(
        expect.objectContaining({ code: 'measure-refused' }),
      );
  });
});
