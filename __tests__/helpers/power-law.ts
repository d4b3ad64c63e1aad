import type { RawImage } from '../../src/image/types.ts';
import { seededRandom } from '../../src/random.ts';
import { raster } from './raster.ts';

/** Waves that an image is made of: enough that every ring of frequencies holds many. */
const waves = 1500;

/**
 * A grey image whose power falls as frequency^−exponent, as that of photographs does at 2: a sum of plane waves of random
 * direction and phase, with frequencies spread evenly over the whole plane up to the Nyquist square.
 */
export function powerLawImage(
  width: number,
  height: number,
  seed: number,
  { exponent = 2, deviation = 45 }: { exponent?: number; deviation?: number } = {},
): RawImage {
  const random = seededRandom(seed, 'power-law');
  const sum = new Float64Array(width * height);
  for (let wave = 0; wave < waves; wave++) {
    const [u, v] = [random.next() - 0.5, random.next() - 0.5];
    const frequency = Math.max(1 / Math.max(width, height), Math.hypot(u, v));
    const size = frequency ** (-exponent / 2);
    const phase = 2 * Math.PI * random.next();
    const [turnRe, turnIm] = [Math.cos(2 * Math.PI * u), Math.sin(2 * Math.PI * u)];
    for (let y = 0, at = 0; y < height; y++) {
      let re = size * Math.cos(2 * Math.PI * v * y + phase);
      let im = size * Math.sin(2 * Math.PI * v * y + phase);
      for (let x = 0; x < width; x++, at++) {
        sum[at]! += re;
        const next = re * turnRe - im * turnIm;
        im = re * turnIm + im * turnRe;
        re = next;
      }
    }
  }
  const mean = sum.reduce((total, value) => total + value, 0) / sum.length;
  const spread = Math.sqrt(sum.reduce((total, value) => total + (value - mean) ** 2, 0) / sum.length);
  return raster(width, height, (x, y) => {
    const level = Math.round(128 + (deviation * (sum[y * width + x]! - mean)) / spread);
    const grey = Math.min(255, Math.max(0, level));
    return [grey, grey, grey];
  });
}
