import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resize, toTensor } from '../../src/image/preprocess.ts';
import { triangleResize, triangleResizeWindow } from '../../src/image/triangle.ts';
import type { RawImage } from '../../src/image/types.ts';

interface Case {
  source: [number, number];
  size: [number, number];
  mode: 'squash' | 'crop' | 'pad';
  sha256: string;
  rgb?: string;
}
const cases: Case[] = JSON.parse(await readFile(new URL('../fixtures/image/resize.json', import.meta.url), 'utf8'));

/** The formula of fixtures/image/make.py. */
function pattern([width, height]: [number, number]): RawImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) data[i++] = (x * 7 + y * 13 + c * 50 + x * y * (c + 1)) % 256;
  return { data, width, height };
}

describe('resize', () => {
  it.each(cases)('$mode of $source to $size is Pillow’s, to the bit', ({ source, size, mode, sha256, rgb }) => {
    const [width, height] = size;
    const image = resize(pattern(source), { width, height, mode });
    expect([image.width, image.height]).toEqual(size);
    if (rgb !== undefined) expect([...image.data]).toEqual([...Buffer.from(rgb, 'base64')]);
    expect(createHash('sha256').update(image.data).digest('hex')).toBe(sha256);
  });

  it('computes a window of the scaled image to the bit as it would the whole', () => {
    const size = fc.integer({ min: 1, max: 30 });
    const place = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      of: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const span = (length: number, { at, of }: { at: number; of: number }): [number, number] => {
      const start = Math.floor(at * (length - 1));
      return [start, 1 + Math.floor(of * (length - start - 1))];
    };
    fc.assert(
      fc.property(size, size, size, size, place, place, (w, h, width, height, across, down) => {
        const whole = triangleResize(pattern([w, h]), width, height);
        const [left, columns] = span(width, across);
        const [top, rows] = span(height, down);
        const window = { left, top, width: columns, height: rows };
        const found = triangleResizeWindow(pattern([w, h]), width, height, window);
        const cut = Array.from({ length: rows }, (_, y) => {
          const from = ((top + y) * width + left) * 3;
          return [...whole.data.subarray(from, from + columns * 3)];
        });
        expect({ ...found, data: [...found.data] }).toEqual({ width: columns, height: rows, data: cut.flat() });
      }),
    );
  });

  it('leaves a flat image flat and its argument alone', () => {
    const size = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(size, size, size, size, fc.integer({ min: 0, max: 255 }), (w, h, width, height, value) => {
        const source = { data: new Uint8Array(w * h * 3).fill(value), width: w, height: h };
        for (const mode of ['squash', 'crop'] as const)
          expect(new Set(resize(source, { width, height, mode }).data)).toEqual(new Set([value]));
        expect(new Set(source.data)).toEqual(new Set([value]));
      }),
      { numRuns: 60 },
    );
  });

  it('pads with black on both sides alike', () => {
    const white = { data: new Uint8Array(4 * 2 * 3).fill(255), width: 4, height: 2 };
    const { data } = resize(white, { width: 4, height: 4, mode: 'pad' });
    const rows = Array.from({ length: 4 }, (_, y) => data[y * 12]);
    expect(rows).toEqual([0, 255, 255, 0]);
  });

  it.each([[{ width: 0, height: 4 }], [{ width: 4, height: 2.5 }]])('refuses the size %o', (size) => {
    expect(() => resize(pattern([4, 4]), { ...size, mode: 'squash' })).toThrow(
      expect.objectContaining({ code: 'shape-mismatch' }),
    );
  });

  it('refuses data that is not width × height × 3', () => {
    const wrong = { data: new Uint8Array(10), width: 2, height: 2 };
    expect(() => resize(wrong, { width: 4, height: 4, mode: 'squash' })).toThrow(/needs 12 samples; 10/);
  });
});

describe('toTensor', () => {
  const image: RawImage = { data: Uint8Array.of(255, 0, 51, 10, 20, 30), width: 2, height: 1 };
  const plain = { channels: 'rgb', range: [0, 1], mean: [0, 0, 0], std: [1, 1, 1] } as const;
  const tensor = (options: object) => {
    const out = new Float32Array(6);
    toTensor(image, { ...plain, ...options } as never, out, 0);
    return [...out];
  };
  const near = (values: number[]) => values.map((value) => expect.closeTo(value, 6));

  it('writes one plane a channel', () => {
    expect(tensor({})).toEqual(near([1, 10 / 255, 0, 20 / 255, 0.2, 30 / 255]));
  });

  it('turns the planes round for bgr, with mean and std in the written order', () => {
    expect(tensor({ channels: 'bgr', range: [0, 255], mean: [1, 2, 3], std: [1, 2, 4] })).toEqual(
      near([50, 29, -1, 9, 63, 1.75]),
    );
  });

  it('writes BT.601 luma to all three planes for grey', () => {
    const luma = [(0.299 * 255 + 0.114 * 51) / 255, (2.99 + 11.74 + 3.42) / 255];
    expect(tensor({ channels: 'grey' })).toEqual(near([...luma, ...luma, ...luma]));
  });

  it('scales to the range first, then takes mean and std', () => {
    expect(tensor({ range: [-1, 1] })).toEqual(near([1, -0.92156863, -1, -0.84313725, -0.6, -0.76470588]));
    // ImageNet's: (1 − 0.485) / 0.229, (0 − 0.456) / 0.224, (0.2 − 0.406) / 0.225 for the first pixel
    const [red, , green, , blue] = tensor({ mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] });
    expect([red, green, blue]).toEqual(near([2.24890829, -2.03571429, -0.91555556]));
  });

  it('fills its place in the batch and nothing else', () => {
    const out = new Float32Array(18).fill(7);
    toTensor(image, { ...plain, range: [0, 1], mean: [0, 0, 0], std: [1, 1, 1] }, out, 6);
    expect([...out.subarray(0, 6), ...out.subarray(12)]).toEqual(Array(12).fill(7));
    expect(out[6]).toBe(1);
  });

  it('refuses a batch without room', () => {
    expect(() =>
      toTensor(image, { ...plain, range: [0, 1], mean: [0, 0, 0], std: [1, 1, 1] }, new Float32Array(6), 1),
    ).toThrow(expect.objectContaining({ code: 'shape-mismatch' }));
  });
});
