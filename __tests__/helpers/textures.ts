import type { RawImage } from '../../src/image/types.ts';
import { seededRandom } from '../../src/random.ts';

/** A grey picture of smooth noise, as rich in detail as a photograph and like no other seed's. */
export function texture(seed: number, side = 64): RawImage {
  const random = seededRandom(seed, 'texture');
  const waves = Array.from({ length: 40 }, () => ({
    across: 9 * random.next(),
    down: 9 * random.next(),
    phase: 2 * Math.PI * random.next(),
  }));
  const data = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const value = waves.reduce(
        (sum, { across, down, phase }) => sum + Math.cos((2 * Math.PI * (across * x + down * y)) / side + phase),
        0,
      );
      data.fill(Math.min(255, Math.max(0, Math.round(128 + 14 * value))), (y * side + x) * 3, (y * side + x) * 3 + 3);
    }
  return { data, width: side, height: side };
}

/** The picture mirrored left to right. */
export function mirror({ data, width, height }: RawImage): RawImage {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      out.set(data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3), (y * width + width - 1 - x) * 3);
  return { data: out, width, height };
}

/** Every sample through a function, rounded and kept in range. */
export function mapped({ data, width, height }: RawImage, change: (sample: number, at: number) => number): RawImage {
  return {
    data: data.map((sample, at) => Math.min(255, Math.max(0, Math.round(change(sample, at))))),
    width,
    height,
  };
}
