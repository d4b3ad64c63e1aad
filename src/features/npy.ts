import { TransferEvidenceError } from '../errors.ts';
import { type Matrix, matrix } from '../matrix.ts';
import { layoutOf, numbersAt } from './npy-layout.ts';

/** An array as NumPy saves it: little-endian numbers, row-major. */
export interface NpyArray {
  shape: number[];
  /** Integers that exceed 2⁵³ are refused, all others are exact. */
  data: Float32Array | Float64Array;
}

/**
 * Reads a .npy file, versions 1 to 3 of the format (NumPy Enhancement Proposal 1): real numbers, integers or truth values of
 * one or two dimensions. float32 stays float32, all else becomes float64.
 * @param name of the file, for messages
 * @throws input-invalid for another kind of file, type or number of dimensions, and for a file that was cut off
 */
export function readNpy(bytes: Uint8Array, name: string): NpyArray {
  const layout = layoutOf(bytes, bytes.length, name);
  const { shape, start, isTurned } = layout;
  const count = shape.reduce((product, size) => product * size, 1);
  const data = numbersAt(bytes, start, count, layout, name);
  return { shape, data: isTurned ? turned(data, shape as [number, number]) : data };
}

/** The array as a matrix, one row an image. @throws input-invalid when it has one dimension */
export function matrixOf({ shape, data }: NpyArray, name: string): Matrix {
  const [rows, columns] = featureShape(shape, name);
  return matrix(data, rows, columns);
}

/** Images and features. @throws input-invalid when there is one dimension */
export function featureShape(shape: readonly number[], name: string): [images: number, features: number] {
  if (shape.length !== 2)
    throw new TransferEvidenceError(
      'input-invalid',
      `${name} holds ${shape[0]} numbers; features are a matrix, one row an image. Save an array of shape (images, features).`,
    );
  return [shape[0]!, shape[1]!];
}

/** Column-major to row-major. */
function turned<T extends NpyArray['data']>(data: T, [rows, columns]: [number, number]): T {
  const found = data.slice() as T;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) found[row * columns + column] = data[column * rows + row]!;
  return found;
}
