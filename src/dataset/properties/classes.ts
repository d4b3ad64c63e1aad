import type { Dataset } from '../types.ts';
import type { Property } from './property.ts';

/** How many classes there are, and how many images have none. */
export function classCount({ images, classes, task }: Pick<Dataset, 'images' | 'classes' | 'task'>): Property {
  const bare = images.filter(({ labels }) => labels.length === 0).length;
  return {
    property: 'classes',
    value: classes.length,
    unit: 'classes',
    n: images.length,
    details: { task, imagesWithoutClass: bare },
  };
}
