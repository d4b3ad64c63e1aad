import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { chooseFeatures, inputOf } from '../../src/encoder/feature-tensor.ts';
import { TransferEvidenceError } from '../../src/errors.ts';
import { GraphBuilder } from '../../src/onnx/build.ts';
import type { ElementType, Model } from '../../src/onnx/model.ts';
import { readModel } from '../../src/onnx/read.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { type Ending, outputsOf, ramp, smallNetwork } from '../helpers/networks.ts';

const shared = resolve(import.meta.dirname, '../../../shared');
const list = (folder: string): string[] =>
  existsSync(join(shared, folder)) ? readdirSync(join(shared, folder)).filter((name) => name.endsWith('.onnx')) : [];
const pretrained = list('data/models');
const torch = list('gradients');

async function featuresOf(model: Model, tensor: string): Promise<ort.Tensor> {
  const { name, channels = 3, height = 32, width = 32 } = inputOf(model);
  const input = new ort.Tensor('float32', ramp(2 * channels * height * width), [2, channels, height, width]);
  return (await outputsOf(writeModel(model), { [name]: input }))[tensor]!;
}

function withOutputs(model: Model, ...names: string[]): Model {
  const outputs = names.map((name) => ({ name, tensor: { type: 'float32' as const }, rest: [] }));
  return { ...model, graph: { ...model.graph, outputs } };
}

function refusal(choose: () => unknown): TransferEvidenceError {
  try {
    choose();
  } catch (error) {
    if (error instanceof TransferEvidenceError) return error;
    throw error;
  }
  throw new Error('It was accepted.');
}

describe('choosing the tensor that holds the features', () => {
  const endings: Ending[] = ['gemm', 'gemm and softmax', 'matmul and add', 'convolution', 'convolution and pooling'];
  it.each(endings)('cuts a network that ends in %s before its classifier', async (ending) => {
    const model = readModel(smallNetwork(ending));
    const choice = chooseFeatures(model);
    expect(choice.how).toBe('cut');
    expect(choice.dimension).toBe(6);
    expect(choice.note).toContain(choice.tensor);
    expect(choice.model.graph.outputs.map(({ name }) => name)).toEqual([choice.tensor]);
    expect(choice.model.graph.initializers.some(({ name }) => name.startsWith('classifier'))).toBe(false);
    const expected = await featuresOf(readModel(smallNetwork('none', 'features')), 'features');
    const features = await featuresOf(choice.model, choice.tensor);
    expect(features.dims).toEqual([2, 6]);
    expect(features.data).toEqual(expected.data);
  });

  it('takes the tensor that the manifest names, and averages maps over space', async () => {
    const choice = chooseFeatures(readModel(smallNetwork()), 'maps');
    expect(choice).toMatchObject({ how: 'named', tensor: 'maps', dimension: 6 });
    expect(choice.note).toContain('averaged over space');
    const expected = await featuresOf(readModel(smallNetwork('none', 'features')), 'features');
    expect((await featuresOf(choice.model, 'maps')).data).toEqual(expected.data);
  });

  it('says which names are near when the named tensor does not exist', () => {
    const error = refusal(() => chooseFeatures(readModel(smallNetwork()), 'embeding'));
    expect(error.code).toBe('input-invalid');
    expect(error.message).toContain('embedding');
  });

  it.each(['features', 'image_embeds', 'pooler_output', 'last_hidden_state'])(
    'takes an output named %s as it is',
    (name) => {
      const choice = chooseFeatures(readModel(smallNetwork('none', name)));
      expect(choice).toMatchObject({ how: 'output', tensor: name, dimension: 6 });
    },
  );

  it('prefers a vector of features to the states of tokens', () => {
    const model = withOutputs(readModel(smallNetwork()), 'logits', 'maps', 'embedding');
    expect(chooseFeatures(model)).toMatchObject({ how: 'output', tensor: 'embedding' });
  });

  it('takes the only output when no classifier ends the network', () => {
    expect(chooseFeatures(readModel(smallNetwork('none', 'out')))).toMatchObject({
      how: 'output',
      tensor: 'out',
      dimension: 6,
    });
  });

  it('leaves pooled maps alone when nothing says that they are scores', () => {
    const choice = chooseFeatures(readModel(smallNetwork('convolution and pooling', 'out')));
    expect(choice).toMatchObject({ how: 'output', tensor: 'out' });
  });

  it('averages token sequences over all tokens', async () => {
    const g = new GraphBuilder('tokens');
    g.input('image', ['N', 1, 2, 3]);
    const rows = g.node('Reshape', ['image', g.constant('sizes', [0, 2, 3])], {}, 'last_hidden_state');
    g.output(rows, ['N', 2, 3]);
    const choice = chooseFeatures(g.model());
    expect(choice).toMatchObject({ how: 'output', dimension: 3 });
    expect(choice.note).toContain('tokens');
    const feed = { image: new ort.Tensor('float32', Float32Array.of(1, 2, 3, 5, 8, 13), [1, 1, 2, 3]) };
    const out = (await outputsOf(writeModel(choice.model), feed))[choice.tensor]!;
    expect([...(out.data as Float32Array)]).toEqual([3, 5, 8]);
  });

  it('does not change the network that it is given', () => {
    const bytes = smallNetwork();
    const model = readModel(bytes);
    chooseFeatures(model, 'maps');
    chooseFeatures(model);
    expect(writeModel(model)).toEqual(bytes);
  });

  it.skipIf(pretrained.length === 0)(
    `finds on real networks without their features output the very same features${pretrained.length === 0 ? ' (skipped: ../shared is not here)' : ''}`,
    async () => {
      for (const file of pretrained) {
        const model = readModel(readFileSync(join(shared, 'data/models', file)));
        const named = chooseFeatures(model);
        expect(named).toMatchObject({ how: 'output', tensor: 'features' });
        const cut = chooseFeatures(withOutputs(model, 'logits'));
        expect(cut.how).toBe('cut');
        expect(cut.dimension).toBe(named.dimension);
        expect((await featuresOf(cut.model, cut.tensor)).data).toEqual(
          (await featuresOf(named.model, 'features')).data,
        );
      }
    },
    60_000,
  );

  const dimensions: Record<string, number> = {
    'convnext.onnx': 48,
    'densenet.onnx': 32,
    'mobilenet_v2.onnx': 1280,
    'resnet_basic.onnx': 64,
    'resnet_bottleneck.onnx': 256,
    'shufflenet_v2.onnx': 1024,
    'squeezenet.onnx': 512,
    'vit.onnx': 32,
  };
  it.skipIf(torch.length === 0)(
    `cuts eight architectures before their classifier${torch.length === 0 ? ' (skipped: ../shared is not here)' : ''}`,
    async () => {
      for (const file of torch) {
        const model = readModel(readFileSync(join(shared, 'gradients', file)));
        const choice = chooseFeatures(model);
        expect([file, choice.how, choice.dimension]).toEqual([file, 'cut', dimensions[file]]);
        expect((await featuresOf(choice.model, choice.tensor)).dims).toEqual([2, dimensions[file]]);
      }
    },
    60_000,
  );
});

describe('the network’s input', () => {
  function taking(dims: (number | string)[] | undefined, type: ElementType = 'float32', more: string[] = []): Model {
    const g = new GraphBuilder('input');
    for (const name of ['image', ...more]) g.input(name, dims ?? [], type);
    g.node('Relu', ['image'], {}, 'features');
    g.output('features');
    const model = g.model();
    if (dims === undefined) delete model.graph.inputs[0]!.tensor!.dims;
    return model;
  }

  it('tells layout, channels and size, and what is left open', () => {
    expect(inputOf(taking(['N', 3, 224, 192]))).toEqual({
      name: 'image',
      layout: 'NCHW',
      channels: 3,
      height: 224,
      width: 192,
      batch: undefined,
      type: 'float32',
    });
    expect(inputOf(taking([1, 64, 96, 3]))).toMatchObject({
      layout: 'NHWC',
      channels: 3,
      height: 64,
      width: 96,
      batch: 1,
    });
    expect(inputOf(taking(['N', 1, 'H', 'W']))).toMatchObject({
      layout: 'NCHW',
      channels: 1,
      height: undefined,
      width: undefined,
    });
    expect(inputOf(taking(['N', 'C', 'H', 'W']))).toMatchObject({ layout: 'NCHW', channels: undefined });
  });

  it('knows an input with channels last by the transposition that follows', () => {
    const model = taking(['N', 'a', 'b', 'c']);
    model.graph.nodes[0] = {
      ...model.graph.nodes[0]!,
      op: 'Transpose',
      attributes: { perm: { kind: 'ints', value: [0, 3, 1, 2] } },
    };
    expect(inputOf(model).layout).toBe('NHWC');
  });

  it.each(['float16', 'uint8', 'int8', 'float64'] as const)(
    'refuses a network that takes %s, saying what to export',
    (type) => {
      const error = refusal(() => inputOf(taking(['N', 3, 8, 8], type)));
      expect(error.code).toBe('model-unsupported');
      expect(error.message).toContain(type);
      expect(error.message).toContain('float32');
    },
  );

  it('refuses half-precision weights and quantised nodes, naming the node', () => {
    const model = readModel(smallNetwork());
    const weight = model.graph.initializers.find(({ name }) => name === 'conv1.weight')!;
    weight.type = 'float16';
    expect(refusal(() => inputOf(model))).toMatchObject({
      code: 'model-unsupported',
      message: expect.stringContaining('conv1 (Conv)'),
    });
    weight.type = 'float32';
    model.graph.nodes[0]!.op = 'QLinearConv';
    expect(refusal(() => inputOf(model)).message).toContain('quantised');
  });

  it('refuses other shapes, other channels and several inputs', () => {
    for (const model of [
      taking(['N', 10]),
      taking(undefined),
      taking(['N', 4, 8, 8]),
      taking(['N', 3, 8, 8], 'float32', ['mask']),
    ])
      expect(refusal(() => inputOf(model)).code).toBe('model-unsupported');
    expect(refusal(() => inputOf(taking(['N', 3, 8, 8]), 'pixels')).code).toBe('input-invalid');
  });
});
