import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cases, exportNetworks, pythonWithTorch, torchSteps } from './torch.ts';
import { ownSteps } from './training-step.ts';

/**
 * The most memory that a process takes which does training steps, against a PyTorch process that does the same, and what a run of
 * 200 steps grows by. Run: node __tests__/bench/training-memory.ts [steps]
 */
function compare(python: string, steps: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'bench-training-'));
  try {
    exportNetworks(python, folder);
    console.log(
      `peak MB                    PyTorch  fast path  ratio  standard  ratio   growth over ${steps} steps, MB`,
    );
    for (const own of cases) {
      const torch = torchSteps(python, own, { firstLayout: true }).peak;
      const fast = ownSteps(folder, own, { path: 'fast', steps });
      const standard = ownSteps(folder, own, { path: 'standard' });
      const cell = (peak: number) => `${peak.toFixed(0).padStart(10)}  ${(peak / torch).toFixed(2).padStart(5)}`;
      const name = `${own.network} ${own.batch}×3×${own.size}×${own.size}`.padEnd(26);
      console.log(
        `${name}${torch.toFixed(0).padStart(8)}${cell(fast.peak)}${cell(standard.peak)}   ${fast.growth.toFixed(1)}`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const python = pythonWithTorch();
  if (python) compare(python, Number(process.argv[2] ?? 200));
  else
    console.log(
      'Nothing to compare with: no python3 here can import torch and torchvision (Debian: python3-torchvision).',
    );
}
