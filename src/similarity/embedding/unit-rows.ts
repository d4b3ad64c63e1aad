import { type Matrix, matrix } from '../../matrix.ts';

/**
 * Every row divided by its length; a row of zeros stays one. Each is first brought near 1, so that no square leaves the
 * range of numbers.
 */
export function unitRows({ data, rows, columns }: Matrix): Matrix<Float64Array> {
  const out = matrix(new Float64Array(data.length), rows, columns);
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    let largest = 0;
    for (let at = from; at < from + columns; at++) largest = Math.max(largest, Math.abs(data[at]!));
    if (largest === 0) continue;
    let square = 0;
    for (let at = from; at < from + columns; at++) {
      out.data[at] = data[at]! / largest;
      square += out.data[at]! ** 2;
    }
    const length = Math.sqrt(square);
    for (let at = from; at < from + columns; at++) out.data[at] = out.data[at]! / length;
  }
  return out;
}
