import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { ImageRecord } from '../../src/dataset/types.ts';

/** Writes one PNG; `pixel` gives the colour at a place. */
export async function writePicture(
  folder: string,
  id: string,
  [width, height]: readonly [number, number],
  pixel: (x: number, y: number) => readonly [number, number, number],
): Promise<ImageRecord> {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(pixel(x, y), (y * width + x) * 3);
  const file = join(folder, id);
  await mkdir(dirname(file), { recursive: true });
  await sharp(data, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toFile(file);
  return { id, file, labels: [], group: id };
}

/** Writes a file that is named like an image and is none. */
export async function writeDamaged(folder: string, id: string): Promise<ImageRecord> {
  const file = join(folder, id);
  await writeFile(file, 'not an image');
  return { id, file, labels: [], group: id };
}
