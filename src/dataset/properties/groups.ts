import type { Dataset } from '../types.ts';
import type { Property } from './property.ts';

/**
 * How many independent units there are: patients, slides, sites; images where none are declared. `largestShare` is the
 * share of the images that the largest one has, 0 … 1.
 */
export function groupCount({ images, grouped }: Pick<Dataset, 'images' | 'grouped'>): Property {
  const sizes = new Map<string, number>();
  let largest = 0;
  for (const { group } of images) {
    const size = (sizes.get(group) ?? 0) + 1;
    sizes.set(group, size);
    largest = Math.max(largest, size);
  }
  return {
    property: 'groups',
    value: sizes.size,
    unit: 'groups',
    n: images.length,
    details: { declared: grouped, largestShare: images.length === 0 ? null : largest / images.length },
  };
}
