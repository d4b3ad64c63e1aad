/**
 * Computes what is trained on a graphics device and compares it with the processor, line by line on standard output. Run as a process
 * of its own: drivers crash, and some as the process ends.
 *
 *   node webgpu-child.ts [folder with networks]
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { residualNetwork } from '../../src/encoder/built-in/residual.ts';
import { chooseFeatures } from '../../src/encoder/feature-tensor.ts';
import type { Model } from '../../src/onnx/model.ts';
import { readModel } from '../../src/onnx/read.ts';
import { batchesOf } from '../../src/probe/finetune/order.ts';
import type { RunningDevice } from '../../src/runtime/device.ts';
import { trainedBy } from '../../src/training/strategies.ts';
import { Trainer } from '../../src/training/trainer.ts';
import { everyOperator } from '../helpers/every-operator.ts';
import { computed } from '../helpers/operator-model.ts';
import { deviation, randomNumbers } from '../helpers/training.ts';

/** A line of the child's output. */
export type Line =
  | { kind: 'unavailable'; reason: string }
  | { kind: 'available' }
  /** `deviation`: the largest difference to what the processor computes, relative to the largest number. */
  | { kind: 'compared'; name: string; deviation: number }
  | { kind: 'failed'; name: string; reason: string }
  | { kind: 'done' };

function say(line: Line): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const reasonOf = (error: unknown) => String((error as Error).message).split('\n')[0]!;

const worst = (numbers: readonly number[]) => numbers.reduce((most, own) => (own <= most ? most : own), 0);

async function attempt(name: string, compare: () => Promise<number>): Promise<void> {
  try {
    say({ kind: 'compared', name, deviation: await compare() });
  } catch (error) {
    say({ kind: 'failed', name, reason: reasonOf(error) });
  }
}

/** One operator and its gradients, in the form that every device can compute. */
async function compareOperator(model: Model): Promise<number> {
  const expected = await computed(model, { portable: true });
  const found = await computed(model, { portable: true, session: { executionProviders: ['webgpu', 'cpu'] } });
  return worst([
    ...expected.outputs.map((output, i) => deviation(found.outputs[i]!, output)),
    ...[...expected.gradients].map(([name, gradient]) => deviation(found.gradients.get(name)!, gradient)),
  ]);
}

/** Three training steps of a whole network. The processor computes in a form of its own. */
async function compareTraining(model: Model, features: string, side: number): Promise<number> {
  const [images, batch, steps] = [6, 3, 3];
  const input = model.graph.inputs.find(({ name }) => !model.graph.initializers.some((own) => own.name === name))!;
  const train = Array.from({ length: images }, (_, i) => i);
  const batches = batchesOf({ train, batch, steps, seed: 1, seedIndex: 0 });
  const trained = async (device: RunningDevice) => {
    const trainer = await Trainer.open(ort, {
      name: 'network',
      model,
      input: input.name,
      features,
      image: { layout: 'NCHW', channels: 3, height: side, width: side },
      data: {
        images: randomNumbers([images, 3, side, side], 'images').data,
        labels: train.map((i) => [i % 2]),
      },
      classes: 2,
      task: 'multiclass',
      trained: trainedBy('finetune', model, features),
      batch,
      optimiser: { kind: 'sgd', momentum: 0.9, decay: 1e-3, clip: 1 },
      augmentation: { flip: true, shift: 1 / 8, brightness: 0.1 },
      offset: new Float32Array(3),
      device,
      threads: 1,
    });
    await trainer.reset(train);
    // From the second step on the head is not 0, so that gradients reach the network's own weights.
    const { losses, norms } = await trainer.train({ batches, learningRates: new Float64Array(steps).fill(0.02) });
    const probabilities = await trainer.predict(train);
    const weights = trainer.weights();
    await trainer.close();
    return { losses, norms, probabilities, weights };
  };
  const [expected, found] = [await trained('cpu'), await trained('webgpu')];
  return worst([
    deviation(found.losses, expected.losses),
    deviation(found.norms, expected.norms),
    deviation(found.probabilities, expected.probabilities),
    ...[...expected.weights].map(([name, weight]) => deviation(found.weights.get(name)!, weight)),
  ]);
}

const folder = process.argv[2];
const known = folder && existsSync(join(folder, 'vit.onnx')) ? join(folder, 'vit.onnx') : undefined;

try {
  await computed(everyOperator()[0]!.model, {
    portable: true,
    session: { executionProviders: ['webgpu'], extra: { session: { disable_cpu_ep_fallback: '1' } } },
  });
  say({ kind: 'available' });
} catch (error) {
  say({ kind: 'unavailable', reason: reasonOf(error) });
  await end();
}
for (const { name, model } of everyOperator()) await attempt(name, () => compareOperator(model));
await attempt('three steps of a residual network', () =>
  compareTraining(residualNetwork({ height: 32, width: 32 }), 'features', 32),
);
if (known) {
  const { model, tensor } = chooseFeatures(readModel(readFileSync(known)));
  const shape = model.graph.inputs[0]!.tensor!.dims!;
  await attempt('three steps of a transformer', () => compareTraining(model, tensor, shape.at(-1) as number));
}
say({ kind: 'done' });
await end();

/** Once all is said, and before the driver can crash as its memory is given back. */
function end(): Promise<never> {
  return new Promise(() => process.stdout.write('', () => process.kill(process.pid, 'SIGKILL')));
}
