import { TransferEvidenceError } from '../../errors.ts';
import type { Products } from '../../linear-algebra/products.ts';
import { type Matrix, matrix } from '../../matrix.ts';

export interface StandardisedGram {
  /** Dot products of train rows: n × n. */
  train: Float64Array;
  /** Dot products of test rows with train rows: m × n. */
  test: Float64Array;
}

/** Features themselves: n × columns and m × columns. */
export interface StandardisedRows {
  train: Float64Array;
  test: Float64Array;
  columns: number;
}

/** Dot products of standardised rows; see standardisedRows. */
export async function standardisedGram(
  features: Matrix,
  train: readonly number[],
  test: readonly number[],
  products: Products,
): Promise<StandardisedGram> {
  const { columns, ...rows } = standardisedRows(features, train, test);
  const ofTrain = matrix(rows.train, train.length, columns);
  const ofTest = matrix(rows.test, test.length, columns);
  return {
    train: (await products.rows(ofTrain, ofTrain)).data,
    test: (await products.rows(ofTest, ofTrain)).data,
  };
}

/**
 * Rows whose columns were standardised by the mean and standard deviation (of the population) of the train rows alone.
 * Columns that do not vary there, within the rounding of single precision, become 0.
 */
export function standardisedRows(
  features: Matrix,
  train: readonly number[],
  test: readonly number[],
): StandardisedRows {
  const { columns } = features;
  const { mean, scale } = trainStatistics(features, train);
  const rows = (images: readonly number[]) => {
    const out = new Float64Array(images.length * columns);
    images.forEach((image, i) => {
      for (let j = 0; j < columns; j++)
        out[i * columns + j] = (features.data[image * columns + j]! - mean[j]!) * scale[j]!;
    });
    return out;
  };
  return { train: rows(train), test: rows(test), columns };
}

/** @throws measure-refused when a feature is not a finite number */
export function refuseNonFinite(features: Matrix): void {
  const at = features.data.findIndex((x) => !Number.isFinite(x));
  if (at >= 0)
    throw new TransferEvidenceError(
      'measure-refused',
      `Features must be finite; row ${Math.floor(at / features.columns)}, column ${at % features.columns} is ${features.data[at]}. Check the network and its preprocessing.`,
    );
}

function trainStatistics(
  { data, columns }: Matrix,
  train: readonly number[],
): { mean: Float64Array; scale: Float64Array } {
  const mean = new Float64Array(columns);
  const largest = new Float64Array(columns);
  for (const image of train)
    for (let j = 0; j < columns; j++) {
      const x = data[image * columns + j]!;
      mean[j] = mean[j]! + x;
      if (Math.abs(x) > largest[j]!) largest[j] = Math.abs(x);
    }
  for (let j = 0; j < columns; j++) mean[j] = mean[j]! / train.length;
  const variance = new Float64Array(columns);
  for (const image of train)
    for (let j = 0; j < columns; j++) variance[j] = variance[j]! + (data[image * columns + j]! - mean[j]!) ** 2;
  const scale = variance.map((sum, j) => {
    const deviation = Math.sqrt(sum / train.length);
    return deviation > 1e-6 * largest[j]! ? 1 / deviation : 0;
  });
  return { mean, scale };
}
