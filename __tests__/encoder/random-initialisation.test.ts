import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { chooseFeatures, inputOf } from '../../src/encoder/feature-tensor.ts';
import { countParameters, randomlyInitialised } from '../../src/encoder/random-initialisation.ts';
import { trainableOf } from '../../src/encoder/trainable.ts';
import { GraphBuilder } from '../../src/onnx/build.ts';
import { float32Of, type Model } from '../../src/onnx/model.ts';
import { readModel } from '../../src/onnx/read.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { outputsOf, ramp, smallNetwork } from '../helpers/networks.ts';

const shared = resolve(import.meta.dirname, '../../../shared');
const networks = ['data/models', 'gradients'].flatMap((folder) =>
  existsSync(join(shared, folder))
    ? readdirSync(join(shared, folder))
        .filter((name) => name.endsWith('.onnx'))
        .map((name) => join(shared, folder, name))
    : [],
);

const weightsOf = (model: Model, name: string): number[] => [
  ...float32Of(model.graph.initializers.find((tensor) => tensor.name === name)!),
];

function moments(values: number[]): { mean: number; deviation: number } {
  const mean = values.reduce((a, b) => a + b) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length) };
}

describe('random initialisation', () => {
  const model = readModel(smallNetwork());

  it('draws kernels from a normal of variance gain / fan-in', () => {
    const g = new GraphBuilder('wide');
    g.input('x', ['N', 100]);
    const hidden = g.node('Relu', [
      g.node('Gemm', ['x', g.constant('w1', new Float32Array(200 * 100), [200, 100])], { transB: 1 }),
    ]);
    g.output(g.node('MatMul', [hidden, g.constant('w2', new Float32Array(200 * 300), [200, 300])], {}, 'y'));
    const drawn = randomlyInitialised(g.model(), 1);
    const rectified = moments(weightsOf(drawn, 'w1'));
    expect(Math.abs(rectified.mean)).toBeLessThan(0.005);
    expect(rectified.deviation / Math.sqrt(2 / 100)).toBeCloseTo(1, 1);
    const straight = weightsOf(drawn, 'w2');
    expect(moments(straight).deviation / Math.sqrt(1 / 200)).toBeCloseTo(1, 1);
    // Normal, not uniform: 4.55 % beyond two deviations.
    const beyond = straight.filter((x) => Math.abs(x) > 2 / Math.sqrt(200)).length / straight.length;
    expect(beyond).toBeGreaterThan(0.04);
    expect(beyond).toBeLessThan(0.051);
  });

  it('sets biases to 0 and normalisations to the identity', () => {
    const drawn = randomlyInitialised(model, 1);
    expect(new Set(weightsOf(drawn, 'conv2.bias'))).toEqual(new Set([0]));
    expect(new Set(weightsOf(drawn, 'bn.weight'))).toEqual(new Set([1]));
    expect(new Set(weightsOf(drawn, 'bn.bias'))).toEqual(new Set([0]));
    expect(new Set(weightsOf(drawn, 'bn.mean'))).toEqual(new Set([0]));
    expect(new Set(weightsOf(drawn, 'bn.var'))).toEqual(new Set([1]));
  });

  it('is decided by the seed alone', () => {
    const once = writeModel(randomlyInitialised(model, 7));
    expect(writeModel(randomlyInitialised(readModel(smallNetwork()), 7))).toEqual(once);
    expect(writeModel(randomlyInitialised(model, 8))).not.toEqual(once);
  });

  it('does not depend on the weights that it replaces, and leaves them as they were', () => {
    const other = readModel(smallNetwork());
    for (const { type, data } of other.graph.initializers) if (type === 'float32') data.fill(0);
    expect(writeModel(randomlyInitialised(other, 3))).toEqual(writeModel(randomlyInitialised(model, 3)));
    expect(writeModel(model)).toEqual(smallNetwork());
  });

  it('leaves shapes, scalars and the image’s normalisation alone', () => {
    const g = new GraphBuilder('normalised');
    g.input('image', ['N', 3, 4, 4]);
    const centred = g.node('Sub', ['image', g.constant('mean', Float32Array.of(0.1, 0.2, 0.3), [1, 3, 1, 1])]);
    const scaled = g.node('Mul', [centred, g.constant('factor', Float32Array.of(4, 5, 6), [1, 3, 1, 1])]);
    const maps = g.node('Conv', [scaled, g.constant('kernel', ramp(12), [4, 3, 1, 1])]);
    const bounded = g.node('Clip', [
      maps,
      g.constant('low', Float32Array.of(0), []),
      g.constant('high', Float32Array.of(6), []),
    ]);
    g.output(g.node('Reshape', [bounded, g.constant('sizes', [0, -1])], {}, 'features'));
    expect([...trainableOf(g.model()).keys()]).toEqual(['kernel']);
    expect(countParameters(g.model())).toBe(12);
  });

  it('counts what is trained, running statistics not included', () => {
    // conv1 6·3·9, batch normalisation 2·6, conv2 6·6·9 + 6, classifier 4·6 + 4
    expect(countParameters(model)).toBe(162 + 12 + 330 + 28);
  });

  it('finds weights in Constant nodes and behind transpositions', () => {
    const g = new GraphBuilder('constants');
    g.input('x', ['N', 3]);
    const kernel = g.node(
      'Constant',
      [],
      { tensor: { tensor: { name: '', type: 'float32', dims: [5, 3], data: new Uint8Array(60) } } },
      'kernel',
    );
    const node = g.graph().nodes[0]!;
    node.attributes = { value: node.attributes.tensor! };
    g.output(g.node('MatMul', ['x', g.node('Transpose', [kernel], { perm: [1, 0] })], {}, 'y'));
    expect(trainableOf(g.model()).get('kernel')).toEqual({ kind: 'kernel', fanIn: 3, rectified: false });
    const drawn = randomlyInitialised(g.model(), 1).graph.nodes[0]!.attributes.value;
    expect(drawn?.kind === 'tensor' && float32Of(drawn.value).some((value) => value !== 0)).toBe(true);
  });

  it.skipIf(networks.length === 0)(
    `gives real architectures features that are finite, alive and different for different images${networks.length === 0 ? ' (skipped: ../shared is not here)' : ''}`,
    async () => {
      for (const file of networks) {
        const { model: network, tensor } = chooseFeatures(readModel(readFileSync(file)));
        const { name, channels = 3, height = 32, width = 32 } = inputOf(network);
        const drawn = writeModel(randomlyInitialised(network, 1));
        const feed = {
          [name]: new ort.Tensor('float32', ramp(2 * channels * height * width), [2, channels, height, width]),
        };
        const features = [...((await outputsOf(drawn, feed))[tensor]!.data as Float32Array)];
        expect(features.every(Number.isFinite), file).toBe(true);
        const { mean, deviation } = moments(features);
        expect(deviation, file).toBeGreaterThan(0.02);
        expect(Math.max(Math.abs(mean), deviation), file).toBeLessThan(50);
        expect(features.filter((value) => value === 0).length / features.length, file).toBeLessThan(0.5);
        const half = features.length / 2;
        expect(features.slice(0, half), file).not.toEqual(features.slice(half));
      }
    },
    60_000,
  );
});
