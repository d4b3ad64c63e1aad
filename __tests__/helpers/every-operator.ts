import { type AttributeValue, GraphBuilder, tensorOf } from '../../src/onnx/build.ts';
import type { Model, Tensor } from '../../src/onnx/model.ts';
import { seededRandom } from '../../src/random.ts';
import { awayFrom, type OperatorCase, operatorModel, randomTensor } from './operator-model.ts';

/** A network of one operator, named after it, with what tells variants apart after a blank. */
export interface NamedCase {
  name: string;
  model: Model;
}

type Attributes = Record<string, AttributeValue>;
type Shape = readonly number[];

const float = (value: number): AttributeValue => ({ float: value });
const scalar = (name: string, value: number): Tensor => tensorOf(name, Float32Array.of(value), []);
const ints = (name: string, values: readonly number[], dims?: Shape): Tensor => tensorOf(name, values, dims);

/** Normal numbers that depend on the name and the shape alone. */
function normal(name: string, shape: Shape, map?: (x: number) => number): Tensor {
  return randomTensor(name, shape, seededRandom(11, name, shape.join()), map);
}

/** Numbers in steps of 0.4 in random order, so that no two tie. */
function distinct(name: string, shape: Shape): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const steps = Array.from({ length: count }, (_, i) => 0.4 * (i - count / 2) + 0.1);
  return tensorOf(name, Float32Array.from(seededRandom(12, name).shuffled(steps)), shape);
}

const maps: Shape = [2, 3, 4, 5];
const positive = (x: number) => 0.4 + Math.abs(x);
const signed = (x: number) => Math.sign(x) * positive(x);
const within = (x: number) => 0.8 * Math.tanh(x);
const off0 = awayFrom([0], 0.2);

/** Functions of one tensor: what brings a normal number into the domain, and attributes. */
const activations: Record<string, { map?: (x: number) => number; attributes?: Attributes; rest?: Tensor[] }> = {
  Abs: { map: off0 },
  Acos: { map: within },
  Acosh: { map: (x) => 1.3 + Math.abs(x) },
  Asin: { map: within },
  Asinh: {},
  Atan: {},
  Atanh: { map: within },
  Cast: { attributes: { to: 1 } },
  CastLike: { rest: [scalar('fixed like', 1)] },
  Celu: { map: off0, attributes: { alpha: float(1.7) } },
  Clip: { map: awayFrom([-0.5, 0.75]), rest: [scalar('fixed low', -0.5), scalar('fixed high', 0.75)] },
  'Clip with trained bounds': {
    map: awayFrom([-0.4, 0.7], 0.3),
    rest: [scalar('low', -0.4), scalar('high', 0.7)],
  },
  Cos: {},
  Cosh: {},
  Dropout: {},
  Elu: { map: off0, attributes: { alpha: float(0.6) } },
  Erf: {},
  Exp: {},
  HardSigmoid: { map: awayFrom([-2.5, 2.5]) },
  HardSwish: { map: (x) => awayFrom([-3, 3])(3 * x) },
  Identity: {},
  LeakyRelu: { map: off0, attributes: { alpha: float(0.3) } },
  'LeakyRelu that mirrors': { map: off0, attributes: { alpha: float(-0.4) } },
  Log: { map: positive },
  Mish: {},
  Neg: {},
  PRelu: { map: off0, rest: [normal('slope', [3, 1, 1])] },
  Reciprocal: { map: signed },
  Relu: { map: off0 },
  Selu: { map: off0 },
  Sigmoid: {},
  Sin: {},
  Sinh: {},
  Softplus: {},
  Softsign: {},
  Sqrt: { map: positive },
  Tan: { map: within },
  Tanh: {},
  ThresholdedRelu: { map: awayFrom([1]) },
  'com.microsoft:BiasGelu': { rest: [normal('bias', [5])] },
  'com.microsoft:FastGelu': { rest: [normal('bias', [5])] },
  'com.microsoft:Gelu': {},
  'com.microsoft:QuickGelu': {},
};

/** Steps have no slope of their own: with what they were made of added, their result has one. */
const flat = ['Ceil', 'Floor', 'Round', 'Sign'];
/** Where they step: whole numbers and halves. */
const steps = Array.from({ length: 21 }, (_, i) => i / 2 - 5);

const wide = (x: number) => 2 * x + 1;
const pooled = { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] };
const tiles = { kernel_shape: [2, 2], strides: [2, 2] };
const axes = ints('axes', [0, 2]);
const perChannel = ['scale', 'bias'].map((name) => normal(name, [3]));
const statistics = [normal('fixed mean', [3]), normal('fixed variance', [3], positive)];
const rows = ['scale', 'bias'].map((name) => normal(name, [6]));

function reduction(op: string, map?: (x: number) => number): OperatorCase {
  const x = op === 'ReduceMax' || op === 'ReduceMin' ? distinct('x', [2, 3, 4]) : normal('x', [2, 3, 4], map);
  return { op, inputs: [x, axes], attributes: { keepdims: 0 } };
}

function convolution(
  op: string,
  [from, to, groups]: readonly [number, number, number],
  size: Shape,
  attributes: Attributes = {},
): OperatorCase {
  const kernel = size.map(() => 3);
  const [x, y] = [normal('x', [2, from, ...size]), normal('b', [to])];
  const shape = op === 'Conv' ? [to, from / groups, ...kernel] : [from, to / groups, ...kernel];
  return { op, inputs: [x, normal('w', shape), y], attributes: { group: groups, ...attributes } };
}

function resize(scales: Shape, attributes: Attributes): OperatorCase {
  const inputs = [normal('x', [2, 2, 3, 4]), undefined, tensorOf('fixed scales', Float32Array.from(scales))];
  return { op: 'Resize', inputs, attributes };
}

const pads = (numbers: Shape) => ints('pads', numbers);
const same = { pads: [1, 1, 1, 1] };
const half = { ...same, strides: [2, 2] };

const others: Record<string, OperatorCase> = {
  Add: { op: 'Add', inputs: [normal('a', maps), normal('b', [3, 1, 1])] },
  Sub: { op: 'Sub', inputs: [normal('a', maps), normal('b', [5])] },
  Mul: { op: 'Mul', inputs: [normal('a', [2, 1, 5]), normal('b', [3, 1])] },
  Div: { op: 'Div', inputs: [normal('a', [3, 4]), normal('b', [4], signed)] },
  Pow: { op: 'Pow', inputs: [normal('a', [3, 4], positive), normal('b', [4])] },
  'Pow of a constant': { op: 'Pow', inputs: [normal('a', [3, 4], positive), scalar('fixed', 2.7)] },
  'Pow of a whole number': { op: 'Pow', inputs: [normal('a', [3, 4], signed), ints('n', [3], [])] },
  Max: { op: 'Max', inputs: [distinct('a', [3, 4]), normal('b', [4])] },
  'Max of three': { op: 'Max', inputs: ['a', 'b', 'c'].map((name) => distinct(name, [3, 4])) },
  Min: { op: 'Min', inputs: [distinct('a', [3, 4]), normal('b', [4])] },
  Mean: { op: 'Mean', inputs: ['a', 'b', 'c'].map((name) => normal(name, [3, 4])) },
  'Sum of nine': { op: 'Sum', inputs: [...'abcdefghi'].map((name) => normal(name, [3, 4])) },
  Where: {
    op: 'Where',
    inputs: [
      { name: 'condition', type: 'bool', dims: [4], data: Uint8Array.of(1, 0, 0, 1) },
      normal('a', [3, 4]),
      normal('b', [3, 1]),
    ],
  },

  Conv: convolution('Conv', [16, 4, 1], [5, 6], same),
  'Conv of few channels with stride': convolution('Conv', [3, 4, 1], [7, 6], half),
  'Conv with stride': convolution('Conv', [16, 4, 1], [6, 6], half),
  'Conv by channel': convolution('Conv', [4, 4, 4], [5, 6], same),
  'Conv by channel with stride': convolution('Conv', [4, 4, 4], [6, 6], half),
  'Conv in groups': convolution('Conv', [4, 6, 2], [5, 6], { ...same, dilations: [1, 2] }),
  'Conv of rows': convolution('Conv', [3, 4, 1], [7], { pads: [1, 1] }),
  ConvTranspose: convolution('ConvTranspose', [3, 4, 1], [4, 5], { ...half, output_padding: [1, 1] }),
  'ConvTranspose in groups': convolution('ConvTranspose', [4, 6, 2], [4, 5], same),

  Concat: {
    op: 'Concat',
    inputs: [normal('a', [2, 1, 3]), normal('fixed', [2, 2, 3]), normal('c', [2, 4, 3])],
    attributes: { axis: 1 },
  },
  Split: { op: 'Split', inputs: [normal('x', [2, 6]), ints('sizes', [2, 3, 1])], attributes: { axis: 1 }, outputs: 3 },
  'Split of which two count': {
    op: 'Split',
    inputs: [normal('x', [2, 6]), ints('sizes', [2, 3, 1])],
    attributes: { axis: 1 },
    outputs: 3,
    counted: [2, 0],
  },
  'Split into ten': {
    op: 'Split',
    inputs: [normal('x', [2, 28])],
    attributes: { axis: 1, num_outputs: 10 },
    outputs: 10,
    counted: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  },
  Slice: { op: 'Slice', inputs: [normal('x', [3, 7, 2]), ints('from', [1]), ints('to', [7]), ints('axes', [1])] },
  'Slice with steps': {
    op: 'Slice',
    inputs: [
      normal('x', [3, 9, 2]),
      ints('from', [-2, 2]),
      ints('to', [-100, -100]),
      ints('axes', [1, 0]),
      ints('steps', [-3, -2]),
    ],
  },
  Gather: { op: 'Gather', inputs: [normal('x', [4, 5, 3]), ints('i', [2], [])], attributes: { axis: 1 } },
  'Gather of some': { op: 'Gather', inputs: [normal('x', [6, 2]), ints('i', [4, 0, 2])] },
  'Gather of the same': { op: 'Gather', inputs: [normal('x', [5, 3]), ints('i', [4, 0, 4, 4, 1, 0], [2, 3])] },
  'Gather of many': {
    op: 'Gather',
    inputs: [
      normal('x', [600, 2]),
      ints(
        'i',
        Array.from({ length: 700 }, (_, i) => (7 * i) % 600),
      ),
    ],
  },
  GatherElements: {
    op: 'GatherElements',
    inputs: [normal('x', [3, 4]), ints('i', [0, -1, 0, 2, 2, 2], [2, 3])],
  },
  GatherND: { op: 'GatherND', inputs: [normal('x', [3, 4]), ints('i', [0, 1, -1, -1, 0, 1], [3, 2])] },
  ScatterND: {
    op: 'ScatterND',
    inputs: [normal('data', [5, 3]), ints('i', [4, -4], [2, 1]), normal('updates', [2, 3])],
  },
  'ScatterND that adds': {
    op: 'ScatterND',
    inputs: [normal('data', [5, 3]), ints('i', [4, 1], [2, 1]), normal('updates', [2, 3])],
    attributes: { reduction: 'add' },
  },
  ScatterElements: {
    op: 'ScatterElements',
    inputs: [normal('data', [3, 4]), ints('i', [0, 2, 1, -1], [2, 2]), normal('updates', [2, 2])],
    attributes: { axis: 1 },
  },
  'ScatterElements that adds': {
    op: 'ScatterElements',
    inputs: [normal('data', [3, 4]), ints('i', [0, 0, 1, -1], [2, 2]), normal('updates', [2, 2])],
    attributes: { axis: 1, reduction: 'add' },
  },
  Pad: { op: 'Pad', inputs: [normal('x', [2, 3]), pads([1, 2, 0, 1]), scalar('value', 0.7)] },
  'Pad that cuts off': { op: 'Pad', inputs: [normal('x', [2, 5]), pads([-1, 2, 0, -3])] },
  'Pad by reflection': {
    op: 'Pad',
    inputs: [normal('x', [2, 3, 4]), pads([0, 1, 3, 0, 2, 2])],
    attributes: { mode: 'reflect' },
  },
  'Pad by the edge': { op: 'Pad', inputs: [normal('x', [2, 4]), pads([0, 2, 1, 3])], attributes: { mode: 'edge' } },

  Gemm: {
    op: 'Gemm',
    inputs: [normal('a', [5, 3]), normal('b', [5, 4]), normal('c', [4])],
    attributes: { transA: 1, alpha: float(0.7), beta: float(-1.3) },
  },
  'Gemm of rows': {
    op: 'Gemm',
    inputs: [normal('a', [3, 5]), normal('b', [4, 5]), normal('c', [3, 1])],
    attributes: { transB: 1 },
  },
  MatMul: { op: 'MatMul', inputs: [normal('a', [2, 3, 4]), normal('b', [4, 5])] },
  'MatMul of batches': { op: 'MatMul', inputs: [normal('a', [2, 1, 3, 4]), normal('b', [5, 4, 2])] },
  'MatMul with a vector': { op: 'MatMul', inputs: [normal('a', [2, 3, 4]), normal('b', [4])] },
  Einsum: {
    op: 'Einsum',
    inputs: [normal('a', [2, 2, 3, 4]), normal('b', [2, 2, 5, 4])],
    attributes: { equation: 'bhid,bhjd->bhij' },
  },
  'Einsum of a sum': {
    op: 'Einsum',
    inputs: [normal('a', [2, 3, 4]), normal('b', [3])],
    attributes: { equation: 'ijk,j->k' },
  },

  BatchNormalization: { op: 'BatchNormalization', inputs: [normal('x', maps, wide), ...perChannel, ...statistics] },
  'BatchNormalization with trained statistics': {
    op: 'BatchNormalization',
    inputs: [normal('x', [4, 3]), ...perChannel, normal('mean', [3]), normal('variance', [3], positive)],
  },
  LayerNormalization: {
    op: 'LayerNormalization',
    inputs: [normal('x', [2, 3, 6], wide), ...rows],
    attributes: { epsilon: float(1e-2) },
  },
  'LayerNormalization over two axes': {
    op: 'LayerNormalization',
    inputs: [normal('x', [2, 3, 4], wide), normal('scale', [3, 4])],
    attributes: { axis: 1 },
  },
  SimplifiedLayerNormalization: {
    op: 'SimplifiedLayerNormalization',
    inputs: [normal('x', [2, 3, 6], wide), rows[0]],
    attributes: { epsilon: float(1e-5), axis: -1 },
  },
  'com.microsoft:SkipLayerNormalization': {
    op: 'SkipLayerNormalization',
    domain: 'com.microsoft',
    inputs: [normal('x', [2, 3, 6], wide), normal('skip', [2, 3, 6]), ...rows, normal('bias of the sum', [6])],
    outputs: 4,
    counted: [0, 3],
  },
  'com.microsoft:SkipSimplifiedLayerNormalization': {
    op: 'SkipSimplifiedLayerNormalization',
    domain: 'com.microsoft',
    inputs: [normal('x', [2, 3, 6], wide), normal('skip', [2, 3, 6]), rows[0]],
    outputs: 4,
    counted: [0, 3],
  },
  InstanceNormalization: { op: 'InstanceNormalization', inputs: [normal('x', maps, wide), ...perChannel] },
  MeanVarianceNormalization: { op: 'MeanVarianceNormalization', inputs: [normal('x', maps, wide)] },
  LpNormalization: { op: 'LpNormalization', inputs: [normal('x', [3, 4, 2], signed)], attributes: { axis: 1 } },
  'LpNormalization by absolute values': {
    op: 'LpNormalization',
    inputs: [normal('x', [3, 4, 2], signed)],
    attributes: { axis: 1, p: 1 },
  },
  LRN: {
    op: 'LRN',
    inputs: [normal('x', [2, 7, 2, 3], wide)],
    attributes: { size: 3, alpha: float(0.3), beta: float(0.6), bias: float(1.5) },
  },

  MaxPool: { op: 'MaxPool', inputs: [distinct('x', [2, 3, 7, 8])], attributes: pooled },
  'MaxPool of tiles': { op: 'MaxPool', inputs: [distinct('x', [2, 2, 6, 4])], attributes: tiles },
  'MaxPool with holes': {
    op: 'MaxPool',
    inputs: [distinct('x', [1, 2, 8, 9])],
    attributes: { kernel_shape: [3, 2], strides: [1, 2], dilations: [2, 3] },
  },
  AveragePool: { op: 'AveragePool', inputs: [normal('x', [2, 3, 7, 8])], attributes: pooled },
  'AveragePool of tiles': { op: 'AveragePool', inputs: [normal('x', [2, 2, 6, 4])], attributes: tiles },
  'AveragePool that counts pads': {
    op: 'AveragePool',
    inputs: [normal('x', [2, 3, 7, 8])],
    attributes: { ...pooled, count_include_pad: 1 },
  },
  LpPool: { op: 'LpPool', inputs: [normal('x', [1, 2, 7, 8], off0)], attributes: { ...pooled, p: 2 } },
  'LpPool of cubes': { op: 'LpPool', inputs: [normal('x', [1, 2, 6, 4], off0)], attributes: { ...tiles, p: 3 } },
  GlobalAveragePool: { op: 'GlobalAveragePool', inputs: [normal('x', maps)] },
  GlobalMaxPool: { op: 'GlobalMaxPool', inputs: [distinct('x', maps)] },
  GlobalLpPool: { op: 'GlobalLpPool', inputs: [normal('x', maps, off0)], attributes: { p: 3 } },

  ReduceL1: reduction('ReduceL1', off0),
  ReduceL2: reduction('ReduceL2'),
  ReduceLogSum: reduction('ReduceLogSum', positive),
  ReduceLogSumExp: reduction('ReduceLogSumExp'),
  ReduceMax: reduction('ReduceMax'),
  ReduceMean: reduction('ReduceMean'),
  ReduceMin: reduction('ReduceMin'),
  ReduceProd: reduction('ReduceProd', signed),
  ReduceSum: reduction('ReduceSum'),
  ReduceSumSquare: reduction('ReduceSumSquare'),
  CumSum: {
    op: 'CumSum',
    inputs: [normal('x', [3, 4, 2]), ints('axis', [1], [])],
    attributes: { exclusive: 1 },
  },

  Reshape: { op: 'Reshape', inputs: [normal('x', [2, 3, 4]), ints('shape', [4, -1])] },
  Flatten: { op: 'Flatten', inputs: [normal('x', [2, 3, 4])], attributes: { axis: 2 } },
  Squeeze: { op: 'Squeeze', inputs: [normal('x', [1, 3, 1, 4]), ints('axes', [2])] },
  Unsqueeze: { op: 'Unsqueeze', inputs: [normal('x', [3, 4]), ints('axes', [-1, 1])] },
  Transpose: { op: 'Transpose', inputs: [normal('x', maps)], attributes: { perm: [2, 0, 3, 1] } },
  Expand: { op: 'Expand', inputs: [normal('x', [1, 3, 1]), ints('shape', [2, 1, 4])] },
  Tile: { op: 'Tile', inputs: [normal('x', [2, 1, 3]), ints('repeats', [1, 4, 2])] },

  Resize: resize([1, 1, 2, 3], { mode: 'nearest' }),
  'Resize by other factors': resize([1, 1, 1.7, 0.6], { mode: 'nearest', nearest_mode: 'floor' }),
  'Resize by interpolation': resize([1, 1, 2, 1.5], { mode: 'linear' }),
  'Resize by cubic interpolation': resize([1, 1, 2, 1.5], { mode: 'cubic' }),
  DepthToSpace: { op: 'DepthToSpace', inputs: [normal('x', [2, 12, 2, 3])], attributes: { blocksize: 2 } },
  'DepthToSpace by columns': {
    op: 'DepthToSpace',
    inputs: [normal('x', [2, 12, 2, 3])],
    attributes: { blocksize: 2, mode: 'CRD' },
  },
  SpaceToDepth: { op: 'SpaceToDepth', inputs: [normal('x', [2, 3, 6, 9])], attributes: { blocksize: 3 } },

  Softmax: { op: 'Softmax', inputs: [normal('x', [2, 3, 4])], attributes: { axis: 1 } },
  LogSoftmax: { op: 'LogSoftmax', inputs: [normal('x', [2, 3, 4])], attributes: { axis: -1 } },
};

/** At least one small network of every operator that has a gradient rule, and one of every way that a rule can take. */
export function everyOperator(): NamedCase[] {
  const ofActivations = Object.entries(activations).map(([name, { map, attributes = {}, rest = [] }]): NamedCase => {
    const [domain, op] = name.includes(':') ? (name.split(':') as [string, string]) : ['', name.split(' ')[0]!];
    const inputs = [normal('x', maps, map), ...rest];
    return { name, model: operatorModel({ op, domain, inputs, attributes }) };
  });
  const ofSteps = flat.map((name): NamedCase => {
    const g = new GraphBuilder(name);
    const x = g.tensor(normal('x', maps, awayFrom(steps, 0.1)));
    g.output(g.node('Add', [x, g.node(name, [x])]));
    return { name, model: g.model(18) };
  });
  const rest = Object.entries(others).map(([name, operator]): NamedCase => ({ name, model: operatorModel(operator) }));
  return [...ofActivations, ...ofSteps, ...rest];
}

/** The operator of a case, as gradients/ names it. */
export function operatorOfCase({ name }: NamedCase): string {
  return name.split(' ')[0]!;
}
