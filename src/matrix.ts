import { TransferEvidenceError } from './errors.ts';

/** Row-major numbers with an explicit shape: `data[row * columns + column]`. */
export interface Matrix<T extends Float32Array | Float64Array = Float32Array | Float64Array> {
  readonly data: T;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Checks a shape at the door.
 * @throws shape-mismatch when `data.length` is not `rows × columns`
 */
export function matrix<T extends Float32Array | Float64Array>(data: T, rows: number, columns: number): Matrix<T> {
  if (
    !Number.isInteger(rows) ||
    !Number.isInteger(columns) ||
    rows < 0 ||
    columns < 0 ||
    data.length !== rows * columns
  )
    throw new TransferEvidenceError(
      'shape-mismatch',
      `A ${rows} × ${columns} matrix needs ${rows * columns} numbers; ${data.length} were given.`,
    );
  return { data, rows, columns };
}

/** The matrix of the given rows, in the given order (copied). */
export function selectRows<T extends Float32Array | Float64Array>(
  source: Matrix<T>,
  rows: readonly number[],
): Matrix<T> {
  const { columns } = source;
  const data = new (source.data.constructor as new (length: number) => T)(rows.length * columns);
  rows.forEach((row, i) => {
    if (!(row >= 0 && row < source.rows))
      throw new TransferEvidenceError('shape-mismatch', `Row ${row} was asked of a matrix with ${source.rows} rows.`);
    data.set(source.data.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return { data, rows: rows.length, columns };
}
