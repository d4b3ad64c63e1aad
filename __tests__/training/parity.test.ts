import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/random.ts';
import { type Batch, type OpenGradients, openGradients } from '../../src/training/loss-and-gradients.ts';

const folder = resolve(process.env.GRADIENTS_DIR ?? join(import.meta.dirname, '../../../shared/gradients'));
const names = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -5))
  : [];

/** What an established framework's autograd found, in float64. */
interface Known {
  input: string;
  inputShape: number[];
  labels: number[];
  logits: number[][];
  loss: number;
  gradients: Record<string, { norm: number; dot: number; inOnnx: boolean }>;
  sgd: { learningRate: number; momentum: number; losses: number[] };
}

describe.skipIf(names.length === 0)(`networks whose gradients are known (${folder})`, () => {
  it.each(names)(
    '%s has the loss, the gradients and the course of training that autograd gives',
    { timeout: 60_000 },
    async (name) => {
      const known: Known = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
      const input = new Float32Array(new Uint8Array(readFileSync(join(folder, known.input))).buffer);
      const batch = { input, shape: known.inputShape, labels: known.labels };
      const opened = await openGradients(readFileSync(join(folder, `${name}.onnx`)), known.inputShape, {
        runtime: ort,
      });
      try {
        const { loss, logits, gradients } = await opened.at(batch);
        expect(Math.abs(loss - known.loss)).toBeLessThan(1e-5);
        known.logits.flat().forEach((value, i) => {
          expect(Math.abs(logits[i]! - value)).toBeLessThan(1e-4);
        });
        const wanted = Object.entries(known.gradients).filter(([, { inOnnx }]) => inOnnx);
        expect(wanted.length).toBeGreaterThan(0);
        for (const [weight, { norm, dot }] of wanted) {
          const found = gradients.get(weight);
          expect(found, weight).toBeDefined();
          const { norm: own, dot: along, length } = summary(found!);
          expect(Math.abs(own - norm) / norm, `norm of ${weight}`).toBeLessThan(1e-4);
          expect(Math.abs(along - dot), `direction of ${weight}`).toBeLessThan(1e-4 * norm * length);
        }
        // Nothing is trained that the framework does not train.
        expect([...gradients.keys()].sort()).toEqual(wanted.map(([weight]) => weight).sort());

        // Where an activation comes within rounding of its kink, float32 does not decide the course: SqueezeNet's parts after three steps
        // between one thread and two of one framework. So the known course has to be that of the network itself or, failing that, of one of a
        // few that differ from it by rounding.
        const { sgd } = known;
        const follows = async (rounding: number): Promise<boolean> => {
          const losses = await course(opened, batch, sgd, rounding);
          return losses.every((own, step) => Math.abs(own - sgd.losses[step]!) < 1e-3);
        };
        let found = false;
        for (let rounding = 0; rounding < 10 && !found; rounding++) found = await follows(rounding);
        expect(found).toBe(true);
      } finally {
        await opened.close();
      }
    },
  );
});

/** Losses of SGD with momentum. @param rounding 0: as the network came; else each weight is moved by at most one unit in its last place */
async function course(
  opened: OpenGradients,
  batch: Batch,
  { learningRate, momentum, losses }: Known['sgd'],
  rounding: number,
): Promise<number[]> {
  const random = seededRandom(rounding, 'rounding');
  const moved = (value: number) => (rounding === 0 ? value : value * (1 + 6e-8 * (random.integer(3) - 1)));
  const weights = new Map([...opened.start].map(([name, values]) => [name, values.map(moved)]));
  const moments = new Map([...weights].map(([name, { length }]) => [name, new Float64Array(length)]));
  const found: number[] = [];
  for (const _ of losses) {
    const { loss, gradients } = await opened.at(batch, weights);
    found.push(loss);
    for (const [name, gradient] of gradients) {
      const [values, moment] = [weights.get(name)!, moments.get(name)!];
      gradient.forEach((g, i) => {
        moment[i] = momentum * moment[i]! + g;
        values[i] = values[i]! - learningRate * moment[i]!;
      });
    }
  }
  return found;
}

/** What is known of each gradient: its length, and its product with the direction cos(0.7 i + 0.3). */
function summary(gradient: Float32Array): { norm: number; dot: number; length: number } {
  let [squares, dot, direction] = [0, 0, 0];
  gradient.forEach((value, i) => {
    const d = Math.cos(0.7 * i + 0.3);
    squares += value * value;
    dot += value * d;
    direction += d * d;
  });
  return { norm: Math.sqrt(squares), dot, length: Math.sqrt(direction) };
}
