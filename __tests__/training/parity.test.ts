import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { openGradients } from '../../src/training/loss-and-gradients.ts';

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
  it.each(names)('%s has the loss, the gradients and the course of training that autograd gives', async (name) => {
    const known: Known = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
    const input = new Float32Array(new Uint8Array(readFileSync(join(folder, known.input))).buffer);
    const batch = { input, shape: known.inputShape, labels: known.labels };
    const opened = await openGradients(readFileSync(join(folder, `${name}.onnx`)), known.inputShape, { runtime: ort });
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

      // Ten steps and no more: where an activation is within rounding of its kink, courses part (SqueezeNet's do so after three
      // steps between one and two threads of one framework).
      const { learningRate, momentum, losses } = known.sgd;
      const weights = new Map([...opened.start].map(([own, values]) => [own, values.slice()]));
      const moments = new Map([...weights].map(([own, { length }]) => [own, new Float64Array(length)]));
      for (const expected of losses) {
        const step = await opened.at(batch, weights);
        expect(Math.abs(step.loss - expected)).toBeLessThan(1e-3);
        for (const [own, gradient] of step.gradients) {
          const [values, moment] = [weights.get(own)!, moments.get(own)!];
          gradient.forEach((g, i) => {
            moment[i] = momentum * moment[i]! + g;
            values[i] = values[i]! - learningRate * moment[i]!;
          });
        }
      }
    } finally {
      await opened.close();
    }
  });
});

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
