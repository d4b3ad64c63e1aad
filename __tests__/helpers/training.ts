import * as ort from 'onnxruntime-node';
import { GraphBuilder } from '../../src/onnx/build.ts';
import type { Model } from '../../src/onnx/model.ts';
import { canonicalOpset } from '../../src/onnx/upgrade.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { seededRandom } from '../../src/random.ts';
import { Ops } from '../../src/training/ops.ts';
import type { TrainerOptions } from '../../src/training/trainer-options.ts';
import type { TrainingData } from '../../src/training/training-data.ts';
import type { Value } from '../../src/training/value.ts';

export interface Numbers {
  data: Float32Array;
  shape: readonly number[];
}

/** Normal numbers that depend on the seed alone. */
export function randomNumbers(shape: readonly number[], ...seed: (string | number)[]): Numbers {
  const random = seededRandom(0, ...seed);
  return { data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()), shape };
}

/** Emits a graph on the given inputs and opens it; each call computes it on other numbers. */
export async function compiled<In extends string, Out extends string>(
  shapes: Readonly<Record<In, readonly number[]>>,
  emit: (ops: Ops, given: Record<In, Value>) => Record<Out, Value>,
): Promise<{
  run(feeds: Record<In, Float32Array>): Promise<Record<Out, Float32Array>>;
  ops: string[];
  close(): Promise<void>;
}> {
  const builder = new GraphBuilder('test');
  const ops = new Ops(builder);
  const entries = Object.entries(shapes) as [In, readonly number[]][];
  const given = Object.fromEntries(
    entries.map(([name, shape]) => {
      builder.input(name, [...shape]);
      return [name, { name, shape, type: 'float32', layout: 'plain' } satisfies Value];
    }),
  ) as unknown as Record<In, Value>;
  const made = Object.entries(emit(ops, given)) as [Out, Value][];
  const nodes = builder.graph().nodes.map(({ op }) => op);
  // Under names of their own: two results may be one tensor.
  for (const [name, value] of made) builder.output(builder.node('Identity', [value.name], {}, `result ${name}`));
  const session = await ort.InferenceSession.create(writeModel(builder.model(canonicalOpset)), { logSeverityLevel: 3 });
  return {
    ops: nodes,
    run: async (feeds) => {
      const found = await session.run(
        Object.fromEntries(entries.map(([name, shape]) => [name, new ort.Tensor('float32', feeds[name], shape)])),
      );
      const results = made.map(([name]) => [name, Float32Array.from(found[`result ${name}`]!.data as Float32Array)]);
      return Object.fromEntries(results) as Record<Out, Float32Array>;
    },
    close: () => session.release(),
  };
}

/** The largest difference between numbers and what they should be, relative to the largest of these. */
export function deviation(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  let [most, difference] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    most = Math.max(most, Math.abs(expected[i]!));
    const own = Math.abs(found[i]! - expected[i]!);
    difference = own <= difference ? difference : own;
  }
  return most === 0 ? difference : difference / most;
}

const side = 8;

/** Noisy stripes of period 4 and random phase: class 0 lies across, class 1 upright, class 2 slants. One channel. */
export function stripedImages(images: number, classes: 2 | 3, seed = 0): TrainingData {
  const random = seededRandom(seed, 'striped images');
  const labels = Array.from({ length: images }, (_, i) => [i % classes]);
  const data = labels.flatMap(([label]) => {
    const phase = random.integer(4);
    return Array.from({ length: side * side }, (_, i) => {
      const [x, y] = [i % side, Math.floor(i / side)];
      const place = [y, x, x + y][label!]!;
      return ((place + phase) % 4 < 2 ? 1 : -1) + 0.3 * random.normal();
    });
  });
  return { images: Float32Array.from(data), labels };
}

/** Two dense layers on an image of one channel, with random weights: 64 → 24 → 12 features. */
export function denseNetwork(): Model {
  const g = new GraphBuilder('dense');
  g.input('image', ['N', 1, side, side]);
  const weight = (name: string, shape: number[], size: number) =>
    g.constant(
      name,
      randomNumbers(shape, name).data.map((x) => x * size),
      shape,
    );
  const flat = g.node('Flatten', ['image'], { axis: 1 });
  const first = g.node('Gemm', [flat, weight('w1', [64, 24], 0.2), weight('b1', [24], 0.1)]);
  const second = g.node('Gemm', [g.node('Relu', [first]), weight('w2', [24, 12], 0.3), weight('b2', [12], 0.1)]);
  g.node('Relu', [second], {}, 'features');
  g.output('features', ['N', 12]);
  return g.model(18);
}

export const denseWeights = new Set(['w1', 'b1', 'w2', 'b2']);

/** A trainer of the dense network on 60 striped images of 3 classes. */
export function denseTrainer(changes: Partial<TrainerOptions> = {}): TrainerOptions {
  return {
    name: 'dense',
    model: denseNetwork(),
    input: 'image',
    features: 'features',
    image: { layout: 'NCHW', channels: 1, height: side, width: side },
    data: stripedImages(60, 3),
    classes: 3,
    task: 'multiclass',
    trained: denseWeights,
    batch: 8,
    optimiser: { kind: 'sgd', momentum: 0.9, decay: 1e-3, clip: 5 },
    augmentation: { flip: true, shift: 1 / 8, brightness: 0.1 },
    offset: Float32Array.of(0.5),
    device: 'cpu',
    threads: 1,
    ...changes,
  };
}

export const noAugmentation = { flip: false, shift: 0, brightness: 0 };
