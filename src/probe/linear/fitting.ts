import type { Products } from '../../linear-algebra/products.ts';
import type { Matrix } from '../../matrix.ts';
import { scoresOnColumns, softmaxRegressionOnColumns } from './regression-on-columns.ts';
import { type Link, type RegressionOptions, scoresOf, softmaxRegressionPath } from './softmax-regression.ts';
import { type StandardisedRows, standardisedGram, standardisedRows } from './standardised-gram.ts';

/** A regression that was fitted to some train images of a split. */
export interface Fitted {
  iterations: number;
  converged: boolean;
  /** Scores of train images, by their places among these: outputs × images. */
  ofTrain(images: readonly number[]): Promise<Float64Array>;
  /** Scores of all test images. */
  ofTest(): Promise<Float64Array>;
}

/** What can be fitted to the standardised features of one split. */
export interface Fitting {
  /**
   * @param images train images, by their places among these
   * @param targets outputs × images; see RegressionProblem
   * @param costs C, ascending
   */
  path(
    images: readonly number[],
    targets: { targets: Float64Array; outputs: number; link: Link },
    costs: readonly number[],
    options?: RegressionOptions,
  ): Promise<Fitted[]>;
}

/**
 * Regressions on a split's features, by products of images or, where there are more images than features, by the features
 * themselves: the optimum is the same, and the smaller of the two matrices is factored.
 */
export async function fittingOf(
  features: Matrix,
  train: readonly number[],
  test: readonly number[],
  products: Products,
): Promise<Fitting> {
  return train.length > features.columns
    ? byColumns(standardisedRows(features, train, test), products)
    : byProducts(await standardisedGram(features, train, test, products), train.length, test.length);
}

function byProducts(gram: { train: Float64Array; test: Float64Array }, n: number, m: number): Fitting {
  return {
    path: async (images, problem, costs, options) => {
      const own = picked(gram.train, n, images, images);
      const every = Array.from({ length: m }, (_, row) => row);
      return softmaxRegressionPath({ gram: own, ...problem }, costs, options).map((model) => ({
        iterations: model.iterations,
        converged: model.converged,
        ofTrain: async (held) => scoresOf(model, picked(gram.train, n, held, images), held.length),
        ofTest: async () => scoresOf(model, picked(gram.test, n, every, images), m),
      }));
    },
  };
}

function byColumns({ train, test, columns }: StandardisedRows, products: Products): Fitting {
  const rowsOf = (images: readonly number[]) => {
    const rows = new Float64Array(images.length * columns);
    images.forEach((image, i) => {
      rows.set(train.subarray(image * columns, (image + 1) * columns), i * columns);
    });
    return rows;
  };
  return {
    path: async (images, problem, costs, options) => {
      const own = { rows: rowsOf(images), columns, ...problem };
      return (await softmaxRegressionOnColumns(own, costs, { ...options, products })).map((model) => ({
        iterations: model.iterations,
        converged: model.converged,
        ofTrain: (held) => scoresOnColumns(model, rowsOf(held), held.length, products),
        ofTest: () => scoresOnColumns(model, test, test.length / columns, products),
      }));
    },
  };
}

/** Rows and columns of a matrix with `n` columns. */
export function picked(
  matrix: Float64Array,
  n: number,
  rows: readonly number[],
  columns: readonly number[],
): Float64Array {
  const out = new Float64Array(rows.length * columns.length);
  let at = 0;
  for (const row of rows) for (const column of columns) out[at++] = matrix[row * n + column]!;
  return out;
}
