import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { type AttributeValue, GraphBuilder, tensorOf } from '../../../src/onnx/build.ts';
import type { Model, Tensor } from '../../../src/onnx/model.ts';
import { writeModel } from '../../../src/onnx/write.ts';
import { seededRandom } from '../../../src/random.ts';
import { emitBackward, emitForward } from '../../../src/training/differentiate.ts';
import { pooling } from '../../../src/training/gradients/pooling.ts';
import { Ops } from '../../../src/training/ops.ts';
import { prepare } from '../../../src/training/prepare.ts';
import type { Value } from '../../../src/training/value.ts';
import { windowsOf } from '../../../src/training/windows.ts';
import {
  awayFrom,
  computed,
  expectClose,
  expectGradients,
  operatorModel,
  randomTensor,
} from '../../helpers/operator-model.ts';

interface Pool {
  shape: number[];
  attributes: Record<string, AttributeValue>;
}

function pool(
  shape: number[],
  kernel_shape: number[],
  strides: number[],
  rest: Record<string, AttributeValue> = {},
): Pool {
  return { shape, attributes: { kernel_shape, strides, ...rest } };
}

const pools: Pool[] = [
  pool([2, 2, 6, 4], [2, 2], [2, 2]),
  pool([1, 2, 7, 5], [2, 2], [2, 2]),
  pool([1, 2, 7, 5], [2, 2], [2, 2], { ceil_mode: 1 }),
  pool([1, 2, 6, 8], [2, 2], [2, 2], { pads: [1, 1, 1, 0] }),
  pool([1, 2, 8, 8], [2, 2], [2, 2], { pads: [1, 1, 0, 0] }),
  pool([1, 2, 8, 7], [2, 1], [3, 2]),
  pool([2, 3, 8, 7], [3, 3], [2, 2], { pads: [1, 1, 1, 1] }),
  pool([1, 2, 8, 6], [3, 3], [2, 2], { pads: [1, 0, 0, 2], ceil_mode: 1 }),
  pool([1, 2, 5, 6], [3, 2], [1, 1], { pads: [1, 1, 1, 0] }),
  pool([1, 2, 7, 8], [2, 3], [3, 2], { auto_pad: 'VALID' }),
  pool([1, 2, 7, 8], [3, 3], [2, 2], { auto_pad: 'SAME_UPPER' }),
  pool([1, 2, 7, 8], [2, 3], [2, 2], { auto_pad: 'SAME_LOWER' }),
  pool([1, 2, 3, 5], [3, 5], [1, 1]),
  pool([1, 2, 5, 5], [2, 5], [4, 1]),
  pool([2, 2, 9], [3], [2], { pads: [1, 1], ceil_mode: 1 }),
  pool([1, 2, 4, 5, 3], [2, 3, 2], [2, 1, 1], { pads: [0, 1, 0, 0, 1, 1] }),
  pool([1, 1, 12, 14], [3, 3], [1, 1], { pads: [1, 1, 1, 1] }),
];
const dilated: Pool[] = [
  pool([1, 2, 9, 9], [2, 2], [2, 2], { dilations: [2, 2] }),
  pool([1, 2, 8, 9], [3, 2], [1, 2], { dilations: [2, 3] }),
  pool([1, 2, 8, 9], [2, 2], [2, 2], { dilations: [2, 1], pads: [1, 0, 1, 1], ceil_mode: 1 }),
  pool([1, 2, 8, 9], [2, 3], [1, 2], { dilations: [2, 2], auto_pad: 'SAME_UPPER' }),
];
const maps = [
  [2, 3, 4, 5],
  [2, 3, 7],
  [1, 2, 2, 3, 4],
  [2, 3, 9, 9],
];

const off0 = awayFrom([0], 0.3);

/** Numbers in steps of 0.4 in random order: a small change makes none of them overtake another. */
function distinct(shape: readonly number[]): Tensor {
  const count = shape.reduce((product, size) => product * size, 1);
  const order = seededRandom(4, shape.join()).shuffled(Array.from({ length: count }, (_, i) => 0.4 * (i - count / 2)));
  return tensorOf('x', Float32Array.from(order), shape);
}

function normal(shape: readonly number[], map = (x: number) => x): Tensor {
  return randomTensor('x', shape, seededRandom(6, shape.join()), map);
}

function maxPool({ shape, attributes }: Pool, x = distinct(shape), opset = 18): Model {
  return operatorModel({ op: 'MaxPool', inputs: [x], attributes, opset });
}

const tests: Record<string, () => Promise<void>> = {
  MaxPool: async () => {
    for (const own of [...pools, ...dilated])
      for (const opset of [12, 18]) await expectGradients(maxPool(own, undefined, opset));
    await expectGradients(maxPool(pools[3]!, undefined, 9));
  },
  AveragePool: async () => {
    for (const { shape, attributes } of pools)
      for (const count_include_pad of [0, 1])
        for (const opset of [11, 18, 19]) {
          const all = { ...attributes, count_include_pad };
          await expectGradients(operatorModel({ op: 'AveragePool', inputs: [normal(shape)], attributes: all, opset }));
        }
  },
  LpPool: async () => {
    for (const { shape, attributes } of pools.filter((own) => !('ceil_mode' in own.attributes)))
      for (const p of [1, 2, 3])
        for (const opset of [11, 18]) {
          const all = { ...attributes, p };
          await expectGradients(operatorModel({ op: 'LpPool', inputs: [normal(shape, off0)], attributes: all, opset }));
        }
    for (const { shape, attributes } of [...dilated, ...pools.filter((own) => 'ceil_mode' in own.attributes)])
      await expectGradients(operatorModel({ op: 'LpPool', inputs: [normal(shape, off0)], attributes }));
  },
  GlobalAveragePool: async () => {
    for (const shape of maps)
      await expectGradients(operatorModel({ op: 'GlobalAveragePool', inputs: [normal(shape)] }));
  },
  GlobalMaxPool: async () => {
    for (const shape of maps) await expectGradients(operatorModel({ op: 'GlobalMaxPool', inputs: [distinct(shape)] }));
  },
  GlobalLpPool: async () => {
    for (const shape of maps)
      for (const p of [1, 2, 3]) {
        const inputs = [normal(shape, off0)];
        await expectGradients(operatorModel({ op: 'GlobalLpPool', inputs, attributes: { p } }));
      }
  },
};

/** The gradient for a cotangent of 1, 2, 3, … as it is computed on graphics devices, and the operators that compute it. */
async function portably(model: Model): Promise<{ gradient: Float32Array; operators: string[] }> {
  const trained = new Set(['x']);
  const { graph, facts, weights } = await prepare(model, { inputs: {}, runtime: ort, trained });
  const builder = new GraphBuilder('portable');
  const ops = new Ops(builder, { portable: true });
  const { dims, data } = weights.get('x')!;
  const x: Value = { name: builder.input('x', dims), shape: dims, type: 'float32', layout: 'plain' };
  const tape = emitForward({ graph, facts, given: new Map([['x', x]]), trained, ops });
  const { name } = graph.outputs[0]!;
  const { shape } = facts.get(name)!;
  const cotangent = ops.constant(Float32Array.from(counting(shape)), shape);
  const found = emitBackward(tape, new Map([[name, cotangent]]), { ops, trained }).get('x')!;
  builder.output(found.name);
  const session = await ort.InferenceSession.create(writeModel(builder.model(18)), { logSeverityLevel: 3 });
  const numbers = new Float32Array(Uint8Array.from(data).buffer);
  const { [found.name]: gradient } = await session.run({ x: new ort.Tensor('float32', numbers, dims) });
  await session.release();
  return {
    gradient: Float32Array.from(gradient!.data as Float32Array),
    operators: builder.graph().nodes.map(({ op, outputs }) => `${op} ${outputs.length}`),
  };
}

function counting(shape: readonly number[]): number[] {
  return Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, i) => i + 1);
}

describe('gradients of pooling', () => {
  it('have a case for every operator of the family', () => {
    expect(Object.keys(tests).sort()).toEqual(Object.keys(pooling).sort());
  });

  it.each(Object.keys(tests))('agree with differences: %s', async (op) => tests[op]!());

  it('reach the element that the runtime found, where windows overlap and elements tie', async () => {
    const model = maxPool(pool([1, 1, 1, 4], [1, 2], [1, 1]), tensorOf('x', Float32Array.of(1, 1, 0, 1), [1, 1, 1, 4]));
    const { gradients } = await computed(model, { cotangent: [1, 2, 4] });
    expect([...gradients.get('x')!]).toEqual([1, 2, 0, 4]);
  });

  it('are shared by elements that tie where windows lie side by side', async () => {
    const x = tensorOf('x', Float32Array.of(1, 1, 0, 3, 5), [1, 1, 5]);
    const { gradients } = await computed(maxPool(pool([1, 1, 5], [2], [2]), x), { cotangent: [8, 6] });
    expect([...gradients.get('x')!]).toEqual([4, 4, 0, 6, 0]);
    const global = operatorModel({
      op: 'GlobalMaxPool',
      inputs: [tensorOf('x', Float32Array.of(2, 1, 2, 0), [1, 1, 4])],
    });
    expect([...(await computed(global, { cotangent: [8] })).gradients.get('x')!]).toEqual([4, 0, 4, 0]);
  });

  it('are 0 where a norm is 0', async () => {
    const x = tensorOf('x', Float32Array.of(0, 0, 3, 4), [1, 1, 4]);
    const attributes = { kernel_shape: [2], strides: [2], p: 2 };
    const { gradients } = await computed(operatorModel({ op: 'LpPool', inputs: [x], attributes }), {
      cotangent: [1, 5],
    });
    expectClose(gradients.get('x')!, Float32Array.of(0, 0, 3, 4), 1e-6);
  });

  it('are the same on graphics devices, which cannot say where a maximum was', async () => {
    for (const own of [...pools, ...dilated]) {
      const model = maxPool(own);
      const { gradient, operators } = await portably(model);
      expect(operators).not.toContain('MaxPool 2');
      expect(operators.join()).not.toContain('Scatter');
      const { gradients, outputs } = await computed(model, { cotangent: counting([5000]) });
      expect(outputs[0]!.length).toBeLessThan(5000);
      expectClose(gradient, gradients.get('x')!, 1e-6);
    }
  });

  it('keep the places of maxima for who reads them, whichever way they count', async () => {
    for (const storage_order of [0, 1]) {
      const { shape, attributes } = pools[3]!;
      const g = new GraphBuilder('places');
      const x = g.tensor(distinct(shape));
      const [maxima, places] = g.nodes('MaxPool', [x], { ...attributes, storage_order }, ['maxima', 'places']);
      const sum = g.node('Add', [maxima!, g.node('Cast', [places!], { to: 1 })]);
      g.output(sum);
      const { outputs, expected, gradients } = await computed(g.model(18), { cotangent: counting([500]) });
      expectClose(outputs[0]!, expected[0]!, 1e-6);
      const alone = await computed(maxPool(pools[3]!), { cotangent: counting([500]) });
      expectClose(gradients.get('x')!, alone.gradients.get('x')!, 1e-6);
    }
  });
});

describe('windows', () => {
  it('are as many as the runtime makes, however they are described', async () => {
    const random = seededRandom(8, 'windows');
    let padded = 0;
    for (let turn = 0; turn < 120; turn++) {
      const op = ['MaxPool', 'AveragePool', 'Conv'][turn % 3]!;
      const axes = 1 + random.integer(3);
      const draw = (least: number, most: number) =>
        Array.from({ length: axes }, () => least + random.integer(most - least + 1));
      const kernel = draw(1, 3);
      const mode = ['NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'][random.integer(4)]!;
      const strides = draw(1, 3);
      const isSame = mode.startsWith('SAME');
      // The runtime refuses pools with SAME pads where a kernel is smaller than its stride, and dilations it cannot have.
      const own = isSame ? strides.map((stride, i) => Math.min(stride, kernel[i]!)) : strides;
      const pads = [...kernel, ...kernel].map((size) => random.integer(size));
      const attributes: Record<string, AttributeValue> = {
        kernel_shape: kernel,
        strides: own,
        auto_pad: mode,
        ...(mode === 'NOTSET' && { pads }),
        ...(op !== 'AveragePool' && !(op === 'Conv' && isSame) && { dilations: draw(1, 2) }),
        ...(op !== 'Conv' && { ceil_mode: random.integer(2) }),
      };
      const shape = [1, 1, ...draw(6, 9)];
      const filter = randomTensor('w', [1, 1, ...kernel], random);
      const model = operatorModel({ op, inputs: [normal(shape), ...(op === 'Conv' ? [filter] : [])], attributes });
      const session = await ort.InferenceSession.create(writeModel(model), { logSeverityLevel: 3 });
      const { dims } = (await session.run({})).y0!;
      await session.release();
      const { output, padsBefore } = windowsOf(model.graph.nodes[0]!, shape, kernel);
      expect(output, JSON.stringify({ op, shape, attributes })).toEqual(dims.slice(2));
      if (padsBefore.some((size) => size > 0)) padded++;
    }
    expect(padded).toBeGreaterThan(20);
  });

  it('pad for the kernel of a convolution as the runtime does', async () => {
    for (const auto_pad of ['SAME_UPPER', 'SAME_LOWER'])
      for (const [size, kernel, stride] of [
        [7, 4, 2],
        [8, 3, 2],
        [6, 2, 1],
        [9, 2, 3],
      ] as const) {
        const inputs = [normal([1, 1, size, size]), randomTensor('w', [1, 1, kernel, kernel], seededRandom(1))];
        const said = { op: 'Conv', inputs, attributes: { strides: [stride, stride], auto_pad } };
        const model = operatorModel(said);
        const { padsBefore, padsAfter } = windowsOf(model.graph.nodes[0]!, [1, 1, size, size], [kernel, kernel]);
        const pads = [...padsBefore, ...padsAfter];
        const explicit = operatorModel({ ...said, attributes: { strides: [stride, stride], pads } });
        const [found, expected] = [await outputOf(explicit), await outputOf(model)];
        expectClose(found, expected, 1e-6);
      }
  });
});

async function outputOf(model: Model): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(writeModel(model), { logSeverityLevel: 3 });
  const { y0 } = await session.run({});
  await session.release();
  return Float32Array.from(y0!.data as Float32Array);
}
