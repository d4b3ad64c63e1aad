import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { inputOf } from '../../src/encoder/feature-tensor.ts';
import { GraphBuilder, tensorOf } from '../../src/onnx/build.ts';
import { float32Of, integersOf, type Model } from '../../src/onnx/model.ts';
import { readModel } from '../../src/onnx/read.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { outputsOf, ramp, smallNetwork } from '../helpers/networks.ts';

const folders = ['data/models', 'gradients'].map((path) => resolve(import.meta.dirname, '../../../shared', path));
const networks = folders.flatMap((folder) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.onnx'))
        .map((name) => join(folder, name))
    : [],
);

async function expectSameOutputs(bytes: Uint8Array): Promise<void> {
  const model = readModel(bytes);
  const { name, channels = 3, height = 32, width = 32 } = inputOf(model);
  const feed = { [name]: new ort.Tensor('float32', ramp(2 * channels * height * width), [2, channels, height, width]) };
  const before = await outputsOf(bytes, feed);
  const after = await outputsOf(writeModel(model), feed);
  expect(Object.keys(after)).toEqual(Object.keys(before));
  for (const [output, { data }] of Object.entries(before)) expect(after[output]!.data).toEqual(data);
}

describe('reading and writing an ONNX model', () => {
  it('keeps what a small network computes, bit for bit', () => expectSameOutputs(smallNetwork()));

  it.skipIf(networks.length === 0)(
    networks.length === 0
      ? 'keeps what real networks compute (skipped: ../shared is not here)'
      : 'keeps what real networks compute, bit for bit',
    async () => {
      for (const file of networks) await expectSameOutputs(readFileSync(file));
    },
    60_000,
  );

  it('writes the same bytes again', () => {
    const bytes = smallNetwork();
    expect(writeModel(readModel(bytes))).toEqual(bytes);
  });

  it('keeps every kind of attribute, metadata, other operator sets and inner graphs', () => {
    const g = new GraphBuilder('attributes');
    g.input('x', ['N', 2]);
    const model: Model = { ...g.model(), metadata: { licence: 'MIT', __proto__x: 'y' } };
    model.opsets.push({ domain: 'com.example', version: 3 });
    const inner = new GraphBuilder('inner');
    inner.constant('c', Float32Array.of(1));
    inner.output('c', [1]);
    model.graph.nodes.push({
      name: 'all',
      op: 'Everything',
      domain: 'com.example',
      inputs: ['x', '', 'x'],
      outputs: ['y'],
      attributes: {
        f: { kind: 'float', value: 0.5 },
        i: { kind: 'int', value: -3 },
        end: { kind: 'int', value: 2 ** 63 },
        start: { kind: 'int', value: -(2 ** 63) },
        s: { kind: 'string', value: 'sehr schön' },
        t: { kind: 'tensor', value: tensorOf('', [1, -2], [2, 1]) },
        g: { kind: 'graph', value: inner.graph() },
        fs: { kind: 'floats', value: [1, 2.5] },
        is: { kind: 'ints', value: [0, -1, 300] },
        ss: { kind: 'strings', value: ['a', ''] },
        gs: { kind: 'graphs', value: [inner.graph()] },
      },
      rest: [],
    });
    model.graph.outputs.push({ name: 'y', rest: [] });
    expect(readModel(writeModel(model))).toEqual(model);
  });

  it('keeps fields that it has no name for', () => {
    // ModelProto.producer_name (2), which the program does not use.
    const bytes = Uint8Array.from([...smallNetwork(), 0x12, 4, 116, 111, 114, 99]);
    const again = writeModel(readModel(bytes));
    expect(Buffer.from(again).includes(Buffer.from([0x12, 4, 116, 111, 114, 99]))).toBe(true);
  });
});

describe('constants', () => {
  /** A model of one constant whose TensorProto is given as raw protobuf bytes. */
  function constantOf(tensor: number[]): Model['graph']['initializers'][number] {
    const graph = [0x2a, tensor.length, ...tensor];
    return readModel(Uint8Array.from([0x42, 2, 0x10, 17, 0x3a, graph.length, ...graph])).graph.initializers[0]!;
  }

  it('reads elements given number by number, packed or not', () => {
    const packed = constantOf([0x08, 2, 0x10, 1, 0x22, 8, 0, 0, 128, 63, 0, 0, 0, 64, 0x42, 1, 97]);
    expect([...float32Of(packed)]).toEqual([1, 2]);
    const single = constantOf([0x08, 2, 0x10, 1, 0x25, 0, 0, 128, 63, 0x25, 0, 0, 0, 64, 0x42, 1, 97]);
    expect([...float32Of(single)]).toEqual([1, 2]);
    const int64 = constantOf([0x08, 3, 0x10, 7, 0x3a, 13, 5, ...Array(9).fill(255), 1, 128, 1, 0x42, 1, 97]);
    expect(integersOf(int64)).toEqual([5, -1, 128]);
    const int32 = constantOf([0x08, 1, 0x10, 6, 0x28, ...Array(9).fill(255), 1, 0x42, 1, 97]);
    expect(integersOf(int32)).toEqual([-1]);
  });

  it('reads a float16 constant given as integers', () => {
    expect([...constantOf([0x08, 1, 0x10, 10, 0x28, 0x80, 0x78, 0x42, 1, 97]).data]).toEqual([0, 60]);
  });
});
