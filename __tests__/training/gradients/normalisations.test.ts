import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { tensorOf } from '../../../src/onnx/build.ts';
import type { Tensor } from '../../../src/onnx/model.ts';
import { type Random, seededRandom } from '../../../src/random.ts';
import { blockOfThisProcessor } from '../../../src/training/blocked-support.ts';
import { normalisations } from '../../../src/training/gradients/normalisations.ts';
import {
  computed,
  expectClose,
  expectGradients,
  type OperatorCase,
  operatorModel,
  randomTensor,
} from '../../helpers/operator-model.ts';

const float = (value: number) => ({ float: value });
const positive = (x: number) => 0.5 + Math.abs(x);
const wide = (x: number) => 2 * x + 1;

const tested = new Set<string>();

/** Names the operator as covered, and checks gradients and result. */
async function check(operator: OperatorCase, seed: number): Promise<void> {
  tested.add(operator.domain ? `${operator.domain}:${operator.op}` : operator.op);
  const model = operatorModel(operator);
  await expectGradients(model, { seed });
  const { outputs, expected } = await computed(model);
  outputs.forEach((output, i) => {
    expectClose(output, expected[i]!, 2e-6);
  });
}

function batchNormalisation(shape: readonly number[], random: Random, fixed: 'statistics' | 'none'): OperatorCase {
  const channels = [shape[1]!];
  const prefix = fixed === 'statistics' ? 'fixed ' : '';
  return {
    op: 'BatchNormalization',
    attributes: { epsilon: float(1e-3) },
    inputs: [
      randomTensor('x', shape, random, wide),
      randomTensor('scale', channels, random),
      randomTensor('bias', channels, random),
      randomTensor(`${prefix}mean`, channels, random),
      randomTensor(`${prefix}variance`, channels, random, positive),
    ],
  };
}

describe('gradients of normalisations', () => {
  it('agree for BatchNormalization by running statistics, on any number of axes', async () => {
    for (const [seed, shape] of [
      [4, 3],
      [2, 3, 5],
      [2, 3, 4, 2],
      [1, 1, 3, 3],
      [1, 2, 2, 3, 2],
    ].entries())
      for (const fixed of ['statistics', 'none'] as const)
        await check(batchNormalisation(shape, seededRandom(seed, fixed), fixed), seed);
  });

  it('agree for LayerNormalization over any axes, with and without bias', async () => {
    for (const [seed, [shape, axis]] of (
      [
        [[3, 8], -1],
        [[2, 3, 6], 2],
        [[2, 3, 4], 1],
        [[2, 3, 4], -2],
        [[6], 0],
        [[4, 3, 1], -2],
      ] as const
    ).entries())
      for (const bias of [true, false]) {
        const random = seededRandom(seed, 'layer');
        const row = [...shape].slice(axis);
        const inputs = [randomTensor('x', shape, random, wide), randomTensor('scale', row, random)];
        if (bias) inputs.push(randomTensor('bias', row, random));
        await check({ op: 'LayerNormalization', inputs, attributes: { axis, epsilon: float(1e-2) } }, seed);
      }
  });

  it('agree for LayerNormalization where the input is constant', async () => {
    const random = seededRandom(1, 'constant');
    const inputs = [
      randomTensor('fixed x', [3, 8], random),
      randomTensor('scale', [8], random),
      randomTensor('bias', [8], random),
    ];
    await check({ op: 'LayerNormalization', inputs }, 1);
  });

  it('agree for RMS normalisation as the optimiser writes it', async () => {
    const random = seededRandom(2, 'rms');
    const inputs = [randomTensor('x', [2, 3, 6], random, wide), randomTensor('scale', [6], random)];
    await check({ op: 'SimplifiedLayerNormalization', inputs, attributes: { axis: -1, epsilon: float(1e-5) } }, 1);
  });

  const skip = (random: Random, biases: readonly (string | undefined)[]): (Tensor | undefined)[] => [
    randomTensor('x', [2, 3, 6], random, wide),
    randomTensor('skip', [2, 3, 6], random),
    ...['scale', ...biases].map((name) => (name ? randomTensor(name, [6], random) : undefined)),
  ];

  it.each([
    ['SkipLayerNormalization', []],
    ['SkipLayerNormalization', ['shift']],
    ['SkipLayerNormalization', ['shift', 'bias']],
    ['SkipLayerNormalization', [undefined, 'bias']],
    ['SkipSimplifiedLayerNormalization', []],
    ['SkipSimplifiedLayerNormalization', ['bias']],
  ] as const)('agree for %s with %j, also through its sum', async (op, biases) => {
    for (const counted of [[0], [3], [0, 3]]) {
      const inputs = skip(seededRandom(3, op), biases);
      const attributes = { epsilon: float(1e-5) };
      await check({ op, domain: 'com.microsoft', inputs, attributes, outputs: 4, counted }, 2);
    }
  });

  it('agree for InstanceNormalization', async () => {
    for (const [seed, shape] of [
      [2, 3, 6],
      [2, 3, 4, 2],
      [1, 2, 2, 3, 2],
    ].entries()) {
      const random = seededRandom(seed, 'instance');
      const [scale, bias] = [randomTensor('scale', [shape[1]!], random), randomTensor('bias', [shape[1]!], random)];
      const inputs = [randomTensor('x', shape, random, wide), scale, bias];
      await check({ op: 'InstanceNormalization', inputs, attributes: { epsilon: float(1e-2) } }, seed);
    }
  });

  it.each([18, 21])('agree for GroupNormalization of opset %i, which comes written out', async (opset) => {
    const random = seededRandom(opset, 'group');
    const affine = [opset === 21 ? 6 : 2];
    const inputs = [
      randomTensor('x', [2, 6, 3, 2], random, wide),
      randomTensor('scale', affine, random),
      randomTensor('bias', affine, random),
    ];
    await expectGradients(operatorModel({ op: 'GroupNormalization', inputs, attributes: { num_groups: 2 }, opset }));
  });

  it('agree for MeanVarianceNormalization', async () => {
    const random = seededRandom(1, 'mean variance');
    await check({ op: 'MeanVarianceNormalization', inputs: [randomTensor('x', [2, 3, 4, 2], random, wide)] }, 1);
    const inputs = [randomTensor('x', [3, 7], random, wide)];
    await check({ op: 'MeanVarianceNormalization', inputs, attributes: { axes: [-1] } }, 1);
  });

  it('agree for LpNormalization along any axis, by either norm', async () => {
    for (const p of [1, 2])
      for (const axis of [-1, 0, 1]) {
        const x = randomTensor('x', [3, 4, 2], seededRandom(axis, p), (x) => Math.sign(x) * (0.3 + Math.abs(x)));
        await check({ op: 'LpNormalization', inputs: [x], attributes: { p, axis } }, p);
      }
  });

  it('are 0 for LpNormalization of zeros', async () => {
    const x = tensorOf('x', Float32Array.of(0, 0, 3, 4), [2, 2]);
    const { gradients } = await computed(operatorModel({ op: 'LpNormalization', inputs: [x] }), {
      cotangent: [1, 1, 1, 0],
    });
    expectClose(gradients.get('x')!, Float32Array.of(0, 0, (1 - 0.36) / 5, -0.48 / 5), 1e-6);
  });

  it('agree for LRN with windows of any odd size', async () => {
    for (const size of [1, 3, 5, 21]) {
      const x = randomTensor('x', [2, 7, 2, 3], seededRandom(size, 'lrn'), wide);
      const attributes = { size, alpha: float(0.3), beta: float(0.6), bias: float(1.5) };
      await check({ op: 'LRN', inputs: [x], attributes }, size);
    }
  });

  it('have a case for every operator of the family', () => {
    expect(Object.keys(normalisations).filter((name) => !tested.has(name))).toEqual([]);
  });

  it('refuse the use of the mean beside the result', async () => {
    const random = seededRandom(1, 'mean');
    const inputs = [randomTensor('x', [3, 8], random), randomTensor('scale', [8], random)];
    const model = operatorModel({ op: 'LayerNormalization', inputs, outputs: 3, counted: [1] });
    await expect(computed(model)).rejects.toMatchObject({ code: 'model-unsupported' });
  });
});

describe('layouts of normalisations', async () => {
  const block = await blockOfThisProcessor(ort);

  it.each([0, 3])(
    'BatchNormalization gives the same in every layout, with %i channels beyond the blocks',
    async (more) => {
      const shape = [2, block! + more, 3, 5];
      const model = operatorModel(batchNormalisation(shape, seededRandom(1, 'layouts'), 'none'));
      const plain = await computed(model);
      for (const layout of ['channels-first', 'blocked'] as const) {
        const laid = await computed(model, { layout, block: block! });
        expectClose(laid.outputs[0]!, plain.expected[0]!, 2e-6);
        expect([laid.layouts.get('output'), laid.layouts.get('x')]).toEqual([layout, layout]);
        expect(laid.gradients.size).toBe(5);
        for (const [name, gradient] of plain.gradients) expectClose(laid.gradients.get(name)!, gradient, 5e-6);
      }
    },
  );

  it.each(['InstanceNormalization', 'LRN', 'LpNormalization', 'MeanVarianceNormalization'])(
    '%s gives the same in every layout',
    async (op) => {
      const random = seededRandom(1, op);
      const channels = block! + 2;
      const affine = ['scale', 'bias'].map((name) => randomTensor(name, [channels], random));
      const inputs = [
        randomTensor('x', [2, channels, 3, 4], random),
        ...(op === 'InstanceNormalization' ? affine : []),
      ];
      const model = operatorModel({ op, inputs, attributes: op === 'LRN' ? { size: 3 } : {} });
      const plain = await computed(model);
      for (const layout of ['channels-first', 'blocked'] as const) {
        const laid = await computed(model, { layout, block: block! });
        expectClose(laid.outputs[0]!, plain.expected[0]!, 2e-6);
        for (const [name, gradient] of plain.gradients) expectClose(laid.gradients.get(name)!, gradient, 5e-6);
      }
    },
  );
});
