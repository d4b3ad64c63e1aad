import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../src/onnx/build.ts';
import { canonicalOpset } from '../../src/onnx/upgrade.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { seededRandom } from '../../src/random.ts';
import { blockOfThisProcessor } from '../../src/training/blocked-support.ts';
import {
  convolveByBands,
  convolveChannelsFirst,
  inputGradientByBands,
  inputGradientChannelsFirst,
  weightGradientByBands,
} from '../../src/training/convolution/bands.ts';
import {
  biasGradientBlocked,
  canBlock,
  convolveBlocked,
  depthwiseWeightGradientBlocked,
  inputGradientBlocked,
} from '../../src/training/convolution/blocked.ts';
import {
  convolveByToeplitz,
  inputGradientByToeplitz,
  weightGradientByToeplitz,
} from '../../src/training/convolution/depthwise.ts';
import {
  biasGradient,
  canFlip,
  convolve,
  inputGradientFlipped,
  inputGradientTransposed,
  weightGradientSwapped,
} from '../../src/training/convolution/general.ts';
import { canBlockImages, imageWeightGradientBlocked } from '../../src/training/convolution/image-gradient.ts';
import {
  biasGradientByColumns,
  convolveByColumns,
  inputGradientByColumns,
  pointwiseWeightGradient,
  weightGradientByColumns,
  weightGradientByTaps,
} from '../../src/training/convolution/products.ts';
import {
  biasGradientByRows,
  convolveByRows,
  inputGradientByRows,
  weightGradientByRows,
} from '../../src/training/convolution/rows.ts';
import {
  type ConvolutionShape,
  convolutionShape,
  isDepthwise,
  isPointwise,
} from '../../src/training/convolution/shape.ts';
import { Ops } from '../../src/training/ops.ts';
import type { Value } from '../../src/training/value.ts';
import { checkGradients, normals } from '../helpers/gradient-check.ts';

const block = await blockOfThisProcessor(ort);

interface Case {
  n: number;
  c: number;
  o: number;
  size: number[];
  k: number[];
  groups?: number;
  strides?: number[];
  dilations?: number[];
  pads?: number[];
}

const cases: Record<string, Case> = {
  '3×3': { n: 2, c: 32, o: 16, size: [9, 8], k: [3, 3], pads: [1, 1, 1, 1] },
  '3×3, channels that fill no block': { n: 2, c: 24, o: 20, size: [6, 7], k: [3, 3], pads: [1, 1, 1, 1] },
  'stride 2': { n: 2, c: 16, o: 32, size: [8, 8], k: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] },
  'stride 2 that leaves a row': { n: 1, c: 16, o: 16, size: [7, 8], k: [2, 3], strides: [2, 2], pads: [0, 1, 0, 0] },
  dilated: { n: 2, c: 16, o: 16, size: [10, 11], k: [3, 3], dilations: [2, 3], pads: [2, 3, 2, 3] },
  'asymmetric pads': { n: 1, c: 16, o: 16, size: [6, 6], k: [3, 3], strides: [2, 1], pads: [0, 1, 1, 2] },
  'no pads': { n: 1, c: 16, o: 16, size: [6, 6], k: [3, 2] },
  'of an image, as a stem': { n: 2, c: 3, o: 32, size: [14, 14], k: [7, 7], strides: [2, 2], pads: [3, 3, 3, 3] },
  'of as many images as a block holds': {
    n: 16,
    c: 3,
    o: 24,
    size: [9, 8],
    k: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
  },
  'of many images, a row left': { n: 16, c: 5, o: 16, size: [8, 8], k: [3, 3], strides: [2, 3], pads: [0, 1, 0, 0] },
  'wide, on a narrow map': { n: 2, c: 80, o: 16, size: [3, 2], k: [3, 3], pads: [1, 1, 1, 1] },
  'whose kernel sees pads only at its corners': { n: 2, c: 16, o: 16, size: [1, 1], k: [3, 3], pads: [1, 1, 1, 1] },
  'large map': { n: 2, c: 16, o: 16, size: [15, 14], k: [3, 3], pads: [1, 1, 1, 1] },
  'large map, stride 2': { n: 2, c: 16, o: 16, size: [31, 29], k: [3, 2], strides: [2, 2], pads: [1, 0, 1, 0] },
  pointwise: { n: 2, c: 48, o: 24, size: [5, 6], k: [1, 1] },
  'pointwise with stride': { n: 2, c: 16, o: 32, size: [6, 6], k: [1, 1], strides: [2, 2] },
  depthwise: { n: 2, c: 24, o: 24, groups: 24, size: [8, 7], k: [3, 3], pads: [1, 1, 1, 1] },
  'depthwise, stride 2': {
    n: 3,
    c: 32,
    o: 32,
    groups: 32,
    size: [8, 8],
    k: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
  },
  'depthwise, stride 2, odd': {
    n: 3,
    c: 32,
    o: 32,
    groups: 32,
    size: [7, 7],
    k: [3, 3],
    strides: [2, 2],
    pads: [0, 0, 1, 1],
  },
  'depthwise, a row left': { n: 1, c: 16, o: 16, groups: 16, size: [8, 8], k: [3, 3], strides: [2, 2] },
  'depthwise, wide': { n: 2, c: 8, o: 8, groups: 8, size: [4, 50], k: [3, 3], pads: [1, 1, 1, 1] },
  'depthwise 7×7': { n: 1, c: 16, o: 16, groups: 16, size: [9, 9], k: [7, 7], pads: [3, 3, 3, 3] },
  grouped: { n: 2, c: 8, o: 12, groups: 4, size: [6, 5], k: [3, 3], strides: [1, 2], pads: [1, 1, 1, 1] },
  'with multiplier': { n: 2, c: 4, o: 8, groups: 4, size: [6, 6], k: [3, 3], pads: [1, 1, 1, 1] },
  'one axis': { n: 2, c: 6, o: 4, size: [11], k: [3], strides: [2], pads: [1, 1] },
  'three axes': { n: 1, c: 4, o: 3, size: [5, 4, 6], k: [3, 2, 3], pads: [1, 0, 1, 1, 1, 1] },
};

function shapeOf({ n, c, o, size, k, groups = 1, strides, dilations, pads }: Case): ConvolutionShape {
  const plain = (name: string, shape: number[]): Value => ({ name, shape, type: 'float32', layout: 'plain' });
  return convolutionShape({
    node: {
      name: '',
      op: 'Conv',
      domain: '',
      inputs: ['x', 'w'],
      outputs: ['y'],
      attributes: {
        group: { kind: 'int', value: groups },
        ...(strides && { strides: { kind: 'ints', value: strides } }),
        ...(dilations && { dilations: { kind: 'ints', value: dilations } }),
        ...(pads && { pads: { kind: 'ints', value: pads } }),
      },
      rest: [],
    },
    inputs: [plain('x', [n, c, ...size]), plain('w', [o, c / groups, ...k])],
  });
}

/** What a formulation emits of the four results, from x, w, b and ∂L/∂y. */
type Formulation = (
  ops: Ops,
  shape: ConvolutionShape,
  x: Value,
  w: Value,
  b: Value,
  dy: Value,
) => Record<string, Value>;

async function compute(
  shape: ConvolutionShape,
  formulation: Formulation,
  portable: boolean,
): Promise<Map<string, Float32Array>> {
  const random = seededRandom(1, 'convolution');
  const builder = new GraphBuilder('convolution');
  const ops = new Ops(builder, { block, portable });
  const feeds: Record<string, ort.Tensor> = {};
  const input = (name: string, dims: number[]): Value => {
    builder.input(name, dims);
    feeds[name] = new ort.Tensor(
      'float32',
      normals(
        dims.reduce((a, b) => a * b),
        random,
      ),
      dims,
    );
    return { name, shape: dims, type: 'float32', layout: 'plain' };
  };
  const x = input('x', [shape.images, shape.channels, ...shape.input]);
  const w = input('w', [shape.outputs, shape.channels / shape.groups, ...shape.kernel]);
  const b = input('b', [shape.outputs]);
  const dy = input('dy', [shape.images, shape.outputs, ...shape.output]);
  const results = Object.entries(formulation(ops, shape, x, w, b, dy)).map(
    ([name, value]) => [name, ops.plain(value)] as const,
  );
  for (const value of new Set(results.map(([, value]) => value))) builder.output(value.name, [...value.shape]);
  const domains = ['com.microsoft', 'com.microsoft.nchwc'];
  const session = await ort.InferenceSession.create(writeModel(builder.model(canonicalOpset, domains)));
  const found = await session.run(feeds);
  await session.release();
  return new Map(results.map(([name, value]) => [name, found[value.name]!.data as Float32Array]));
}

const general: Formulation = (ops, shape, x, w, b, dy) => ({
  y: convolve(ops, shape, x, w, b),
  dx: inputGradientTransposed(ops, shape, dy, w),
  dw: weightGradientSwapped(ops, shape, x, dy),
  db: biasGradient(ops, dy),
});

const others: Record<string, { suits: (shape: ConvolutionShape) => boolean; emit: Formulation }> = {
  flipped: { suits: canFlip, emit: (ops, shape, _x, w, _b, dy) => ({ dx: inputGradientFlipped(ops, shape, dy, w) }) },
  columns: {
    suits: isPointwise,
    emit: (ops, shape, x, w, b, dy) => ({
      y: convolveByColumns(ops, shape, x, w, b),
      dx: inputGradientByColumns(ops, shape, dy, w),
      dw: weightGradientByColumns(ops, shape, x, dy),
      db: biasGradientByColumns(ops, dy),
    }),
  },
  rows: {
    suits: ({ groups, kernel }) => groups === 1 && kernel.length === 2,
    emit: (ops, shape, x, w, b, dy) => ({
      y: convolveByRows(ops, shape, x, w, b),
      dx: inputGradientByRows(ops, shape, dy, w),
      dw: weightGradientByRows(ops, shape, x, dy),
      db: biasGradientByRows(ops, dy),
    }),
  },
  'rows of blocks and of what is channels first': {
    suits: ({ groups, kernel }) => block !== undefined && groups === 1 && kernel.length === 2,
    emit: (ops, shape, x, _w, _b, dy) => ({
      dw: weightGradientByRows(ops, shape, ops.as('blocked', x), ops.as('channels-first', dy)),
    }),
  },
  taps: {
    suits: ({ groups, kernel }) => groups === 1 && kernel.length === 2,
    emit: (ops, shape, x, _w, _b, dy) => ({ dw: weightGradientByTaps(ops, shape, x, dy) }),
  },
  'taps of blocks': {
    suits: ({ groups, kernel }) => block !== undefined && groups === 1 && kernel.length === 2,
    emit: (ops, shape, x, _w, _b, dy) => ({
      dw: weightGradientByTaps(ops, shape, ops.as('blocked', x), ops.as('blocked', dy)),
    }),
  },
  'taps of what is channels first': {
    suits: ({ groups, kernel }) => groups === 1 && kernel.length === 2,
    emit: (ops, shape, x, _w, _b, dy) => ({
      dw: weightGradientByTaps(ops, shape, ops.as('channels-first', x), ops.as('channels-first', dy)),
    }),
  },
  'blocks of images': {
    suits: (shape) => canBlockImages(new Ops(new GraphBuilder(''), { block }), shape),
    emit: (ops, shape, x, _w, _b, dy) => ({ dw: imageWeightGradientBlocked(ops, shape, x, dy) }),
  },
  pointwise: {
    suits: isPointwise,
    emit: (ops, shape, x, _w, _b, dy) => ({ dw: pointwiseWeightGradient(ops, shape, x, dy) }),
  },
  Toeplitz: {
    suits: isDepthwise,
    emit: (ops, shape, x, w, b, dy) => ({
      y: convolveByToeplitz(ops, shape, x, w, b),
      dx: inputGradientByToeplitz(ops, shape, dy, w),
      dw: weightGradientByToeplitz(ops, shape, x, dy),
    }),
  },
  bands: {
    suits: isDepthwise,
    emit: (ops, shape, x, w, b, dy) => ({
      y: convolveByBands(ops, shape, x, w, b),
      dx: inputGradientByBands(ops, shape, dy, w),
      dw: weightGradientByBands(ops, shape, x, dy),
    }),
  },
  'one image of all channels': {
    suits: isDepthwise,
    emit: (ops, shape, x, w, b, dy) => ({
      y: convolveChannelsFirst(ops, shape, x, w, b),
      ...(canFlip(shape) && { dx: inputGradientChannelsFirst(ops, shape, dy, w) }),
    }),
  },
  blocked: {
    suits: (shape) => canBlock(new Ops(new GraphBuilder(''), { block }), shape),
    emit: (ops, shape, x, w, b, dy) => ({
      y: convolveBlocked(ops, shape, x, w, b),
      db: biasGradientBlocked(ops, ops.as('blocked', dy)),
      ...(canFlip(shape) && { dx: inputGradientBlocked(ops, shape, dy, w) }),
      ...(isDepthwise(shape) && { dw: depthwiseWeightGradientBlocked(ops, shape, x, dy) }),
    }),
  },
};

describe.skipIf(block === undefined)('on this processor', () => {
  it('the runtime computes in blocks', () => expect([4, 8, 16]).toContain(block));
});

describe.each(Object.entries(cases))('a convolution %s', (_, given) => {
  const shape = shapeOf(given);

  it.each(['Conv', 'ConvTranspose'])(
    'and %s of that shape have the gradients that central differences show',
    async (op) => {
      const { n, c, o, size, k, groups = 1, strides, dilations, pads } = given;
      const random = seededRandom(3, op);
      const g = new GraphBuilder('convolution');
      const weight = (name: string, dims: number[]) =>
        g.constant(
          name,
          normals(
            dims.reduce((a, b) => a * b),
            random,
          ),
          dims,
        );
      const [from, to, data] = op === 'Conv' ? [c, o, size] : [o, c, [...shape.output]];
      const w = weight('w', [o, c / groups, ...k]);
      const attributes = {
        group: groups,
        ...(strides && { strides }),
        ...(dilations && { dilations }),
        ...(pads && { pads }),
      };
      const y = g.node(op, [weight('x', [n, from, ...data]), w, weight('b', [to])], attributes);
      g.output(y);
      for (const [name, { derived, measured, size: length }] of await checkGradients(g.model(11))) {
        expect(length, name).toBeGreaterThan(0);
        expect(Math.abs(derived - measured) / length, name).toBeLessThan(2e-4);
      }
    },
  );
  const suiting = Object.entries(others).filter(([, { suits }]) => suits(shape));

  it.each(suiting.flatMap(([name, { emit }]) => [false, true].map((portable) => ({ name, emit, portable }))))(
    'by $name is what it is in general (portable: $portable)',
    async ({ emit, portable }) => {
      const expected = await compute(shape, general, true);
      const found = await compute(shape, emit, portable);
      expect(found.size).toBeGreaterThan(0);
      for (const [name, values] of found) {
        const wanted = expected.get(name)!;
        expect(values.length).toBe(wanted.length);
        const scale = Math.max(...wanted.map(Math.abs));
        const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i]!)), 0);
        expect(worst / scale, name).toBeLessThan(2e-6);
      }
    },
  );
});
