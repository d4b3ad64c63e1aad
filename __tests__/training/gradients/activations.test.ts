import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { type AttributeValue, tensorOf } from '../../../src/onnx/build.ts';
import type { Tensor } from '../../../src/onnx/model.ts';
import { type Random, seededRandom } from '../../../src/random.ts';
import { blockOfThisProcessor } from '../../../src/training/blocked-support.ts';
import { activations } from '../../../src/training/gradients/activations.ts';
import {
  awayFrom,
  computed,
  expectClose,
  expectGradients,
  type OperatorCase,
  operatorModel,
  randomTensor,
} from '../../helpers/operator-model.ts';

type Attributes = Record<string, AttributeValue>;

/** Named like the operator, with what tells variants apart after a blank. */
interface Activation {
  name: string;
  attributes?: Attributes;
  /** Where the function bends, or what brings a normal number into its domain. */
  kinks?: readonly number[];
  domain?: (x: number) => number;
  /** What it reads beside x. */
  rest?: (shape: readonly number[], random: Random) => (Tensor | undefined)[];
}

const float = (value: number): AttributeValue => ({ float: value });
const scalar = (name: string, value: number) => tensorOf(name, Float32Array.of(value), []);
const positive = (x: number) => 0.3 + Math.abs(x);
const within = (x: number) => 0.8 * Math.tanh(x);

const smooth: Activation[] = [
  { name: 'Abs', kinks: [0] },
  { name: 'Neg' },
  { name: 'Exp' },
  { name: 'Log', domain: positive },
  { name: 'Sqrt', domain: positive },
  { name: 'Reciprocal', domain: (x) => Math.sign(x) * positive(x) },
  { name: 'Erf' },
  { name: 'Sin' },
  { name: 'Cos' },
  { name: 'Tan', domain: within },
  { name: 'Asin', domain: within },
  { name: 'Acos', domain: within },
  { name: 'Atan' },
  { name: 'Sinh' },
  { name: 'Cosh' },
  { name: 'Tanh' },
  { name: 'Asinh' },
  { name: 'Acosh', domain: (x) => 1.3 + Math.abs(x) },
  { name: 'Atanh', domain: within },
  { name: 'Sigmoid' },
  { name: 'HardSigmoid', kinks: [-2.5, 2.5] },
  { name: 'HardSigmoid of another slope', attributes: { alpha: float(0.7), beta: float(0.1) }, kinks: [-1 / 7, 9 / 7] },
  { name: 'HardSwish', domain: (x) => awayFrom([-3, 3])(3 * x) },
  { name: 'Mish' },
  { name: 'Softplus' },
  { name: 'Softsign' },
];

const bent: Activation[] = [
  { name: 'Relu', kinks: [0] },
  { name: 'LeakyRelu', kinks: [0] },
  { name: 'LeakyRelu of 0.3', attributes: { alpha: float(0.3) }, kinks: [0] },
  { name: 'LeakyRelu of nothing', attributes: { alpha: float(0) }, kinks: [0] },
  { name: 'LeakyRelu that mirrors', attributes: { alpha: float(-0.4) }, kinks: [0] },
  { name: 'LeakyRelu that is steeper below', attributes: { alpha: float(1.5) }, kinks: [0] },
  { name: 'PRelu by channel', kinks: [0], rest: (shape, random) => [randomTensor('slope', [shape[1]!, 1, 1], random)] },
  { name: 'PRelu by element', kinks: [0], rest: (shape, random) => [randomTensor('slope', shape, random)] },
  { name: 'PRelu of one slope', kinks: [0], rest: (_, random) => [randomTensor('slope', [1], random)] },
  { name: 'Elu', kinks: [0] },
  { name: 'Elu of 0.6', attributes: { alpha: float(0.6) }, kinks: [0] },
  { name: 'Elu that turns up', attributes: { alpha: float(-0.6) }, kinks: [0] },
  { name: 'Selu', kinks: [0] },
  { name: 'Selu of others', attributes: { alpha: float(0.8), gamma: float(1.9) }, kinks: [0] },
  { name: 'Celu', kinks: [0] },
  { name: 'Celu of 1.7', attributes: { alpha: float(1.7) }, kinks: [0] },
  { name: 'Celu of −1.7', attributes: { alpha: float(-1.7) }, kinks: [0] },
  { name: 'ThresholdedRelu', kinks: [1] },
  { name: 'ThresholdedRelu below 0', attributes: { alpha: float(-0.5) }, kinks: [-0.5] },
  {
    name: 'Clip between bounds',
    kinks: [-0.5, 0.75],
    rest: () => [scalar('fixed low', -0.5), scalar('fixed high', 0.75)],
  },
  { name: 'Clip from 0', kinks: [0, 1.5], rest: () => [scalar('fixed low', 0), scalar('fixed high', 1.5)] },
  { name: 'Clip from below', kinks: [-0.3], rest: () => [scalar('fixed low', -0.3)] },
  { name: 'Clip from above', kinks: [0.3], rest: () => [undefined, scalar('fixed high', 0.3)] },
  {
    name: 'Clip by largest numbers',
    rest: () => [scalar('fixed low', -3.4028234e38), scalar('fixed high', 3.4028234e38)],
  },
  { name: 'Clip without bounds' },
];

const unitsOfTheRuntime: Activation[] = [
  { name: 'com.microsoft:Gelu' },
  { name: 'com.microsoft:FastGelu' },
  {
    name: 'com.microsoft:FastGelu with bias',
    rest: (shape, random) => [randomTensor('bias', [shape.at(-1)!], random)],
  },
  { name: 'com.microsoft:BiasGelu', rest: (shape, random) => [randomTensor('bias', [shape.at(-1)!], random)] },
  { name: 'com.microsoft:QuickGelu' },
  { name: 'com.microsoft:QuickGelu of 1', attributes: { alpha: float(1) } },
];

const passing: Activation[] = [
  { name: 'Identity' },
  { name: 'Dropout' },
  { name: 'Cast', attributes: { to: 1 } },
  { name: 'CastLike', rest: () => [scalar('fixed like', 1)] },
];

const table = [...smooth, ...bent, ...unitsOfTheRuntime, ...passing];
const flat = ['Floor', 'Ceil', 'Round', 'Sign'];

/** com.microsoft:Name and what follows → the operator. */
const operatorOf = ({ name }: Activation) => name.split(' ')[0]!;

function caseOf(activation: Activation, shape: readonly number[], seed: number): OperatorCase {
  const random = seededRandom(seed, activation.name);
  const { attributes = {}, kinks = [], domain = awayFrom(kinks), rest } = activation;
  const [prefix, bare] = operatorOf(activation).split(':') as [string, string | undefined];
  return {
    op: bare ?? prefix,
    domain: bare ? prefix : '',
    attributes,
    inputs: [randomTensor('x', shape, random, domain), ...(rest?.(shape, random) ?? [])],
  };
}

describe('gradients of activations', () => {
  for (const activation of table)
    it(`agree with differences: ${activation.name}`, async () => {
      const shapes = [
        [2, 3, 4, 5],
        [1, 7, 2, 1],
      ];
      for (const [seed, shape] of shapes.entries())
        await expectGradients(operatorModel(caseOf(activation, shape, seed)), { seed, tolerance: 1e-3 });
    });

  it('have a case for every operator of the family', () => {
    const covered = new Set([...table.map(operatorOf), ...flat]);
    expect(Object.keys(activations).filter((name) => !covered.has(name))).toEqual([]);
  });

  it.each(flat)('are zero for a function of steps: %s', async (op) => {
    const x = tensorOf('x', Float32Array.of(-1.7, 0.2, 2.6));
    expect((await computed(operatorModel({ op, inputs: [x] }))).gradients.size).toBe(0);
  });

  it.each([9, 11, 20])(
    'agree for networks of opset %i, whose Gelu, Clip and Dropout are written otherwise',
    async (opset) => {
      const random = seededRandom(opset, 'opsets');
      const x = randomTensor('x', [2, 5], random, awayFrom([-0.5, 0.5]));
      const bounds = { min: float(-0.5), max: float(0.5) };
      const cases: OperatorCase[] =
        opset === 20
          ? [
              { op: 'Gelu', inputs: [x] },
              { op: 'Gelu', inputs: [x], attributes: { approximate: 'tanh' } },
            ]
          : [{ op: 'Dropout', inputs: [x], attributes: { ratio: float(0.4) } }];
      if (opset === 9) cases.push({ op: 'Clip', inputs: [x], attributes: bounds });
      for (const operator of cases) await expectGradients(operatorModel({ ...operator, opset }));
    },
  );

  it('go to trained bounds of Clip', async () => {
    const random = seededRandom(3, 'bounds');
    const x = randomTensor('x', [3, 11], random, awayFrom([-0.4, 0.7], 0.3));
    await expectGradients(operatorModel({ op: 'Clip', inputs: [x, scalar('low', -0.4), scalar('high', 0.7)] }));
  });
});

describe('at a kink', () => {
  const at = async (op: string, x: number[], attributes: Attributes = {}, rest: (Tensor | undefined)[] = []) => {
    const inputs = [tensorOf('x', Float32Array.from(x)), ...rest];
    const { gradients } = await computed(operatorModel({ op, inputs, attributes }), { cotangent: x.map(() => 3) });
    // −0 is 0.
    return [...gradients.get('x')!].map((slope) => slope + 0);
  };

  it('Relu has 0, also at −0, and is exact beside it', async () => {
    expect(await at('Relu', [0, -0, 1e-20, -1e-20, 3e38])).toEqual([0, 0, 3, 0, 3]);
  });

  it('ReLU6 has 0 at both bounds and is exact one step of float32 inside', async () => {
    const bounds = [scalar('fixed low', 0), scalar('fixed high', 6)];
    const inside = 6 - 2 ** -21;
    expect(await at('Clip', [0, 6, 1e-20, inside, -1, 7], {}, bounds)).toEqual([0, 0, 3, 3, 0, 0]);
  });

  it.each([3e30, -2.5e9, 1 / 3])('Clip at %d is exact one step of float32 inside', async (bound) => {
    const high = Math.fround(bound);
    const step = Math.abs(high) * 2 ** -23;
    const inside = Math.fround(high - step);
    expect(inside).toBeLessThan(high);
    expect(await at('Clip', [high, inside, -3.3e38], {}, [undefined, scalar('fixed high', high)])).toEqual([0, 3, 3]);
  });

  it('LeakyRelu and PRelu have the slope below', async () => {
    expect(await at('LeakyRelu', [0, 2, -2], { alpha: float(0.5) })).toEqual([1.5, 3, 1.5]);
    expect(await at('PRelu', [0, 2, -2], {}, [tensorOf('fixed slope', Float32Array.of(0.5))])).toEqual([1.5, 3, 1.5]);
  });

  it('Abs has 0', async () => {
    expect(await at('Abs', [0, 1e-20, -1e-20, 3e38])).toEqual([0, 3, -3, 3]);
  });

  it('ThresholdedRelu has 0 at its threshold', async () => {
    expect(await at('ThresholdedRelu', [0.5, 0.25, 0.75], { alpha: float(0.5) })).toEqual([0, 0, 3]);
  });
});

describe('layouts', async () => {
  const block = await blockOfThisProcessor(ort);
  // Units of the runtime's own domain and slopes by channel are computed on plain tensors.
  const elementwise = [...smooth, ...bent, ...passing].filter(
    ({ name }) => name !== 'PRelu by channel' && name !== 'CastLike',
  );

  it('are known for this processor', () => expect(block).toBeDefined());

  it.each(elementwise)('stay as they are when channels fill blocks: $name', async (activation) => {
    const model = operatorModel(caseOf(activation, [2, 2 * block!, 3, 2], 5));
    const plain = await computed(model);
    expectClose(plain.outputs[0]!, plain.expected[0]!, 1e-6);
    for (const layout of ['channels-first', 'blocked'] as const) {
      const laid = await computed(model, { layout, block: block! });
      expectClose(laid.outputs[0]!, plain.expected[0]!, 1e-6);
      expectClose(laid.gradients.get('x')!, plain.gradients.get('x')!, 1e-6);
      expect([laid.layouts.get('output'), laid.layouts.get('x')]).toEqual([layout, layout]);
    }
  });

  it.each([...elementwise, ...unitsOfTheRuntime])(
    'change no number where channels are filled up: $name',
    async (activation) => {
      const model = operatorModel(caseOf(activation, [2, block! + 3, 3, 2], 6));
      const plain = await computed(model);
      const laid = await computed(model, { layout: 'blocked', block: block! });
      expectClose(laid.outputs[0]!, plain.expected[0]!, 1e-6);
      for (const [name, gradient] of plain.gradients) expectClose(laid.gradients.get(name)!, gradient, 1e-6);
    },
  );

  it.each(['Relu', 'LeakyRelu', 'Elu', 'HardSwish', 'Tanh'])(
    'stay blocked where channels are filled up: %s',
    async (op) => {
      const x = randomTensor('x', [1, block! + 3, 2, 2], seededRandom(1, op));
      const { layouts } = await computed(operatorModel({ op, inputs: [x] }), { layout: 'blocked', block: block! });
      expect([...layouts.values()]).toEqual(['blocked', 'blocked']);
    },
  );

  it.each(['Sigmoid', 'Exp', 'Cos', 'Softplus'])(
    'are left where the filled-up channels would not stay 0: %s',
    async (op) => {
      const x = randomTensor('x', [1, block! + 3, 2, 2], seededRandom(1, op));
      const { layouts } = await computed(operatorModel({ op, inputs: [x] }), { layout: 'blocked', block: block! });
      expect(layouts.get('output')).toBe('plain');
    },
  );
});
