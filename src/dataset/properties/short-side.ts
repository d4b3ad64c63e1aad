import type { Property } from './property.ts';

/**
 * Quartiles of the images' short side in pixels, linearly interpolated (Hyndman & Fan 1996, type 7); `value` is the median.
 * @param sides the short side of each image that could be read
 */
export function shortSide(sides: readonly number[]): Property {
  const common = { property: 'short_side', unit: 'px', n: sides.length } as const;
  if (sides.length === 0)
    return { ...common, value: null, refused: 'No image could be read, so none has a size.', details: {} };
  const sorted = [...sides].sort((a, b) => a - b);
  const quantile = (share: number) => {
    const at = share * (sorted.length - 1);
    const below = sorted[Math.floor(at)]!;
    return below + (at - Math.floor(at)) * (sorted[Math.ceil(at)]! - below);
  };
  return {
    ...common,
    value: quantile(0.5),
    details: { lowerQuartile: quantile(0.25), upperQuartile: quantile(0.75), least: sorted[0]!, most: sorted.at(-1)! },
  };
}
