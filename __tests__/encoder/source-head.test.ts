import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterAll, describe, expect, it } from 'vitest';
import { loadEncoder, randomTwin } from '../../src/encoder/encoder.ts';
import { chooseFeatures, inputOf } from '../../src/encoder/feature-tensor.ts';
import { headOutput, randomHead, type SourceHead, sourceHead, withHeads } from '../../src/encoder/source-head.ts';
import { GraphBuilder } from '../../src/onnx/build.ts';
import { type Model, numbersOf } from '../../src/onnx/model.ts';
import { readModel } from '../../src/onnx/read.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { type Ending, outputsOf, ramp, smallNetwork } from '../helpers/networks.ts';

const shared = resolve(import.meta.dirname, '../../../shared');
const list = (folder: string): string[] =>
  existsSync(join(shared, folder))
    ? readdirSync(join(shared, folder))
        .filter((name) => name.endsWith('.onnx'))
        .map((name) => join(shared, folder, name))
    : [];
const pretrained = list('data/models');
const torch = list('gradients');
const absent = (files: string[]) => (files.length === 0 ? ' (skipped: ../shared is not here)' : '');
const scratch = await mkdtemp(join(tmpdir(), 'heads-'));
afterAll(() => rm(scratch, { recursive: true }));

const headOf = (model: Model, wanted?: string) => sourceHead(model, chooseFeatures(model, wanted), 'network');

function feed(model: Model, images = 2): Record<string, ort.Tensor> {
  const { name, channels = 3, height = 32, width = 32 } = inputOf(model);
  return {
    [name]: new ort.Tensor('float32', ramp(images * channels * height * width), [images, channels, height, width]),
  };
}

/** Features and head probabilities of one run of the reduced network with its head behind it. */
async function bothOf(model: Model, head: SourceHead, wanted?: string) {
  const { model: trunk, tensor } = chooseFeatures(model, wanted);
  const out = await outputsOf(withHeads(writeModel(trunk), [head]), feed(model));
  const alone = await outputsOf(writeModel(trunk), feed(model));
  return { features: out[tensor]!, alone: alone[tensor]!, head: out[headOutput(0)]! };
}

/** Softmax of the rows of what the network itself says. */
async function softmaxOf(model: Model, scores: string, { probabilities = false } = {}): Promise<number[]> {
  const { dims, data } = (await outputsOf(writeModel(model), feed(model)))[scores]!;
  const rows = dims[0]!;
  const columns = data.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    const own = [...(data as Float32Array)].slice(row * columns, (row + 1) * columns);
    if (probabilities) return own;
    const most = own.reduce((top, value) => Math.max(top, value), -Infinity);
    const sum = own.reduce((total, value) => total + Math.exp(value - most), 0);
    return own.map((value) => Math.exp(value - most) / sum);
  }).flat();
}

function expectNear(found: ort.Tensor, expected: readonly number[]) {
  expect(found.data.length).toBe(expected.length);
  for (const [at, value] of (found.data as Float32Array).entries()) expect(value).toBeCloseTo(expected[at]!, 6);
}

describe('the source head of a network', () => {
  const endings: Ending[] = ['gemm', 'gemm and softmax', 'matmul and add', 'convolution', 'convolution and pooling'];
  it.each(endings)(
    'that ends in %s gives the softmax of its scores, and leaves the features as they are',
    async (ending) => {
      const model = readModel(smallNetwork(ending));
      const head = headOf(model)!;
      expect(head.classes).toBe(4);
      const both = await bothOf(model, head);
      expect(both.features.data).toEqual(both.alone.data);
      expect(both.head.dims).toEqual([2, 4]);
      expectNear(both.head, await softmaxOf(model, 'logits', { probabilities: ending === 'gemm and softmax' }));
    },
  );

  it('is found behind features that the manifest names, as long as nothing but the classifier lies between', async () => {
    const model = readModel(smallNetwork());
    const head = headOf(model, 'maps')!;
    const both = await bothOf(model, head, 'maps');
    expect(both.features.dims).toEqual([2, 6]);
    expectNear(both.head, await softmaxOf(model, 'logits'));
    expect(headOf(model, 'relu1')).toBeNull();
  });

  it('is the output itself where that is what the manifest names', async () => {
    const model = readModel(smallNetwork());
    expectNear((await bothOf(model, headOf(model, 'logits')!, 'logits')).head, await softmaxOf(model, 'logits'));
  });

  it('is not there without a classifier, with one class, or where classes do not exclude each other', () => {
    expect(headOf(readModel(smallNetwork('none', 'features')))).toBeNull();
    const ending = (classes: number, sigmoid: boolean) => {
      const model = readModel(smallNetwork('none', 'embedding'));
      const g = new GraphBuilder(model.graph);
      const scores = g.node('MatMul', ['embedding', g.constant('w', ramp(6 * classes), [6, classes])], {}, 'scores');
      g.output(sigmoid ? g.node('Sigmoid', [scores], {}, 'probabilities') : scores);
      return headOf({ ...model, graph: g.graph() });
    };
    expect(ending(3, false)).toMatchObject({ classes: 3 });
    expect(ending(1, false)).toBeNull();
    expect(ending(3, true)).toBeNull();
  });

  it('is not guessed from an output that is named for nothing, unless the features were found by it', () => {
    const model = readModel(smallNetwork('gemm', 'out'));
    expect(headOf(model)).toMatchObject({ classes: 4 });
    const both = { ...model, graph: { ...model.graph, outputs: [...model.graph.outputs] } };
    both.graph.outputs.push({ name: 'embedding', tensor: { type: 'float32', dims: ['N', 6] }, rest: [] });
    expect(chooseFeatures(both).how).toBe('output');
    expect(headOf(both)).toBeNull();
    expect(headOf({ ...both, graph: { ...both.graph, nodes: both.graph.nodes } }, 'embedding')).toBeNull();
  });

  it('has a digest that changes with its weights and with the network', () => {
    const model = readModel(smallNetwork());
    const choice = chooseFeatures(model);
    const own = sourceHead(model, choice, 'network')!;
    expect(sourceHead(model, choice, 'another')!.digest).not.toBe(own.digest);
    const [changed] = [readModel(smallNetwork())];
    const bias = changed.graph.initializers.find(({ name }) => name === 'classifier.bias')!;
    bias.data = Uint8Array.from(bias.data, (byte, at) => (at === 0 ? byte ^ 1 : byte));
    expect(sourceHead(changed, chooseFeatures(changed), 'network')!.digest).not.toBe(own.digest);
  });

  it('with random weights has as many classes, other numbers for another seed, and no bias', async () => {
    const model = readModel(smallNetwork());
    const own = headOf(model)!;
    const [one, again, other] = [1, 1, 2].map((seed) => randomHead(own, 'twin', seed));
    expect(one).toMatchObject({ classes: 4 });
    expect(again).toEqual(one);
    expect(other!.digest).not.toBe(one!.digest);
    const bias = readModel(one!.model).graph.initializers.find(({ dims }) => dims.length === 1 && dims[0] === 4)!;
    expect(numbersOf(bias)).toEqual([0, 0, 0, 0]);
    const trunk = writeModel(chooseFeatures(model).model);
    const both = await outputsOf(withHeads(trunk, [own, one!]), feed(model));
    expectNear(both[headOutput(0)]!, await softmaxOf(model, 'logits'));
    expect(both[headOutput(1)]!.data).not.toEqual(both[headOutput(0)]!.data);
  });

  it('comes with the network that is loaded and changes nothing of its features; its random twin comes without', async () => {
    const file = join(scratch, 'own.onnx');
    await writeFile(file, smallNetwork());
    const encoder = await loadEncoder({ id: 'own', file });
    expect(encoder.heads).toMatchObject([{ classes: 4 }]);
    await writeFile(file, smallNetwork('none', 'embedding'));
    expect((await loadEncoder({ id: 'none', file })).heads ?? []).toEqual([]);
    expect(randomTwin(encoder, 1).heads).toEqual([]);
  });

  const sourceClasses: Record<string, number> = {
    mobilenetv1_025_128_imagenet: 1001,
    mobilenetv1_025_96_vww: 2,
    mobilenetv2_100_imagenet: 1001,
    mobilenetv2_100_inat_birds: 965,
    mobilenetv2_100_inat_insects: 1022,
    resnet20_cifar10: 10,
  };
  it.skipIf(pretrained.length === 0)(
    `of six pretrained networks says what their logits say${absent(pretrained)}`,
    async () => {
      for (const file of pretrained) {
        const model = readModel(readFileSync(file));
        const head = headOf(model)!;
        expect([file, head.classes]).toEqual([file, sourceClasses[file.replace(/.*\/|\.onnx/g, '')]]);
        const both = await bothOf(model, head);
        expect(both.features.data).toEqual(both.alone.data);
        expectNear(both.head, await softmaxOf(model, 'logits'));
      }
    },
    60_000,
  );

  it.skipIf(torch.length === 0)(
    `is found in eight architectures as PyTorch writes them${absent(torch)}`,
    async () => {
      for (const file of torch) {
        const model = readModel(readFileSync(file));
        const head = headOf(model);
        expect([file, head?.classes]).toEqual([file, 5]);
        const both = await bothOf(model, head!);
        expect(both.features.data).toEqual(both.alone.data);
        expectNear(both.head, await softmaxOf(model, 'logits'));
      }
    },
    60_000,
  );
});
