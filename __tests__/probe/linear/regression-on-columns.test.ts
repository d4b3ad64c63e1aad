import { describe, expect, it } from 'vitest';
import { dotProducts } from '../../../src/linear-algebra/dot-products.ts';
import { type Matrix, matrix } from '../../../src/matrix.ts';
import { fittingOf } from '../../../src/probe/linear/fitting.ts';
import { scoresOnColumns, softmaxRegressionOnColumns } from '../../../src/probe/linear/regression-on-columns.ts';
import { scoresOf, softmaxRegressionPath } from '../../../src/probe/linear/softmax-regression.ts';
import { standardisedRows } from '../../../src/probe/linear/standardised-gram.ts';
import { seededRandom } from '../../../src/random.ts';
import { matrixOf, readGolden } from '../../helpers/golden.ts';

interface Expected {
  softmax_regression: Record<string, { objective: number; weight_norm: number }>;
}

const random = seededRandom(12, 'regression on columns');
const features = (rows: number, columns: number, far = 0) =>
  matrix(
    Float64Array.from({ length: rows * columns }, (_, i) => random.normal() + far * (i % columns)),
    rows,
    columns,
  );
const oneHot = (labels: readonly number[], outputs: number) => {
  const targets = new Float64Array(outputs * labels.length);
  labels.forEach((label, i) => {
    targets[label * labels.length + i] = 1;
  });
  return targets;
};
const labelsOf = (rows: number, outputs: number) => Array.from({ length: rows }, (_, i) => (i * i) % outputs);
const gramOf = ({ data, rows, columns }: Matrix<Float64Array>) => dotProducts(data, rows, data, rows, columns);
const costs = [0.001, 0.1, 1, 10];

describe('regression in the weights themselves', () => {
  it.each([
    'transfer_balanced_200x32_c4',
    'transfer_imbalanced_160x24_c5',
    'transfer_n_lt_d_48x64_c3',
    'transfer_noise_120x16_c2',
  ])('has the optimum that independent implementations found: %s', (name) => {
    const { inputs, expected } = readGolden<{ F: number[][]; y: number[] }, Expected>(name);
    const x = matrixOf(inputs.F);
    const outputs = Math.max(...inputs.y) + 1;
    const problem = { rows: x.data, columns: x.columns, targets: oneHot(inputs.y, outputs), outputs };
    const models = softmaxRegressionOnColumns({ ...problem, link: 'softmax' }, [0.01, 1], { tolerance: 1e-13 });
    for (const [at, key] of ['0.01', '1.0'].entries()) {
      const { objective, weights, converged } = models[at]!;
      const wanted = expected.softmax_regression[key]!;
      expect(converged).toBe(true);
      expect(Math.abs(objective / wanted.objective - 1)).toBeLessThan(1e-8);
      expect(Math.abs(Math.hypot(...weights) / wanted.weight_norm - 1)).toBeLessThan(1e-5);
    }
  });

  it.each([
    ['softmax', features(60, 7), oneHot(labelsOf(60, 4), 4), 4, 'softmax'],
    ['softmax far from the origin', features(60, 7, 3), oneHot(labelsOf(60, 4), 4), 4, 'softmax'],
    ['softmax, more columns than rows', features(24, 60), oneHot(labelsOf(24, 4), 4), 4, 'softmax'],
    ['one sigmoid', features(50, 9), oneHot(labelsOf(50, 2), 2).subarray(50), 1, 'sigmoid'],
    ['several sigmoids', features(50, 9), oneHot(labelsOf(50, 3), 3), 3, 'sigmoid'],
  ] as const)('is the regression on products of images: %s', (_, x, given, outputs, link) => {
    const targets = Float64Array.from(given);
    const own = softmaxRegressionOnColumns({ rows: x.data, columns: x.columns, targets, outputs, link }, costs);
    const gram = gramOf(x);
    softmaxRegressionPath({ gram, targets, outputs, link }, costs).forEach((other, at) => {
      expect(own[at]!.converged).toBe(true);
      expect(Math.abs(own[at]!.objective / other.objective - 1)).toBeLessThan(1e-9);
      const scores = scoresOf(other, gram, x.rows);
      scoresOnColumns(own[at]!, x.data, x.rows).forEach((score, i) => {
        expect(score).toBeCloseTo(scores[i]!, 4);
      });
    });
  });

  it('of columns that say nothing is the share of each class', () => {
    const [model] = softmaxRegressionOnColumns(
      { rows: new Float64Array(12), columns: 2, targets: oneHot([0, 0, 0, 1, 2, 2], 3), outputs: 3, link: 'softmax' },
      [1],
      { tolerance: 1e-13 },
    );
    const [a, b, c] = model!.intercepts;
    expect(model!.converged).toBe(true);
    expect(Math.exp(a! - b!)).toBeCloseTo(3, 5);
    expect(Math.exp(c! - b!)).toBeCloseTo(2, 5);
  });

  it('reports that the optimum was not reached', () => {
    const x = features(60, 7);
    const problem = { rows: x.data, columns: 7, targets: oneHot(labelsOf(60, 4), 4), outputs: 4 };
    const [model] = softmaxRegressionOnColumns({ ...problem, link: 'softmax' }, [10], { maxIterations: 2 });
    expect(model).toMatchObject({ converged: false, iterations: 2 });
  });
});

describe('what is fitted to a split', () => {
  it.each([
    ['more images than features', 40, 6],
    ['more features than images', 40, 90],
  ])('gives scores of train and test images that do not depend on how it is computed: %s', (_, rows, columns) => {
    const x = features(rows, columns);
    const train = Array.from({ length: rows - 8 }, (__, i) => i + 8);
    const test = Array.from({ length: 8 }, (__, i) => i);
    const part = [0, 2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31];
    const held = [1, 4, 6];
    const targets = oneHot(labelsOf(part.length, 3), 3);
    const [model] = fittingOf(x, train, test).path(part, { targets, outputs: 3, link: 'softmax' }, [0.1]);
    const standardised = standardisedRows(x, train, test);
    const rowsOf = (images: readonly number[]) =>
      Float64Array.from(images.flatMap((i) => [...standardised.train.subarray(i * columns, (i + 1) * columns)]));
    const [expected] = softmaxRegressionOnColumns(
      { rows: rowsOf(part), columns, targets, outputs: 3, link: 'softmax' },
      [0.1],
    );
    const close = (found: Float64Array, wanted: Float64Array) =>
      found.forEach((score, i) => {
        expect(score).toBeCloseTo(wanted[i]!, 4);
      });
    close(model!.ofTrain(held), scoresOnColumns(expected!, rowsOf(held), held.length));
    close(model!.ofTest(), scoresOnColumns(expected!, standardised.test, test.length));
  });
});
