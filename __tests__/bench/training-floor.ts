import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { GraphBuilder } from '../../src/onnx/build.ts';
import { elements, type Model } from '../../src/onnx/model.ts';
import { readModel } from '../../src/onnx/read.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { blockOfThisProcessor } from '../../src/training/blocked-support.ts';
import { prepare } from '../../src/training/prepare.ts';
import { cases, exportNetworks, pythonWithTorch, threads, torchSteps } from './torch.ts';

/**
 * The least time that a training step can take with this runtime's kernels: the arithmetic of its convolutions and products, at the
 * highest rate that the runtime reaches in one large matrix product or one well-shaped blocked convolution, with everything
 * else for free; against PyTorch's whole step. Above 1, no arrangement of the runtime's operators is as fast as PyTorch.
 * Run: node __tests__/bench/training-floor.ts [turns]
 */
async function floor(python: string, turns: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-training-'));
  try {
    exportNetworks(python, folder);
    const probes = [await productProbe(), await convolutionProbe()];
    console.log('                           GFLOP   GFLOP/s: product  blocked conv   least ms   PyTorch ms   ratio');
    for (const { network, batch, size } of cases) {
      const work = await arithmetic(readModel(readFileSync(join(folder, `${network}.onnx`))), [batch, 3, size, size]);
      const rounds: { torch: number; rates: number[] }[] = [];
      for (let turn = 0; turn < turns; turn++) {
        const torch = torchSteps(python, { network, batch, size } as (typeof cases)[number], { seconds: 6 }).best;
        const rates: number[] = [];
        for (const probe of probes) rates.push(await probe());
        rounds.push({ torch, rates });
      }
      const [product, convolution] = [0, 1].map((i) => Math.max(...rounds.map(({ rates }) => rates[i]!))) as [
        number,
        number,
      ];
      const least = (1000 * work) / Math.max(product, convolution);
      const torch = Math.min(...rounds.map((round) => round.torch));
      console.log(
        `${`${network} ${batch}×3×${size}×${size}`.padEnd(26)}${(work / 1e9).toFixed(1).padStart(6)}${(product / 1e9).toFixed(0).padStart(18)}${(convolution / 1e9).toFixed(0).padStart(14)}${least.toFixed(0).padStart(11)}${torch.toFixed(0).padStart(13)}${(least / torch).toFixed(2).padStart(8)}`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Floating-point operations of a step: every product forward, for the weights and, except from the image, for the input. */
async function arithmetic(model: Model, shape: readonly number[]): Promise<number> {
  const { graph, facts } = await prepare(model, { inputs: { input: shape }, runtime: ort });
  const dims = (name: string) => facts.get(name)!.shape;
  let sum = 0;
  for (const { op, inputs, outputs } of graph.nodes) {
    if (op !== 'Conv' && op !== 'Gemm') continue;
    const products = op === 'Conv' ? elements(dims(inputs[1]!).slice(1)) : dims(inputs[0]!).at(-1)!;
    sum += 2 * elements(dims(outputs[0]!)) * products * (inputs[0] === 'input' ? 2 : 3);
  }
  return sum;
}

/** Operations a second of a product of two matrices of 1024 × 1024. */
async function productProbe(): Promise<() => Promise<number>> {
  const size = 1024;
  const graph = new GraphBuilder('product');
  const [a, b] = [graph.input('a', [size, size]), graph.input('b', [size, size])];
  graph.output(graph.node('MatMul', [a, b], {}, 'y'), [size, size]);
  return rateOf(graph.model(), { a: [size, size], b: [size, size] }, 2 * size ** 3);
}

/** Of a blocked convolution with 3 × 3 kernels between 128 channels, on 16 maps of 28 × 28. */
async function convolutionProbe(): Promise<() => Promise<number>> {
  if ((await blockOfThisProcessor(ort)) === undefined) return async () => 0;
  const [x, w] = [
    [16, 128, 28, 28],
    [128, 128, 3, 3],
  ] as [number[], number[]];
  const graph = new GraphBuilder('convolution');
  const inputs = [graph.input('x', x), graph.input('w', w)];
  const attributes = { pads: [1, 1, 1, 1], kernel_shape: [3, 3] };
  const [made] = graph.nodes('Conv', inputs, attributes, ['y'], 'com.microsoft.nchwc');
  graph.output(made!, x);
  const model = graph.model(18, ['com.microsoft.nchwc']);
  return rateOf(model, { x, w }, 2 * elements(x) * elements(w.slice(1)));
}

async function rateOf(
  model: Model,
  shapes: Record<string, number[]>,
  operations: number,
): Promise<() => Promise<number>> {
  const session = await ort.InferenceSession.create(writeModel(model), {
    intraOpNumThreads: threads,
    logSeverityLevel: 3,
  });
  const feeds = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      new ort.Tensor('float32', new Float32Array(elements(shape)).fill(0.01), shape),
    ]),
  );
  return async () => {
    let best = Number.POSITIVE_INFINITY;
    for (const end = performance.now() + 2000; performance.now() < end; ) {
      const started = performance.now();
      await session.run(feeds);
      best = Math.min(best, performance.now() - started);
    }
    return (1000 * operations) / best;
  };
}

if (import.meta.main) {
  const python = pythonWithTorch();
  if (python) await floor(python, Number(process.argv[2] ?? 3));
  else
    console.log(
      'Nothing to compare with: no python3 here can import torch and torchvision (Debian: python3-torchvision).',
    );
}
