import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../src/onnx/build.ts';
import { canonicalOpset } from '../../src/onnx/upgrade.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { blockOfThisProcessor } from '../../src/training/blocked-support.ts';
import { asItLies, channelsLast } from '../../src/training/layouts.ts';
import { Ops } from '../../src/training/ops.ts';
import type { Layout, Value } from '../../src/training/value.ts';
import { randomNumbers } from '../helpers/training.ts';

const block = await blockOfThisProcessor(ort);
const layouts = (['plain', 'channels-first', 'positions-first', 'blocked'] as const).filter(
  (layout) => block !== undefined || layout !== 'blocked',
);
const pairs = layouts.flatMap((from) => layouts.map((to) => ({ from, to })));

/** What is emitted from random numbers of that shape. */
async function computed(shape: readonly number[], emit: (ops: Ops, x: Value) => Value) {
  const builder = new GraphBuilder('layouts');
  const ops = new Ops(builder, { block });
  const { data } = randomNumbers(shape, 'layouts');
  builder.input('x', [...shape]);
  const y = emit(ops, { name: 'x', shape, type: 'float32', layout: 'plain' });
  builder.output(builder.node('Identity', [y.name], {}, 'y'));
  const session = await ort.InferenceSession.create(
    writeModel(builder.model(canonicalOpset, ['com.microsoft.nchwc'])),
    { logSeverityLevel: 3 },
  );
  const found = await session.run({ x: new ort.Tensor('float32', data, shape) });
  await session.release();
  return { data, found: [...(found.y!.data as Float32Array)], y, ops: builder.graph().nodes.map(({ op }) => op) };
}

describe.each([
  ['of channels that fill blocks', [3, 32, 4, 5]],
  ['of channels that do not', [3, 20, 4, 5]],
])('a tensor %s', (_, shape) => {
  it.each(pairs)('from $from to $to and back holds the same numbers', async ({ from, to }) => {
    const { data, found } = await computed(shape, (ops, x) => ops.plain(ops.as(to, ops.as(from, x))));
    expect(found).toEqual([...data]);
  });

  it.each(layouts)('that lies %s has its channels brought last', async (layout) => {
    const { data, found } = await computed(shape, (ops, x) => channelsLast(ops, ops.as(layout, x)));
    const [n, c, h, w] = shape as [number, number, number, number];
    const [image, channel, row, column] = [2, 17, 3, 1];
    expect(found[((image * h + row) * w + column) * c + channel]).toBe(
      data[((image * c + channel) * h + row) * w + column],
    );
    expect(found.length).toBe(n * c * h * w);
  });

  it.each<[Layout, (n: number, c: number, h: number, w: number) => number[]]>([
    ['channels-first', (n, c, h, w) => [c, n, h, w]],
    ['positions-first', (n, c, h, w) => [h, w, n, c]],
  ])('that lies %s is that plain tensor in memory', async (layout, physical) => {
    const { y } = await computed(shape, (ops, x) => asItLies(ops.as(layout, x)));
    expect(y.shape).toEqual(physical(...(shape as [number, number, number, number])));
  });

  it.each(layouts.filter((layout) => layout !== 'blocked'))(
    'that lies %s is scaled channel by channel',
    async (layout) => {
      const channels = shape[1]!;
      const scales = Float32Array.from({ length: channels }, (__, i) => i + 1);
      const { data, found } = await computed(shape, (ops, x) =>
        ops.plain(ops.mul(ops.as(layout, x), ops.constant(scales, [channels, 1, 1]))),
      );
      expect(found).toEqual([...data.map((value, i) => value * scales[Math.floor(i / 20) % channels]!)]);
    },
  );
});

describe('a transpose of a transpose', () => {
  it('is one transpose of what the first was made from', async () => {
    const [twice, once] = await Promise.all([
      computed([2, 3, 4], (ops, x) => ops.transpose(ops.transpose(x, [1, 2, 0]), [0, 2, 1])),
      computed([2, 3, 4], (ops, x) => ops.transpose(x, [1, 0, 2])),
    ]);
    expect(twice.y.shape).toEqual([3, 2, 4]);
    expect(twice.found).toEqual(once.found);
  });

  it('is none where it turns back, also as another shape', async () => {
    const { y, data, found } = await computed([9, 5, 4], (ops, x) => {
      const kernel = ops.reshape(ops.transpose(x, [1, 2, 0]), [5, 4, 3, 3]);
      return ops.transpose(ops.reshape(kernel, [5, 4, 9]), [2, 0, 1]);
    });
    expect(y.name).toBe('x');
    expect(found).toEqual([...data]);
  });
});
