import { describe, expect, it } from 'vitest';
import type { Augmentation, ImageChange } from '../../src/probe/finetune/order.ts';
import { seededRandom } from '../../src/random.ts';
import {
  brightnessOffset,
  type Draws,
  dimsOf,
  drawsOf,
  emitAugmentation,
  type ImageShape,
  partsOf,
} from '../../src/training/augmentation.ts';
import type { Value } from '../../src/training/value.ts';
import { compiled, deviation, randomNumbers } from '../helpers/training.ts';

const [batch, channels, height, width] = [6, 3, 7, 10];
const preprocessing: Parameters<typeof brightnessOffset>[0] = {
  mean: [0.5, 0.4, 0.3],
  std: [0.2, 0.25, 0.3],
  range: [0, 1],
};
const offset = brightnessOffset(preprocessing, channels);
const all: Augmentation = { flip: true, shift: 0.4, brightness: 0.5 };

/** Changes of every kind; whole pixels are fractions that rounding reaches from both sides. */
const changes: ImageChange[] = [
  { flip: false, down: 0, right: 0, brightness: 1 },
  { flip: true, down: 0, right: 0, brightness: 1.3 },
  { flip: false, down: 2.2 / height, right: -2.8 / width, brightness: 0.6 },
  { flip: true, down: -1.9 / height, right: 3.1 / width, brightness: 1.2 },
  { flip: true, down: 0.4 / height, right: -4 / width, brightness: 0.9 },
  { flip: false, down: 0.99, right: 0.99, brightness: 1.5 },
];

/** The same pixel by pixel, on channels first. */
function reference(images: Float32Array, { flip, shift, brightness }: Augmentation): Float32Array {
  const out = new Float32Array(images.length);
  changes.forEach((change, b) => {
    const down = shift > 0 ? Math.round(change.down * height) : 0;
    const right = shift > 0 ? Math.round(change.right * width) : 0;
    const factor = brightness > 0 ? change.brightness : 1;
    for (let c = 0; c < channels; c++)
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          const [fromY, movedX] = [y - down, x - right];
          const fromX = flip && change.flip ? width - 1 - movedX : movedX;
          if (fromY < 0 || fromY >= height || fromX < 0 || fromX >= width) continue;
          const plane = (b * channels + c) * height * width;
          const { mean, std } = preprocessing;
          const intensity = images[plane + fromY * width + fromX]! * std[c]! + mean[c]!;
          out[plane + y * width + x] = (intensity * factor - mean[c]!) / std[c]!;
        }
  });
  return out;
}

const { data: pictures } = randomNumbers([batch, channels, height, width], 'pictures');

function channelsLast(images: Float32Array): Float32Array {
  return images.map((_, i) => {
    const [b, rest] = [Math.floor(i / (channels * height * width)), i % (channels * height * width)];
    return images[b * channels * height * width + (rest % channels) * height * width + Math.floor(rest / channels)]!;
  });
}

async function changed(augmentation: Augmentation, layout: ImageShape['layout']) {
  const image: ImageShape = { layout, channels, height, width };
  const parts = partsOf(augmentation);
  const draws = drawsOf(changes, augmentation, image);
  const shapes: Record<string, number[]> = { images: [batch, ...dimsOf(image)] };
  for (const { name, perImage } of parts) shapes[name] = [batch, ...perImage];
  const graph = await compiled(shapes, (ops, { images, ...given }) => ({
    images: emitAugmentation(ops, images!, image, given as Draws<Value>, offset),
  }));
  const found = await graph.run({
    ...draws,
    images: layout === 'NCHW' ? pictures : channelsLast(pictures),
  } as Record<string, Float32Array>);
  await graph.close();
  return { images: found.images!, ops: graph.ops };
}

describe.each(['NCHW', 'NHWC'] as const)('changing images of layout %s', (layout) => {
  const inLayout = (images: Float32Array) => (layout === 'NCHW' ? images : channelsLast(images));

  it.each<[string, Augmentation]>([
    ['mirrored', { flip: true, shift: 0, brightness: 0 }],
    ['moved', { flip: false, shift: 0.4, brightness: 0 }],
    ['mirrored and moved', { flip: true, shift: 0.4, brightness: 0 }],
  ])('gives each pixel where it belongs, exactly, when %s', async (_, augmentation) => {
    const { images } = await changed(augmentation, layout);
    const place = reference(
      pictures.map((_, i) => i + 1),
      augmentation,
    );
    // Pixels are told by their numbers, which the normalisation of the reference only rounds.
    const expected = place.map((source) => (Math.round(source) === 0 ? 0 : pictures[Math.round(source) - 1]!));
    expect(images).toEqual(inLayout(expected));
  });

  it('makes intensities brighter or darker as if before normalisation, and leaves 0 outside', async () => {
    const { images } = await changed(all, layout);
    const expected = inLayout(reference(pictures, all));
    expect(deviation(images, expected)).toBeLessThan(1e-6);
    expect(images.filter((x) => x === 0).length).toBe(expected.filter((x) => x === 0).length);
  });

  it('emits nothing when all is off, and no matrices for brightness', async () => {
    const off = await changed({ flip: false, shift: 0, brightness: 0 }, layout);
    expect(off.ops).toEqual([]);
    expect(off.images).toEqual(inLayout(pictures));
    expect((await changed({ flip: false, shift: 0, brightness: 0.5 }, layout)).ops).not.toContain('MatMul');
    expect(
      (await changed({ flip: true, shift: 0, brightness: 0 }, layout)).ops.filter((op) => op === 'MatMul'),
    ).toHaveLength(1);
  });
});

it('moves by as many whole pixels at another size as make the same fraction', () => {
  const change = [{ flip: false, down: -1 / 8, right: 1 / 8, brightness: 1 }];
  expect([...drawsOf(change, all, { height: 64, width: 32 }).columns!]).toEqual([-4, 1]);
  expect([...drawsOf(change, all, { height: 64, width: 32 }).rows!]).toEqual([8]);
});

it('works out the offset of a range that does not begin at 0', () => {
  const random = seededRandom(0, 'offset');
  const own: Parameters<typeof brightnessOffset>[0] = { mean: [0.1, 0, -0.2], std: [0.5, 1, 2], range: [-1, 1] };
  const { mean, std, range } = own;
  const offsets = brightnessOffset(own, 3);
  for (let c = 0; c < 3; c++) {
    const [intensity, factor] = [random.next(), 0.5 + random.next()];
    const normalised = (p: number) => (range[0] + p * (range[1] - range[0]) - mean[c]!) / std[c]!;
    expect(factor * normalised(intensity) + (factor - 1) * offsets[c]!).toBeCloseTo(normalised(factor * intensity), 6);
  }
});
