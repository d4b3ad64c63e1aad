import type { RawImage } from '../../src/image/types.ts';

/** An image whose pixel at (x, y) is what `colour` says. */
export function raster(
  width: number,
  height: number,
  colour: (x: number, y: number) => readonly [number, number, number],
): RawImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data.set(colour(x, y), (y * width + x) * 3);
  return { data, width, height };
}

export const plain = (width: number, height: number, grey: number) => raster(width, height, () => [grey, grey, grey]);
