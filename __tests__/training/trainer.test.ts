import * as ort from 'onnxruntime-node';
import { afterEach, describe, expect, it } from 'vitest';
import { TransferEvidenceError } from '../../src/errors.ts';
import type { Model } from '../../src/onnx/model.ts';
import { type Batch, batchesOf } from '../../src/probe/finetune/order.ts';
import { headBias, headKernel } from '../../src/training/head.ts';
import { Trainer } from '../../src/training/trainer.ts';
import type { TrainerOptions } from '../../src/training/trainer-options.ts';
import { denseNetwork, denseTrainer, deviation, noAugmentation, stripedImages } from '../helpers/training.ts';

const opened: Trainer[] = [];

async function open(changes: Partial<TrainerOptions> = {}): Promise<Trainer> {
  const trainer = await Trainer.open(ort, denseTrainer(changes));
  opened.push(trainer);
  return trainer;
}

afterEach(async () => {
  for (const trainer of opened.splice(0)) await trainer.close();
});

const train = Array.from({ length: 40 }, (_, i) => i);
const test = Array.from({ length: 20 }, (_, i) => 40 + i);
const batches = (steps: number, seedIndex = 0) => batchesOf({ train, batch: 8, steps, seed: 3, seedIndex });
const constant = (steps: number, rate: number) => new Float64Array(steps).fill(rate);
const run = (steps: number, rate = 0.02, seedIndex = 0) => ({
  batches: batches(steps, seedIndex),
  learningRates: constant(steps, rate),
});

const bytes = (weights: Map<string, Float32Array>) =>
  [...weights].map(([name, { buffer }]) => [name, Buffer.from(buffer).toString('hex')]);

function accuracy(probabilities: Float32Array, images: readonly number[], classes: number): number {
  const right = images.filter((image, row) => {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    return own.indexOf(Math.max(...own)) === image % classes;
  });
  return right.length / images.length;
}

describe('training', () => {
  it('lowers the loss and tells images apart that it has not seen', async () => {
    const trainer = await open({
      data: stripedImages(150, 3),
      augmentation: { flip: false, shift: 1 / 8, brightness: 0.1 },
    });
    const many = Array.from({ length: 120 }, (_, i) => i);
    const rest = Array.from({ length: 30 }, (_, i) => 120 + i);
    await trainer.reset(many);
    expect(accuracy(await trainer.predict(rest), rest, 3)).toBeLessThan(0.5);
    const steps = batchesOf({ train: many, batch: 8, steps: 250, seed: 1, seedIndex: 0 });
    const { losses, diverged } = await trainer.train({ batches: steps, learningRates: constant(250, 0.02) });
    expect(diverged).toBeNull();
    expect(losses[0]).toBeCloseTo(Math.log(3), 5);
    expect(losses.slice(-20).reduce((a, b) => a + b) / 20).toBeLessThan(0.2);
    expect(accuracy(await trainer.predict(rest), rest, 3)).toBeGreaterThan(0.95);
  });

  it('gives the same bytes for the same batches, whatever it did before', async () => {
    const trainer = await open();
    await trainer.reset(train);
    const first = await trainer.train(run(12));
    const weights = bytes(trainer.weights());
    await trainer.reset(train);
    await trainer.train(run(5, 0.1, 1));
    expect(bytes(trainer.weights())).not.toEqual(weights);
    await trainer.reset(train);
    expect(await trainer.train(run(12))).toEqual(first);
    expect(bytes(trainer.weights())).toEqual(weights);
    const other = await open();
    await other.reset(train);
    expect(await other.train(run(12))).toEqual(first);
  });

  it.each<[string, Partial<TrainerOptions>]>([
    ['SGD', {}],
    ['AdamW', { optimiser: { kind: 'adamw', decay: 0.05 } }],
  ])('gives the same bytes in one run of many steps as in many runs of one, with %s', async (_, changes) => {
    const trainer = await open(changes);
    const chunks: number[] = [];
    await trainer.reset(train);
    // The first calls learn how fast it is; then a second's steps go together.
    await trainer.train(run(4));
    await trainer.reset(train);
    const whole = await trainer.train(run(30), { onChunk: (_, { losses }) => chunks.push(losses.length) });
    expect(chunks).toEqual([30]);
    const weights = bytes(trainer.weights());
    await trainer.reset(train);
    const losses: number[] = [];
    for (let i = 0; i < 30; i++) {
      const { batches, learningRates } = run(30);
      const one = await trainer.train({ batches: [batches[i]!], learningRates: learningRates.slice(i, i + 1) });
      losses.push(...one.losses);
    }
    expect(losses).toEqual(whole.losses);
    expect(bytes(trainer.weights())).toEqual(weights);
  });

  it.each<[string, Partial<TrainerOptions>]>([
    ['SGD', {}],
    ['SGD without momentum', { optimiser: { kind: 'sgd', momentum: 0, decay: 0.01 } }],
    [
      'Nesterov, decay and clipping',
      { optimiser: { kind: 'sgd', momentum: 0.9, nesterov: true, decay: 0.01, clip: 0.5 } },
    ],
    ['AdamW', { optimiser: { kind: 'adamw', decay: 0.05 } }],
    ['AdamW and clipping', { optimiser: { kind: 'adamw', decay: 0.05, clip: 0.5 } }],
  ])('overwrites weights step by step with the numbers of a Loop, with %s', async (_, changes) => {
    const trained = async (inLoop: boolean) => {
      const trainer = await open({ ...changes, inLoop, threads: 2 });
      await trainer.reset(train);
      const { losses, norms } = await trainer.train(run(30));
      return { losses, norms, weights: bytes(trainer.weights()) };
    };
    const [loop, single] = [await trained(true), await trained(false)];
    expect(single).toEqual(loop);
  });

  it('is gradient descent on the softmax regression of standardised features when only the head is trained', async () => {
    const settings = { momentum: 0.9, decay: 0.01 };
    const trainer = await open({
      trained: new Set(),
      augmentation: noAugmentation,
      optimiser: { kind: 'sgd', ...settings },
    });
    await trainer.reset(train);
    const features = await trainer.features([...train, ...test]);
    const steps = 25;
    const rates = Float64Array.from({ length: steps }, (_, i) => 0.3 / (1 + i));
    const { losses } = await trainer.train({ batches: batches(steps), learningRates: rates });
    const expected = softmaxRegression(features, batches(steps), rates, settings);
    expect(deviation(losses, expected.losses)).toBeLessThan(1e-5);
    const found = trainer.weights();
    expect([...found.keys()].sort()).toEqual([headBias, headKernel].sort());
    expect(deviation(found.get(headKernel)!, expected.kernel)).toBeLessThan(1e-5);
    expect(deviation(found.get(headBias)!, expected.bias)).toBeLessThan(1e-5);
    const all = [...train, ...test];
    expect(deviation(await trainer.predict(all), expected.probabilities)).toBeLessThan(1e-5);
  });

  it('trains a network whose tensors are called as the training graph would call its own', async () => {
    const model = denseNetwork();
    const own = model.graph.nodes.flatMap(({ outputs }) => outputs).filter((name) => name !== 'features');
    const others = ['losses', 'norms', 'withheld', 'train: state 0 weights'];
    expect(own).toHaveLength(others.length);
    const named = (name: string) => others[own.indexOf(name)] ?? name;
    const nodes = model.graph.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(named),
      outputs: node.outputs.map(named),
    }));
    // Of what is not trained the names stay as they are.
    const trainedAs = async (network: Model) => {
      const trainer = await open({ model: network, trained: new Set(['w2']) });
      await trainer.reset(train);
      return trainer.train(run(5));
    };
    const renamed = { ...model, graph: { ...model.graph, nodes } };
    expect(await trainedAs(renamed)).toEqual(await trainedAs(model));
  });

  it('trains the named weights and no others', async () => {
    const trainer = await open({ trained: new Set(['w2']) });
    await trainer.reset(train);
    const before = trainer.weights();
    expect([...before.keys()].sort()).toEqual([headBias, headKernel, 'w2'].sort());
    await trainer.train(run(3));
    const after = trainer.weights();
    for (const [name, values] of before) expect(after.get(name), name).not.toEqual(values);
  });

  it('starts from other weights when told, and standardises by what they make of the images', async () => {
    const trainer = await open();
    const other = new Map([['w1', new Float32Array(64 * 24).map((_, i) => Math.sin(i) / 10)]]);
    await trainer.reset(train);
    const usual = await trainer.features(train);
    await trainer.reset(train, other);
    expect(trainer.weights().get('w1')).toEqual(other.get('w1'));
    expect(await trainer.features(train)).not.toEqual(usual);
    const { losses } = await trainer.train(run(10));
    await trainer.reset(train);
    expect((await trainer.train(run(10))).losses).not.toEqual(losses);
    await expect(trainer.reset(train, new Map([['w1', new Float32Array(3)]]))).rejects.toMatchObject({
      code: 'shape-mismatch',
    });
    await expect(trainer.reset(train, new Map([['nobody', new Float32Array(3)]]))).rejects.toMatchObject({
      code: 'shape-mismatch',
    });
  });

  it('trains the head faster when it has a multiple of the learning rate', async () => {
    const [usual, fast] = [await open(), await open({ headRate: 10 })];
    for (const trainer of [usual, fast]) {
      await trainer.reset(train);
      await trainer.train(run(1, 0.001));
    }
    const kernel = (trainer: Trainer) => trainer.weights().get(headKernel)!;
    expect(
      deviation(
        kernel(fast),
        kernel(usual).map((x) => 10 * x),
      ),
    ).toBeLessThan(1e-5);
  });

  it('learns under augmentation what it would not without: that mirrored images belong together', async () => {
    // Class 2 slants down to the left; its mirror images are told from it only by a network that never saw them mirrored.
    const data = stripedImages(60, 3);
    const mirrored = data.images.map((_, i) => data.images[i - (i % 8) + 7 - (i % 8)]!);
    const both = {
      images: Float32Array.from([...data.images, ...mirrored]),
      labels: [...data.labels, ...data.labels],
    };
    const slanting = Array.from({ length: 60 }, (_, i) => 60 + i).filter((i) => i % 3 === 2);
    const recall = async (flip: boolean) => {
      const trainer = await open({ data: both, augmentation: { flip, shift: 0, brightness: 0 } });
      await trainer.reset(train);
      await trainer.train(run(200));
      return accuracy(await trainer.predict(slanting), slanting, 3);
    };
    expect(await recall(true)).toBeGreaterThan((await recall(false)) + 0.2);
  });
});

describe('ending early', () => {
  it('stops at the step whose loss is not finite, and says which', async () => {
    const trainer = await open({ optimiser: { kind: 'sgd', momentum: 0, decay: 0 } });
    await trainer.reset(train);
    const rates = constant(50, 0.01).fill(1e38, 7);
    const { diverged, losses } = await trainer.train({ batches: batches(50), learningRates: rates });
    expect(diverged).toBeGreaterThanOrEqual(7);
    expect(diverged).toBeLessThan(11);
    expect(losses).toHaveLength(diverged! + 1);
    expect(losses.slice(0, 8).every(Number.isFinite)).toBe(true);
    // And is as good as new afterwards.
    await trainer.reset(train);
    expect((await trainer.train(run(20))).diverged).toBeNull();
  });

  it('stops between two chunks when cancelled, with the reason where that is the program’s', async () => {
    const trainer = await open();
    await trainer.reset(train);
    const cancel = async (reason?: Error) => {
      const controller = new AbortController();
      let steps = 0;
      const training = trainer.train(run(5000, 0.001), {
        onChunk: (done) => {
          steps = done;
          controller.abort(reason);
        },
        signal: controller.signal,
      });
      const error = await training.catch((thrown) => thrown);
      expect(steps).toBeGreaterThan(0);
      expect(steps).toBeLessThan(5000);
      return error;
    };
    expect(await cancel()).toMatchObject({ code: 'cancelled' });
    const reason = new TransferEvidenceError('time-out', 'The time was up.');
    expect(await cancel(reason)).toBe(reason);
  });
});

describe('tasks', () => {
  it('gives the probability of class 1 alone for two classes', async () => {
    const trainer = await open({ data: stripedImages(60, 2), classes: 2, task: 'binary' });
    await trainer.reset(train);
    expect(await trainer.predict(test)).toEqual(new Float32Array(20).fill(0.5));
    await trainer.train(run(150));
    const probabilities = await trainer.predict(test);
    expect(probabilities).toHaveLength(20);
    const right = test.filter((image, row) => Number(probabilities[row]! > 0.5) === image % 2);
    expect(right.length).toBeGreaterThan(17);
  });

  it('gives a probability a label where labels are independent', async () => {
    const { images, labels } = stripedImages(60, 3);
    // Label 0: across; label 1: not across. Slanting images carry label 1 too, and label 2.
    const own = labels.map(([label]) => (label === 0 ? [0] : label === 1 ? [1] : [1, 2]));
    const trainer = await open({ data: { images, labels: own }, task: 'multilabel', augmentation: noAugmentation });
    await trainer.reset(train);
    expect(await trainer.predict([0])).toEqual(new Float32Array(3).fill(0.5));
    const { losses } = await trainer.train(run(200, 0.05));
    expect(losses[0]).toBeCloseTo(Math.log(2), 5);
    const probabilities = await trainer.predict(train);
    const right = train.flatMap((image, row) =>
      [0, 1, 2].filter((label) => own[image]!.includes(label) === probabilities[row * 3 + label]! > 0.5),
    );
    expect(right.length / (3 * train.length)).toBeGreaterThan(0.95);
  });
});

it('predicts any number of images, in the order asked', async () => {
  const trainer = await open();
  await trainer.reset(train);
  await trainer.train(run(20));
  const all = await trainer.predict([...train, ...test]);
  const some = await trainer.predict([41, 3, 3]);
  for (const [row, image] of [41, 3, 3].entries())
    expect(deviation(some.slice(3 * row, 3 * row + 3), all.slice(3 * image, 3 * image + 3))).toBeLessThan(1e-6);
  expect(await trainer.predict([])).toEqual(new Float32Array());
});

it('measures a step and an image, slower with a larger batch', async () => {
  const [small, large] = [await open({ batch: 4 }), await open({ batch: 512 })];
  const speeds = [await small.measure(0.5), await large.measure(0.5)] as const;
  for (const { secondsPerStep, secondsPerImage } of speeds) {
    expect(secondsPerStep).toBeGreaterThan(0);
    expect(secondsPerImage).toBeGreaterThan(0);
    expect(secondsPerStep).toBeLessThan(1);
  }
  expect(speeds[1].secondsPerStep).toBeGreaterThan(speeds[0].secondsPerStep);
});

describe('refusals', () => {
  it.each<[string, Partial<TrainerOptions>]>([
    ['images of another size', { image: { layout: 'NCHW', channels: 1, height: 7, width: 8 } }],
    ['a class that does not exist', { classes: 2 }],
    ['offsets of other channels', { offset: new Float32Array(3) }],
    ['no images a step', { batch: 0 }],
    ['two classes of one image', { data: { ...stripedImages(60, 3), labels: new Array(60).fill([0, 1]) } }],
  ])('names %s', async (_, changes) => {
    await expect(open(changes)).rejects.toMatchObject({ code: 'shape-mismatch' });
  });

  it('names batches, rates and images that do not fit, and a trainer that was not reset', async () => {
    const trainer = await open();
    await expect(trainer.train(run(1))).rejects.toMatchObject({ code: 'input-invalid' });
    await trainer.reset(train);
    const wrong: { batches: Batch[]; learningRates: Float64Array }[] = [
      { batches: batches(2), learningRates: constant(3, 0.1) },
      { batches: batchesOf({ train, batch: 7, steps: 1, seed: 1, seedIndex: 0 }), learningRates: constant(1, 0.1) },
      {
        batches: batches(1).map((own) => ({ ...own, images: own.images.with(2, 60) })),
        learningRates: constant(1, 0.1),
      },
    ];
    for (const one of wrong) await expect(trainer.train(one)).rejects.toMatchObject({ code: 'shape-mismatch' });
    await expect(trainer.predict([-1])).rejects.toMatchObject({ code: 'shape-mismatch' });
  });
});

/** Softmax regression by gradient descent with momentum, in float64. */
function softmaxRegression(
  features: Float32Array,
  order: readonly Batch[],
  rates: Float64Array,
  { momentum, decay }: { momentum: number; decay: number },
) {
  const [dimension, classes] = [12, 3];
  const rows = Array.from({ length: 60 }, (_, i) => Array.from(features.subarray(i * dimension, (i + 1) * dimension)));
  const mean = Array.from(
    { length: dimension },
    (_, d) => train.reduce((sum, i) => sum + rows[i]![d]!, 0) / train.length,
  );
  const own = mean.map((m, d) => Math.sqrt(train.reduce((sum, i) => sum + (rows[i]![d]! - m) ** 2, 0) / train.length));
  const least = 0.1 * Math.sqrt(own.reduce((sum, value) => sum + value ** 2, 0) / dimension);
  const std = own.map((value) => Math.max(value, least));
  const x = rows.map((row) => row.map((value, d) => (value - mean[d]!) / std[d]!));
  const kernel = new Float64Array(dimension * classes);
  const bias = new Float64Array(classes);
  const [kernelMoment, biasMoment] = [new Float64Array(kernel.length), new Float64Array(classes)];
  const softmax = (row: number[]) => {
    const logits = Array.from(bias, (b, k) => row.reduce((sum, value, d) => sum + value * kernel[d * classes + k]!, b));
    const powers = logits.map((z) => Math.exp(z - Math.max(...logits)));
    return powers.map((p) => p / powers.reduce((a, b) => a + b));
  };
  const losses = order.map(({ images }, step) => {
    const kernelGradient = kernel.map((w) => decay * w);
    const biasGradient = new Float64Array(classes);
    let loss = 0;
    for (const image of images) {
      const p = softmax(x[image]!);
      loss -= Math.log(p[image % classes]!) / images.length;
      p.forEach((value, k) => {
        const error = (value - Number(k === image % classes)) / images.length;
        biasGradient[k]! += error;
        x[image]!.forEach((own, d) => {
          kernelGradient[d * classes + k]! += own * error;
        });
      });
    }
    kernel.forEach((_, i) => {
      kernelMoment[i] = momentum * kernelMoment[i]! + kernelGradient[i]!;
      kernel[i]! -= rates[step]! * kernelMoment[i]!;
    });
    bias.forEach((_, k) => {
      biasMoment[k] = momentum * biasMoment[k]! + biasGradient[k]!;
      bias[k]! -= rates[step]! * biasMoment[k]!;
    });
    return loss;
  });
  return { losses, kernel, bias, probabilities: x.flatMap(softmax) };
}
