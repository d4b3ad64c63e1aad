import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dotProducts } from '../../../src/linear-algebra/dot-products.ts';
import { type Products, plainProducts } from '../../../src/linear-algebra/products.ts';
import { type RuntimeProducts, runtimeProducts } from '../../../src/linear-algebra/runtime-products.ts';
import { type Matrix, matrix } from '../../../src/matrix.ts';
import { fittingOf } from '../../../src/probe/linear/fitting.ts';
import { scoresOnColumns, softmaxRegressionOnColumns } from '../../../src/probe/linear/regression-on-columns.ts';
import { scoresOf, softmaxRegressionPath, toProbabilities } from '../../../src/probe/linear/softmax-regression.ts';
import { standardisedRows } from '../../../src/probe/linear/standardised-gram.ts';
import { seededRandom } from '../../../src/random.ts';
import { loadNatives } from '../../../src/runtime/natives.ts';
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
// Every class is there: the intercept of one that is not has no optimum.
const labelsOf = (rows: number, outputs: number) =>
  Array.from({ length: rows }, (_, i) => (i * i + (i >> 2)) % outputs);
const gramOf = ({ data, rows, columns }: Matrix<Float64Array>) => dotProducts(data, rows, data, rows, columns);
const costs = [0.001, 0.1, 1, 10];

describe('regression in the weights themselves', () => {
  it.each([
    'transfer_balanced_200x32_c4',
    'transfer_imbalanced_160x24_c5',
    'transfer_n_lt_d_48x64_c3',
    'transfer_noise_120x16_c2',
  ])('has the optimum that independent implementations found: %s', async (name) => {
    const { inputs, expected } = readGolden<{ F: number[][]; y: number[] }, Expected>(name);
    const x = matrixOf(inputs.F);
    const outputs = Math.max(...inputs.y) + 1;
    const problem = { rows: x.data, columns: x.columns, targets: oneHot(inputs.y, outputs), outputs };
    const models = await softmaxRegressionOnColumns({ ...problem, link: 'softmax' }, [0.01, 1], { tolerance: 1e-13 });
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
  ] as const)('is the regression on products of images: %s', async (_, x, given, outputs, link) => {
    const targets = Float64Array.from(given);
    const own = await softmaxRegressionOnColumns({ rows: x.data, columns: x.columns, targets, outputs, link }, costs);
    const gram = gramOf(x);
    for (const [at, other] of softmaxRegressionPath({ gram, targets, outputs, link }, costs).entries()) {
      expect(own[at]!.converged).toBe(true);
      expect(Math.abs(own[at]!.objective / other.objective - 1)).toBeLessThan(1e-9);
      const scores = scoresOf(other, gram, x.rows);
      (await scoresOnColumns(own[at]!, x.data, x.rows)).forEach((score, i) => {
        expect(score).toBeCloseTo(scores[i]!, 4);
      });
    }
  });

  it('of columns that say nothing is the share of each class', async () => {
    const [model] = await softmaxRegressionOnColumns(
      { rows: new Float64Array(12), columns: 2, targets: oneHot([0, 0, 0, 1, 2, 2], 3), outputs: 3, link: 'softmax' },
      [1],
      { tolerance: 1e-13 },
    );
    const [a, b, c] = model!.intercepts;
    expect(model!.converged).toBe(true);
    expect(Math.exp(a! - b!)).toBeCloseTo(3, 5);
    expect(Math.exp(c! - b!)).toBeCloseTo(2, 5);
  });

  it('reports that the optimum was not reached', async () => {
    const x = features(60, 7);
    const problem = { rows: x.data, columns: 7, targets: oneHot(labelsOf(60, 4), 4), outputs: 4 };
    const [model] = await softmaxRegressionOnColumns({ ...problem, link: 'softmax' }, [10], { maxIterations: 2 });
    expect(model).toMatchObject({ converged: false, iterations: 2 });
  });
});

/** The gradient of C · Σ log-loss + ½‖W‖² in weights and intercepts, straight from its definition: the largest entry. */
function largestGradient(
  x: Matrix<Float64Array>,
  { targets, outputs, link }: { targets: Float64Array; outputs: number; link: 'softmax' | 'sigmoid' },
  cost: number,
  { weights, intercepts }: { weights: Float64Array; intercepts: Float64Array },
): number {
  const { data, rows, columns } = x;
  const residuals = new Float64Array(outputs * rows);
  for (let k = 0; k < outputs; k++)
    for (let i = 0; i < rows; i++) {
      let score = intercepts[k]!;
      for (let j = 0; j < columns; j++) score += weights[k * columns + j]! * data[i * columns + j]!;
      residuals[k * rows + i] = score;
    }
  toProbabilities(residuals, outputs, link);
  let largest = 0;
  for (let k = 0; k < outputs; k++) {
    const gradient = weights.slice(k * columns, (k + 1) * columns);
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      const residual = cost * (residuals[k * rows + i]! - targets[k * rows + i]!);
      sum += residual;
      for (let j = 0; j < columns; j++) gradient[j]! += residual * data[i * columns + j]!;
    }
    for (const value of [...gradient, sum]) largest = Math.max(largest, Math.abs(value));
  }
  return largest;
}

describe('regression with products on the runtime', () => {
  let single: RuntimeProducts;
  let several: RuntimeProducts;
  beforeAll(async () => {
    const { onnxruntime } = await loadNatives({ need: ['onnxruntime-node'], log: () => undefined });
    single = runtimeProducts(onnxruntime!, 1);
    several = runtimeProducts(onnxruntime!, 2);
  });
  afterAll(async () => {
    await single.close();
    await several.close();
  });

  // Columns below and above those from which an inverse is made, and products below and above those that the runtime gets.
  it.each([
    ['softmax', 420, 260, 5, 'softmax'],
    ['softmax, few columns', 700, 100, 5, 'softmax'],
    ['softmax, small', 60, 20, 4, 'softmax'],
    ['one sigmoid', 1000, 300, 1, 'sigmoid'],
    ['several sigmoids', 500, 256, 5, 'sigmoid'],
  ] as const)(
    'has the same optimum as in loops, where the gradient is nothing: %s',
    async (_, rows, columns, outputs, link) => {
      const x = features(rows, columns);
      const labels = labelsOf(rows, Math.max(2, outputs));
      const targets = oneHot(labels, Math.max(2, outputs)).slice(outputs === 1 ? rows : 0);
      const problem = { rows: x.data, columns, targets, outputs, link };
      const fitted = (products: Products) => softmaxRegressionOnColumns(problem, costs, { products });
      const [loops, one, two] = [await fitted(plainProducts), await fitted(single), await fitted(several)];
      const nothing = { weights: new Float64Array(outputs * columns), intercepts: new Float64Array(outputs) };
      for (const [at, cost] of costs.entries())
        for (const models of [loops, one, two]) {
          const model = models[at]!;
          expect(model.converged).toBe(true);
          expect(Math.abs(model.objective / loops[at]!.objective - 1)).toBeLessThan(1e-10);
          expect(largestGradient(x, problem, cost, model)).toBeLessThan(
            1e-4 * largestGradient(x, problem, cost, nothing),
          );
        }
    },
  );

  it('gives the same bits every time', async () => {
    const x = features(400, 260);
    const problem = { rows: x.data, columns: 260, targets: oneHot(labelsOf(400, 3), 3), outputs: 3 } as const;
    const fitted = () => softmaxRegressionOnColumns({ ...problem, link: 'softmax' }, [0.1, 1], { products: single });
    expect(await fitted()).toEqual(await fitted());
  });

  it('finds the last optimum as exactly when those on the way are found roughly, in fewer steps', async () => {
    const x = features(300, 40);
    const problem = { rows: x.data, columns: 40, targets: oneHot(labelsOf(300, 4), 4), outputs: 4 };
    const fitted = (onTheWay: number) =>
      softmaxRegressionOnColumns({ ...problem, link: 'softmax' }, costs, { onTheWay, products: single });
    const [exact, rough] = [await fitted(1e-12), await fitted(1e-4)];
    expect(Math.abs(rough.at(-1)!.objective / exact.at(-1)!.objective - 1)).toBeLessThan(1e-10);
    expect(rough[0]!.iterations).toBeLessThan(exact[0]!.iterations);
    expect(rough[0]!.objective).toBeGreaterThan(exact[0]!.objective);
  });

  it('needs no path to get to weak regularisation where classes come apart', async () => {
    // Far apart: what curvature the loss has at the start, next to none of it is left at the optimum.
    const labels = labelsOf(600, 4);
    const x = features(600, 60);
    for (const [i, label] of labels.entries()) x.data[i * 60 + label]! += 6;
    const problem = { rows: x.data, columns: 60, targets: oneHot(labels, 4), outputs: 4, link: 'softmax' } as const;
    const [cold] = await softmaxRegressionOnColumns(problem, [10], { products: single });
    const warm = (await softmaxRegressionOnColumns(problem, costs, { products: single })).at(-1)!;
    expect(cold!.converged).toBe(true);
    expect(cold!.iterations).toBeLessThan(100);
    expect(Math.abs(cold!.objective / warm.objective - 1)).toBeLessThan(1e-9);
  });
});

describe('what is fitted to a split', () => {
  it.each([
    ['more images than features', 40, 6],
    ['more features than images', 40, 90],
  ])('gives scores of train and test images that do not depend on how it is computed: %s', async (_, rows, columns) => {
    const x = features(rows, columns);
    const train = Array.from({ length: rows - 8 }, (__, i) => i + 8);
    const test = Array.from({ length: 8 }, (__, i) => i);
    const part = [0, 2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31];
    const held = [1, 4, 6];
    const targets = oneHot(labelsOf(part.length, 3), 3);
    const fitting = await fittingOf(x, train, test, plainProducts);
    const [model] = await fitting.path(part, { targets, outputs: 3, link: 'softmax' }, [0.1]);
    const standardised = standardisedRows(x, train, test);
    const rowsOf = (images: readonly number[]) =>
      Float64Array.from(images.flatMap((i) => [...standardised.train.subarray(i * columns, (i + 1) * columns)]));
    const [expected] = await softmaxRegressionOnColumns(
      { rows: rowsOf(part), columns, targets, outputs: 3, link: 'softmax' },
      [0.1],
    );
    const close = (found: Float64Array, wanted: Float64Array) =>
      found.forEach((score, i) => {
        expect(score).toBeCloseTo(wanted[i]!, 4);
      });
    close(await model!.ofTrain(held), await scoresOnColumns(expected!, rowsOf(held), held.length));
    close(await model!.ofTest(), await scoresOnColumns(expected!, standardised.test, test.length));
  });
});
