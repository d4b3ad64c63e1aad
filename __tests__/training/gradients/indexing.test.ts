import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { GraphBuilder, tensorOf } from '../../../src/onnx/build.ts';
import type { Tensor } from '../../../src/onnx/model.ts';
import { seededRandom } from '../../../src/random.ts';
import { indexing } from '../../../src/training/gradients/indexing.ts';
import { checkGradients } from '../../helpers/gradient-check.ts';
import { expectGradients, type OperatorCase, operatorModel, randomTensor } from '../../helpers/operator-model.ts';

const floats = (name: string, ...shape: number[]) => randomTensor(name, shape, seededRandom(5, name, shape.join()));
const x = (...shape: number[]) => floats('x', ...shape);
const ints = (name: string, values: number[], dims?: number[]) => tensorOf(name, values, dims);
const all = Number.MAX_SAFE_INTEGER;

function slice(shape: number[], starts: number[], ends: number[], axes?: number[], steps?: number[]): OperatorCase {
  const lists = [axes && ints('axes', axes), steps && ints('steps', steps)];
  return { op: 'Slice', inputs: [x(...shape), ints('starts', starts), ints('ends', ends), ...lists] };
}

function gather(shape: number[], axis: number, indices: number[], dims?: number[], opset = 18): OperatorCase {
  return { op: 'Gather', inputs: [x(...shape), ints('indices', indices, dims)], attributes: { axis }, opset };
}

function pad(
  shape: number[],
  pads: number[],
  mode: string,
  rest: (Tensor | undefined)[] = [],
  opset = 18,
): OperatorCase {
  return { op: 'Pad', inputs: [x(...shape), ints('pads', pads), ...rest], attributes: { mode }, opset };
}

/** Every index twice or more, in random order. */
const relativePositions = seededRandom(1, 'positions').shuffled(Array.from({ length: 60 }, (_, i) => i % 25));
/** More slices than a matrix of zeros and ones is made for. */
const manyRepeated = Array.from({ length: 700 }, (_, i) => (7 * i) % 600);

const cases: OperatorCase[] = [
  { op: 'Concat', inputs: [floats('a', 2, 1, 3), floats('b', 2, 4, 3), floats('c', 2, 2, 3)], attributes: { axis: 1 } },
  { op: 'Concat', inputs: [floats('a', 2, 3), floats('fixed', 4, 3)], attributes: { axis: -2 }, opset: 11 },
  { op: 'Concat', inputs: [floats('fixed', 4), floats('a', 3), floats('fixed too', 2)], attributes: { axis: 0 } },
  {
    op: 'Split',
    inputs: [x(2, 7)],
    attributes: { axis: 1, split: [2, 4, 1] },
    opset: 11,
    outputs: 3,
    counted: [0, 1, 2],
  },
  { op: 'Split', inputs: [x(6, 2), ints('sizes', [1, 5])], opset: 13, outputs: 2, counted: [0, 1] },
  { op: 'Split', inputs: [x(2, 6)], attributes: { axis: -1 }, opset: 13, outputs: 3, counted: [2, 0] },
  { op: 'Split', inputs: [x(7, 2)], attributes: { num_outputs: 3 }, outputs: 3, counted: [1] },
  { op: 'Slice', inputs: [x(4, 5)], attributes: { starts: [1, -3], ends: [3, 9], axes: [0, 1] }, opset: 9 },
  { ...slice([4, 5], [1], [all]), opset: 11 },
  { ...slice([3, 4, 6], [0, -4], [2, -1], [0, -1]), opset: 13 },
  slice([3, 8], [1], [all], [1], [2]),
  slice([3, 7], [0, 1], [3, 7], [0, 1], [2, 3]),
  slice([3, 7, 2], [-1], [-all], [1], [-1]),
  slice([3, 9, 2], [-2, 2], [-all, -all], [1, 0], [-3, -2]),
  slice([3, 9], [100, -100], [1, 100], [1, 0], [-2, 1]),
  slice([2, 3, 8, 8], [0, 1], [all, all], [2, 3], [2, 2]),
  slice([2, 6, 3], [5], [6], [1], [4]),
  gather([4, 5, 3], 1, [0], []),
  gather([4, 5, 3], 1, [-1], [], 11),
  gather([4, 5, 3], -1, [2]),
  gather([6, 2], 0, [1, 3, 5]),
  gather([6, 2], 0, [5, 3, 1]),
  gather([6, 2], 0, [4, 0, 3, 1, 5, 2], [2, 3]),
  gather([2, 6, 2], 1, [4, 0, 2]),
  gather([25, 3], 0, relativePositions, [6, 10]),
  gather([25, 3], 0, relativePositions, [6, 10], 11),
  gather([2, 25, 3], 1, relativePositions),
  gather([2, 25], 1, relativePositions),
  gather([2, 25], 1, [-1, 3, -1, -25]),
  gather([600, 2], 0, manyRepeated),
  { op: 'GatherElements', inputs: [x(3, 4), ints('i', [0, -1, 0, 2, 2, 2], [2, 3])], attributes: { axis: 0 } },
  {
    op: 'GatherElements',
    inputs: [x(2, 4), ints('i', [3, 3, 0, -4, 1, 1], [2, 3])],
    attributes: { axis: -1 },
    opset: 11,
  },
  { op: 'GatherND', inputs: [x(3, 4), ints('i', [0, 1, -1, -1, 0, 1], [3, 2])] },
  { op: 'GatherND', inputs: [x(3, 4, 2), ints('i', [2, 0, 2, -3], [2, 2, 1])], opset: 12 },
  {
    op: 'GatherND',
    inputs: [x(2, 4, 3), ints('i', [1, 1, -1, 0], [2, 2, 1])],
    attributes: { batch_dims: 1 },
    opset: 13,
  },
  ...['none', 'add'].flatMap((reduction): OperatorCase[] => {
    const attributes = { reduction };
    const rows = [floats('data', 5, 3), ints('i', [4, -4], [2, 1]), floats('updates', 2, 3)];
    const cells = [floats('data', 3, 4), ints('i', [1, 0, -1, 3], [2, 2]), floats('updates', 2)];
    const elements = [floats('data', 3, 4), ints('i', [0, 2, 2, -3], [2, 2]), floats('updates', 2, 2)];
    return [
      { op: 'ScatterND', inputs: rows, attributes, opset: 16 },
      { op: 'ScatterND', inputs: cells, attributes },
      { op: 'ScatterElements', inputs: elements, attributes: { ...attributes, axis: 1 }, opset: 16 },
      { op: 'ScatterElements', inputs: elements, attributes },
    ];
  }),
  {
    op: 'ScatterND',
    inputs: [floats('data', 3), ints('i', [1, 1, 1], [3, 1]), floats('updates', 3)],
    attributes: { reduction: 'add' },
  },
  {
    op: 'ScatterElements',
    inputs: [floats('data', 3, 4), ints('i', [0, 2], [1, 2]), floats('updates', 1, 2)],
    opset: 11,
  },
  { op: 'ScatterND', inputs: [floats('data', 3), ints('i', [1, 2], [2, 1]), floats('fixed', 2)], opset: 11 },
  { op: 'ScatterND', inputs: [floats('fixed', 3), ints('i', [1, 2], [2, 1]), floats('updates', 2)], opset: 13 },
  { op: 'Pad', inputs: [x(2, 3)], attributes: { pads: [1, 0, 0, 2], mode: 'constant', value: { float: 2 } }, opset: 9 },
  { op: 'Pad', inputs: [x(2, 3)], attributes: { pads: [0, 1, 0, 2], mode: 'reflect' }, opset: 9 },
  pad([2, 3], [1, 2, 0, 1], 'constant', [], 11),
  pad([2, 3], [1, 2, 0, 1], 'constant', [floats('value')], 13),
  pad([2, 5], [-1, 2, 0, -3], 'constant', [floats('value')]),
  pad([2, 3, 4], [2, 1], 'constant', [undefined, ints('axes', [-1])]),
  pad([2, 3, 4], [0, 1, 3, 0, 2, 2], 'reflect'),
  pad([2, 3, 4], [0, 1, 3, 0, 2, 2], 'edge'),
  pad([2, 1, 4, 5], [1, 1, 1, 1], 'reflect', [undefined, ints('axes', [2, 3])]),
  pad([2, 4], [0, 2, 1, 5], 'edge', [], 11),
];

describe('gradients of indexing', () => {
  it('have a case for every operator of the family', () => {
    const covered = new Set(cases.map(({ op }) => op));
    expect(Object.keys(indexing).filter((name) => !covered.has(name))).toEqual([]);
  });

  it.each(Object.keys(indexing))('agree with differences: %s', async (op) => {
    for (const own of cases.filter((other) => other.op === op)) await expectGradients(operatorModel(own));
  });

  it('agree along random strides', async () => {
    const random = seededRandom(2, 'strides');
    for (let turn = 0; turn < 25; turn++) {
      const shape = Array.from({ length: 1 + random.integer(3) }, () => 2 + random.integer(7));
      const steps = shape.map(() => (1 + random.integer(3)) * (random.integer(2) === 0 ? 1 : -1));
      // At least one element is left on each axis.
      const firsts = shape.map((size) => random.integer(size));
      const starts = firsts.map((first, axis) => (random.integer(2) === 0 ? first : first - shape[axis]!));
      const ends = steps.map((step, axis) =>
        step > 0 ? firsts[axis]! + 1 + random.integer(10) : firsts[axis]! - 1 - random.integer(10),
      );
      // A negative end counts from the end: before the first element lies what is smaller than −size.
      const bounds = ends.map((end, axis) => (end < 0 ? end - shape[axis]! : end));
      const axes = shape.map((_, axis) => axis);
      await expectGradients(operatorModel(slice(shape, starts, bounds, axes, steps)));
    }
  });
});

describe('indices that differ from image to image', () => {
  const read: [op: string, shape: number[], indices: number[], dims: number[], attributes: Record<string, number>][] = [
    ['Gather', [2, 5, 3], [3, -1, 3, 0, 3, -5], [2, 3], { axis: 1 }],
    ['GatherElements', [3, 4], [0, -1, 0, 2, 0, 0], [2, 3], { axis: 0 }],
    ['GatherND', [2, 4, 3, 2], [1, 1, -1, 0, -4, -3, 1, 1], [2, 2, 2], { batch_dims: 1 }],
  ];

  it.each(read)('are followed: %s', async (op, shape, indices, dims, attributes) => {
    const g = new GraphBuilder(op);
    const image = g.input('image', dims);
    g.output(g.node(op, [g.tensor(x(...shape)), g.node('Cast', [image], { to: 7 })], attributes));
    const feeds = { image: new ort.Tensor('float32', Float32Array.from(indices), dims) };
    const { derived, measured, size } = (await checkGradients(g.model(18), { feeds })).get('x')!;
    expect(size).toBeGreaterThan(0.1);
    expect(Math.abs(derived - measured)).toBeLessThan(1e-3 * size);
  });

  it('are refused as bounds of a slice', async () => {
    const g = new GraphBuilder('slice');
    const starts = g.node('Cast', [g.input('image', [1])], { to: 7 });
    g.output(g.node('Slice', [g.tensor(x(4, 3)), starts, g.constant('ends', [4])]));
    const feeds = { image: new ort.Tensor('float32', Float32Array.of(1), [1]) };
    await expect(checkGradients(g.model(18), { feeds })).rejects.toMatchObject({
      code: 'model-unsupported',
      message: expect.stringContaining('The starts of node'),
    });
  });
});

describe('gradients of writing', () => {
  it('refuse a reduction without a rule', async () => {
    const inputs = [floats('data', 3), ints('i', [1], [1, 1]), floats('updates', 1)];
    const refused = expectGradients(operatorModel({ op: 'ScatterND', inputs, attributes: { reduction: 'mul' } }));
    await expect(refused).rejects.toMatchObject({
      code: 'model-unsupported',
      message: expect.stringContaining('“mul”'),
    });
  });
});
