import type { Dataset } from '../types.ts';
import type { Property } from './property.ts';

/**
 * How evenly the labels are spread: entropy of the class shares ÷ ln K (Shannon 1948; Pielou 1966 for the quotient), 0 … 1,
 * 1 when all K classes are equally frequent. With several labels an image, shares are of labels, not of images.
 * Refuses below 2 classes or without labels.
 */
export function classBalance({ images, classes }: Pick<Dataset, 'images' | 'classes'>): Property {
  const counts = new Float64Array(classes.length);
  for (const { labels } of images) for (const label of labels) counts[label] = counts[label]! + 1;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const common = { property: 'class_balance', unit: 'of 1', n: images.length } as const;
  if (classes.length < 2 || total === 0)
    return {
      ...common,
      value: null,
      refused: `Balance needs at least 2 classes; ${classes.length} found. Sort the images into one sub-folder per class.`,
      details: {},
    };
  let entropy = 0;
  let smallest = 0;
  let largest = 0;
  counts.forEach((count, label) => {
    if (count > 0) entropy -= (count / total) * Math.log(count / total);
    if (count < counts[smallest]!) smallest = label;
    if (count > counts[largest]!) largest = label;
  });
  return {
    ...common,
    // Rounding can put equal shares a last digit above 1.
    value: Math.min(1, entropy / Math.log(classes.length)),
    details: {
      smallest: classes[smallest]!,
      smallestImages: counts[smallest]!,
      largest: classes[largest]!,
      largestImages: counts[largest]!,
    },
  };
}
