import { stat } from 'node:fs/promises';
import type { ImageRecord } from '../types.ts';
import type { Property } from './property.ts';

/** Files asked for at a time. */
const askedAtOnce = 64;

/** Bytes of all image files as they are stored; files that are gone are counted apart. */
export async function sizeOnDisk(images: readonly Pick<ImageRecord, 'file'>[]): Promise<Property> {
  let bytes = 0;
  let gone = 0;
  for (let from = 0; from < images.length; from += askedAtOnce) {
    const found = await Promise.all(
      images.slice(from, from + askedAtOnce).map(({ file }) => stat(file).catch(() => null)),
    );
    for (const file of found) {
      if (file === null) gone++;
      else bytes += file.size;
    }
  }
  return { property: 'bytes', value: bytes, unit: 'bytes', n: images.length, details: { gone } };
}
