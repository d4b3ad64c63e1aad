import { dot } from '../../linear-algebra/dot-products.ts';
import { type Products, plainProducts, transposed } from '../../linear-algebra/products.ts';
import { type Matrix, matrix } from '../../matrix.ts';
import { cholesky } from './cholesky.ts';
import { type AwaitedObjective, awaitedLbfgs } from './lbfgs.ts';
import { positiveInverse } from './positive-inverse.ts';
import { type Link, limitsOf, type RegressionOptions, toProbabilities } from './softmax-regression.ts';

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

/** Multiplications from which a compiled product is quickest with the tall matrix first: it is read as it lies. */
const fewestForTall = 2 ** 21;

/** Columns from which an inverse by compiled products costs less than factoring and solving in loops. */
const fewestForInverse = 256;

/**
 * The problem of {@link import('./softmax-regression.ts').softmaxRegressionPath}, with the same optimum, in the weights
 * themselves: for more images than columns, where the matrix of all products of images is the larger one. L-BFGS starts from
 * the inverse of I + C·s·XᵀX, s being the mean curvature of the loss, rescaled as it goes because few images keep that
 * curvature where classes come apart; XᵀX is made once for all C. Scores are carried along with the weights, so that a step
 * costs one product with X and one with Xᵀ, however often its length is tried.
 *
 * @param costs C, ascending; larger is less regularised
 * @param options.products what multiplies matrices; loops where none is given
 */
export async function softmaxRegressionOnColumns(
  problem: ColumnsProblem,
  costs: readonly number[],
  { products = plainProducts, ...options }: RegressionOptions & { products?: Products } = {},
): Promise<ColumnsRegression[]> {
  const { columns, outputs } = problem;
  const n = problem.targets.length / outputs;
  const { rows, mean } = centredColumns(problem.rows, n, columns);
  const turned = transposed(rows);
  const centred: Centred = { ...problem, n, x: rows, turned, products, moments: await products.rows(turned, turned) };
  const size = outputs * columns;
  let position: Float64Array = new Float64Array(size + outputs * n + outputs);
  const models: ColumnsRegression[] = [];
  for (const [at, cost] of costs.entries()) {
    const limits = limitsOf(options, at === costs.length - 1);
    const minimum = await awaitedLbfgs(await objectiveOf(centred, cost, position), position, limits);
    position = minimum.position;
    // The scores were carried along, not computed from the weights; where the two disagree the value is not true.
    position.set(await scoresBy(centred, position.subarray(0, size)), size + outputs);
    const objective = valueAt(centred, cost, position, scoresAt(centred, position));
    const weights = position.slice(0, size);
    const intercepts = position
      .slice(size, size + outputs)
      .map((own, k) => own - dot(weights, k * columns, mean, 0, columns));
    models.push({
      weights,
      intercepts,
      objective,
      iterations: minimum.iterations,
      converged: minimum.converged && Math.abs(objective - minimum.value) <= 10 * limits.tolerance * objective,
    });
  }
  return models;
}

/** Scores of rows (m × columns): outputs × m. */
export async function scoresOnColumns(
  { weights, intercepts }: ColumnsRegression,
  rows: Float64Array,
  m: number,
  products: Products = plainProducts,
): Promise<Float64Array> {
  const outputs = intercepts.length;
  const columns = weights.length / outputs;
  const scores = await fewByTall(products, matrix(weights, outputs, columns), matrix(rows, m, columns));
  return withIntercepts(scores, intercepts, m);
}

interface Centred extends ColumnsProblem {
  n: number;
  /** X about its mean: n × columns. */
  x: Matrix<Float64Array>;
  /** Xᵀ: columns × n. */
  turned: Matrix<Float64Array>;
  /** XᵀX. */
  moments: Matrix<Float64Array>;
  products: Products;
}

/** The objective in positions [W | intercepts | XW], the last carried along. */
async function objectiveOf(problem: Centred, cost: number, start: Float64Array): Promise<AwaitedObjective> {
  const { n, columns, outputs } = problem;
  const size = outputs * columns;
  const curvature = meanCurvature(problem, start);
  const solve = await solverOf(problem, cost * curvature);
  return {
    rescaled: true,
    carried: outputs * n,
    complete: async (direction, scores) => scores.set(await scoresBy(problem, direction.subarray(0, size))),
    evaluate: (at, gradient) => evaluate(problem, cost, at, gradient),
    precondition: async (gradient, direction) => {
      direction.set(await solve(gradient.subarray(0, size)));
      for (let k = 0; k < outputs; k++) direction[size + k] = gradient[size + k]! / (cost * curvature * n);
    },
  };
}

/** Multiplies the rows of outputs × columns by the inverse of I + scale · XᵀX. */
async function solverOf(
  { moments, columns, outputs, products }: Centred,
  scale: number,
): Promise<(values: Float64Array) => Promise<Float64Array>> {
  const a = matrix(new Float64Array(columns * columns), columns, columns);
  for (let i = 0; i < a.data.length; i++) a.data[i] = scale * moments.data[i]!;
  for (let j = 0; j < columns; j++) a.data[j * columns + j] = a.data[j * columns + j]! + 1;
  if (products.compiled && columns >= fewestForInverse) {
    const inverse = await positiveInverse(a, products);
    return (values) => fewByTall(products, matrix(values, outputs, columns), inverse);
  }
  const factor = cholesky(a.data, columns);
  return async (values) => {
    const out = new Float64Array(values.length);
    factor.solve(values, outputs, out);
    return out;
  };
}

/** XW for weights outputs × columns: outputs × n. */
function scoresBy({ x, outputs, columns, products }: Centred, weights: Float64Array): Promise<Float64Array> {
  return fewByTall(products, matrix(weights, outputs, columns), x);
}

/** Dot products of a few rows with those of a tall matrix: few.rows × tall.rows. */
async function fewByTall(
  products: Products,
  few: Matrix<Float64Array>,
  tall: Matrix<Float64Array>,
): Promise<Float64Array> {
  if (products.compiled && few.rows * tall.data.length >= fewestForTall)
    return transposed(await products.rows(tall, few)).data;
  return (await products.rows(few, tall)).data;
}

/** p(1 − p) averaged over images and outputs, halved because probabilities sharpen on the way to the optimum. */
function meanCurvature(problem: Centred, at: Float64Array): number {
  const { n, outputs, link } = problem;
  const probabilities = scoresAt(problem, at);
  toProbabilities(probabilities, outputs, link);
  const sum = probabilities.reduce((total, p) => total + p * (1 - p), 0);
  return Math.max(1e-4, sum / (n * (link === 'softmax' ? outputs - 1 : outputs)) / 2);
}

/** XW and intercepts: outputs × n. */
function scoresAt({ n, columns, outputs }: Centred, at: Float64Array): Float64Array {
  const size = outputs * columns;
  return withIntercepts(at.slice(size + outputs), at.subarray(size, size + outputs), n);
}

/** Adds its own number to each row of n, in place. */
function withIntercepts(scores: Float64Array, intercepts: Float64Array, n: number): Float64Array {
  for (const [k, intercept] of intercepts.entries())
    for (let i = k * n; i < (k + 1) * n; i++) scores[i] = scores[i]! + intercept;
  return scores;
}

/** @param scores outputs × n with intercepts; probabilities afterwards */
function valueAt({ columns, outputs, targets, link }: Centred, cost: number, at: Float64Array, scores: Float64Array) {
  return cost * toProbabilities(scores, outputs, link, targets) + dot(at, 0, at, 0, outputs * columns) / 2;
}

async function evaluate(problem: Centred, cost: number, at: Float64Array, gradient: Float64Array): Promise<number> {
  const { n, columns, outputs, targets, turned, products } = problem;
  const size = outputs * columns;
  const residuals = scoresAt(problem, at);
  const value = valueAt(problem, cost, at, residuals);
  for (let k = 0; k < outputs; k++) {
    let sum = 0;
    for (let i = k * n; i < (k + 1) * n; i++) {
      residuals[i] = cost * (residuals[i]! - targets[i]!);
      sum += residuals[i]!;
    }
    gradient[size + k] = sum;
  }
  const ofLoss = await fewByTall(products, matrix(residuals, outputs, n), turned);
  for (let j = 0; j < size; j++) gradient[j] = ofLoss[j]! + at[j]!;
  return value;
}

/** A mean below this is rounding: rows that were standardised are about it already, and are not copied. */
const noMean = 1e-12;

/** Rows about their mean, which an unpenalised intercept makes the same problem with a better start. */
function centredColumns(
  data: Float64Array,
  n: number,
  columns: number,
): { rows: Matrix<Float64Array>; mean: Float64Array } {
  const mean = new Float64Array(columns);
  for (let i = 0; i < n; i++) for (let j = 0; j < columns; j++) mean[j] = mean[j]! + data[i * columns + j]!;
  for (let j = 0; j < columns; j++) mean[j] = mean[j]! / n;
  if (mean.every((value) => Math.abs(value) < noMean))
    return { rows: matrix(data, n, columns), mean: new Float64Array(columns) };
  const rows = new Float64Array(n * columns);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < columns; j++) rows[i * columns + j] = data[i * columns + j]! - mean[j]!;
  return { rows: matrix(rows, n, columns), mean };
}
