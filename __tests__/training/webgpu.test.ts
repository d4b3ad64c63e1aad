import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { everyOperator } from '../helpers/every-operator.ts';
import { environmentsWithDevice } from '../helpers/software-drivers.ts';
import type { Line } from './webgpu-child.ts';

const child = join(import.meta.dirname, 'webgpu-child.ts');
const networks = resolve(process.env.GRADIENTS_DIR ?? join(import.meta.dirname, '../../../shared/gradients'));
/** With one core to itself a driver in software takes about 45 seconds. */
const patience = 400_000;

interface Outcome {
  /** Why nothing was compared. */
  unavailable?: string;
  lines: ReadonlyMap<string, Extract<Line, { name: string }>>;
  /** How the process ended before it was done. */
  ended?: string;
}

let outcome: Outcome;
beforeAll(async () => {
  outcome = await compareWithDevice();
  if (outcome.unavailable) console.warn(`Gradients were not compared on WebGPU: ${outcome.unavailable}`);
}, patience + 20_000);

/** By the first driver that works. */
async function compareWithDevice(): Promise<Outcome> {
  const reasons: string[] = [];
  for (const { name, env } of environmentsWithDevice()) {
    const found = await compareBy(env);
    if (!found.unavailable) return found;
    reasons.push(`${name}: ${found.unavailable}`);
  }
  return { unavailable: reasons.join('; ') || 'no Vulkan driver in software is installed', lines: new Map() };
}

async function compareBy(env: NodeJS.ProcessEnv): Promise<Outcome> {
  const running = spawn(process.execPath, [child, networks], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patience,
    killSignal: 'SIGKILL',
  });
  let [output, complaints] = ['', ''];
  running.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  running.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const [status, signal] = await new Promise<[number | null, string | null]>((done) => {
    running.on('close', (...how) => done(how));
  });
  const lines = output
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line): Line => JSON.parse(line));
  const how = `the process ended with ${signal ?? `status ${status}`}: ${complaints.trim().slice(-500)}`;
  const refused = lines.find((line) => line.kind === 'unavailable');
  if (refused) return { unavailable: refused.reason, lines: new Map() };
  // A driver that ends the process before it has computed anything does not work here.
  if (!lines.some(({ kind }) => kind === 'available')) return { unavailable: how, lines: new Map() };
  return {
    lines: new Map(lines.flatMap((line) => ('name' in line ? [[line.name, line]] : []))),
    ...(!lines.some(({ kind }) => kind === 'done') && { ended: how }),
  };
}

/** Vulkan lets sine and cosine be wrong by 2⁻¹¹ (“Precision and Operation of SPIR-V Instructions”). */
const rough: Record<string, number> = { Sin: 2 ** -11, Cos: 2 ** -11 };

describe('on WebGPU, what is trained is what the processor computes', () => {
  const names = [...everyOperator().map(({ name }) => name), 'three steps of a residual network'];

  it.for(names)('%s', (name, { skip }) => {
    if (outcome.unavailable) skip(outcome.unavailable);
    const line = outcome.lines.get(name);
    expect(line, outcome.ended ?? 'nothing was said of it').toBeDefined();
    expect(line).toMatchObject({ kind: 'compared' });
    expect((line as { deviation: number }).deviation).toBeLessThan(rough[name] ?? 1e-4);
  });

  it('three steps of a transformer', ({ skip }) => {
    if (outcome.unavailable) skip(outcome.unavailable);
    const line = outcome.lines.get('three steps of a transformer');
    if (!line && !outcome.ended) skip(`there is no vit.onnx in ${networks}`);
    expect(line, outcome.ended).toMatchObject({ kind: 'compared' });
    expect((line as { deviation: number }).deviation).toBeLessThan(1e-4);
  });
});
