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

/** Rows and columns exchanged. */
export function transposed({ data, width, height }: RawImage): RawImage {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      out.set(data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3), (x * height + y) * 3);
  return { data: out, width: height, height: width };
}

/** What is left when shares of the sides are cut off, at the resolution that it has. */
export function cropped(
  { data, width, height }: RawImage,
  { left, right, top, bottom }: Record<'left' | 'right' | 'top' | 'bottom', number>,
): RawImage {
  const [x0, x1] = [Math.round(left * width), Math.round((1 - right) * width)];
  const [y0, y1] = [Math.round(top * height), Math.round((1 - bottom) * height)];
  const out = new Uint8Array((x1 - x0) * (y1 - y0) * 3);
  for (let y = y0; y < y1; y++)
    out.set(data.subarray((y * width + x0) * 3, (y * width + x1) * 3), (y - y0) * (x1 - x0) * 3);
  return { data: out, width: x1 - x0, height: y1 - y0 };
}

/** A grey picture whose details are the weaker the finer they are, as in photographs: the strength of a wave is 1 / its frequency. */
export function scenery(seed: number, side = 64): RawImage {
  const random = seededRandom(seed, 'scenery');
  const waves = Array.from({ length: 60 }, () => {
    const [across, down] = [12 * random.next(), 24 * (random.next() - 0.5)];
    return { across, down, strength: 1 / Math.max(1, Math.hypot(across, down)), phase: 2 * Math.PI * random.next() };
  });
  const data = new Uint8Array(side * side * 3);
  for (let at = 0; at < side * side; at++) {
    const [x, y] = [(at % side) / side, Math.floor(at / side) / side];
    let sum = 0;
    for (const { across, down, strength, phase } of waves)
      sum += strength * Math.cos(2 * Math.PI * (across * x + down * y) + phase);
    data.fill(Math.min(255, Math.max(0, Math.round(128 + 40 * sum))), 3 * at, 3 * at + 3);
  }
  return { data, width: side, height: side };
}
