import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { chooseFeatures } from '../../src/encoder/feature-tensor.ts';
import { originsOf } from '../../src/onnx/constants.ts';
import { float32Of } from '../../src/onnx/model.ts';
import { readModel } from '../../src/onnx/read.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { runInto } from '../../src/runtime/run-into.ts';
import { blockOfThisProcessor } from '../../src/training/blocked-support.ts';
import { Carried } from '../../src/training/carried.ts';
import { headBias, headKernel } from '../../src/training/head.ts';
import { softmaxCrossEntropy } from '../../src/training/losses.ts';
import type { Lowering } from '../../src/training/lowering.ts';
import { trainee } from '../../src/training/network.ts';
import { type Optimiser, scalarsOf } from '../../src/training/optimisers.ts';
import { bytesIn } from '../../src/training/parameters.ts';
import { trainableWeights } from '../../src/training/prepare.ts';
import { stepGraph, stepNames, stepOutputs } from '../../src/training/step-graph.ts';
import { noAugmentation } from '../helpers/training.ts';

const folder = join(import.meta.dirname, '../../../shared/gradients');

interface Golden {
  inputShape: [number, number, number, number];
  labels: number[];
  sgd: { learningRate: number; momentum: number; losses: number[] };
}

/** Losses of ten steps, in one Loop or each overwriting what the one before left, from the network's own classifier as the head. */
async function losses(
  name: string,
  golden: Golden,
  { lowering, inLoop }: { lowering: Lowering; inLoop: boolean },
): Promise<number[]> {
  const whole = readModel(readFileSync(join(folder, `${name}.onnx`)));
  const { model, tensor } = chooseFeatures(whole);
  const [images, channels, height, width] = golden.inputShape;
  const classes = 5;
  const input = model.graph.inputs[0]!.name;
  const prepared = await trainee({
    model,
    input,
    features: tensor,
    image: { layout: 'NCHW', channels, height, width },
    batch: images,
    outputs: classes,
    trained: trainableWeights(model),
    runtime: ort,
  });
  const optimiser: Optimiser = { kind: 'sgd', momentum: golden.sgd.momentum, decay: 0 };
  const graph = stepGraph({
    trainee: prepared,
    optimiser,
    augmentation: noAugmentation,
    offset: new Float32Array(channels),
    loss: softmaxCrossEntropy,
    lowering,
    inLoop,
  });
  const { dimension, packs } = prepared;
  const start = new Map([...prepared.prepared.weights].map(([own, weight]) => [own, float32Of(weight)]));
  const classifier = whole.graph.nodes.find(({ op, inputs }) => op === 'Gemm' && inputs[0] === tensor)!;
  const [kernel, bias] = classifier.inputs.slice(1).map((own) => float32Of(originsOf(whole.graph).constant(own)!));
  start.set(
    headKernel,
    kernel!.map((_, i) => kernel![(i % classes) * dimension + Math.floor(i / classes)]!),
  );
  start.set(headBias, bias!);
  const steps = golden.sgd.losses.length;
  const float = (data: Float32Array, dims: readonly number[]) => new ort.Tensor('float32', data, dims);
  const pixels = Uint8Array.from(readFileSync(join(folder, `${name}.input.f32`)));
  const targets = new Float32Array(images * classes);
  golden.labels.forEach((label, row) => {
    targets[row * classes + label] = 1;
  });
  const outputs = stepOutputs(
    graph.graph.outputs.map((output) => output.name),
    inLoop,
  );
  const carried = new Carried(ort, packs, optimiser, outputs.states);
  carried.reset((own) => bytesIn(start.get(own)!));
  const perRun = inLoop ? steps : 1;
  const order = Array.from({ length: perRun }, () => golden.labels.map((_, i) => BigInt(i))).flat();
  const [rate] = scalarsOf(optimiser, golden.sgd.learningRate, 1);
  const feeds: Record<string, ort.Tensor> = {
    ...(inLoop && { [stepNames.steps]: new ort.Tensor('int64', BigInt64Array.of(BigInt(steps)), []) }),
    [stepNames.images]: float(new Float32Array(pixels.buffer), golden.inputShape),
    [stepNames.targets]: float(targets, [images, classes]),
    [stepNames.order]: new ort.Tensor('int64', BigInt64Array.from(order), [perRun, images]),
    [stepNames.scalars]: float(new Float32Array(perRun).fill(rate!), [perRun, 1]),
    [stepNames.mean]: float(new Float32Array(dimension), [1, dimension]),
    [stepNames.scale]: float(new Float32Array(dimension).fill(1), [1, dimension]),
    ...carried.feeds(),
  };
  const session = await ort.InferenceSession.create(writeModel(graph), { intraOpNumThreads: 1, logSeverityLevel: 3 });
  try {
    const found: number[] = [];
    while (found.length < steps) {
      const own = new Float32Array(perRun);
      const into = { ...carried.fetches(), [outputs.losses]: float(own, [perRun]) };
      await (inLoop ? session.run(feeds, into) : runInto(session, feeds, into));
      found.push(...own);
    }
    return found;
  } finally {
    await session.release();
  }
}

/** Losses of SGD with momentum by PyTorch in float64, from networks of torchvision. */
describe.skipIf(!existsSync(folder))('ten steps follow PyTorch on', () => {
  // SqueezeNet is missing: its classifier is a convolution before the pooling.
  it.each(['resnet_basic', 'resnet_bottleneck', 'mobilenet_v2', 'densenet', 'shufflenet_v2', 'convnext', 'vit'])(
    '%s',
    { timeout: 60_000 },
    async (name) => {
      const golden = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Golden;
      const block = await blockOfThisProcessor(ort);
      for (const how of [
        { lowering: { block }, inLoop: true },
        { lowering: { block }, inLoop: false },
        { lowering: {}, inLoop: false },
        { lowering: { portable: true }, inLoop: true },
      ])
        (await losses(name, golden, how)).forEach((loss, step) => {
          const expected = golden.sgd.losses[step]!;
          // Rounding grows from step to step, faster where a rectifier's input passes zero.
          expect(Math.abs(loss - expected) / expected, `step ${step}, ${JSON.stringify(how)}`).toBeLessThan(1e-4);
        });
    },
  );
});
