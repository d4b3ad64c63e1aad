import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { GraphBuilder, tensorOf } from '../../src/onnx/build.ts';
import type { ElementType, Model, Tensor } from '../../src/onnx/model.ts';
import { lossAndGradients, openGradients } from '../../src/training/loss-and-gradients.ts';
import { computed, expectClose, expectGradients } from '../helpers/operator-model.ts';

/** A network without an image; constants whose name starts with “fixed” are not trained. */
function network(
  build: (g: GraphBuilder, weight: (name: string, values: number[], dims?: number[]) => string) => void,
) {
  const g = new GraphBuilder('network');
  build(g, (name, values, dims) => g.constant(name, Float32Array.from(values), dims));
  return g.model(18);
}

/** The gradient of each weight where that of the first output is `cotangent`. */
async function gradientsOf(model: Model, cotangent: number[]): Promise<Record<string, number[]>> {
  const { gradients } = await computed(model, { cotangent });
  return Object.fromEntries([...gradients].map(([name, gradient]) => [name, [...gradient]]));
}

function scalarOf(name: string, type: 'float16' | 'float64', bytes: ArrayBuffer): Tensor {
  return { name, type, dims: [], data: new Uint8Array(bytes) };
}

describe('the gradient', () => {
  it('is the sum over all places where a weight is used', async () => {
    // y = (x · w) · wᵀ with x = (1, 2): with h = x · w, dw = xᵀ (dy · w) + dyᵀ h.
    const model = network((g, weight) => {
      const w = weight('w', [1, 2, 3, 4], [2, 2]);
      const h = g.node('MatMul', [weight('fixed x', [1, 2], [1, 2]), w]);
      g.output(g.node('MatMul', [h, g.node('Transpose', [w], { perm: [1, 0] })]));
    });
    // h = (7, 10); dy = (1, −1): dy · w = (−2, −2).
    expect(await gradientsOf(model, [1, -1])).toEqual({ w: [-2 + 7, -2 + 10, -4 - 7, -4 - 10] });
  });

  it('counts a weight that the network also gives as a result', async () => {
    const model = network((g, weight) => {
      const w = weight('w', [2, 3]);
      g.output(g.node('Mul', [w, w]));
      g.output(w);
    });
    // Through the first output alone, and through both.
    expect(await gradientsOf(model, [10, 100])).toEqual({ w: [40, 600] });
    await expectGradients(model);
  });

  it('goes back from two outputs at once', async () => {
    const model = network((g, weight) => {
      const h = g.node('Mul', [weight('w', [2, 3]), weight('v', [5, 7])]);
      g.output(g.node('Neg', [h]));
      g.output(g.node('Mul', [h, weight('fixed', [10, 10])]));
    });
    expect(await gradientsOf(model, [1, 1])).toEqual({ w: [-5, -7], v: [-2, -3] });
    await expectGradients(model);
  });

  it('is missing for a weight that nothing reads and 0 where it is asked for by name', async () => {
    const g = new GraphBuilder('unread');
    const image = g.input('image', ['N', 2]);
    g.constant('unread', Float32Array.of(1, 2, 3));
    g.output(g.node('MatMul', [image, g.constant('w', Float32Array.of(1, 0, 0, 1), [2, 2])]));
    const batch = { input: Float32Array.of(0.5, -0.5), shape: [1, 2], labels: [0] };
    const trained = new Set(['w', 'unread']);
    const { gradients } = await lossAndGradients(g.model(18), batch, { trained, runtime: ort });
    const off = 1 / (1 + Math.E);
    expect([...gradients.get('unread')!]).toEqual([0, 0, 0]);
    expectClose(gradients.get('w')!, Float32Array.of(-off / 2, off / 2, off / 2, -off / 2), 1e-6);
  });

  it('is found where only the shape of the image counts', async () => {
    const g = new GraphBuilder('shape');
    const rows = g.node('Gather', [g.node('Shape', [g.input('image', ['N', 1, 2, 2])]), g.constant('first', [0])]);
    const shape = g.node('Concat', [rows, g.constant('classes', [2])], { axis: 0 });
    g.output(g.node('Expand', [g.constant('w', Float32Array.of(Math.log(3), 0), [1, 2]), shape]));
    const batch = { input: new Float32Array(12).fill(9), shape: [3, 1, 2, 2], labels: [0, 0, 1] };
    const opened = await openGradients(g.model(18), batch.shape, { trained: new Set(['w']), runtime: ort });
    const { loss, gradients } = await opened.at(batch);
    await opened.close();
    // softmax(w) = (¾, ¼), of which ⅔ and ⅓ are right.
    expect(loss).toBeCloseTo(-(2 * Math.log(3 / 4) + Math.log(1 / 4)) / 3, 6);
    expectClose(gradients.get('w')!, Float32Array.of(3 / 4 - 2 / 3, 1 / 4 - 1 / 3), 1e-6);
  });

  it('stays finite beside constants that are worked out to huge numbers', async () => {
    const model = network((g, weight) => {
      // e⁸⁰ ≈ 5.5 · 10³⁴
      const huge = g.node('Exp', [weight('fixed', [80], [])]);
      g.output(g.node('Div', [g.node('Mul', [weight('w', [2, -3]), huge]), huge]));
    });
    const { w } = await gradientsOf(model, [1, 4]);
    expect(w![0]).toBeCloseTo(1, 5);
    expect(w![1]).toBeCloseTo(4, 5);
  });

  it('does not pass a mask of −∞, or of the largest negative number', async () => {
    for (const none of [-Infinity, -3.4028234663852886e38]) {
      const model = network((g, weight) => {
        const kept = g.node('Cast', [g.constant('kept', [1, 0, 1])], { to: 9 });
        const scores = g.node('Where', [kept, weight('w', [0, 5, 0]), weight('fixed', [none], [])]);
        g.output(g.node('Softmax', [scores]));
      });
      expect(await gradientsOf(model, [1, 7, 0])).toEqual({ w: [0.25, 0, -0.25] });
    }
  });

  it('is that of the elements that are read where an end is the largest whole number there is', async () => {
    const model = network((g, weight) => {
      const w = weight('w', [1, 2, 3, 4, 5]);
      const [one, three] = [g.constant('one', [1]), g.constant('three', [3])];
      // 2⁶³ − 1 as a network works it out.
      const end = g.node('Sub', [g.constant('power', [-(2 ** 63)]), one]);
      const last = g.node('Abs', [g.node('Add', [g.constant('least', [-(2 ** 63)]), one])]);
      g.output(g.node('Slice', [w, one, last, g.constant('axis', [0]), three]));
      g.output(g.node('Slice', [w, one, end, g.constant('axis', [0]), three]));
    });
    const { gradients, outputs } = await computed(model, { cotangent: [10, 20] });
    expect(outputs.map((output) => [...output])).toEqual([
      [2, 5],
      [2, 5],
    ]);
    expect([...gradients.get('w')!]).toEqual([0, 10, 0, 0, 20]);
  });
});

describe('number formats', () => {
  const through = (to: number, then: (g: GraphBuilder, name: string) => string): Model =>
    network((g, weight) => {
      const h = g.node('Mul', [weight('w', [2, 3]), weight('fixed', [1, 1])]);
      const narrow = g.node('Cast', [h], { to }, 'narrow');
      g.output(g.node('Add', [then(g, narrow), weight('v', [5, 7])]));
    });

  it.each([
    ['float16', 10],
    ['float64', 11],
  ] as const)(
    'other than float32 between a weight and the result are refused, naming the node: %s',
    async (type, to) => {
      const back = (g: GraphBuilder, name: string) => g.node('Cast', [g.node('Neg', [name])], { to: 1 });
      await expect(computed(through(to, back))).rejects.toMatchObject({
        code: 'model-unsupported',
        message: expect.stringMatching(new RegExp(`narrow \\(Cast\\) gives ${type}.*Export the network in float32`)),
      });
    },
  );

  it('are refused where the result itself has them', async () => {
    const model = network((g, weight) => {
      const h = g.node('Mul', [weight('w', [2, 3]), weight('fixed', [1, 1])]);
      g.output(g.node('Cast', [h], { to: 11 }, 'wide'), undefined, 'float64');
    });
    await expect(computed(model)).rejects.toMatchObject({ code: 'model-unsupported', message: /wide \(Cast\)/ });
  });

  it('are refused where numbers are quantised', async () => {
    const model = network((g, weight) => {
      const h = g.node('Mul', [weight('w', [2, 3]), weight('fixed', [1, 1])]);
      const [scale, zero] = [weight('fixed scale', [0.1], []), g.tensor(zeroOf('uint8'))];
      const narrow = g.node('QuantizeLinear', [h, scale, zero], {}, 'narrow');
      g.output(g.node('DequantizeLinear', [narrow, scale, zero]));
    });
    await expect(computed(model)).rejects.toMatchObject({ message: /narrow \(QuantizeLinear\) gives quantised/ });
  });

  it('may be any where no trained weight lies behind', async () => {
    const model = network((g, weight) => {
      const half = g.node('Cast', [weight('fixed', [2, 3])], { to: 10 });
      g.output(g.node('Mul', [g.node('Cast', [half], { to: 1 }), weight('w', [5, 7])]));
    });
    expect(await gradientsOf(model, [1, 1])).toEqual({ w: [2, 3] });
  });

  it('of counts and truth values have a gradient of 0', async () => {
    const model = network((g, weight) => {
      const w = weight('w', [2, -3]);
      const wide = g.node('Cast', [w], { to: 11 });
      const sign = g.node('Greater', [wide, g.tensor(scalarOf('zero', 'float64', Float64Array.of(0).buffer))]);
      const whole = g.node('Cast', [g.node('Cast', [w], { to: 7 })], { to: 1 });
      g.output(g.node('Add', [g.node('Mul', [w, g.node('Cast', [sign], { to: 1 })]), whole]));
    });
    // w · [w > 0] + ⌊w⌉: only the first factor of the product has a slope.
    expect(await gradientsOf(model, [10, 10])).toEqual({ w: [10, 0] });
  });
});

function zeroOf(type: ElementType): Tensor {
  return { ...tensorOf('zero', [0], []), type, data: new Uint8Array(1) };
}
