import { Matrix as Dense, EigenvalueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { plainProducts } from '../../src/linear-algebra/products.ts';
import { type Matrix, matrix } from '../../src/matrix.ts';
import { seededRandom } from '../../src/random.ts';
import { gaussianMixture } from '../../src/transferability/gaussian-mixture.ts';
import { principalComponents } from '../../src/transferability/principal-components.ts';
import { spectrumOf } from '../../src/transferability/spectrum.ts';
import { labelledSet } from '../helpers/labelled.ts';
import { normalRows } from '../helpers/sets.ts';

const identity = (n: number) =>
  matrix(
    Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0)),
    n,
    n,
  );
const rowsOf = ({ data, rows, columns }: Matrix) =>
  Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * columns, (i + 1) * columns)));
const sorted = (values: ArrayLike<number>) => Array.from(values).sort((a, b) => a - b);

const cases: Record<string, Matrix<Float64Array>> = {
  'of a random matrix': await plainProducts.rows(normalRows(23, 40, 1), normalRows(23, 40, 1)),
  'of a matrix of low rank': await plainProducts.rows(normalRows(23, 3, 2), normalRows(23, 3, 2)),
  'of a matrix large enough for bands': await plainProducts.rows(normalRows(150, 170, 1), normalRows(150, 170, 1)),
  'of a large matrix of low rank': await plainProducts.rows(normalRows(161, 20, 1), normalRows(161, 20, 1)),
  'of one number': matrix(Float64Array.of(4), 1, 1),
  'of the identity': identity(7),
  'of nothing but zeros': matrix(new Float64Array(25), 5, 5),
  'of entries that lie far apart': matrix(Float64Array.of(1e12, 3, 1e-3, 3, 2, 1e-6, 1e-3, 1e-6, 1e-9), 3, 3),
};

describe.each(Object.entries(cases))('the spectrum %s', async (_, square) => {
  const n = square.rows;
  const { values, projected } = await spectrumOf(square, identity(n), plainProducts);
  const size = Math.max(1e-300, ...values.map(Math.abs));

  it('has the eigenvalues that ml-matrix finds', () => {
    const { realEigenvalues } = new EigenvalueDecomposition(new Dense(rowsOf(square)), { assumeSymmetric: true });
    const expected = sorted(realEigenvalues);
    sorted(values).forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-12 * size);
    });
  });

  it('has eigenvectors, one a row, at right angles', async () => {
    const image = await plainProducts.rows(projected, square);
    const angles = await plainProducts.rows(projected, projected);
    for (let k = 0; k < n; k++)
      for (let i = 0; i < n; i++) {
        expect(Math.abs(image.data[k * n + i]! - values[k]! * projected.data[k * n + i]!)).toBeLessThan(1e-11 * size);
        expect(Math.abs(angles.data[k * n + i]! - (k === i ? 1 : 0))).toBeLessThan(1e-12);
      }
  });

  it('projects any columns as the eigenvectors would', async () => {
    const columns = normalRows(n, 2, 5);
    const found = (await spectrumOf(square, columns, plainProducts)).projected;
    const expected = await plainProducts.product(projected, columns);
    expected.data.forEach((value, at) => {
      expect(Math.abs(value - found.data[at]!)).toBeLessThan(1e-11);
    });
  });
});

it('refuses numbers that are none rather than turning for ever', async () => {
  const broken = matrix(
    Float64Array.from({ length: 16 }, () => Number.NaN),
    4,
    4,
  );
  await expect(spectrumOf(broken, identity(4), plainProducts)).rejects.toThrow(
    expect.objectContaining({ code: 'measure-refused' }),
  );
});

describe('principal components', () => {
  it.each([
    [30, 8],
    [8, 30],
  ])('of %d × %d keep distances when all are taken, and as few as hold the energy', async (n, d) => {
    const set = normalRows(n, d, 3);
    const { scores, energy } = await principalComponents(set, { count: 100 }, plainProducts);
    const apart = (m: Matrix, i: number, j: number) =>
      rowsOf(m)[i]!.reduce((sum, x, k) => sum + (x - rowsOf(m)[j]![k]!) ** 2, 0);
    expect(apart(scores, 0, 5)).toBeCloseTo(apart(set, 0, 5), 9);
    const few = (await principalComponents(set, { energy: 0.8 }, plainProducts)).scores.columns;
    const held = (count: number) => energy.subarray(0, count).reduce((sum, x) => sum + x, 0);
    expect(held(few)).toBeGreaterThanOrEqual(0.8);
    expect(held(few - 1)).toBeLessThan(0.8);
  });
});

describe('gaussianMixture', () => {
  const { features, labels } = labelledSet({ perClass: 40, classes: 2, columns: 3, apart: 8 });

  it('finds two clusters that lie apart', () => {
    const { posteriors } = gaussianMixture(features, 2, seededRandom(1));
    const component = labels.map((_, i) => (posteriors.data[2 * i]! > 0.5 ? 0 : 1));
    expect(new Set(labels.map((label, i) => `${label} ${component[i]}`)).size).toBe(2);
  });

  it('has posteriors that sum to 1, for fewer rows than dimensions and for doubled rows too', () => {
    const doubled = matrix(
      Float64Array.from({ length: 40 }, (_, at) => (at % 4) + Math.floor(at / 20)),
      10,
      4,
    );
    for (const [set, components] of [
      [features, 4],
      [normalRows(6, 9, 2), 3],
      [doubled, 3],
    ] as const) {
      const { posteriors, logLikelihood } = gaussianMixture(set, components, seededRandom(2));
      expect(Number.isFinite(logLikelihood)).toBe(true);
      for (const row of rowsOf(posteriors)) expect(row.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 12);
    }
  });
});
