import { describe, expect, it } from 'vitest';
import { dotProducts } from '../../../src/linear-algebra/dot-products.ts';
import type { Matrix } from '../../../src/matrix.ts';
import { lbfgs } from '../../../src/probe/linear/lbfgs.ts';
import {
  type Link,
  type Regression,
  scoresOf,
  softmaxRegressionPath,
  toProbabilities,
} from '../../../src/probe/linear/softmax-regression.ts';
import { seededRandom } from '../../../src/random.ts';
import { matrixOf, readGolden } from '../../helpers/golden.ts';

interface Inputs {
  F: number[][];
  y: number[];
}
interface Expected {
  softmax_regression: Record<
    string,
    { objective: number; mean_log_loss: number; accuracy: number; weight_norm: number }
  >;
}

const cases = [
  'transfer_balanced_200x32_c4',
  'transfer_imbalanced_160x24_c5',
  'transfer_n_lt_d_48x64_c3',
  'transfer_noise_120x16_c2',
];

function gramOf({ data, rows, columns }: Matrix<Float64Array>): Float64Array {
  return dotProducts(data, rows, data, rows, columns);
}

function oneHot(labels: readonly number[], outputs: number): Float64Array {
  const targets = new Float64Array(outputs * labels.length);
  labels.forEach((label, i) => {
    targets[label * labels.length + i] = 1;
  });
  return targets;
}

/** W = Σ aᵢ xᵢ, outputs × columns. */
function weightsOf({ coefficients }: Regression, { data, rows, columns }: Matrix<Float64Array>): Float64Array {
  const outputs = coefficients.length / rows;
  const weights = new Float64Array(outputs * columns);
  for (let k = 0; k < outputs; k++)
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        weights[k * columns + j]! += coefficients[k * rows + i]! * data[i * columns + j]!;
  return weights;
}

/** The objective in weights and intercepts, straight from its definition, without dot products of rows. */
function inWeights(x: Matrix<Float64Array>, targets: Float64Array, outputs: number, link: Link, cost: number) {
  const { data, rows, columns } = x;
  return (at: Float64Array, gradient: Float64Array): number => {
    const scores = new Float64Array(outputs * rows);
    for (let k = 0; k < outputs; k++)
      for (let i = 0; i < rows; i++) {
        let score = at[outputs * columns + k]!;
        for (let j = 0; j < columns; j++) score += at[k * columns + j]! * data[i * columns + j]!;
        scores[k * rows + i] = score;
      }
    let value = cost * toProbabilities(scores, outputs, link, targets);
    gradient.fill(0);
    for (let at_ = 0; at_ < outputs * columns; at_++) {
      value += at[at_]! ** 2 / 2;
      gradient[at_] = at[at_]!;
    }
    for (let k = 0; k < outputs; k++)
      for (let i = 0; i < rows; i++) {
        const residual = cost * (scores[k * rows + i]! - targets[k * rows + i]!);
        gradient[outputs * columns + k]! += residual;
        for (let j = 0; j < columns; j++) gradient[k * columns + j]! += residual * data[i * columns + j]!;
      }
    return value;
  };
}

function flat(model: Regression, x: Matrix<Float64Array>): Float64Array {
  return Float64Array.of(...weightsOf(model, x), ...model.intercepts);
}

function largest(values: Float64Array): number {
  return values.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
}

describe('softmax regression against independent optima', () => {
  for (const name of cases)
    it(`${name}: objective, log-loss, accuracy and weight norm at C = 0.01 and 1`, () => {
      const { inputs, expected } = readGolden<Inputs, Expected>(name);
      const x = matrixOf(inputs.F);
      const outputs = Math.max(...inputs.y) + 1;
      const gram = gramOf(x);
      const targets = oneHot(inputs.y, outputs);
      const models = softmaxRegressionPath({ gram, targets, outputs, link: 'softmax' }, [0.01, 1], {
        tolerance: 1e-13,
      });
      for (const [at, key] of ['0.01', '1.0'].entries()) {
        const model = models[at]!;
        const wanted = expected.softmax_regression[key]!;
        expect(model.converged).toBe(true);
        expect(Math.abs(model.objective / wanted.objective - 1)).toBeLessThan(1e-8);
        const scores = scoresOf(model, gram, x.rows);
        const loss = toProbabilities(scores, outputs, 'softmax', targets) / x.rows;
        expect(Math.abs(loss / wanted.mean_log_loss - 1)).toBeLessThan(1e-5);
        expect(Math.abs(Math.hypot(...weightsOf(model, x)) / wanted.weight_norm - 1)).toBeLessThan(1e-5);
        const right = inputs.y.filter((label, i) =>
          Array.from({ length: outputs }, (_, k) => scores[k * x.rows + i]!).every(
            (p) => p <= scores[label * x.rows + i]!,
          ),
        );
        expect(right.length / x.rows).toBe(wanted.accuracy);
      }
    });
});

describe('the optimum', () => {
  const random = seededRandom(11, 'softmax regression');
  const features = (rows: number, columns: number) =>
    matrixOf(Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal() + 0.5)));
  const wide = features(24, 60);
  const tall = features(60, 7);
  const classes = (rows: number, outputs: number) =>
    oneHot(
      Array.from({ length: rows }, (_, i) => (i * i) % outputs),
      outputs,
    );
  const several = (rows: number) =>
    Float64Array.from({ length: 3 * rows }, (_, at) => Number(random.next() < 0.4 || at % 7 === 0));

  for (const [title, x, targets, outputs, link] of [
    ['softmax, more columns than rows', wide, classes(24, 4), 4, 'softmax'],
    ['softmax, more rows than columns', tall, classes(60, 4), 4, 'softmax'],
    ['one sigmoid', wide, classes(24, 2).subarray(24), 1, 'sigmoid'],
    ['several sigmoids', tall, several(60), 3, 'sigmoid'],
  ] as const)
    it(`is the one that plain descent in the weights finds, and its gradient vanishes (${title})`, () => {
      const problem = { gram: gramOf(x), targets: Float64Array.from(targets), outputs, link };
      const costs = [0.01, 1, 10];
      softmaxRegressionPath(problem, costs).forEach((model, at) => {
        expect(model.converged).toBe(true);
        const evaluate = inWeights(x, problem.targets, outputs, link, costs[at]!);
        const size = outputs * (x.columns + 1);
        const plain = lbfgs({ evaluate }, new Float64Array(size), { tolerance: 1e-11, maxIterations: 5000 });
        expect(plain.converged).toBe(true);
        expect(Math.abs(model.objective / plain.value - 1)).toBeLessThan(1e-6);
        const gradient = new Float64Array(size);
        expect(evaluate(flat(model, x), gradient)).toBeCloseTo(model.objective, 8);
        const atZero = new Float64Array(size);
        evaluate(new Float64Array(size), atZero);
        expect(largest(gradient)).toBeLessThan(1e-5 * largest(atZero));
      });
    });

  it('does not depend on whether the path or a cold start led there', () => {
    const problem = { gram: gramOf(wide), targets: classes(24, 4), outputs: 4, link: 'softmax' as const };
    const [cold] = softmaxRegressionPath(problem, [1]);
    const warm = softmaxRegressionPath(problem, [0.001, 0.01, 0.1, 1]).at(-1)!;
    expect(Math.abs(warm.objective / cold!.objective - 1)).toBeLessThan(1e-6);
  });

  it('does not change when all rows are moved by one vector: the intercept is free', () => {
    const moved = matrixOf(
      Array.from({ length: 24 }, (_, i) =>
        Array.from(wide.data.subarray(i * 60, i * 60 + 60), (v, j) => v + 3 + j / 10),
      ),
    );
    const solve = (x: Matrix<Float64Array>) =>
      softmaxRegressionPath({ gram: gramOf(x), targets: classes(24, 4), outputs: 4, link: 'softmax' }, [0.1], {
        tolerance: 1e-12,
      })[0]!;
    const [here, there] = [solve(wide), solve(moved)];
    expect(there.objective).toBeCloseTo(here.objective, 9);
    const scores = scoresOf(here, gramOf(wide), 24);
    scoresOf(there, gramOf(moved), 24).forEach((score, at) => {
      expect(score).toBeCloseTo(scores[at]!, 5);
    });
  });

  it('of rows that say nothing is the share of each class', () => {
    const targets = oneHot([0, 0, 0, 1, 2, 2], 3);
    const [model] = softmaxRegressionPath({ gram: new Float64Array(36), targets, outputs: 3, link: 'softmax' }, [1], {
      tolerance: 1e-13,
    });
    const scores = scoresOf(model!, new Float64Array(6), 1);
    toProbabilities(scores, 3, 'softmax');
    expect(model!.converged).toBe(true);
    expect([...scores].map((p) => Number(p.toFixed(5)))).toEqual([0.5, 0.16667, 0.33333]);
  });

  it('reports that it was not reached', () => {
    const problem = { gram: gramOf(wide), targets: classes(24, 4), outputs: 4, link: 'softmax' as const };
    const [model] = softmaxRegressionPath(problem, [10], { maxIterations: 2 });
    expect(model).toMatchObject({ converged: false, iterations: 2 });
  });
});

describe('probabilities', () => {
  it('stay finite for scores of any size', () => {
    const scores = Float64Array.of(1e4, -1e4, 800, -800, 0, 0);
    const loss = toProbabilities(scores, 3, 'softmax', Float64Array.of(1, 0, 0, 1, 0, 0));
    expect([...scores]).toEqual([1, 0, 0, 0, 0, 1]);
    expect(loss).toBe(800);
    const single = Float64Array.of(-1000, 1000);
    expect(toProbabilities(single, 1, 'sigmoid', Float64Array.of(1, 1))).toBe(1000);
    expect([...single]).toEqual([0, 1]);
  });
});
