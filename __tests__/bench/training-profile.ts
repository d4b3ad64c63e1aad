import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { writeModel } from '../../src/onnx/write.ts';
import { runInto } from '../../src/runtime/run-into.ts';
import { softmaxCrossEntropy } from '../../src/training/losses.ts';
import { trainee } from '../../src/training/network.ts';
import { stepGraph } from '../../src/training/step-graph.ts';
import { type Case, cases, classes, exportNetworks, pythonWithTorch, threads, torchSteps } from './torch.ts';
import { loweringOf, type Path, trainedNetwork } from './trained-network.ts';

/**
 * Where the time of a training step goes, by the runtime's own profile: what its products and convolutions take by themselves, all
 * else for free, against PyTorch's whole step in turns. Near 1, nothing but other products and convolutions can make the step as
 * fast as PyTorch's. Run: node __tests__/bench/training-profile.ts [turns] [part of a network's name]
 */
const arithmetic = ['Conv', 'FusedConv', 'ConvTranspose', 'Gemm', 'MatMul', 'FusedMatMul'];

/** Milliseconds a step by kind of operator. */
type Profile = Record<string, number>;

const steps = 12;

async function profile(file: string, { batch, size }: Case, path: Path, folder: string): Promise<Profile> {
  const network = await trainee({ ...trainedNetwork(file, batch, size), outputs: classes, runtime: ort });
  const graph = stepGraph({
    trainee: network,
    optimiser: { kind: 'sgd', momentum: 0.9, decay: 0 },
    augmentation: { flip: false, shift: 0, brightness: 0 },
    offset: new Float32Array(3),
    loss: (ops, logits, targets) => softmaxCrossEntropy(ops, logits, targets, {}),
    lowering: await loweringOf(path),
    inLoop: false,
  });
  const session = await ort.InferenceSession.create(writeModel(graph), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    enableMemPattern: false,
    logSeverityLevel: 3,
    enableProfiling: true,
    profileFilePrefix: join(folder, 'profile'),
  });
  const feeds = Object.fromEntries(
    (session.inputMetadata as unknown as { name: string; shape: (number | string)[]; type: string }[]).map(
      ({ name, shape, type }) => {
        const dims = shape.map((size) => (typeof size === 'number' ? size : size === 'images' ? batch : 1));
        const count = dims.reduce((product, size) => product * size, 1);
        const tensor =
          type === 'int64'
            ? new ort.Tensor(
                'int64',
                BigInt64Array.from({ length: count }, (_, i) => BigInt(i % batch)),
                dims,
              )
            : new ort.Tensor(
                'float32',
                Float32Array.from({ length: count }, (_, i) => 0.02 * Math.sin(12.9 * i)),
                dims,
              );
        return [name, tensor];
      },
    ),
  );
  for (let step = 0; step < steps; step++) await runInto(session, feeds, {});
  session.endProfiling();
  await session.release();
  const written = readdirSync(folder).find((name) => name.startsWith('profile'))!;
  const events = JSON.parse(readFileSync(join(folder, written), 'utf8')) as Event[];
  rmSync(join(folder, written));
  return byKind(events);
}

interface Event {
  cat: string;
  name: string;
  /** Microseconds. */
  dur: number;
  args: { op_name?: string };
}

/** Medians over the steps, so that one that was disturbed does not count. */
function byKind(events: readonly Event[]): Profile {
  const ofNodes = new Map<string, { kind: string; times: number[] }>();
  for (const { cat, name, dur, args } of events) {
    if (cat !== 'Node' || !name.endsWith('_kernel_time')) continue;
    const node = ofNodes.get(name) ?? { kind: args.op_name!, times: [] };
    ofNodes.set(name, node);
    node.times.push(dur);
  }
  const found: Profile = {};
  for (const { kind, times } of ofNodes.values()) found[kind] = (found[kind] ?? 0) + median(times) / 1000;
  return found;
}

async function compare(python: string, turns: number, part: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-training-'));
  try {
    exportNetworks(python, folder);
    console.log('ms a step, medians             PyTorch   operators   products and convolutions   ÷ PyTorch   others');
    for (const own of cases.filter(({ network }) => network.includes(part)))
      for (const path of ['fast', 'standard'] as const) {
        const rounds = Array.from({ length: turns }, () => ({
          torch: torchSteps(python, own, { seconds: 4 }).median,
          own: inChild(folder, own, path),
        }));
        const kinds = new Set(rounds.flatMap((round) => Object.keys(round.own)));
        const ofKind = [...kinds].map((kind) => [kind, median(rounds.map((round) => round.own[kind] ?? 0))] as const);
        const sum = (pairs: typeof ofKind) => pairs.reduce((total, [, ms]) => total + ms, 0);
        const products = sum(ofKind.filter(([kind]) => arithmetic.includes(kind)));
        const ratio = median(
          rounds.map(
            ({ torch, own: profiled }) =>
              sum(Object.entries(profiled).filter(([kind]) => arithmetic.includes(kind))) / torch,
          ),
        );
        const others = ofKind
          .filter(([kind]) => !arithmetic.includes(kind))
          .toSorted(([, a], [, b]) => b - a)
          .slice(0, 6)
          .map(([kind, ms]) => `${kind} ${ms.toFixed(1)}`);
        console.log(
          `${`${own.network} ${own.batch}×3×${own.size}×${own.size} ${path}`.padEnd(35)}${median(rounds.map(({ torch }) => torch)).toFixed(0)}${sum(ofKind).toFixed(0).padStart(12)}${products.toFixed(0).padStart(20)}${ratio.toFixed(2).padStart(18)}   ${others.join(', ')}`,
        );
      }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function inChild(folder: string, { network, batch, size }: Case, path: Path): Profile {
  const args = [import.meta.filename, 'profile', join(folder, `${network}.onnx`), batch, size, path, folder].map(
    String,
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Profiling ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout);
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}

if (import.meta.main) {
  const [first = '3', second = '', batch, size, path, folder] = process.argv.slice(2);
  const python = pythonWithTorch();
  if (first === 'profile') {
    const own = { network: second, batch: Number(batch), size: Number(size) } as unknown as Case;
    console.log(JSON.stringify(await profile(second, own, path as Path, folder!)));
  } else if (python) await compare(python, Number(first), second);
  else
    console.log(
      'Nothing to compare with: no python3 here can import torch and torchvision (Debian: python3-torchvision).',
    );
}
