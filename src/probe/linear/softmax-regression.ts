import { dot, dotProducts } from '../../linear-algebra/dot-products.ts';
import { cholesky } from './cholesky.ts';
import { lbfgs, type Objective } from './lbfgs.ts';

/** `softmax`: one class per image. `sigmoid`: each output column is its own yes or no. */
export type Link = 'softmax' | 'sigmoid';

/** Images known by their dot products alone, and what they should be predicted as. */
export interface RegressionProblem {
  /** All dot products of the n train rows: n × n. */
  gram: Float64Array;
  /** 0 or 1, one row per output: outputs × n. Softmax: exactly one 1 in each column. */
  targets: Float64Array;
  outputs: number;
  link: Link;
}

/** A linear model, by its coefficients on the train rows: the score of x is Σᵢ coefficient·⟨x, xᵢ⟩ + intercept. */
export interface Regression {
  /** outputs × n. */
  coefficients: Float64Array;
  intercepts: Float64Array;
  /** C · Σ log-loss + ½‖W‖². */
  objective: number;
  iterations: number;
  converged: boolean;
}

export interface RegressionOptions {
  /** Relative to the objective; see {@link lbfgs}. Default 1e-12. */
  tolerance?: number;
  /** Of every C but the last: enough for a start of the next. Default: the same. */
  onTheWay?: number;
  maxIterations?: number;
}

/** What one fit of a path must reach. */
export function limitsOf(
  { tolerance = 1e-12, onTheWay = tolerance, maxIterations = 300 }: RegressionOptions,
  last: boolean,
): { tolerance: number; maxIterations: number } {
  return { tolerance: last ? tolerance : onTheWay, maxIterations };
}

/**
 * Minimises C · Σ log-loss + ½‖W‖² over weights W and unpenalised intercepts, for each C in turn, each from the
 * optimum before it.
 *
 * No weight vector is formed. Any part of W orthogonal to the train rows costs penalty and changes no score, so the
 * optimum is W = Σᵢ aᵢ xᵢ (the representer theorem: Kimeldorf & Wahba 1971) and the problem is exactly one in the
 * coefficients a, with scores Ga and penalty ½aᵀGa, whatever the number of columns. Its gradient with respect to W is
 * Σᵢ gᵢ xᵢ with g = C(P − Y) + a. L-BFGS starts from the inverse of I + C·XᵀSX, where S is the curvature of the loss
 * at each image; applied to the gradient that is Σᵢ zᵢ xᵢ with (S⁻¹ + C·G) z = S⁻¹g. As C·Gz = S⁻¹(g − z), one
 * triangular solve is all the matrix work of an iteration: scores and line search need no product with G.
 *
 * @param costs C, ascending; larger is less regularised
 */
export function softmaxRegressionPath(
  problem: RegressionProblem,
  costs: readonly number[],
  options: RegressionOptions = {},
): Regression[] {
  const { outputs } = problem;
  const n = problem.targets.length / outputs;
  const size = outputs * n;
  const gram = centred(problem.gram, n);
  let position: Float64Array = new Float64Array(2 * size + outputs);
  return costs.map((cost, at) => {
    const limits = limitsOf(options, at === costs.length - 1);
    const minimum = lbfgs(objectiveOf(problem, gram, cost, position), position, limits);
    position = minimum.position;
    // The scores were carried along, not computed from the coefficients; where the two disagree the value is not true.
    position.set(dotProducts(position.subarray(0, size), outputs, gram, n, n), size);
    const objective = evaluate(position, new Float64Array(size + outputs), problem, n, cost);
    return {
      ...uncentred(position, problem.gram, outputs, n),
      objective,
      iterations: minimum.iterations,
      converged: minimum.converged && Math.abs(objective - minimum.value) <= 10 * limits.tolerance * objective,
    };
  });
}

/** The objective in positions [a | Ga | intercepts] and gradients [g | its intercept part]. */
function objectiveOf(problem: RegressionProblem, gram: Float64Array, cost: number, start: Float64Array): Objective {
  const { outputs } = problem;
  const n = problem.targets.length / outputs;
  const size = outputs * n;
  const { inverses, total } = curvatures(start, problem, n);
  const matrix = gram.map((x) => cost * x);
  for (let i = 0; i < n; i++) matrix[i * n + i] = matrix[i * n + i]! + inverses[i]!;
  const factor = cholesky(matrix, n);
  const scaled = new Float64Array(size);
  return {
    gradientLength: size + outputs,
    evaluate: (at, gradient) => evaluate(at, gradient, problem, n, cost),
    pair: (gradient, direction) => dot(gradient, 0, direction, size, gradient.length),
    precondition: (gradient, direction) => {
      for (let i = 0; i < size; i++) scaled[i] = inverses[i % n]! * gradient[i]!;
      factor.solve(scaled, outputs, direction);
      for (let i = 0; i < size; i++) direction[size + i] = (inverses[i % n]! * (gradient[i]! - direction[i]!)) / cost;
      for (let k = 0; k < outputs; k++) direction[2 * size + k] = gradient[size + k]! / (cost * total);
    },
  };
}

/**
 * S⁻¹ and the sum of S: p(1 − p) of each image, averaged over outputs. It is halved because probabilities sharpen
 * on the way to the optimum, and mixed with its mean because an image can leave the flat part of the loss.
 */
function curvatures(
  at: Float64Array,
  problem: RegressionProblem,
  n: number,
): { inverses: Float64Array; total: number } {
  const { outputs, link } = problem;
  const size = outputs * n;
  const probabilities = new Float64Array(size);
  scoresAt(at, outputs, n, probabilities);
  toProbabilities(probabilities, outputs, link);
  const curvature = new Float64Array(n);
  const freedom = link === 'softmax' ? outputs - 1 : outputs;
  for (let i = 0; i < size; i++)
    curvature[i % n] = curvature[i % n]! + (probabilities[i]! * (1 - probabilities[i]!)) / freedom;
  const mean = curvature.reduce((sum, x) => sum + x, 0) / n;
  const mixed = curvature.map((x) => Math.max(1e-4, (0.9 * x + 0.1 * mean) / 2));
  return { inverses: mixed.map((x) => 1 / x), total: mixed.reduce((sum, x) => sum + x, 0) };
}

/** Scores of further rows from their dot products with the train rows (m × n): outputs × m. */
export function scoresOf(model: Regression, cross: Float64Array, m: number): Float64Array {
  const outputs = model.intercepts.length;
  const n = model.coefficients.length / outputs;
  const scores = new Float64Array(outputs * m);
  for (let k = 0; k < outputs; k++)
    for (let j = 0; j < m; j++)
      scores[k * m + j] = dot(model.coefficients, k * n, cross, j * n, n) + model.intercepts[k]!;
  return scores;
}

/**
 * Turns scores (outputs × m) into probabilities in place.
 * @returns Σ −log p(target) over images, for sigmoid over outputs too, when targets of the same shape are given
 */
export function toProbabilities(scores: Float64Array, outputs: number, link: Link, targets?: Float64Array): number {
  const m = scores.length / outputs;
  let loss = 0;
  if (link === 'sigmoid') {
    for (let i = 0; i < scores.length; i++) {
      const score = scores[i]!;
      if (targets) loss += Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - targets[i]! * score;
      scores[i] = sigmoid(score);
    }
    return loss;
  }
  const largest = new Float64Array(m).fill(Number.NEGATIVE_INFINITY);
  const sums = new Float64Array(m);
  for (let k = 0; k < outputs; k++)
    for (let i = 0; i < m; i++) if (scores[k * m + i]! > largest[i]!) largest[i] = scores[k * m + i]!;
  for (let k = 0; k < outputs; k++)
    for (let i = 0; i < m; i++) {
      const score = scores[k * m + i]! - largest[i]!;
      if (targets) loss -= targets[k * m + i]! * score;
      const exponential = Math.exp(score);
      sums[i] = sums[i]! + exponential;
      scores[k * m + i] = exponential;
    }
  if (targets) for (let i = 0; i < m; i++) loss += Math.log(sums[i]!);
  for (let k = 0; k < outputs; k++) for (let i = 0; i < m; i++) scores[k * m + i] = scores[k * m + i]! / sums[i]!;
  return loss;
}

function scoresAt(at: Float64Array, outputs: number, n: number, scores: Float64Array): void {
  const size = outputs * n;
  for (let k = 0; k < outputs; k++) {
    const intercept = at[2 * size + k]!;
    for (let i = k * n; i < (k + 1) * n; i++) scores[i] = at[size + i]! + intercept;
  }
}

function evaluate(
  at: Float64Array,
  gradient: Float64Array,
  problem: RegressionProblem,
  n: number,
  cost: number,
): number {
  const { outputs, targets, link } = problem;
  const size = outputs * n;
  scoresAt(at, outputs, n, gradient);
  const loss = toProbabilities(gradient.subarray(0, size), outputs, link, targets);
  for (let k = 0; k < outputs; k++) {
    let sum = 0;
    for (let i = k * n; i < (k + 1) * n; i++) {
      const residual = cost * (gradient[i]! - targets[i]!);
      sum += residual;
      gradient[i] = residual + at[i]!;
    }
    gradient[size + k] = sum;
  }
  return cost * loss + dot(at, 0, at, size, size) / 2;
}

function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** Dot products about the mean of the rows. An unpenalised intercept makes the optimum the same, and the start better. */
function centred(gram: Float64Array, n: number): Float64Array {
  const means = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = i * n; j < (i + 1) * n; j++) sum += gram[j]!;
    means[i] = sum / n;
  }
  const grand = means.reduce((sum, x) => sum + x, 0) / n;
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) out[i * n + j] = gram[i * n + j]! - means[i]! - means[j]! + grand;
  return out;
}

/**
 * The model on rows as they came: Σ aᵢ(xᵢ − mean) = Σ (aᵢ − mean a) xᵢ, and the intercept gives back the score of the mean.
 */
function uncentred(
  position: Float64Array,
  gram: Float64Array,
  outputs: number,
  n: number,
): { coefficients: Float64Array; intercepts: Float64Array } {
  const coefficients = position.slice(0, outputs * n);
  const intercepts = position.slice(2 * outputs * n);
  const columnSums = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) columnSums[j] = columnSums[j]! + gram[i * n + j]!;
  for (let k = 0; k < outputs; k++) {
    let sum = 0;
    for (let i = k * n; i < (k + 1) * n; i++) sum += coefficients[i]!;
    for (let i = k * n; i < (k + 1) * n; i++) coefficients[i] = coefficients[i]! - sum / n;
    intercepts[k] = intercepts[k]! - dot(coefficients, k * n, columnSums, 0, n) / n;
  }
  return { coefficients, intercepts };
}
