import { dot, dotProducts } from '../../linear-algebra/dot-products.ts';
import { cholesky } from './cholesky.ts';
import { lbfgs, type Objective } from './lbfgs.ts';
import { type Link, type RegressionOptions, toProbabilities } from './softmax-regression.ts';

/** Images by their features, and what they should be predicted as. */
export interface ColumnsProblem {
  /** n × columns. */
  rows: Float64Array;
  columns: number;
  /** See RegressionProblem: outputs × n. */
  targets: Float64Array;
  outputs: number;
  link: Link;
}

/** A linear model by its weights: the score of x is ⟨weight, x⟩ + intercept. */
export interface ColumnsRegression {
  /** outputs × columns. */
  weights: Float64Array;
  intercepts: Float64Array;
  objective: number;
  iterations: number;
  converged: boolean;
}

/**
 * The problem of {@link import('./softmax-regression.ts').softmaxRegressionPath}, with the same optimum, in the weights
 * themselves: for more images than columns, where the matrix of all products of images is the larger one. L-BFGS starts from
 * the inverse of I + C·s·XᵀX, s being the mean curvature of the loss, and XᵀX is made once for all C. Scores are carried along
 * with the weights, so that a step costs one product with X and one with Xᵀ.
 *
 * @param costs C, ascending; larger is less regularised
 */
export function softmaxRegressionOnColumns(
  problem: ColumnsProblem,
  costs: readonly number[],
  { tolerance = 1e-12, maxIterations = 300 }: RegressionOptions = {},
): ColumnsRegression[] {
  const { columns, outputs } = problem;
  const n = problem.targets.length / outputs;
  const { rows, turned, mean } = centredColumns(problem.rows, n, columns);
  const centred: Centred = { ...problem, n, rows, turned, moments: dotProducts(turned, columns, turned, columns, n) };
  const size = outputs * columns;
  let position: Float64Array = new Float64Array(size + outputs * n + outputs);
  return costs.map((cost) => {
    const minimum = lbfgs(objectiveOf(centred, cost, position), position, { tolerance, maxIterations });
    position = minimum.position;
    // The scores were carried along, not computed from the weights; where the two disagree the value is not true.
    position.set(dotProducts(position.subarray(0, size), outputs, rows, n, columns), size);
    const objective = evaluate(centred, cost, position, new Float64Array(size + outputs));
    const weights = position.slice(0, size);
    const intercepts = position
      .slice(size + outputs * n)
      .map((own, k) => own - dot(weights, k * columns, mean, 0, columns));
    return {
      weights,
      intercepts,
      objective,
      iterations: minimum.iterations,
      converged: minimum.converged && Math.abs(objective - minimum.value) <= 10 * tolerance * objective,
    };
  });
}

/** Scores of rows (m × columns): outputs × m. */
export function scoresOnColumns(
  { weights, intercepts }: ColumnsRegression,
  rows: Float64Array,
  m: number,
): Float64Array {
  const outputs = intercepts.length;
  const scores = dotProducts(weights, outputs, rows, m, weights.length / outputs);
  return scores.map((score, i) => score + intercepts[Math.floor(i / m)]!);
}

interface Centred extends ColumnsProblem {
  n: number;
  /** Xᵀ: columns × n. */
  turned: Float64Array;
  /** XᵀX. */
  moments: Float64Array;
}

/** The objective in positions [W | XW | intercepts] and gradients [its part for W | for intercepts]. */
function objectiveOf(problem: Centred, cost: number, start: Float64Array): Objective {
  const { rows, n, columns, outputs, moments } = problem;
  const size = outputs * columns;
  const curvature = meanCurvature(problem, start);
  const matrix = moments.map((x) => cost * curvature * x);
  for (let j = 0; j < columns; j++) matrix[j * columns + j] = matrix[j * columns + j]! + 1;
  const factor = cholesky(matrix, columns);
  const weights = new Float64Array(size);
  return {
    gradientLength: size + outputs,
    evaluate: (at, gradient) => evaluate(problem, cost, at, gradient),
    pair: (gradient, direction) =>
      dot(gradient, 0, direction, 0, size) + dot(gradient, size, direction, size + outputs * n, outputs),
    precondition: (gradient, direction) => {
      factor.solve(gradient.subarray(0, size), outputs, weights);
      direction.set(weights);
      direction.set(dotProducts(weights, outputs, rows, n, columns), size);
      for (let k = 0; k < outputs; k++)
        direction[size + outputs * n + k] = gradient[size + k]! / (cost * curvature * n);
    },
  };
}

/** p(1 − p) averaged over images and outputs, halved because probabilities sharpen on the way to the optimum. */
function meanCurvature(problem: Centred, at: Float64Array): number {
  const { n, outputs, link } = problem;
  const probabilities = scoresAt(problem, at);
  toProbabilities(probabilities, outputs, link);
  const sum = probabilities.reduce((total, p) => total + p * (1 - p), 0);
  return Math.max(1e-4, sum / (n * (link === 'softmax' ? outputs - 1 : outputs)) / 2);
}

function scoresAt({ n, columns, outputs }: Centred, at: Float64Array): Float64Array {
  const size = outputs * columns;
  return Float64Array.from(
    { length: outputs * n },
    (_, i) => at[size + i]! + at[size + outputs * n + Math.floor(i / n)]!,
  );
}

function evaluate(problem: Centred, cost: number, at: Float64Array, gradient: Float64Array): number {
  const { n, columns, outputs, targets, link, turned } = problem;
  const size = outputs * columns;
  const residuals = scoresAt(problem, at);
  const loss = toProbabilities(residuals, outputs, link, targets);
  for (let k = 0; k < outputs; k++) {
    let sum = 0;
    for (let i = k * n; i < (k + 1) * n; i++) {
      residuals[i] = cost * (residuals[i]! - targets[i]!);
      sum += residuals[i]!;
    }
    gradient[size + k] = sum;
  }
  const ofLoss = dotProducts(residuals, outputs, turned, columns, n);
  for (let j = 0; j < size; j++) gradient[j] = ofLoss[j]! + at[j]!;
  return cost * loss + dot(at, 0, at, 0, size) / 2;
}

/** Rows about their mean, which an unpenalised intercept makes the same problem with a better start; and turned. */
function centredColumns(
  data: Float64Array,
  n: number,
  columns: number,
): { rows: Float64Array; turned: Float64Array; mean: Float64Array } {
  const mean = new Float64Array(columns);
  for (let i = 0; i < n; i++) for (let j = 0; j < columns; j++) mean[j] = mean[j]! + data[i * columns + j]! / n;
  const rows = new Float64Array(n * columns);
  const turned = new Float64Array(n * columns);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < columns; j++) {
      const value = data[i * columns + j]! - mean[j]!;
      rows[i * columns + j] = value;
      turned[j * n + i] = value;
    }
  return { rows, turned, mean };
}
