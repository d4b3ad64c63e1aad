import { type Matrix, matrix } from '../matrix.ts';

/** The numbers in float64, times the power of two that brings `largest`, the greatest in size, near 1: nothing is rounded. */
export function nearOne({ data, rows, columns }: Matrix, largest: number): Matrix<Float64Array> {
  // In two steps, because the factor itself may be beyond the largest number.
  const exponent = -Math.floor(Math.log2(largest));
  const [first, second] = [2 ** Math.trunc(exponent / 2), 2 ** (exponent - Math.trunc(exponent / 2))];
  return matrix(
    Float64Array.from(data, (value) => value * first * second),
    rows,
    columns,
  );
}
