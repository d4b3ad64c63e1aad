// One process that trains one exported network: node own-steps.ts FILE BATCH SIZE fast|standard SECONDS STEPS. Prints JSON.
import * as ort from 'onnxruntime-node';
import { writeModel } from '../../src/onnx/write.ts';
import { openSession } from '../../src/runtime/device.ts';
import { inferenceGraph, inferenceNames } from '../../src/training/inference-graph.ts';
import { trainee } from '../../src/training/network.ts';
import { Trainer } from '../../src/training/trainer.ts';
import { classes, threads } from './torch.ts';
import { loweringOf, type Path, trainedNetwork } from './trained-network.ts';

const [file, batchText, sizeText, path, secondsText, stepsText] = process.argv.slice(2) as [
  string,
  string,
  string,
  Path,
  string,
  string,
];
const [batch, size, seconds, steps] = [batchText, sizeText, secondsText, stepsText].map(Number) as [
  number,
  number,
  number,
  number,
];
const shared = trainedNetwork(file, batch, size);
const lowering = await loweringOf(path);
const length = 3 * size * size;
const images = Float32Array.from({ length: batch * length }, (_, i) => Math.sin(12.9898 * i + (i % 7)));

const trainer = await Trainer.open(ort, {
  ...shared,
  name: file,
  data: { images, labels: Array.from({ length: batch }, (_, i) => [i % classes]) },
  classes,
  task: 'multiclass',
  optimiser: { kind: 'sgd', momentum: 0.9, decay: 0 },
  augmentation: { flip: false, shift: 0, brightness: 0 },
  offset: new Float32Array(3),
  device: 'cpu',
  threads,
  lowering,
});
const all = Array.from({ length: batch }, (_, i) => i);
await trainer.reset(all);
const still = { flip: false, down: 0, right: 0, brightness: 1 };
/** Hardly a step at all: a run that diverges ends early, and would be timed as if it had not. */
const learningRates = (count: number) => new Float64Array(count).fill(1e-7);
async function train(count: number): Promise<void> {
  const batches = new Array(count).fill({ images: all, changes: all.map(() => still) });
  const { diverged } = await trainer.train({ batches, learningRates: learningRates(count) });
  if (diverged !== null) throw new Error(`Training diverged after ${diverged} steps.`);
}
const memory = () => process.memoryUsage.rss() / 2 ** 20;

const chunk = 3;
await train(chunk);
const times: number[] = [];
const resident: number[] = [memory()];
for (const end = performance.now() + 1000 * seconds; times.length * chunk < steps || performance.now() < end; ) {
  const started = performance.now();
  await train(chunk);
  times.push((performance.now() - started) / chunk);
  resident.push(memory());
}
const peak = process.resourceUsage().maxRSS / 1024;
await trainer.close();

/** Three passes forward, as training makes them: with weights that are inputs. */
async function forwardTimes(): Promise<number[]> {
  const prepared = await trainee({ ...shared, outputs: classes, runtime: ort });
  const graph = inferenceGraph(prepared, { multilabel: false, lowering });
  const { session } = await openSession(ort, writeModel(graph), { device: 'cpu', threads, name: file });
  const feeds: Record<string, ort.Tensor> = {};
  for (const { name, shape } of session.inputMetadata as unknown as { name: string; shape: number[] }[])
    feeds[name] = new ort.Tensor('float32', new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.01), shape);
  const found: number[] = [];
  for (const end = performance.now() + 500 * seconds; found.length < 5 || performance.now() < end; ) {
    const started = performance.now();
    await session.run(feeds, [inferenceNames.probabilities]);
    found.push(performance.now() - started);
  }
  await session.release();
  return found;
}

const sorted = (numbers: number[]) => numbers.toSorted((a, b) => a - b);
const median = (numbers: number[]) => sorted(numbers)[numbers.length >> 1]!;
const forward = seconds > 0 ? await forwardTimes() : [];
console.log(
  JSON.stringify({
    best: sorted(times)[0],
    median: median(times),
    peak,
    growth: resident.at(-1)! - resident[Math.min(resident.length - 1, 5)]!,
    ...(forward.length > 0 && { forward: median(forward), forwardBest: sorted(forward)[0] }),
  }),
);
