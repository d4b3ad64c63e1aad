import { TransferEvidenceError } from '../errors.ts';
import { type Matrix, matrix } from '../matrix.ts';

/** An array as NumPy saves it: little-endian numbers, row-major. */
export interface NpyArray {
  shape: number[];
  /** Integers that exceed 2⁵³ are refused, all others are exact. */
  data: Float32Array | Float64Array;
}

const magic = '\u0093NUMPY';
/** Headers of real files are a line; a length beyond this is a broken or hostile file. */
const longestHeader = 1 << 16;

/** How numbers lie in the file, by NumPy's type string without the byte order. */
const types: Record<string, { bytes: number; read(view: DataView, at: number): number }> = {
  f4: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  f8: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  i1: { bytes: 1, read: (view, at) => view.getInt8(at) },
  i2: { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  i4: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  i8: { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  u1: { bytes: 1, read: (view, at) => view.getUint8(at) },
  u2: { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  u4: { bytes: 4, read: (view, at) => view.getUint32(at, true) },
  u8: { bytes: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  b1: { bytes: 1, read: (view, at) => view.getUint8(at) },
};

/**
 * Reads a .npy file, versions 1 to 3 of the format (NumPy Enhancement Proposal 1): real numbers, integers or truth values of
 * one or two dimensions. float32 stays float32, all else becomes float64.
 * @param name of the file, for messages
 * @throws input-invalid for another kind of file, type or number of dimensions, and for a file that was cut off
 */
export function readNpy(bytes: Uint8Array, name: string): NpyArray {
  const refuse = (found: string): never => {
    throw new TransferEvidenceError(
      'input-invalid',
      `${name} is not a .npy file of one or two dimensions of numbers: ${found}. Save it with numpy.save(path, array) from a float32, float64 or integer array.`,
    );
  };
  if (bytes.length < 10 || Buffer.from(bytes.subarray(0, 6)).toString('latin1') !== magic)
    refuse('it does not begin as one');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6]!;
  if (version < 1 || version > 3) refuse(`its format version is ${version}`);
  const [lengthBytes, headerLength] = version === 1 ? [2, view.getUint16(8, true)] : [4, wideLength(view)];
  const start = 8 + lengthBytes + headerLength;
  if (headerLength > longestHeader || start > bytes.length) refuse('its header is cut off');
  const header = Buffer.from(bytes.subarray(8 + lengthBytes, start)).toString('latin1');
  const [, order, code] = /'descr':\s*'([<>|=])([a-z]\d+)'/.exec(header) ?? [];
  const type = types[code ?? ''];
  if (!type) return refuse(`its type is ${/'descr':\s*(\S+?),/.exec(header)?.[1] ?? 'missing'}`);
  if (order === '>') return refuse('its numbers are big-endian');
  if (!/'fortran_order':\s*(?:True|False)/.test(header)) refuse('its header has no order');
  const shape = (/'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .flatMap((size) => (size.trim() === '' ? [] : [Number(size)]));
  if (shape.length < 1 || shape.length > 2) refuse(`it has ${shape.length} dimensions`);
  const count = shape.reduce((product, size) => product * size, 1);
  if (bytes.length - start !== count * type.bytes)
    refuse(
      `${shape.join(' × ')} numbers of ${type.bytes} bytes should follow its header, and ${bytes.length - start} bytes do`,
    );
  const data = numbersOf(view, start, count, code!, type);
  if (!Number.isSafeInteger(count) || (!code!.startsWith('f') && !data.every((value) => Number.isSafeInteger(value))))
    refuse('it holds integers beyond 2⁵³');
  const isTurned = /'fortran_order':\s*True/.test(header) && shape.length === 2;
  return { shape, data: isTurned ? turned(data, shape as [number, number]) : data };
}

/** The array as a matrix, one row an image. @throws input-invalid when it has one dimension */
export function matrixOf({ shape, data }: NpyArray, name: string): Matrix {
  if (shape.length !== 2)
    throw new TransferEvidenceError(
      'input-invalid',
      `${name} holds ${shape[0]} numbers; features are a matrix, one row an image. Save an array of shape (images, features).`,
    );
  return matrix(data, shape[0]!, shape[1]!);
}

function wideLength(view: DataView): number {
  return view.byteLength < 12 ? Number.POSITIVE_INFINITY : view.getUint32(8, true);
}

function numbersOf(
  view: DataView,
  start: number,
  count: number,
  code: string,
  { bytes, read }: (typeof types)[string],
): NpyArray['data'] {
  const data = code === 'f4' ? new Float32Array(count) : new Float64Array(count);
  // NumPy pads headers so that numbers are aligned in the file; in memory they are where the file is.
  const aligned = (view.byteOffset + start) % bytes === 0;
  if (aligned && code === 'f4') data.set(new Float32Array(view.buffer, view.byteOffset + start, count));
  else if (aligned && code === 'f8') data.set(new Float64Array(view.buffer, view.byteOffset + start, count));
  else for (let i = 0; i < count; i++) data[i] = read(view, start + i * bytes);
  return data;
}

/** Column-major to row-major. */
function turned<T extends NpyArray['data']>(data: T, [rows, columns]: [number, number]): T {
  const found = data.slice() as T;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) found[row * columns + column] = data[column * rows + row]!;
  return found;
}
