import { TransferEvidenceError } from '../../errors.ts';
import { dotProducts } from '../../linear-algebra/dot-products.ts';
import type { Matrix } from '../../matrix.ts';

export interface StandardisedGram {
  /** Dot products of train rows: n × n. */
  train: Float64Array;
  /** Dot products of test rows with train rows: m × n. */
  test: Float64Array;
}

/**
 * Dot products of rows whose columns were standardised by the mean and standard deviation (of the population) of the
 * train rows alone. Columns that do not vary there, within the rounding of single precision, become 0.
 */
export function standardisedGram(
  features: Matrix,
  train: readonly number[],
  test: readonly number[],
): StandardisedGram {
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
  const trainRows = rows(train);
  return {
    train: dotProducts(trainRows, train.length, trainRows, train.length, columns),
    test: dotProducts(rows(test), test.length, trainRows, train.length, columns),
  };
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
