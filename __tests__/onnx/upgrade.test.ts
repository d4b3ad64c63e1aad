import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { inputOf } from '../../src/encoder/network-input.ts';
import { TransferEvidenceError } from '../../src/errors.ts';
import { GraphBuilder, tensorOf } from '../../src/onnx/build.ts';
import type { Facts, TensorFacts } from '../../src/onnx/facts.ts';
import type { Graph, Model } from '../../src/onnx/model.ts';
import { readModel } from '../../src/onnx/read.ts';
import { canonicalOpset, upgraded } from '../../src/onnx/upgrade.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { outputsOf, ramp, smallNetwork } from '../helpers/networks.ts';
import { observedFacts } from '../helpers/observed-facts.ts';

type Build = (g: GraphBuilder, x: string) => string | string[];

/** One operator that is written differently in some opsets. */
interface Case {
  title: string;
  opsets: number[];
  shape: number[];
  build: Build;
  /** The operators that it is expected to become; absent: the very same nodes. */
  becomes?: string;
  /** Opset 18 would take the old form too and mean the same by it. */
  lenient?: boolean;
}

const float = (value: number): { float: number } => ({ float: value });
const ramped = (g: GraphBuilder, name: string, dims: number[], scale = 1, shift = 0): string =>
  g.constant(
    name,
    ramp(dims.reduce((a, b) => a * b, 1)).map((value) => value * scale + shift),
    dims,
  );
const reductions = 'ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceLogSumExp ReduceSumSquare'.split(
  ' ',
);
const softmaxes = ['Softmax', 'LogSoftmax', 'Hardmax'];
const old = [9, 10, 11, 12];

const cases: Case[] = [
  {
    title: 'Squeeze of given axes',
    opsets: old,
    shape: [2, 1, 3, 1],
    build: (g, x) => g.node('Squeeze', [x], { axes: [1] }),
    becomes: 'Squeeze',
  },
  { title: 'Squeeze of all', opsets: [9, 13, 22], shape: [2, 1, 3, 1], build: (g, x) => g.node('Squeeze', [x]) },
  {
    title: 'Unsqueeze',
    opsets: old,
    shape: [2, 3],
    build: (g, x) => g.node('Unsqueeze', [x], { axes: [0, 3] }),
    becomes: 'Unsqueeze',
  },
  {
    title: 'Unsqueeze with axes as an input',
    opsets: [13, 16, 18, 21],
    shape: [2, 3],
    build: (g, x) => g.node('Unsqueeze', [x, g.constant('axes', [-1])]),
  },
  {
    title: 'ReduceSum',
    opsets: old,
    shape: [2, 3, 4],
    build: (g, x) => g.node('ReduceSum', [x], { axes: [1, 2], keepdims: 0 }),
    becomes: 'ReduceSum',
  },
  {
    title: 'ReduceSum that may do nothing',
    opsets: [13, 18, 22],
    shape: [2, 3],
    build: (g, x) => g.node('ReduceSum', [x], { noop_with_empty_axes: 1 }),
  },
  ...reductions.map((op) => ({
    title: op,
    opsets: [9, 11, 13, 16],
    shape: [2, 3, 4],
    build: (g: GraphBuilder, x: string) => g.node(op, [x], { axes: [2, 0], keepdims: 1 }),
    becomes: op,
  })),
  {
    title: 'ReduceMean of everything',
    opsets: [9, 13, 18, 20],
    shape: [2, 3],
    build: (g, x) => g.node('ReduceMean', [x], { keepdims: 0 }),
  },
  {
    title: 'ReduceMean with axes as an input',
    opsets: [18, 20, 22],
    shape: [2, 3],
    build: (g, x) => g.node('ReduceMean', [x, g.constant('axes', [1])]),
  },
  {
    title: 'Split into given sizes',
    opsets: old,
    shape: [2, 6],
    build: (g, x) => g.nodes('Split', [x], { axis: 1, split: [1, 3, 2] }, ['a', 'b', 'c']),
    becomes: 'Split',
  },
  {
    title: 'Split into equal parts',
    opsets: [9, 11, 13, 16],
    shape: [6, 2],
    build: (g, x) => g.nodes('Split', [x], {}, ['a', 'b', 'c']),
    becomes: 'Split',
  },
  {
    title: 'Split into parts of which the last is smaller',
    opsets: [18, 20, 22],
    shape: [2, 7],
    build: (g, x) => g.nodes('Split', [x], { axis: -1, num_outputs: 3 }, ['a', 'b', 'c']),
    becomes: 'Split',
    lenient: true,
  },
  {
    title: 'Split with sizes as an input',
    opsets: [13, 18, 22],
    shape: [2, 6],
    build: (g, x) => g.nodes('Split', [x, g.constant('sizes', [2, 4])], { axis: 1 }, ['a', 'b']),
  },
  {
    title: 'Clip between two bounds',
    opsets: [9, 10],
    shape: [2, 6],
    build: (g, x) => g.node('Clip', [x], { min: float(-0.5), max: float(0.25) }),
    becomes: 'Clip',
  },
  {
    title: 'Clip from above',
    opsets: [9, 10],
    shape: [2, 6],
    build: (g, x) => g.node('Clip', [x], { max: float(0.25) }),
    becomes: 'Clip',
  },
  {
    title: 'Clip with bounds as inputs',
    opsets: [11, 13, 18],
    shape: [2, 6],
    build: (g, x) => g.node('Clip', [x, '', g.constant('max', Float32Array.of(0.5), [])]),
  },
  {
    title: 'Pad with a value',
    opsets: [9, 10],
    shape: [2, 3],
    build: (g, x) => g.node('Pad', [x], { pads: [0, 1, 2, 0], value: float(0.5) }),
    becomes: 'Pad',
  },
  {
    title: 'Pad that cuts',
    opsets: [9, 10],
    shape: [3, 3],
    build: (g, x) => g.node('Pad', [x], { pads: [0, -1, 2, 0] }),
    becomes: 'Pad',
  },
  ...['reflect', 'edge'].map((mode) => ({
    title: `Pad, ${mode}`,
    opsets: [9, 10],
    shape: [2, 3, 4],
    build: (g: GraphBuilder, x: string) => g.node('Pad', [x], { pads: [0, 1, 2, 0, 0, 3], mode }),
    becomes: 'Pad',
  })),
  {
    title: 'Pad that wraps around',
    opsets: [19, 20, 21, 22],
    shape: [2, 3, 4],
    build: (g, x) => g.node('Pad', [x, g.constant('pads', [0, 1, 2, 0, 0, 3])], { mode: 'wrap' }),
    becomes: 'Slice Concat Slice Slice Concat Identity',
    lenient: true,
  },
  {
    title: 'Pad that wraps around some axes',
    opsets: [19, 21],
    shape: [2, 3, 4],
    build: (g, x) => g.node('Pad', [x, g.constant('pads', [2, 1]), '', g.constant('axes', [-1])], { mode: 'wrap' }),
    becomes: 'Slice Slice Concat Identity',
    lenient: true,
  },
  {
    title: 'Slice',
    opsets: [9],
    shape: [4, 5],
    build: (g, x) => g.node('Slice', [x], { starts: [1, -3], ends: [2 ** 63, -1], axes: [0, 1] }),
    becomes: 'Slice',
  },
  {
    title: 'Slice of the first axes',
    opsets: [9],
    shape: [4, 5],
    build: (g, x) => g.node('Slice', [x], { starts: [1], ends: [3] }),
    becomes: 'Slice',
  },
  {
    title: 'Slice with inputs',
    opsets: [10, 13, 22],
    shape: [4, 5],
    build: (g, x) => g.node('Slice', [x, g.constant('from', [1]), g.constant('to', [3])]),
  },
  {
    title: 'TopK',
    opsets: [9],
    shape: [3, 5],
    build: (g, x) => g.nodes('TopK', [x], { k: 2, axis: 1 }, ['largest', 'where']),
    becomes: 'TopK',
  },
  ...softmaxes.flatMap((op): Case[] => [
    {
      title: `${op} over several axes`,
      opsets: old,
      shape: [2, 3, 4],
      build: (g, x) => g.node(op, [x]),
      becomes: `Reshape ${op} Reshape`,
    },
    {
      title: `${op} over all axes`,
      opsets: old,
      shape: [2, 3, 2],
      build: (g, x) => g.node(op, [x], { axis: 0 }),
      becomes: `Reshape ${op} Reshape`,
    },
    {
      title: `${op} along an axis followed by ones, by default`,
      opsets: old,
      shape: [2, 5, 1, 1],
      build: (g, x) => g.node(op, [x]),
      becomes: op,
    },
    {
      title: `${op} along the last axis`,
      opsets: [...old, 13, 22],
      shape: [2, 5],
      build: (g, x) => g.node(op, [x], { axis: 1 }),
    },
    { title: `${op} by today’s default`, opsets: [13, 18, 22], shape: [2, 3, 4], build: (g, x) => g.node(op, [x]) },
  ]),
  {
    title: 'Softmax from the last axis but one, counted from the end',
    opsets: [11, 12],
    shape: [2, 3, 4],
    build: (g, x) => g.node('Softmax', [x], { axis: -2 }),
    becomes: 'Reshape Softmax Reshape',
  },
  {
    title: 'Dropout by attribute',
    opsets: [9, 10, 11],
    shape: [2, 3],
    build: (g, x) => g.nodes('Dropout', [x], { ratio: float(0.5) }, ['kept', 'mask'])[0]!,
    becomes: 'Identity',
  },
  {
    title: 'Dropout by inputs',
    opsets: [12, 13, 18, 22],
    shape: [2, 3],
    build: (g, x) => {
      const training = g.node('Cast', [g.constant('no', [0], [])], { to: 9 });
      return g.node('Dropout', [x, g.constant('ratio', Float32Array.of(0.5), []), training]);
    },
    becomes: 'Cast Identity',
    lenient: true,
  },
  {
    title: 'BatchNormalization',
    opsets: [9, 13, 14, 18, 22],
    shape: [2, 3, 4, 4],
    build: (g, x) =>
      g.node(
        'BatchNormalization',
        [x, ...['scale', 'bias', 'mean', 'variance'].map((name, i) => ramped(g, name, [3], 0.1, 1 + i))],
        { epsilon: float(1e-3) },
      ),
  },
  {
    title: 'Upsample, nearest',
    opsets: [9],
    shape: [1, 2, 3, 4],
    build: (g, x) => g.node('Upsample', [x, g.constant('scales', Float32Array.of(1, 1, 2, 2.5))]),
    becomes: 'Resize',
  },
  {
    title: 'Upsample, linear',
    opsets: [9],
    shape: [1, 2, 3, 4],
    build: (g, x) => g.node('Upsample', [x, g.constant('scales', Float32Array.of(1, 1, 2, 3))], { mode: 'linear' }),
    becomes: 'Resize',
  },
  ...[
    { title: 'larger', factors: [1, 1, 1.7, 2], mode: 'nearest', becomes: 'Resize' },
    { title: 'smaller', factors: [1, 1, 0.6, 0.4], mode: 'nearest', becomes: 'Resize' },
    { title: 'narrower and higher', factors: [1, 1, 1.6, 0.4], mode: 'nearest', becomes: 'Resize Resize' },
    { title: 'larger by lines', factors: [1, 1, 1.7, 2], mode: 'linear', becomes: 'Resize' },
    { title: 'narrower and higher by lines', factors: [1, 1, 1.7, 0.5], mode: 'linear', becomes: 'Resize' },
  ].map(({ title, factors, mode, becomes }) => ({
    title: `Resize, ${title}`,
    opsets: [10],
    shape: [1, 2, 5, 7],
    build: (g: GraphBuilder, x: string) =>
      g.node('Resize', [x, g.constant('scales', Float32Array.from(factors))], { mode }),
    becomes,
  })),
  ...[
    { mode: 'linear', coordinate_transformation_mode: 'align_corners' },
    { mode: 'cubic', coordinate_transformation_mode: 'half_pixel', cubic_coeff_a: float(-0.5) },
    { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
    { mode: 'nearest', coordinate_transformation_mode: 'tf_half_pixel_for_nn', nearest_mode: 'floor' },
    { mode: 'linear', coordinate_transformation_mode: 'pytorch_half_pixel' },
  ].map((attributes) => ({
    title: `Resize, ${attributes.mode}, ${attributes.coordinate_transformation_mode}`,
    opsets: attributes.coordinate_transformation_mode === 'tf_half_pixel_for_nn' ? [11] : [11, 13, 18, 19, 22],
    shape: [1, 2, 4, 4],
    build: (g: GraphBuilder, x: string) =>
      g.node(
        'Resize',
        [x, g.constant('roi', new Float32Array(0)), g.constant('scales', Float32Array.of(1, 1, 2, 1.5))],
        attributes,
      ),
  })),
  {
    title: 'Resize to sizes, half_pixel_symmetric',
    opsets: [19, 22],
    shape: [1, 2, 4, 5],
    build: (g, x) =>
      g.node('Resize', [x, '', '', g.constant('sizes', [1, 2, 7, 3])], {
        mode: 'linear',
        coordinate_transformation_mode: 'half_pixel_symmetric',
      }),
    becomes: 'Resize',
    lenient: true,
  },
  {
    title: 'Resize by whole results, half_pixel_symmetric',
    opsets: [19, 22],
    shape: [1, 2, 4, 5],
    build: (g, x) =>
      g.node('Resize', [x, '', g.constant('scales', Float32Array.of(1.5, 2)), ''], {
        mode: 'linear',
        axes: [2, 3],
        coordinate_transformation_mode: 'half_pixel_symmetric',
      }),
    becomes: 'Resize',
    lenient: true,
  },
  {
    title: 'GroupNormalization by group',
    opsets: [18, 20],
    shape: [2, 6, 3, 4],
    build: (g, x) =>
      g.node('GroupNormalization', [x, ramped(g, 'scale', [3], 0.5, 1), ramped(g, 'bias', [3])], { num_groups: 3 }),
    becomes: 'Reshape ReduceMean Sub Mul ReduceMean Add Sqrt Div Reshape Mul Reshape Add Reshape',
    lenient: true,
  },
  {
    title: 'GroupNormalization by channel',
    opsets: [21, 22],
    shape: [2, 6, 3, 4],
    build: (g, x) =>
      g.node('GroupNormalization', [x, ramped(g, 'scale', [6], 0.5, 1), ramped(g, 'bias', [6])], {
        num_groups: 3,
        epsilon: float(1e-2),
      }),
    becomes: 'Reshape ReduceMean Sub Mul ReduceMean Add Sqrt Div Reshape Reshape Mul Reshape Add',
  },
  {
    title: 'LayerNormalization',
    opsets: [17, 18, 22],
    shape: [2, 3, 4],
    build: (g, x) => g.node('LayerNormalization', [x, ramped(g, 'scale', [4], 0.5, 1), ramped(g, 'bias', [4])]),
  },
  {
    title: 'Gelu',
    opsets: [20, 21, 22],
    shape: [4, 50],
    build: (g, x) => g.node('Gelu', [g.node('Mul', [x, g.constant('wide', Float32Array.of(3))])]),
    becomes: 'Mul Div Erf Add Mul Mul',
  },
  {
    title: 'Gelu by tanh',
    opsets: [20, 22],
    shape: [4, 50],
    build: (g, x) =>
      g.node('Gelu', [g.node('Mul', [x, g.constant('wide', Float32Array.of(3))])], { approximate: 'tanh' }),
    becomes: 'Mul Mul Mul Mul Add Mul Tanh Mul Add Mul',
  },
  ...['Mish', 'HardSwish', 'Softplus', 'Sigmoid', 'Elu', 'LeakyRelu'].map((op) => ({
    title: op,
    opsets: op === 'Mish' ? [18, 22] : op === 'HardSwish' ? [14, 18, 22] : [9, 13, 22],
    shape: [2, 5],
    build: (g: GraphBuilder, x: string) => g.node(op, [x]),
  })),
  {
    title: 'Cast that says what overflows',
    opsets: [19, 21],
    shape: [2, 5],
    build: (g, x) => g.node('Cast', [g.node('Cast', [x], { to: 6, saturate: 1 })], { to: 1 }),
    becomes: 'Cast Cast',
  },
  {
    title: 'CastLike that says what overflows',
    opsets: [19, 21],
    shape: [2, 5],
    build: (g, x) => g.node('CastLike', [x, g.constant('like', [1])], { saturate: 1 }),
    becomes: 'CastLike',
  },
  {
    title: 'AveragePool',
    opsets: [9, 11, 18, 19, 22],
    shape: [1, 2, 6, 6],
    build: (g, x) => g.node('AveragePool', [x], { kernel_shape: [3, 2], strides: [2, 1], pads: [1, 0, 1, 1] }),
  },
  ...[0, 1].map((count) => ({
    title: `AveragePool rounded up, ${count ? 'with' : 'without'} padding`,
    opsets: [10, 11, 18, 19, 22],
    shape: [1, 2, 7, 7],
    build: (g: GraphBuilder, x: string) =>
      g.node('AveragePool', [x], {
        kernel_shape: [3, 3],
        strides: [2, 2],
        pads: [1, 1, 0, 0],
        ceil_mode: 1,
        count_include_pad: count,
      }),
  })),
  {
    title: 'AveragePool without gaps',
    opsets: [19, 22],
    shape: [1, 2, 6, 6],
    build: (g, x) => g.node('AveragePool', [x], { kernel_shape: [3, 3], dilations: [1, 1] }),
    becomes: 'AveragePool',
  },
  {
    title: 'MaxPool rounded up',
    opsets: [10, 12, 18, 22],
    shape: [1, 2, 7, 7],
    build: (g, x) => g.node('MaxPool', [x], { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 }),
  },
  ...['linear', 'nearest', 'cubic'].map((mode) => ({
    title: `GridSample, ${mode}`,
    opsets: [20, 22],
    shape: [1, 2, 4, 4],
    build: (g: GraphBuilder, x: string) => g.node('GridSample', [x, ramped(g, 'grid', [1, 3, 3, 2], 0.6)], { mode }),
    ...(mode !== 'nearest' && { becomes: 'GridSample' }),
  })),
  {
    title: 'RoiAlign',
    opsets: [10, 11, 15],
    shape: [1, 2, 8, 8],
    build: (g, x) =>
      g.node('RoiAlign', [x, g.constant('rois', Float32Array.of(0, 0, 5, 6), [1, 4]), g.constant('batch', [0])], {
        output_height: 2,
        output_width: 2,
      }),
    becomes: 'RoiAlign',
  },
  {
    title: 'DFT along the last axis but one, by default',
    opsets: [20, 22],
    shape: [2, 4, 3, 1],
    build: (g, x) => g.node('DFT', [x]),
    becomes: 'DFT',
  },
  {
    title: 'DFT along a given axis',
    opsets: [20],
    shape: [2, 4, 3, 1],
    build: (g, x) => g.node('DFT', [x, '', g.constant('axis', [-3], [])]),
    becomes: 'DFT',
  },
  {
    title: 'Scatter',
    opsets: [9, 10],
    shape: [3, 3],
    build: (g, x) =>
      g.node('Scatter', [x, g.constant('where', [0, 2], [1, 2]), g.constant('what', Float32Array.of(7, 8), [1, 2])]),
    becomes: 'ScatterElements',
  },
  ...(
    [
      ['value_float', float(1.5), 1],
      ['value_floats', { floats: [1.5, -2] }, 1],
      ['value_int', 3, 7],
      ['value_ints', [3, -4], 7],
    ] as const
  ).map(([name, value, type]) => ({
    title: `Constant by ${name}`,
    opsets: [12, 13, 18, 22],
    shape: [3, 2],
    build: (g: GraphBuilder, x: string) => {
      const made = g.node('Constant', [], { [name]: Array.isArray(value) ? [...value] : (value as number) });
      return g.node('Mul', [x, type === 1 ? made : g.node('Cast', [made], { to: 1 })]);
    },
    becomes: type === 1 ? 'Constant Mul' : 'Constant Cast Mul',
    lenient: true,
  })),
  {
    title: 'Slice to an end given as the largest integer',
    opsets: [12, 18],
    shape: [5, 2],
    build: (g, x) => g.node('Slice', [x, g.constant('from', [1]), g.node('Constant', [], { value_ints: [2 ** 63] })]),
    becomes: 'Constant Slice',
    lenient: true,
  },
  {
    title: 'Constant by value',
    opsets: [9, 13, 22],
    shape: [3, 2],
    build: (g, x) =>
      g.node('Add', [x, g.node('Constant', [], { value: { tensor: tensorOf('', Float32Array.of(1, 2)) } })]),
  },
  {
    title: 'Reshape that keeps zeros',
    opsets: [14, 18, 22],
    shape: [2, 6],
    build: (g, x) => g.node('Reshape', [x, g.constant('shape', [3, 4])], { allowzero: 1 }),
  },
  {
    title: 'OneHot',
    opsets: [9, 11, 18],
    shape: [2, 3],
    build: (g, x) =>
      g.node('OneHot', [
        g.node('Cast', [x], { to: 7 }),
        g.constant('depth', [3], []),
        g.constant('values', Float32Array.of(0, 1)),
      ]),
  },
];

function modelOf({ shape, build }: Case, opset: number): Model {
  const g = new GraphBuilder('case');
  const made = build(g, g.input('x', shape));
  const model = g.model(opset);
  model.graph.outputs = [made].flat().map((name) => ({ name, rest: [] }));
  return model;
}

const feedOf = (shape: number[]): Record<string, ort.Tensor> => ({
  x: new ort.Tensor('float32', ramp(shape.reduce((a, b) => a * b)), shape),
});
const at18 = (model: Model, graph: Graph): Model => ({
  ...model,
  graph,
  opsets: model.opsets.map((set) => (set.domain === '' ? { ...set, version: canonicalOpset } : set)),
});
const opsOf = (graph: Graph): string => graph.nodes.map(({ op }) => op).join(' ');

/** The largest difference between what two models give; infinite where types or shapes differ. */
function difference(a: ort.InferenceSession.ReturnType, b: ort.InferenceSession.ReturnType): number {
  let largest = 0;
  expect(Object.keys(b)).toEqual(Object.keys(a));
  for (const [name, tensor] of Object.entries(a)) {
    const other = b[name]!;
    if (other.type !== tensor.type || other.dims.join() !== tensor.dims.join()) return Infinity;
    const [left, right] = [tensor.data, other.data] as Float32Array[];
    left!.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(Number(value) - Number(right![i])));
    });
  }
  return largest;
}

describe.each(cases)('$title', (one) => {
  it.each(one.opsets)('of opset %i computes the same at opset 18', async (opset) => {
    const model = modelOf(one, opset);
    const feed = feedOf(one.shape);
    const before = await outputsOf(writeModel(model), feed);
    const graph = upgraded(model.graph, opset, await observedFacts(model, feed));
    expect(difference(before, await outputsOf(writeModel(at18(model, graph)), feed))).toBeLessThanOrEqual(1e-6);
    if (one.becomes === undefined) expect(graph).toBe(model.graph);
    else expect(opsOf(graph)).toBe(one.becomes);
    if (one.becomes === undefined || one.lenient) return;
    // The case is worth its place: read as opset 18, the old form fails or computes something else.
    const unchanged = await outputsOf(writeModel(at18(model, model.graph)), feed).catch(() => undefined);
    if (unchanged) expect(difference(before, unchanged)).toBeGreaterThan(1e-3);
  });
});

/** What a rewriting is refused with; facts are those of a run at the model's own opset unless given. */
function refusal(model: Model, opset: number, facts: Facts): TransferEvidenceError {
  try {
    upgraded(model.graph, opset, facts);
  } catch (error) {
    if (error instanceof TransferEvidenceError) return error;
    throw error;
  }
  throw new Error('It was rewritten.');
}

const shaped = (shape: number[], more: [string, number[]][] = []): Facts =>
  new Map<string, TensorFacts>([
    ['x', { type: 'float32', shape }],
    ...more.map(([name, values]) => valued(name, values)),
  ]);
const valued = (name: string, values: number[]): [string, TensorFacts] => [
  name,
  { type: 'int64', shape: [values.length], value: tensorOf(name, values) },
];

describe('what opset 18 cannot say', () => {
  const vectors = (g: GraphBuilder): string[] => ['s', 'b', 'm', 'v'].map((name) => ramped(g, name, [3], 0.1, 1));
  it.each<[title: string, opset: number, build: Build, message: RegExp, facts?: Facts]>([
    [
      'batch normalisation in training mode',
      14,
      (g, x) => g.nodes('BatchNormalization', [x, ...vectors(g)], { training_mode: 1 }, ['y', 'mean', 'var']),
      /node y \(BatchNormalization\).*eval/,
    ],
    [
      'batch normalisation with outputs of training',
      9,
      (g, x) => g.nodes('BatchNormalization', [x, ...vectors(g)], {}, ['y', 'mean', 'var', 'a', 'b']),
      /node y \(BatchNormalization\).*training/,
    ],
    [
      'batch normalisation by pixel',
      9,
      (g, x) => g.node('BatchNormalization', [x, ...vectors(g)], { spatial: 0 }, 'y'),
      /node y .*spatial/,
    ],
    [
      'a dropout whose mask is used',
      12,
      (g, x) => {
        const [kept, mask] = g.nodes('Dropout', [x], {}, ['kept', 'mask']) as [string, string];
        return [kept, mask];
      },
      /node kept \(Dropout\).*mask/,
    ],
    [
      'a dropout in training mode',
      13,
      (g, x) => g.node('Dropout', [x, '', g.constant('training', [1])], {}, 'y'),
      /node y \(Dropout\).*training/,
    ],
    [
      'an average with gaps',
      19,
      (g, x) => g.node('AveragePool', [x], { kernel_shape: [2, 2], dilations: [2, 1] }, 'y'),
      /node y \(AveragePool\).*\[2, 1\].*opset 18/,
    ],
    [
      'half_pixel_symmetric where sizes are rounded',
      19,
      (g, x) =>
        g.node(
          'Resize',
          [x, '', g.constant('scales', Float32Array.of(1, 1, 1.3, 1))],
          {
            coordinate_transformation_mode: 'half_pixel_symmetric',
          },
          'y',
        ),
      /node y \(Resize\).*half_pixel/,
    ],
    [
      'wrapping around further than the axis is long',
      19,
      (g, x) => g.node('Pad', [x, g.constant('pads', [0, 0, 0, 5, 0, 0, 0, 0])], { mode: 'wrap' }, 'y'),
      /node y \(Pad\).*wraps 5 and 0.*axis of 4/,
      shaped([2, 3, 4, 4], [['pads', [0, 0, 0, 5, 0, 0, 0, 0]]]),
    ],
    [
      'samples of a volume',
      20,
      (g, x) => g.node('GridSample', [x, x], {}, 'y'),
      /node y .*volume/,
      shaped([1, 1, 2, 2, 2]),
    ],
    ['a cast to float8', 19, (g, x) => g.node('Cast', [x], { to: 17 }, 'y'), /node y \(Cast\).*float32/],
    [
      'a constant that holds nothing dense',
      13,
      (g, x) => g.node('Add', [x, g.node('Constant', [], {}, 'c')]),
      /node c .*sparse/,
    ],
    [
      'operators of later opsets',
      20,
      (g, x) => g.node('AffineGrid', [x, x], {}, 'y'),
      /node y \(AffineGrid\).*opset 18/,
    ],
    [
      'a shape that is not known',
      11,
      (g, x) => g.node('Softmax', [x], {}, 'y'),
      /node y \(Softmax\).*shape of its input x/,
      new Map(),
    ],
    [
      'numbers of half precision',
      10,
      (g, x) => g.node('Clip', [x], { max: float(1) }, 'y'),
      /node y \(Clip\).*float16.*float32/,
      new Map([['x', { type: 'float16' as const, shape: [1] }]]),
    ],
  ])('is refused: %s', (_, opset, build, message, facts) => {
    const model = modelOf({ title: '', opsets: [], shape: [2, 3, 4, 4], build }, opset);
    const error = refusal(model, opset, facts ?? shaped([2, 3, 4, 4]));
    expect(error.code).toBe('model-unsupported');
    expect(error.message).toMatch(message);
  });

  it.each([8, 23, 0, Number.NaN])('is refused: opset %d as a whole', (opset) => {
    const error = refusal(
      modelOf({ title: '', opsets: [], shape: [2], build: (g, x) => g.node('Relu', [x]) }, 9),
      opset,
      new Map(),
    );
    expect(error.code).toBe('model-unsupported');
    expect(error.message).toContain(`opset ${opset}`);
  });
});

describe('a graph brought to opset 18', () => {
  const of = (build: Build, shape = [2, 3]): Graph => modelOf({ title: '', opsets: [], shape, build }, 9).graph;

  it('keeps operators of other domains, and those named like something else, as they are', () => {
    const graph = of((g, x) => {
      const [y] = g.nodes('Dropout', [x], { ratio: float(0.5) }, ['y'], 'com.example') as [string];
      return g.node('toString', [g.node('constructor', [y])]);
    });
    expect(upgraded(graph, 9, new Map())).toBe(graph);
  });

  it('keeps the nodes around a changed one as the same objects, and every tensor its name', () => {
    const graph = of((g, x) => g.node('Relu', [g.node('Unsqueeze', [g.node('Tanh', [x])], { axes: [0] })]));
    const before = structuredClone(graph);
    const after = upgraded(graph, 9, shaped([2, 3]));
    expect(after.nodes[0]).toBe(graph.nodes[0]);
    expect(after.nodes[2]).toBe(graph.nodes[2]);
    expect(after.nodes.flatMap(({ outputs }) => outputs)).toEqual(graph.nodes.flatMap(({ outputs }) => outputs));
    expect(graph).toEqual(before);
  });

  it('gives names that nothing else has, in inner graphs either', () => {
    const inner = new GraphBuilder('inner');
    inner.outer('x');
    inner.constant('y/axes_2', [7]);
    inner.output(inner.node('Squeeze', ['x'], { axes: [0] }, 'z'));
    const graph = of((g, x) => {
      g.constant('y/axes', [0]);
      const branch = { graph: inner.graph() };
      g.node('If', [x], { then_branch: branch, else_branch: branch });
      return [g.node('Unsqueeze', [x], { axes: [0] }, 'y'), g.node('Squeeze', [x], { axes: [0] }, 'q')];
    });
    const after = upgraded(graph, 9, shaped([2, 3]));
    expect(after.nodes[1]!.inputs).toEqual(['x', 'y/axes_3']);
    const branches = Object.values(after.nodes[0]!.attributes).map(
      (attribute) => attribute.kind === 'graph' && attribute.value,
    );
    expect(branches.map((branch) => branch && branch.nodes[0]!.inputs[1])).toEqual(['z/axes', 'z/axes_2']);
    expect(branches.map((branch) => branch && branch.initializers.at(-1)!.name)).toEqual(['z/axes', 'z/axes_2']);
  });

  it('computes the same with a condition whose branches are written in the old form', async () => {
    const branch = (axis: number): { graph: Graph } => {
      const b = new GraphBuilder(`branch ${axis}`);
      b.outer('x');
      b.output(b.node('ReduceSum', ['x'], { axes: [axis], keepdims: 0 }, `sum ${axis}`));
      return { graph: b.graph() };
    };
    const one: Case = {
      title: '',
      opsets: [],
      shape: [3, 3],
      build: (g, x) => {
        const positive = g.node('Greater', [
          g.node('ReduceMax', [x], { keepdims: 0 }),
          g.constant('zero', Float32Array.of(0), []),
        ]);
        return g.node('If', [positive], { then_branch: branch(0), else_branch: branch(1) });
      },
    };
    const model = modelOf(one, 11);
    const feed = feedOf(one.shape);
    const after = upgraded(model.graph, 11, await observedFacts(model, feed));
    const expected = await outputsOf(writeModel(model), feed);
    expect(difference(expected, await outputsOf(writeModel(at18(model, after)), feed))).toBe(0);
  });

  it.each([9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22])(
    'is taken from opset %i as a whole network',
    async (opset) => {
      const model = readModel(smallNetwork('gemm and softmax'));
      model.opsets[0]!.version = opset;
      const feed = { image: new ort.Tensor('float32', ramp(2 * 192), [2, 3, 8, 8]) };
      const graph = upgraded(model.graph, opset, await observedFacts(model, feed));
      expect(graph).toBe(model.graph);
      const before = await outputsOf(writeModel(model), feed);
      expect(difference(before, await outputsOf(writeModel(at18(model, graph)), feed))).toBeLessThanOrEqual(1e-6);
    },
  );

  const files = networks();
  it.skipIf(files.length === 0)(
    `computes what real networks do${files.length === 0 ? ' (skipped: ../shared is not here)' : ''}`,
    async () => {
      for (const file of files) {
        const model = readModel(readFileSync(file));
        const { name, channels = 3, height = 32, width = 32 } = inputOf(model);
        const feed = {
          [name]: new ort.Tensor('float32', ramp(2 * channels * height * width), [2, channels, height, width]),
        };
        const opset = model.opsets.find(({ domain }) => domain === '')!.version;
        const graph = upgraded(model.graph, opset, await observedFacts(model, feed));
        const before = await outputsOf(writeModel(model), feed);
        const after = await outputsOf(writeModel(at18(model, graph)), feed);
        const largest = Object.values(before).flatMap(({ data }) => [...(data as Float32Array)]);
        const scale = largest.reduce((max, value) => Math.max(max, Math.abs(value)), 1);
        expect(difference(before, after) / scale).toBeLessThanOrEqual(1e-5);
      }
    },
    60_000,
  );
});

function networks(): string[] {
  return ['data/models', 'gradients'].flatMap((path) => {
    const folder = resolve(import.meta.dirname, '../../../shared', path);
    if (!existsSync(folder)) return [];
    const names = readdirSync(folder).filter((name) => name.endsWith('.onnx'));
    return names.map((name) => join(folder, name));
  });
}
