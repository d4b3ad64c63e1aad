import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Case, cases, exportNetworks, pythonWithTorch, type Steps, torchSteps } from './torch.ts';

export interface OwnSteps extends Steps {
  /** MB that the process grew by over the run, once it had warmed up. */
  growth: number;
  /** Milliseconds of one pass forward, where it was timed. */
  forward?: number;
  forwardBest?: number;
}

/** Trains in a process of its own, through Trainer. */
export function ownSteps(
  folder: string,
  { network, batch, size }: Case,
  { path, seconds = 0, steps = 5 }: { path: 'fast' | 'standard'; seconds?: number; steps?: number },
): OwnSteps {
  const program = fileURLToPath(new URL('./own-steps.ts', import.meta.url));
  const args = [program, join(folder, `${network}.onnx`), batch, size, path, seconds, steps].map(String);
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Training ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout);
}

/**
 * A training step (forward, backward, SGD with momentum over all weights) against PyTorch's, in turns: PyTorch, fast path,
 * standard operators, PyTorch, … One row a case: medians over the turns of each turn's median, of each turn's best, their ratios, and
 * a step as a multiple of three passes forward. Run: node __tests__/bench/training-step.ts [turns] [seconds a turn]
 */
function compare(python: string, turns: number, seconds: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'bench-training-'));
  try {
    exportNetworks(python, folder);
    console.log(
      'ms a step, median (best)            PyTorch         fast path  ratio          standard  ratio   ÷ 3 forward',
    );
    for (const own of cases) {
      const rounds = Array.from({ length: turns }, () => ({
        torch: torchSteps(python, own, { seconds }),
        fast: ownSteps(folder, own, { path: 'fast', seconds }),
        standard: ownSteps(folder, own, { path: 'standard', seconds }),
      }));
      const of = (side: 'torch' | 'fast' | 'standard') => ({
        middle: median(rounds.map((round) => round[side].median)),
        best: median(rounds.map((round) => round[side].best)),
      });
      const [torch, fast, standard] = [of('torch'), of('fast'), of('standard')];
      const cell = ({ middle, best }: { middle: number; best: number }) =>
        `${middle.toFixed(1)} (${best.toFixed(1)})`.padStart(18);
      const ratio = (side: { middle: number; best: number }) =>
        `${(side.middle / torch.middle).toFixed(2)} (${(side.best / torch.best).toFixed(2)})`;
      const forwards = median(rounds.map((round) => round.fast.best / (3 * round.fast.forwardBest!)));
      const name = `${own.network} ${own.batch}×3×${own.size}×${own.size}`.padEnd(26);
      console.log(
        `${name}${cell(torch)}${cell(fast)}  ${ratio(fast)}${cell(standard)}  ${ratio(standard)}  ${forwards.toFixed(2)}`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
}

if (import.meta.main) {
  const python = pythonWithTorch();
  const [turns = 3, seconds = 6] = process.argv.slice(2).map(Number);
  if (python) compare(python, turns, seconds);
  else
    console.log(
      'Nothing to compare with: no python3 here can import torch and torchvision (Debian: python3-torchvision).',
    );
}
