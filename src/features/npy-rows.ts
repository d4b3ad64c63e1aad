import { type FileHandle, open } from 'node:fs/promises';
import { TransferEvidenceError } from '../errors.ts';
import { type Matrix, matrix } from '../matrix.ts';
import { featureShape } from './npy.ts';
import { emptyNumbers, layoutOf, longestBeginning, type NpyLayout, numbersAt } from './npy-layout.ts';

/** Features that lie in a .npy file, one row an image, of which only what is asked for is in memory. */
export interface NpyRows {
  readonly rows: number;
  readonly columns: number;
  /** The given rows, which ascend. */
  read(rows: Int32Array): Promise<Matrix>;
  /** All rows in their order, some at a time. */
  blocks(): AsyncIterable<Matrix>;
  close(): Promise<void>;
}

/** Rows in a block of all. */
const blockRows = 2048;
/** Bytes that are asked of the file at a time. */
const mostBytes = 2 ** 24;

/**
 * Opens a .npy file of two dimensions, as {@link import('./npy.ts').readNpy} reads it whole. Row-major files are read row
 * by row. Of column-major ones each block takes a piece of every column: many small reads, which take longer and no more
 * memory.
 * @param name of the file, for messages
 * @throws input-invalid where readNpy does, for a file that cannot be read, and, while it is read, for one that changes
 */
export async function openNpyRows(path: string, name: string): Promise<NpyRows> {
  const file = await readable(name, () => open(path));
  try {
    const { size } = await readable(name, () => file.stat());
    const beginning = Buffer.alloc(Math.min(size, longestBeginning));
    await fill(file, beginning, 0, name);
    const layout = layoutOf(beginning, size, name);
    const [rows, columns] = featureShape(layout.shape, name);
    const read = (wanted: Int32Array) => (layout.isTurned ? columnwise : rowwise)(file, layout, wanted, name);
    return {
      rows,
      columns,
      read,
      async *blocks() {
        for (let from = 0; from < rows; from += blockRows)
          yield await read(Int32Array.from({ length: Math.min(blockRows, rows - from) }, (_, i) => from + i));
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Rows that follow each other are read at once. */
async function rowwise(file: FileHandle, layout: NpyLayout, wanted: Int32Array, name: string): Promise<Matrix> {
  const columns = layout.shape[1]!;
  const rowBytes = columns * layout.bytes;
  const most = Math.max(1, Math.floor(mostBytes / rowBytes));
  const data = emptyNumbers(wanted.length * columns, layout.code);
  for (let at = 0; at < wanted.length; ) {
    let end = at + 1;
    while (end < wanted.length && end - at < most && wanted[end] === wanted[end - 1]! + 1) end++;
    const part = await numbers(file, layout, wanted[at]! * columns, (end - at) * columns, name);
    data.set(part, at * columns);
    at = end;
  }
  return matrix(data, wanted.length, columns);
}

/** Of each column what lies between the first and the last row is read. */
async function columnwise(file: FileHandle, layout: NpyLayout, wanted: Int32Array, name: string): Promise<Matrix> {
  const [rows, columns] = layout.shape as [number, number];
  const data = emptyNumbers(wanted.length * columns, layout.code);
  const first = wanted[0] ?? 0;
  const span = wanted.length === 0 ? 0 : wanted.at(-1)! - first + 1;
  for (let column = 0; column < columns; column++) {
    const part = await numbers(file, layout, column * rows + first, span, name);
    for (let at = 0; at < wanted.length; at++) data[at * columns + column] = part[wanted[at]! - first]!;
  }
  return matrix(data, wanted.length, columns);
}

/** Numbers from the `first` one on. */
async function numbers(file: FileHandle, layout: NpyLayout, first: number, count: number, name: string) {
  const bytes = new Uint8Array(count * layout.bytes);
  await fill(file, bytes, layout.start + first * layout.bytes, name);
  return numbersAt(bytes, 0, count, layout, name);
}

async function fill(file: FileHandle, bytes: Uint8Array, position: number, name: string): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await readable(name, () => file.read(bytes, done, bytes.length - done, position + done));
    if (bytesRead === 0)
      throw new TransferEvidenceError(
        'input-invalid',
        `${name} became shorter while it was read. Run again when nothing writes it.`,
      );
    done += bytesRead;
  }
}

async function readable<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new TransferEvidenceError('input-invalid', `${name} cannot be read: ${(cause as Error).message}.`, { cause });
  }
}
