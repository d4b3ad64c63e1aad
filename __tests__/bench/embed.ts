import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImageRecord } from '../../src/dataset/types.ts';
import { describeImages } from '../../src/encoder/describe.ts';
import { type Encoder, loadEncoder } from '../../src/encoder/encoder.ts';
import { Networks } from '../../src/encoder/networks.ts';
import { decode } from '../../src/image/decode.ts';
import { resize, toTensor } from '../../src/image/preprocess.ts';
import { preprocessing } from '../../src/manifest/schema.ts';
import { loadNatives, type Natives } from '../../src/runtime/natives.ts';

const data = fileURLToPath(new URL('../../../shared/data', import.meta.url));
const baseline = fileURLToPath(new URL('../../../shared/bench/torch_baseline.py', import.meta.url));

export interface EmbedResult {
  images: number;
  cores: number;
  /** Core-milliseconds an image, measured apart on one thread. */
  decodeMs: number;
  inferenceMs: number;
  /** Images a second: what the parts allow on these cores, and what the whole path reached. Medians. */
  allowed: number;
  reached: number;
  ratio: number;
  /** The same in processor time, which other work on the machine disturbs less: parts ÷ whole, and the cores kept busy. */
  work: number;
  busy: number;
}

/**
 * Throughput from file to features on the processor against what its parts allow: cores ÷ (decoding + inference
 * core-seconds an image). Parts and whole take turns, so that a machine that slows down slows both.
 */
export async function benchEmbed(rounds = 3): Promise<EmbedResult | null> {
  const folder = join(data, 'datasets', 'clothing');
  const file = join(data, 'models', 'mobilenetv2_100_imagenet.onnx');
  if (!existsSync(folder) || !existsSync(file)) return null;
  const images = imagesIn(folder);
  const natives = await loadNatives({ need: ['onnxruntime-node', 'sharp'], log: console.error });
  const mean = [0.501961, 0.501961, 0.501961];
  const encoder = await loadEncoder({
    id: 'mobilenetv2',
    file,
    preprocessing: preprocessing.parse({ mean, std: mean }),
  });
  const cores = availableParallelism();

  const runs: { decode: number; inference: number; whole: number; work: number; busy: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const parts = await partsApart(images.slice(0, 200), encoder, natives);
    const before = process.cpuUsage();
    const started = performance.now();
    await describeImages(images, { encoders: [encoder], visual: false, device: 'cpu', natives: natives.from });
    const seconds = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(before);
    const processor = (user + system) / 1e6;
    runs.push({
      decode: parts.decode,
      inference: parts.inference,
      whole: images.length / seconds,
      work: (parts.processor * images.length) / processor,
      busy: processor / (seconds * cores),
    });
  }
  const [decodeSeconds, inferenceSeconds] = [median(runs.map((r) => r.decode)), median(runs.map((r) => r.inference))];
  const reached = median(runs.map((r) => r.whole));
  const allowed = cores / (decodeSeconds + inferenceSeconds);
  return {
    images: images.length,
    cores,
    decodeMs: decodeSeconds * 1000,
    inferenceMs: inferenceSeconds * 1000,
    allowed,
    reached,
    ratio: median(runs.map((r) => (r.whole * (r.decode + r.inference)) / cores)),
    work: median(runs.map((r) => r.work)),
    busy: median(runs.map((r) => r.busy)),
  };
}

/** Seconds an image on one thread: everything up to the network's input, and the network. */
async function partsApart(images: readonly ImageRecord[], encoder: Encoder, natives: Natives) {
  const sharp = natives.sharp!;
  sharp.concurrency(1);
  sharp.cache(false);
  const { height, width } = encoder;
  const inputs: Float32Array[] = [];
  const before = process.cpuUsage();
  const start = performance.now();
  for (const { file } of images) {
    const image = resize(await decode(sharp, file), { height, width, mode: 'squash' });
    const input = new Float32Array(3 * height * width);
    toTensor(image, encoder.preprocessing, input, 0);
    inputs.push(input);
  }
  const decoded = performance.now();
  const networks = (await Networks.open({ natives: natives.from, encoders: [encoder], device: 'cpu', threads: 1 }))!;
  await networks.run(0, inputs[0]!, 1);
  const opened = performance.now();
  const opening = process.cpuUsage(before);
  for (const input of inputs) await networks.run(0, input, 1);
  const end = performance.now();
  const { user, system } = process.cpuUsage(before);
  const openingShare = ((opened - decoded) / (opened - start)) * (opening.user + opening.system);
  return {
    decode: (decoded - start) / 1000 / images.length,
    inference: (end - opened) / 1000 / images.length,
    processor: (user + system - openingShare) / 1e6 / images.length,
  };
}

/** Images a second of PyTorch on the same folder, or null where Debian's PyTorch is not installed. */
export function torchImagesPerSecond(): number | null {
  if (!existsSync(baseline) || spawnSync('/usr/bin/python3', ['-c', 'import torch']).status !== 0) return null;
  const folder = join(data, 'datasets', 'clothing');
  const { status, stdout } = spawnSync('/usr/bin/python3', [baseline, 'embed', '/nonexistent', folder], {
    encoding: 'utf8',
    env: { ...process.env, THREADS: String(availableParallelism()) },
  });
  return status === 0 ? (JSON.parse(stdout) as { imagesPerSecond: number }).imagesPerSecond : null;
}

function imagesIn(folder: string): ImageRecord[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(png|jpe?g)$/i.test(name))
    .sort()
    .map((id) => ({ id, file: join(folder, id), labels: [], group: id }));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

if (import.meta.main) {
  const result = await benchEmbed(Number(process.argv[2] ?? 3));
  console.log(result ?? 'The shared images and networks are not here.');
  const torch = result && torchImagesPerSecond();
  if (torch) console.log({ torch, timesFaster: result.reached / torch });
}
