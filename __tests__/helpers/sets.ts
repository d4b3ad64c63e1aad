import { type Matrix, matrix } from '../../src/matrix.ts';
import { type Random, seededRandom } from '../../src/random.ts';

/** Rows of independent normal numbers around `mean`, the same for the same arguments. */
export function normalRows(rows: number, columns: number, seed: number, mean = 0): Matrix<Float64Array> {
  const random = seededRandom(seed, 'normal-rows');
  return matrix(
    Float64Array.from({ length: rows * columns }, () => random.normal() + mean),
    rows,
    columns,
  );
}

export function mapped(set: Matrix, change: (value: number) => number): Matrix<Float64Array> {
  return matrix(Float64Array.from(set.data, change), set.rows, set.columns);
}

/** Every row reflected in the hyperplane across `normal`, a rotation that turns all axes (Householder). */
export function reflected(set: Matrix, normal: readonly number[]): Matrix<Float64Array> {
  const length = normal.reduce((sum, v) => sum + v * v, 0);
  const data = Float64Array.from(set.data);
  for (let row = 0; row < set.rows; row++) {
    const from = row * set.columns;
    let along = 0;
    for (let k = 0; k < set.columns; k++) along += data[from + k]! * normal[k]!;
    for (let k = 0; k < set.columns; k++) data[from + k]! -= (2 * along * normal[k]!) / length;
  }
  return matrix(data, set.rows, set.columns);
}

export function shuffledRows(set: Matrix, random: Random): number[] {
  return random.shuffled(Array.from({ length: set.rows }, (_, row) => row));
}
