import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { TransferEvidenceError } from '../../src/errors.ts';
import { GraphBuilder, tensorOf } from '../../src/onnx/build.ts';
import { mostElements, refuseAbsurdShapes } from '../../src/onnx/limits.ts';
import { elements, type Model } from '../../src/onnx/model.ts';
import { readModel } from '../../src/onnx/read.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { ramp } from '../helpers/networks.ts';
import { observedFacts } from '../helpers/observed-facts.ts';

type Build = (g: GraphBuilder, x: string) => string;

function modelOf(build: Build, shape: (number | string)[] = [1, 2, 4, 6], opset = 17): Model {
  const g = new GraphBuilder('limits');
  const y = build(g, g.input('x', shape));
  const model = g.model(opset);
  model.graph.outputs.push({ name: y, rest: [] });
  return model;
}

function refusal(model: Model, most?: number): string | undefined {
  try {
    refuseAbsurdShapes(model, most);
    return undefined;
  } catch (error) {
    if (!(error instanceof TransferEvidenceError)) throw error;
    expect(error.code).toBe('model-unsupported');
    return error.message;
  }
}

const floats = (g: GraphBuilder, ...values: number[]): string => g.constant('floats', Float32Array.from(values));
const weight = (g: GraphBuilder, ...dims: number[]): string =>
  g.constant('weight', ramp(dims.reduce((a, b) => a * b)), dims);

/** Every operator that can make a tensor larger than what it reads, at a size that can be run. */
const growing: [title: string, build: Build, opset?: number][] = [
  ['ConstantOfShape', (g) => g.node('ConstantOfShape', [g.constant('shape', [3, 50])])],
  ['Expand', (g, x) => g.node('Expand', [x, g.constant('shape', [5, 1, 2, 1, 1])])],
  ['Tile', (g, x) => g.node('Tile', [x, g.constant('repeats', [1, 3, 1, 2])])],
  [
    'Tile of Tile',
    (g, x) => g.node('Tile', [g.node('Tile', [x, g.constant('a', [2, 1, 1, 1])]), g.constant('b', [1, 1, 1, 2])]),
  ],
  ['Pad', (g, x) => g.node('Pad', [x, g.constant('pads', [0, 0, 9, 1, 0, 0, 2, -1])])],
  ['Pad of an axis', (g, x) => g.node('Pad', [x, g.constant('pads', [9, 4]), '', g.constant('axes', [-1])]), 18],
  ['Pad by attribute', (g, x) => g.node('Pad', [x], { pads: [0, 0, 9, 1, 0, 0, 2, 0] }), 9],
  ['Resize to sizes', (g, x) => g.node('Resize', [x, '', '', g.constant('sizes', [1, 2, 9, 31])])],
  ['Resize by scales', (g, x) => g.node('Resize', [x, '', floats(g, 1, 1, 2.6, 3)])],
  ['Resize of axes', (g, x) => g.node('Resize', [x, '', floats(g, 7)], { axes: [3] }), 18],
  ['Resize 10', (g, x) => g.node('Resize', [x, floats(g, 1, 1, 2.6, 3)]), 10],
  ['Upsample', (g, x) => g.node('Upsample', [x, floats(g, 1, 1, 2, 3)]), 9],
  [
    'Range',
    (g) =>
      g.node(
        'Range',
        [3, 203, 2].map((value) => g.constant('bound', [value], [])),
      ),
  ],
  ['OneHot', (g) => g.node('OneHot', [g.constant('which', [1, 2]), g.constant('depth', [99], []), floats(g, 0, 1)])],
  ['RandomUniform', (g) => g.node('RandomUniform', [], { shape: [20, 30] })],
  ['HannWindow', (g) => g.node('HannWindow', [g.constant('size', [300], [])])],
  ['Concat', (g, x) => g.node('Concat', [x, x, x], { axis: -2 })],
  [
    'Concat of what was reshaped',
    (g, x) => g.node('Concat', [g.node('Flatten', [x]), g.node('Flatten', [x])], { axis: 1 }),
  ],
  ['a sum of a row and a column', (g) => g.node('Add', [weight(g, 1, 20), weight(g, 30, 1)])],
  ['MatMul', (g) => g.node('MatMul', [weight(g, 20, 1), weight(g, 1, 30)])],
  ['Gemm', (g) => g.node('Gemm', [weight(g, 1, 20), weight(g, 30, 1)], { transA: 1, transB: 1 })],
  ['Gather', (g, x) => g.node('Gather', [x, g.constant('which', Array(40).fill(1))], { axis: 3 })],
  [
    'Transpose, then Tile',
    (g, x) => g.node('Tile', [g.node('Transpose', [x], { perm: [3, 0, 1, 2] }), g.constant('repeats', [1, 3, 1, 1])]),
  ],
  [
    'Reshape, then Tile',
    (g, x) =>
      g.node('Tile', [g.node('Reshape', [x, g.constant('shape', [0, -1, 4])]), g.constant('repeats', [1, 3, 1])]),
  ],
  [
    'Conv with padding',
    (g, x) => g.node('Conv', [x, weight(g, 5, 2, 3, 3)], { pads: [4, 4, 9, 1], strides: [2, 1], dilations: [1, 2] }),
  ],
  ['Conv, same size', (g, x) => g.node('Conv', [x, weight(g, 5, 2, 3, 3)], { auto_pad: 'SAME_UPPER' })],
  [
    'ConvTranspose',
    (g, x) =>
      g.node('ConvTranspose', [x, weight(g, 2, 3, 3, 3)], {
        strides: [3, 4],
        pads: [1, 0, 0, 1],
        output_padding: [1, 2],
        group: 2,
      }),
  ],
  [
    'ConvTranspose to a shape',
    (g, x) => g.node('ConvTranspose', [x, weight(g, 2, 3, 3, 3)], { strides: [3, 4], output_shape: [12, 24] }),
  ],
  ['MaxPool with padding', (g, x) => g.node('MaxPool', [x], { kernel_shape: [4, 4], pads: [3, 3, 3, 3] })],
  [
    'a constant list of sizes copied',
    (g) => g.node('ConstantOfShape', [g.node('Identity', [g.node('Constant', [], { value_ints: [40, 5] })])]),
  ],
];

describe('the size of what a network makes', () => {
  it.each(growing)('is known for %s as the runtime makes it', async (_, build, opset) => {
    const model = modelOf(build, undefined, opset);
    const facts = await observedFacts(model, { x: new ort.Tensor('float32', ramp(48), [1, 2, 4, 6]) });
    const last = model.graph.nodes.at(-1)!;
    const { shape } = facts.get(last.outputs[0]!)!;
    const most = elements([...shape]);
    expect(most).toBeGreaterThan(48);
    expect(refusal(model, most)).toBeUndefined();
    expect(refusal(model, most - 1)).toContain(`node ${last.name} (${last.op})`);
  });

  const absent = networks().length === 0;
  it.skipIf(absent)(
    `is never overestimated in real networks${absent ? ' (skipped: ../shared is not here)' : ''}`,
    async () => {
      for (const file of networks()) {
        const model = readModel(readFileSync(file));
        const input = model.graph.inputs.find(({ name }) =>
          model.graph.initializers.every((tensor) => tensor.name !== name),
        )!;
        const shape = input.tensor!.dims!.map((size, i) => (typeof size === 'number' ? size : i === 0 ? 1 : 64));
        const facts = await observedFacts(model, {
          [input.name]: new ort.Tensor('float32', ramp(elements(shape)), shape),
        });
        const most = [...facts.values()].reduce((max, fact) => Math.max(max, elements([...fact.shape])), 0);
        expect(refusal(model, most)).toBeUndefined();
      }
    },
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

describe('a network of absurd size is refused', () => {
  const declared = (shape: (number | string)[]): Model => modelOf((g, x) => g.node('Relu', [x]), shape);

  it('when its image is declared so, and not when it is only large', () => {
    expect(refusal(declared(['N', 3, 1e9, 1e9]))).toContain('tensor x is declared with');
    expect(refusal(declared([1, 3, 2 ** 62, 2 ** 62]))).toContain('tensor x');
    expect(refusal(declared(['N', 3, 20_000, 20_000]))).toBeUndefined();
    expect(refusal(declared(['N', 3, -1, 0]))).toBeUndefined();
  });

  it('when an output is declared so', () => {
    const model = declared([1, 3, 8, 8]);
    model.graph.outputs[0]!.tensor = { type: 'float32', dims: ['N', 1e12] };
    expect(refusal(model)).toContain(`tensor ${model.graph.outputs[0]!.name}`);
  });

  it.each([
    ['ConstantOfShape', (g: GraphBuilder) => g.node('ConstantOfShape', [g.constant('shape', [1e6, 1e6])])],
    ['Expand', (g: GraphBuilder, x: string) => g.node('Expand', [x, g.constant('shape', [1e9, 1, 1, 1, 1e9])])],
    ['Tile', (g: GraphBuilder, x: string) => g.node('Tile', [x, g.constant('repeats', [1, 1e5, 1e5, 1])])],
    [
      'Tile',
      (g: GraphBuilder, x: string) =>
        g.node('Tile', [g.node('Softmax', [x]), g.constant('repeats', [1, 1, 2 ** 62, 2 ** 62])]),
    ],
    ['Pad', (g: GraphBuilder, x: string) => g.node('Pad', [x, g.constant('pads', [0, 0, 1e6, 1e6, 0, 0, 0, 0])])],
    ['Resize', (g: GraphBuilder, x: string) => g.node('Resize', [x, '', floats(g, 1, 1, 1e7, 1e7)])],
    ['Conv', (g: GraphBuilder, x: string) => g.node('Conv', [x, weight(g, 1, 2, 1, 1)], { pads: [1e6, 1e6, 0, 0] })],
    [
      'ConvTranspose',
      (g: GraphBuilder, x: string) => g.node('ConvTranspose', [x, weight(g, 2, 1, 1, 1)], { strides: [1e6, 1e6] }),
    ],
  ])('when a constant has %s make too much, naming the node', (op, build) => {
    expect(refusal(modelOf(build, ['N', 2, 4, 6]))).toMatch(new RegExp(`node \\w+ \\(${op}\\) makes`));
  });

  it('when it doubles a tensor again and again', () => {
    const doubled = (times: number): Model =>
      modelOf((g, x) => {
        let y = g.node('Flatten', [x]);
        for (let i = 0; i < times; i++) y = g.node('Concat', [y, y], { axis: 1 });
        return y;
      });
    expect(refusal(doubled(20))).toBeUndefined();
    expect(refusal(doubled(40))).toContain('(Concat)');
  });

  it('inside the branches of a condition, which see the constants around it', () => {
    const branch = new GraphBuilder('branch');
    branch.outer('shape');
    branch.output(branch.node('ConstantOfShape', ['shape'], {}, 'huge'));
    const model = modelOf((g) => {
      const shape = g.constant('shape', [2 ** 20, 2 ** 20]);
      expect(shape).toBe('shape');
      return g.node('If', [g.node('Cast', [g.constant('yes', [1], [])], { to: 9 })], {
        then_branch: { graph: branch.graph() },
        else_branch: { graph: branch.graph() },
      });
    });
    expect(refusal(model)).toContain('node huge (ConstantOfShape)');
  });

  it('without being led astray by nonsense: axes out of range, a million inputs, lists as long as a tensor', () => {
    const model = modelOf((g, x) => {
      g.node('Resize', [x, '', floats(g, 2)], { axes: [1e9] });
      g.node('Pad', [x, g.constant('pads', [1, 1]), '', g.constant('axes', [-1e9])]);
      g.node('Max', Array(300_000).fill(x));
      g.node('Concat', Array(300_000).fill(x), { axis: 1 });
      g.node('Tile', [x, g.constant('long', Array(10_000).fill(9))]);
      g.node('Transpose', [x], { perm: [7, -3, 0] });
      g.node('Reshape', [x, g.constant('shape', [0, 0, 0, 0, 0, 0])]);
      g.node('Range', [g.constant('a', [0], []), g.constant('b', [5], []), g.constant('c', [0], [])]);
      return g.node('constructor', [x]);
    });
    expect(refusal(model)).toBeUndefined();
  });

  it('and an ordinary one is not, whatever is written as a constant in it', () => {
    const end = tensorOf('', [2 ** 62]);
    const model = modelOf((g, x) => {
      const cut = g.node('Slice', [x, g.constant('from', [0]), g.node('Constant', [], { value: { tensor: end } })]);
      return g.node('Mul', [cut, g.constant('scale', Float32Array.of(1e30))]);
    });
    expect(refusal(model)).toBeUndefined();
    expect(mostElements).toBe(2_147_483_648);
    expect(readModel(writeModel(model)).graph.nodes).toHaveLength(3);
  });
});
