import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { convnextNetwork } from '../../src/encoder/built-in/convnext.ts';
import { residualNetwork } from '../../src/encoder/built-in/residual.ts';
import { calibrated } from '../../src/encoder/calibrate.ts';
import { chooseFeatures, inputOf } from '../../src/encoder/feature-tensor.ts';
import { randomlyInitialised } from '../../src/encoder/random-initialisation.ts';
import { replaceConstants } from '../../src/encoder/replace-constants.ts';
import { kernelOf, sourcesOf, trainableOf } from '../../src/encoder/trainable.ts';
import { GraphBuilder } from '../../src/onnx/build.ts';
import { elements, float32Of, type Model } from '../../src/onnx/model.ts';
import { readModel } from '../../src/onnx/read.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { seededRandom } from '../../src/random.ts';
import { type Ending, outputsOf, ramp, smallNetwork } from '../helpers/networks.ts';

const shared = resolve(import.meta.dirname, '../../../shared');
const networks = ['data/models', 'gradients'].flatMap((folder) =>
  existsSync(join(shared, folder))
    ? readdirSync(join(shared, folder))
        .filter((name) => name.endsWith('.onnx'))
        .map((name) => join(shared, folder, name))
    : [],
);

interface Batch {
  data: Float32Array;
  dims: number[];
}

/** Images of smooth waves with noise on them: of another direction, length, colour and brightness each. */
function pictures(dims: [number, number, number, number]): Batch {
  const [count, channels, height, width] = dims;
  const data = new Float32Array(elements(dims));
  const random = seededRandom(3, 'pictures');
  for (let image = 0, at = 0; image < count; image++) {
    const [across, down, level] = [random.normal(), random.normal(), 0.5 * random.normal()];
    for (let channel = 0; channel < channels; channel++) {
      const strength = random.normal();
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          data[at++] = level + strength * Math.sin(0.3 * (across * x + down * y)) + 0.3 * random.normal();
    }
  }
  return { data, dims };
}

function moments(values: ArrayLike<number>): { mean: number; variance: number } {
  let [sum, squares] = [0, 0];
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const mean = sum / values.length;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  return { mean, variance: squares / values.length };
}

/** Named tensors of a network on a batch, as an untouched run gives them. */
async function tensorsOf(model: Model, { data, dims }: Batch, names: string[]): Promise<Record<string, ort.Tensor>> {
  const outputs = names.map((name) => ({ name, tensor: { type: 'float32' as const }, rest: [] }));
  const feed = { [inputOf(model).name]: new ort.Tensor('float32', data, dims) };
  return (await outputsOf(writeModel({ ...model, graph: { ...model.graph, outputs } }), feed)) as Record<
    string,
    ort.Tensor
  >;
}

/** Standard deviations of what the linear layers give, in order. */
async function layerDeviations(model: Model, batch: Batch): Promise<number[]> {
  const roles = trainableOf(model);
  const sources = sourcesOf(model.graph);
  const names = model.graph.nodes.filter((node) => kernelOf(node, roles, sources)).map(({ outputs }) => outputs[0]!);
  const tensors = await tensorsOf(model, batch, names);
  return names.map((name) => Math.sqrt(moments(tensors[name]!.data as Float32Array).variance));
}

function constantOf(model: Model, name: string): Float32Array {
  return float32Of(model.graph.initializers.find((tensor) => tensor.name === name)!);
}

const withFilled = (model: Model, name: string, values: number[]): Model =>
  replaceConstants(model, (own) => (own === name ? Float32Array.from(values) : undefined));

describe('calibration on a batch of images', () => {
  const small = pictures([8, 3, 8, 8]);
  const drawn = (ending: Ending = 'gemm'): Model => randomlyInitialised(readModel(smallNetwork(ending)), 1);

  it.each(['gemm', 'matmul and add', 'convolution', 'convolution and pooling', 'none'] as const)(
    'gives every layer the standard deviation 1 in a network that ends in %s',
    async (ending) => {
      const before = await layerDeviations(drawn(ending), small);
      expect(before.some((deviation) => Math.abs(deviation - 1) > 0.1)).toBe(true);
      const after = await layerDeviations(await calibrated(drawn(ending), small, ort), small);
      expect(after).toHaveLength(ending === 'none' ? 2 : 3);
      for (const deviation of after) expect(deviation).toBeCloseTo(1, 4);
    },
  );

  it.each([13, 18])('sets the statistics of a batch normalisation to its input’s (opset %i)', async (version) => {
    const model = { ...drawn(), opsets: [{ domain: '', version }] };
    const ready = await calibrated(model, small, ort);
    const maps = (await tensorsOf(ready, small, ['conv1'])).conv1!.data as Float32Array;
    for (let channel = 0; channel < 6; channel++) {
      const ofChannel = maps.filter((_, i) => Math.floor(i / 64) % 6 === channel);
      const { mean, variance } = moments(ofChannel);
      expect(constantOf(ready, 'bn.mean')[channel]).toBeCloseTo(mean, 5);
      expect(constantOf(ready, 'bn.var')[channel]! / variance).toBeCloseTo(1, 4);
    }
    expect(Math.max(...constantOf(ready, 'bn.mean').map(Math.abs))).toBeGreaterThan(0.01);
  });

  it('does not depend on how large the kernels were', async () => {
    const larger = replaceConstants(drawn(), (name, tensor) =>
      name.startsWith('conv') && name.endsWith('weight') ? float32Of(tensor).map((x) => 64 * x) : undefined,
    );
    const [one, other] = [await calibrated(drawn(), small, ort), await calibrated(larger, small, ort)];
    for (const name of ['conv1.weight', 'conv2.weight', 'classifier.weight']) {
      const expected = constantOf(one, name);
      constantOf(other, name).forEach((x, i) => {
        expect(x).toBeCloseTo(expected[i]!, 5);
      });
    }
  });

  it('keeps a chain alive that shrinks to nothing without it', async () => {
    const g = new GraphBuilder('chain');
    g.input('image', ['N', 3, 16, 16]);
    const zero = g.constant('zero', Float32Array.of(0), []);
    let maps = 'image';
    for (let i = 0; i < 24; i++) {
      const from = i === 0 ? 3 : 16;
      const kernel = g.constant(`kernel${i}`, new Float32Array(16 * from * 9), [16, from, 3, 3]);
      // Rectified by an operator that initialisation does not know for a rectifier: it draws for a linear chain.
      maps = g.node('Max', [g.node('Conv', [maps, kernel], { pads: [1, 1, 1, 1] }), zero]);
    }
    g.node('Flatten', [g.node('GlobalAveragePool', [maps])], { axis: 1 }, 'features');
    g.output('features');
    const batch = pictures([8, 3, 16, 16]);
    const random = randomlyInitialised(g.model(), 1);
    const spread = async (model: Model): Promise<number> =>
      Math.sqrt(moments((await tensorsOf(model, batch, ['features'])).features!.data as Float32Array).variance);
    expect(await spread(random)).toBeLessThan(1e-3);
    expect(await spread(await calibrated(random, batch, ort))).toBeGreaterThan(0.1);
  });

  it('centres each channel of a convolution on its bias, and leaves the bias of a matrix product', async () => {
    const g = new GraphBuilder('biased');
    g.input('image', ['N', 3, 8, 8]);
    const kernel = g.constant('k1', ramp(12), [4, 3, 1, 1]);
    g.node('Conv', ['image', kernel, g.constant('b1', Float32Array.of(5, -5, 0, 2))], {}, 'conv');
    const rows = g.node('Flatten', [g.node('GlobalAveragePool', [g.node('Relu', ['conv'])])], { axis: 1 });
    const weight = g.constant('k2', ramp(12), [3, 4]);
    const bias = g.constant('b2', Float32Array.of(7, 0, -7));
    g.node('Gemm', [rows, weight, bias], { transB: 1, beta: { float: 2 } }, 'features');
    g.output('features', ['N', 3]);
    const ready = await calibrated(g.model(), small, ort);
    expect([...constantOf(ready, 'b2')]).toEqual([7, 0, -7]);
    const { conv, features } = await tensorsOf(ready, small, ['conv', 'features']);
    for (const [channel, centre] of [5, -5, 0, 2].entries()) {
      const ofChannel = moments((conv!.data as Float32Array).filter((_, i) => Math.floor(i / 64) % 4 === channel));
      expect(ofChannel.mean).toBeCloseTo(centre, 4);
      expect(ofChannel.variance).toBeCloseTo(1, 4);
    }
    const bare = (features!.data as Float32Array).map((x, i) => x - 2 * [7, 0, -7][i % 3]!);
    expect(moments(bare).variance).toBeCloseTo(1, 4);
  });

  it('starts a network alike whether its batch normalisation was folded into the convolution or not', async () => {
    const network = (folded: boolean): Model => {
      const g = new GraphBuilder('folded');
      g.input('image', ['N', 3, 8, 8]);
      const vector = (name: string, value: number): string => g.constant(name, new Float32Array(6).fill(value));
      const kernel = g.constant('kernel', ramp(162), [6, 3, 3, 3]);
      const maps = folded
        ? g.node('Conv', ['image', kernel, vector('bias', 0)])
        : g.node(
            'BatchNormalization',
            [
              g.node('Conv', ['image', kernel]),
              vector('scale', 1),
              vector('shift', 0),
              vector('mean', 0),
              vector('variance', 1),
            ],
            { epsilon: { float: 1e-9 } },
          );
      g.node('Flatten', [g.node('GlobalAveragePool', [g.node('Relu', [maps])])], { axis: 1 }, 'features');
      g.output('features', ['N', 6]);
      return g.model();
    };
    const [one, other] = await Promise.all(
      [true, false].map(async (folded) => {
        const ready = await calibrated(randomlyInitialised(network(folded), 1), small, ort);
        return (await tensorsOf(ready, small, ['features'])).features!.data as Float32Array;
      }),
    );
    one!.forEach((x, i) => {
      expect(x).toBeCloseTo(other![i]!, 4);
    });
  });

  it('does not centre with a bias that two convolutions share', async () => {
    const g = new GraphBuilder('shared bias');
    g.input('image', ['N', 3, 8, 8]);
    const bias = g.constant('bias', Float32Array.of(1, 2, 3));
    const first = g.node('Conv', ['image', g.constant('k1', ramp(9), [3, 3, 1, 1]), bias]);
    const second = g.node('Conv', [first, g.constant('k2', ramp(9), [3, 3, 1, 1]), bias]);
    g.node('Flatten', [g.node('GlobalAveragePool', [second])], { axis: 1 }, 'features');
    g.output('features', ['N', 3]);
    expect([...constantOf(await calibrated(g.model(), small, ort), 'bias')]).toEqual([1, 2, 3]);
  });

  it('lets the first of two layers decide over the kernel that they share', async () => {
    const g = new GraphBuilder('tied');
    g.input('image', ['N', 3, 8, 8]);
    const kernel = g.constant('kernel', ramp(9), [3, 3, 1, 1]);
    const first = g.node('Conv', ['image', kernel], {}, 'first');
    const second = g.node('Conv', [g.node('Relu', [first]), kernel], {}, 'second');
    const last = g.node('Conv', [second, g.constant('own', ramp(18), [6, 3, 1, 1])], {}, 'last');
    g.node('Flatten', [g.node('GlobalAveragePool', [last])], { axis: 1 }, 'features');
    g.output('features', ['N', 6]);
    const [one, two, three] = await layerDeviations(await calibrated(g.model(), small, ort), small);
    expect(one).toBeCloseTo(1, 4);
    expect(Math.abs(two! - 1)).toBeGreaterThan(0.05);
    expect(three).toBeCloseTo(1, 4);
  });

  it('leaves a layer that gives one number only, and a channel’s variance at 1', async () => {
    const silent = withFilled(drawn(), 'conv2.weight', new Array(6 * 6 * 9).fill(0));
    const kernel = constantOf(drawn(), 'conv1.weight');
    const dead = replaceConstants(silent, (name) =>
      name === 'conv1.weight' ? kernel.map((x, i) => (i < 27 ? 0 : x)) : undefined,
    );
    const ready = await calibrated(dead, small, ort);
    expect(constantOf(ready, 'conv2.weight').every((x) => x === 0)).toBe(true);
    expect(constantOf(ready, 'bn.var')[0]).toBe(1);
    expect(constantOf(ready, 'bn.var')[1]).not.toBe(1);
    expect(constantOf(ready, 'bn.mean')[0]).toBe(0);
  });

  it('changes kernels, running statistics and the biases of convolutions, nothing in the network that it is given, and is repeatable', async () => {
    const model = drawn();
    const bytes = writeModel(model);
    const ready = await calibrated(model, small, ort);
    expect(writeModel(model)).toEqual(bytes);
    expect(writeModel(await calibrated(model, small, ort))).toEqual(writeModel(ready));
    const changed = ready.graph.initializers.filter(
      ({ data }, i) => !Buffer.from(data).equals(model.graph.initializers[i]!.data),
    );
    expect(changed.map(({ name }) => name)).toEqual([
      'conv1.weight',
      'bn.mean',
      'bn.var',
      'conv2.weight',
      'conv2.bias',
      'classifier.weight',
    ]);
    expect({ ...ready.graph, initializers: [] }).toEqual({ ...model.graph, initializers: [] });
  });

  it('refuses batches that are not what they say, that the network cannot take, and that hold no numbers', async () => {
    const refusal = async (batch: Batch): Promise<unknown> => calibrated(drawn(), batch, ort).catch((error) => error);
    expect(await refusal({ data: small.data, dims: [8, 3, 8, 9] })).toMatchObject({ code: 'shape-mismatch' });
    expect(await refusal(pictures([8, 1, 8, 8]))).toMatchObject({
      code: 'model-unsupported',
      message: expect.stringContaining('[8, 1, 8, 8]'),
    });
    const holes = { data: small.data.map((x, i) => (i === 5 ? Number.NaN : x)), dims: small.dims };
    expect(await refusal(holes)).toMatchObject({
      code: 'model-unsupported',
      message: expect.stringContaining('not finite'),
    });
  });

  /** Unit layers, and features that are finite and tell images apart. */
  async function expectSane(whole: Model, name: string): Promise<void> {
    const { model, tensor } = chooseFeatures(whole);
    const { channels = 3, height = 64, width = 64 } = inputOf(model);
    const batch = pictures([8, channels, height, width]);
    const ready = await calibrated(randomlyInitialised(model, 1), batch, ort);
    for (const deviation of await layerDeviations(ready, batch)) expect(deviation, name).toBeCloseTo(1, 2);
    const { data, dims } = (await tensorsOf(ready, batch, [tensor]))[tensor]!;
    const features = data as Float32Array;
    expect(features.every(Number.isFinite), name).toBe(true);
    const columns = dims[1]!;
    // What differs between images, of all that differs between numbers: features that hardly depend on the image have next to nothing.
    const withinColumns = Array.from(
      { length: columns },
      (_, column) => moments(features.filter((_, i) => i % columns === column)).variance,
    );
    const share = moments(withinColumns).mean / moments(features).variance;
    expect(share, name).toBeGreaterThan(0.2);
  }

  it('serves the built-in networks', async () => {
    await expectSane(residualNetwork(), 'residual');
    await expectSane(convnextNetwork(), 'ConvNeXt');
  });

  it.skipIf(networks.length === 0)(
    `serves real architectures, batch normalisation folded or not${networks.length === 0 ? ' (skipped: ../shared is not here)' : ''}`,
    async () => {
      for (const file of networks) await expectSane(readModel(readFileSync(file)), basename(file));
    },
    120_000,
  );
});
