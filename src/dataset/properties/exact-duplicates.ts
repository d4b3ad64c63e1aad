import { unreadable } from '../fingerprint.ts';
import type { ImageRecord } from '../types.ts';
import type { Property } from './property.ts';

/**
 * How many of the images looked at are byte for byte the copy of an earlier one. `conflicting` counts the copies whose
 * labels differ from the first's: one of the two labels is wrong. Copies that were encoded anew are not seen here.
 * @param contents SHA-256 by image id, see fingerprint.ts
 */
export function exactDuplicates(images: readonly ImageRecord[], contents: ReadonlyMap<string, string>): Property {
  const first = new Map<string, ImageRecord>();
  let copies = 0;
  let conflicting = 0;
  for (const image of images) {
    const content = contents.get(image.id);
    if (content === undefined || content.startsWith(unreadable)) continue;
    const known = first.get(content);
    if (known === undefined) {
      first.set(content, image);
      continue;
    }
    copies++;
    if (labelsOf(known) !== labelsOf(image)) conflicting++;
  }
  return { property: 'exact_duplicates', value: copies, unit: 'images', n: images.length, details: { conflicting } };
}

function labelsOf({ labels }: ImageRecord): string {
  return [...labels].sort((a, b) => a - b).join();
}
