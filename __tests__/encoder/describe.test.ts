import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageRecord } from '../../src/dataset/types.ts';
import { type DescribeOptions, describeImages } from '../../src/encoder/describe.ts';
import { describeApart } from '../../src/encoder/describe-apart.ts';
import type { Encoder } from '../../src/encoder/encoder.ts';
import { decode } from '../../src/image/decode.ts';
import { loadNatives, type Natives } from '../../src/runtime/natives.ts';
import { describeVisually, visualColumns } from '../../src/similarity/visual/index.ts';
import { writeDamaged, writePicture } from '../helpers/pictures.ts';
import { meanOfChannels, plain, tinyNetwork } from '../helpers/tiny-network.ts';

const scratch = await mkdtemp(join(tmpdir(), 'describe-'));
afterAll(() => rm(scratch, { recursive: true }));

/** Uniform colours, then a pattern whose features depend on every pixel. */
const colours = [
  [255, 0, 51],
  [0, 102, 0],
  [51, 51, 204],
] as const;
let uniform: ImageRecord[];
let patterned: ImageRecord[];
let damaged: ImageRecord;
let natives: Natives['from'];

beforeAll(async () => {
  natives = (await loadNatives({ need: ['onnxruntime-node', 'sharp'], log: () => {} })).from;
  uniform = await Promise.all(
    colours.map((colour, i) => writePicture(scratch, `uniform-${i}.png`, [9 + i, 8], () => colour)),
  );
  patterned = await Promise.all(
    Array.from({ length: 11 }, (_, i) =>
      writePicture(scratch, `pattern-${i}.png`, [20 + i, 16], (x, y) => [
        (x * 13 + i * 7) % 256,
        (y * 29 + x) % 256,
        (x * y * (i + 1)) % 256,
      ]),
    ),
  );
  damaged = await writeDamaged(scratch, 'damaged.png');
});

function encoder(more: Partial<Encoder> = {}): Encoder {
  return {
    id: 'means',
    name: 'means',
    digest: 'means',
    model: tinyNetwork(['N', 3, 8, 8], 3, meanOfChannels),
    input: 'input',
    layout: 'NCHW',
    channels: 3,
    height: 8,
    width: 8,
    preprocessing: plain,
    fixedBatch: null,
    output: 'features',
    dimension: 3,
    sees: '',
    parameters: 0,
    notes: [],
    ...more,
  };
}

/** A convolution, so that summation order and batches could matter. */
function convolving(): Encoder {
  const kernel = Float32Array.from({ length: 24 * 3 * 9 }, (_, i) => Math.sin(i * 1.7) / 5);
  const model = tinyNetwork(['N', 3, 32, 32], 24, (graph, input) =>
    meanOfChannels(
      graph,
      graph.node('Relu', [graph.node('Conv', [input, graph.constant('kernel', kernel, [24, 3, 3, 3])])]),
    ),
  );
  return encoder({ id: 'convolving', model, height: 32, width: 32, dimension: 24 });
}

function on(more: Partial<DescribeOptions> = {}): DescribeOptions {
  return { encoders: [encoder()], visual: false, device: 'cpu', natives, threads: 1, ...more };
}

describe('describing images', () => {
  it('gives each image its features, preprocessed, in the order of the list', async () => {
    const means = encoder({ preprocessing: { ...plain, mean: [0.5, 0, 0], std: [0.5, 1, 0.2] } });
    const { features, kept, unreadable, visual, device } = await describeImages(uniform, on({ encoders: [means] }));
    expect(features.get('means')).toMatchObject({ rows: 3, columns: 3 });
    const expected = colours.flatMap(([r, g, b]) => [(r / 255 - 0.5) / 0.5, g / 255, b / 255 / 0.2]);
    expect(features.get('means')!.data).toEqual(expect.objectContaining({ length: 9 }));
    features.get('means')!.data.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 5);
    });
    expect({ kept, unreadable, visual, device }).toEqual({
      kept: [0, 1, 2],
      unreadable: [],
      visual: null,
      device: 'cpu',
    });
  });

  it('gives bitwise the same numbers on one, two and three threads, and for any neighbours', async () => {
    const encoders = [convolving()];
    const [one, two, three] = await Promise.all(
      [1, 2, 3].map((threads) => describeImages(patterned, on({ encoders, threads }))),
    );
    const alone = await describeImages([patterned[7]!], on({ encoders }));
    const rows = one!.features.get('convolving')!.data;
    expect(two!.features.get('convolving')!.data).toEqual(rows);
    expect(three!.features.get('convolving')!.data).toEqual(rows);
    expect(alone.features.get('convolving')!.data).toEqual(rows.slice(7 * 24, 8 * 24));
    expect(new Set(rows).size).toBeGreaterThan(200);
  });

  it('names the images it cannot read and goes on with the others', async () => {
    const missing = { ...damaged, id: 'gone.png', file: join(scratch, 'gone.png') };
    const images = [uniform[0]!, damaged, uniform[1]!, missing, uniform[2]!];
    const described = await describeImages(images, on({ visual: true, threads: 2 }));
    expect(described.kept).toEqual([0, 2, 4]);
    expect(described.unreadable.map(({ id }) => id)).toEqual(['damaged.png', 'gone.png']);
    expect(described.unreadable[0]!.reason).toMatch(/damaged\.png/);
    const all = await describeImages(uniform, on({ visual: true }));
    expect(described.features.get('means')).toEqual(all.features.get('means'));
    expect(described.visual).toEqual(all.visual);
  });

  it('counts images beyond the pixel limit as unreadable', async () => {
    const { kept, unreadable } = await describeImages(uniform, on({ pixelLimit: 9 * 8 }));
    expect(kept).toEqual([0]);
    expect(unreadable.map(({ id }) => id)).toEqual(['uniform-1.png', 'uniform-2.png']);
  });

  it('gives the visual rows of the native pixels, with or without encoders', async () => {
    const { visual, features } = await describeImages(patterned, on({ encoders: [], visual: true }));
    expect(features.size).toBe(0);
    expect(visual).toMatchObject({ rows: patterned.length, columns: visualColumns });
    const expected = describeVisually(await decode(sharp, patterned[4]!.file));
    expect(visual!.data.slice(4 * visualColumns, 5 * visualColumns)).toEqual(expected);
  });

  it('describes an image of a single pixel', async () => {
    const dot = await writePicture(scratch, 'dot.png', [1, 1], () => [255, 0, 0]);
    const { features, visual } = await describeImages([dot], on({ visual: true }));
    expect([...features.get('means')!.data]).toEqual([1, 0, 0]);
    expect(visual!.data.every(Number.isFinite)).toBe(true);
  });

  it('serves several encoders in one pass: other sizes, fixed batches, channels last, grey', async () => {
    const channelsLast = tinyNetwork(['N', 4, 6, 3], 3, (graph, input) =>
      meanOfChannels(graph, graph.node('Transpose', [input], { perm: [0, 3, 1, 2] })),
    );
    const encoders = [
      encoder(),
      encoder({ id: 'pairs', model: tinyNetwork([2, 3, 8, 8], 3, meanOfChannels), fixedBatch: 2 }),
      encoder({ id: 'last', model: channelsLast, layout: 'NHWC', height: 4, width: 6 }),
      encoder({
        id: 'grey',
        model: tinyNetwork(['N', 1, 8, 8], 1, meanOfChannels),
        channels: 1,
        dimension: 1,
        preprocessing: { ...plain, channels: 'grey' },
      }),
    ];
    const { features } = await describeImages(uniform, on({ encoders }));
    const means = features.get('means')!.data;
    expect(features.get('pairs')!.data).toEqual(means);
    features.get('last')!.data.forEach((value, i) => {
      expect(value).toBeCloseTo(means[i]!, 6);
    });
    features.get('grey')!.data.forEach((value, i) => {
      const [r, g, b] = colours[i]!;
      expect(value).toBeCloseTo((0.299 * r + 0.587 * g + 0.114 * b) / 255, 5);
    });
  });

  it('answers an empty list with empty matrices', async () => {
    const { features, visual, kept } = await describeImages([], on({ visual: true }));
    expect(features.get('means')).toMatchObject({ rows: 0, columns: 3 });
    expect(visual).toMatchObject({ rows: 0, columns: visualColumns });
    expect(kept).toEqual([]);
  });

  it('tells its progress image by image, unreadable ones included', async () => {
    const seen: string[] = [];
    await describeImages(
      [damaged, ...uniform],
      on({ threads: 2, onProgress: (done, total) => seen.push(`${done}/${total}`) }),
    );
    expect(seen).toEqual(['1/4', '2/4', '3/4', '4/4']);
  });
});

describe('describing images ends early', () => {
  it('when it is cancelled before or on the way', async () => {
    await expect(describeImages(uniform, on({ signal: AbortSignal.abort() }))).rejects.toMatchObject({
      code: 'cancelled',
    });
    const controller = new AbortController();
    const many = Array.from({ length: 2000 }, (_, i) => patterned[i % patterned.length]!);
    let last = 0;
    const onProgress = (done: number) => {
      last = done;
      if (done === 5) controller.abort();
    };
    await expect(describeImages(many, on({ threads: 2, signal: controller.signal, onProgress }))).rejects.toMatchObject(
      {
        code: 'cancelled',
      },
    );
    expect(last).toBeLessThan(2000);
  });

  it('when the runtime refuses a network, by its name', async () => {
    const strange = encoder({
      name: 'strange.onnx',
      model: tinyNetwork(['N', 3, 8, 8], 3, (graph, input) => graph.node('NoSuchOperator', [input])),
    });
    await expect(describeImages(uniform, on({ encoders: [strange] }))).rejects.toMatchObject({
      code: 'model-unsupported',
      message: expect.stringMatching(/strange\.onnx.*NoSuchOperator/s),
    });
  });

  it('when a network fails on an image', async () => {
    const narrow = encoder({ model: tinyNetwork(['N', 3, 16, 16], 3, meanOfChannels) });
    await expect(describeImages(uniform, on({ encoders: [narrow] }))).rejects.toMatchObject({
      code: 'model-unsupported',
    });
  });

  it('when features are not finite', async () => {
    const wild = encoder({
      model: tinyNetwork(['N', 3, 8, 8], 3, (graph, input) => graph.node('Log', [meanOfChannels(graph, input)])),
    });
    await expect(describeImages(uniform, on({ encoders: [wild] }))).rejects.toMatchObject({
      code: 'model-unsupported',
      message: expect.stringContaining('not finite'),
    });
  });

  it('when a network gives another number of features than it declares', async () => {
    await expect(describeImages(uniform, on({ encoders: [encoder({ dimension: 4 })] }))).rejects.toMatchObject({
      code: 'model-unsupported',
      message: expect.stringMatching(/4 features.*gives 3/),
    });
  });
});

describe('describing images in batches, as on a graphics device', () => {
  it.each([3, 32])('gives the rows of the one-image path, batches of %i', async (batch) => {
    const encoders = [convolving(), encoder({ model: tinyNetwork([2, 3, 8, 8], 3, meanOfChannels), fixedBatch: 2 })];
    const images = [patterned[0]!, damaged, ...patterned.slice(1), damaged];
    const whole = await describeImages(images, on({ encoders, visual: true }));
    const rows = new Map<string, Float32Array>();
    const visual = new Map<number, Float64Array>();
    const unreadable: number[] = [];
    let finished = 0;
    await describeApart(
      images,
      { natives, encoders, visual: true, device: 'cpu', threads: 1, pixelLimit: undefined },
      { threads: 2, batch },
      {
        features: (which, index, row) => rows.set(`${which} ${index}`, row.slice()),
        visual: (index, row) => visual.set(index, row),
        unreadable: (index) => unreadable.push(index),
        finished: () => finished++,
      },
      undefined,
    );
    expect(unreadable.sort((a, b) => a - b)).toEqual([1, 12]);
    expect(finished).toBe(images.length);
    for (const [r, index] of whole.kept.entries()) {
      expect(visual.get(index)).toEqual(whole.visual!.data.slice(r * visualColumns, (r + 1) * visualColumns));
      for (const [which, { id, dimension }] of encoders.entries()) {
        const expected = whole.features.get(id)!.data.subarray(r * dimension, (r + 1) * dimension);
        rows.get(`${which} ${index}`)!.forEach((value, i) => {
          expect(value).toBeCloseTo(expected[i]!, 5);
        });
      }
    }
  });
});
