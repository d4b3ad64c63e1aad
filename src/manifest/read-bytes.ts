import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * The beginning of a file, at most one byte more than the limit, so that neither a wrong file nor an endless one fills the memory.
 * @returns the bytes, and the size of the whole file as far as it is known
 * @throws the system's error, with code EISDIR or a clause where it is no file
 */
export async function readBytes(absolute: string, limit: number): Promise<{ bytes: Uint8Array; size: number }> {
  // A named pipe without a writer would be waited for.
  const file = await open(absolute, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw Object.assign(new Error(), { code: stat.isDirectory() ? 'EISDIR' : 'it is not a file' });
    const buffer = Buffer.alloc(Math.min(stat.size, limit) + 1);
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await file.read(buffer, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return { bytes: buffer.subarray(0, filled), size: Math.max(stat.size, filled) };
  } finally {
    await file.close();
  }
}
