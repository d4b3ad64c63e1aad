import type { ImageRecord } from '../types.ts';
import type { Property } from './property.ts';

/**
 * How many images a dataset has, test images aside, and how many of them were looked at.
 * @param all every image that may be looked at
 * @param drawn those that were
 */
export function imageCount(all: readonly ImageRecord[], drawn: readonly ImageRecord[]): Property {
  return { property: 'images', value: all.length, unit: 'images', n: all.length, details: { lookedAt: drawn.length } };
}
