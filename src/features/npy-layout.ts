import { TransferEvidenceError } from '../errors.ts';

/** Where and how the numbers of a .npy file lie. */
export interface NpyLayout {
  shape: number[];
  /** NumPy's type string without the byte order. */
  code: string;
  /** Of one number. */
  bytes: number;
  /** Where in the file the numbers begin. */
  start: number;
  /** Whether two dimensions lie column after column. */
  isTurned: boolean;
}

const magic = '\u0093NUMPY';
/** Headers of real files are a line; a length beyond this is a broken or hostile file. */
const longestHeader = 1 << 16;
/** As much of a file's beginning as {@link layoutOf} can ask for. */
export const longestBeginning = 12 + longestHeader;

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
 * The layout that the header of a .npy file tells, versions 1 to 3 of the format (NumPy Enhancement Proposal 1): real
 * numbers, integers or truth values of one or two dimensions.
 * @param beginning of the file: all of it, or its first {@link longestBeginning} bytes
 * @param length of the file in bytes
 * @param name of the file, for messages
 * @throws input-invalid for another kind of file, type or number of dimensions, and for a file that was cut off
 */
export function layoutOf(beginning: Uint8Array, length: number, name: string): NpyLayout {
  const refuse = (found: string): never => refuseFile(name, found);
  if (beginning.length < 10 || Buffer.from(beginning.subarray(0, 6)).toString('latin1') !== magic)
    refuse('it does not begin as one');
  const view = new DataView(beginning.buffer, beginning.byteOffset, beginning.byteLength);
  const version = beginning[6]!;
  if (version < 1 || version > 3) refuse(`its format version is ${version}`);
  const [lengthBytes, headerLength] = version === 1 ? [2, view.getUint16(8, true)] : [4, wideLength(view)];
  const start = 8 + lengthBytes + headerLength;
  if (headerLength > longestHeader || start > beginning.length) refuse('its header is cut off');
  const header = Buffer.from(beginning.subarray(8 + lengthBytes, start)).toString('latin1');
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
  if (length - start !== count * type.bytes)
    refuse(
      `${shape.join(' × ')} numbers of ${type.bytes} bytes should follow its header, and ${length - start} bytes do`,
    );
  const isTurned = /'fortran_order':\s*True/.test(header) && shape.length === 2;
  return { shape, code: code!, bytes: type.bytes, start, isTurned };
}

/**
 * The numbers that begin at `start`, float32 as they are and all else in float64.
 * @throws input-invalid for integers beyond 2⁵³
 */
export function numbersAt(
  bytes: Uint8Array,
  start: number,
  count: number,
  { code }: NpyLayout,
  name: string,
): Float32Array | Float64Array {
  const { bytes: size, read } = types[code]!;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = emptyNumbers(count, code);
  // NumPy pads headers so that numbers are aligned in the file; in memory they are where the file is.
  const aligned = (view.byteOffset + start) % size === 0;
  if (aligned && code === 'f4') data.set(new Float32Array(view.buffer, view.byteOffset + start, count));
  else if (aligned && code === 'f8') data.set(new Float64Array(view.buffer, view.byteOffset + start, count));
  else for (let i = 0; i < count; i++) data[i] = read(view, start + i * size);
  if (!code.startsWith('f') && !data.every((value) => Number.isSafeInteger(value)))
    refuseFile(name, 'it holds integers beyond 2⁵³');
  return data;
}

/** Room for numbers of a type: float32 for itself, float64 for all else. */
export function emptyNumbers(count: number, code: string): Float32Array | Float64Array {
  return code === 'f4' ? new Float32Array(count) : new Float64Array(count);
}

/** @throws input-invalid */
function refuseFile(name: string, found: string): never {
  throw new TransferEvidenceError(
    'input-invalid',
    `${name} is not a .npy file of one or two dimensions of numbers: ${found}. Save it with numpy.save(path, array) from a float32, float64 or integer array.`,
  );
}

function wideLength(view: DataView): number {
  return view.byteLength < 12 ? Number.POSITIVE_INFINITY : view.getUint32(8, true);
}
