import { describe, expect, it } from 'vitest';
import {
  type AdamW,
  checkOptimiser,
  emitNorm,
  emitUpdate,
  momentsOf,
  type Optimiser,
  type Sgd,
  scalarsOf,
} from '../../src/training/optimisers.ts';
import {
  bytesIn,
  emitPacked,
  emitUnpacked,
  type Parameter,
  packed,
  packsOf,
  unpacked,
} from '../../src/training/parameters.ts';
import type { Value } from '../../src/training/value.ts';
import { compiled, deviation, randomNumbers } from '../helpers/training.ts';

/** Two large kernels, of which one travels positions first, a small one and two vectors, of which one belongs to the head. */
const parameters: Parameter[] = [
  { name: 'kernel', shape: [65, 64], decays: true, rate: 1 },
  { name: 'convolution', shape: [33, 16, 3, 3], decays: true, rate: 1 },
  { name: 'small kernel', shape: [5, 3], decays: true, rate: 1 },
  { name: 'bias', shape: [5], decays: false, rate: 1 },
  { name: 'head', shape: [3, 2], decays: true, rate: 10 },
];
const packs = packsOf(parameters);
const start = new Map(parameters.map(({ name, shape }) => [name, randomNumbers(shape, name, 'start').data]));
const gradientsOf = (step: number) =>
  new Map(parameters.map(({ name, shape }) => [name, randomNumbers(shape, name, 'gradient', step).data]));

/** Weights and norms after each of some steps, by the emitted graph. */
async function trajectory(optimiser: Optimiser, rates: readonly number[]) {
  const count = momentsOf(optimiser);
  const names = packs.flatMap((_, i) => ['weights', ...Array(count).keys()].map((moment) => `${i} ${moment}`));
  const scalars = scalarsOf(optimiser, 0.1, 1).map((_, i) => `scalar ${i}`);
  const shapes = Object.fromEntries([
    ...names.map((name) => [name, packs[Number(name.split(' ')[0])]!.shape] as const),
    ...parameters.map(({ name, shape }) => [name, shape] as const),
    ...scalars.map((name) => [name, []] as const),
  ]);
  const graph = await compiled(shapes, (ops, given) => {
    const gradients = emitPacked(ops, packs, new Map(parameters.map(({ name }) => [name, given[name]!])));
    const slots = packs.map((pack, i) => {
      const [weights, ...moments] = names.filter((name) => name.startsWith(`${i} `)).map((name) => given[name]!);
      return { pack, weights: weights!, moments, gradient: gradients[i]! };
    });
    const norm = emitNorm(ops, new Map(gradients.map((value, i) => [packs[i]!.name, value])));
    const numbers = scalars.map((name) => given[name]!);
    const updated = emitUpdate(ops, optimiser, slots, { scalars: numbers, ...norm, overwriting: false });
    const values = updated.flatMap(({ weights, moments }) => [weights, ...moments]);
    return { ...Object.fromEntries(names.map((name, i) => [name, values[i]!])), norm: norm.norm } as Record<
      string,
      Value
    >;
  });
  const state: Record<string, Float32Array> = {};
  const numbers = packed(packs, (name) => bytesIn(start.get(name)!));
  for (const name of names) {
    const pack = Number(name.split(' ')[0]);
    state[name] = name.endsWith('weights') ? numbers[pack]! : new Float32Array(numbers[pack]!.length);
  }
  const steps: { weights: Map<string, Float32Array>; norm: number }[] = [];
  for (const [i, rate] of rates.entries()) {
    const values = scalarsOf(optimiser, rate, i + 1);
    const given = Object.fromEntries(scalars.map((name, j) => [name, Float32Array.of(values[j]!)]));
    const found = await graph.run({ ...state, ...Object.fromEntries(gradientsOf(i)), ...given });
    for (const name of names) state[name] = found[name]!;
    const own = packs.map((_, pack) => state[`${pack} weights`]!);
    steps.push({ weights: unpacked(packs, own), norm: found.norm![0]! });
  }
  await graph.close();
  return steps;
}

/** Norm of the gradients of a step, and the factor that clipping brings. */
function clipping(step: number, clip = Infinity): { norm: number; factor: number } {
  let squares = 0;
  for (const values of gradientsOf(step).values()) for (const value of values) squares += value ** 2;
  const norm = Math.sqrt(squares);
  return { norm, factor: Math.min(1, clip / norm) };
}

/** The textbook recursions of one number, in float64. */
function expectedSgd(parameter: Parameter, { momentum, nesterov, decay, clip }: Sgd, rates: readonly number[]) {
  const weights = Float64Array.from(start.get(parameter.name)!);
  const moment = new Float64Array(weights.length);
  for (const [step, rate] of rates.entries()) {
    const gradient = gradientsOf(step).get(parameter.name)!;
    const { factor } = clipping(step, clip);
    for (let i = 0; i < weights.length; i++) {
      const g = gradient[i]! * factor + (parameter.decays ? decay * weights[i]! : 0);
      moment[i] = momentum * moment[i]! + g;
      weights[i]! -= rate * parameter.rate * (nesterov ? g + momentum * moment[i]! : moment[i]!);
    }
  }
  return weights;
}

function expectedAdamW(
  parameter: Parameter,
  { betas: [first, second] = [0.9, 0.999], epsilon = 1e-8, decay }: AdamW,
  rates: readonly number[],
) {
  const weights = Float64Array.from(start.get(parameter.name)!);
  const mean = new Float64Array(weights.length);
  const square = new Float64Array(weights.length);
  for (const [step, rate] of rates.entries()) {
    const gradient = gradientsOf(step).get(parameter.name)!;
    for (let i = 0; i < weights.length; i++) {
      const g = gradient[i]!;
      mean[i] = first * mean[i]! + (1 - first) * g;
      square[i] = second * square[i]! + (1 - second) * g * g;
      const m = mean[i]! / (1 - first ** (step + 1));
      const v = square[i]! / (1 - second ** (step + 1));
      const eta = rate * parameter.rate;
      weights[i] = weights[i]! * (1 - eta * (parameter.decays ? decay : 0)) - (eta * m) / (Math.sqrt(v) + epsilon);
    }
  }
  return weights;
}

const rates = [0.05, 0.1, 0.02, 0.08, 0.01];

describe('gathering weights', () => {
  it('keeps large kernels apart, those of convolutions positions first, and puts all small weights into one vector', () => {
    expect(packs.map(({ shape, members }) => [shape, members.map(({ name }) => name)])).toEqual([
      [[65, 64], ['kernel']],
      [[9 * 33, 16], ['convolution']],
      [[26], ['small kernel', 'bias', 'head']],
    ]);
  });

  it('takes every weight out as it was put in, in JavaScript and in the graph', async () => {
    expect(
      unpacked(
        packs,
        packed(packs, (name) => bytesIn(start.get(name)!)),
      ),
    ).toEqual(start);
    const graph = await compiled({ a: [65, 64], b: [9 * 33, 16], c: [26] }, (ops, { a, b, c }) =>
      Object.fromEntries(emitUnpacked(ops, packs, [a, b, c])),
    );
    const [a, b, c] = packed(packs, (name) => bytesIn(start.get(name)!)) as [Float32Array, Float32Array, Float32Array];
    expect(new Map(Object.entries(await graph.run({ a, b, c })))).toEqual(start);
    await graph.close();
  });

  it('keeps the matrix of each kernel position together', () => {
    const [, convolution] = packed(packs, (name) => bytesIn(start.get(name)!));
    const kernel = start.get('convolution')!;
    const [output, channel, position] = [20, 7, 5];
    expect(convolution![(position * 33 + output) * 16 + channel]).toBe(kernel[(output * 16 + channel) * 9 + position]);
  });

  it('takes a weight that the loss does not depend on to have gradient zero', async () => {
    const graph = await compiled({ head: [3, 2] }, (ops, { head }) => ({
      packed: emitPacked(ops, packs, new Map([['head', head]]))[2]!,
    }));
    const { packed: found } = await graph.run({ head: start.get('head')! });
    expect([...found]).toEqual([...new Array(20).fill(0), ...start.get('head')!]);
    await graph.close();
  });
});

describe('SGD', () => {
  it.each<[string, Sgd]>([
    ['without momentum', { kind: 'sgd', momentum: 0, decay: 0 }],
    ['with momentum and changing rates', { kind: 'sgd', momentum: 0.9, decay: 0 }],
    ['with Nesterov’s momentum', { kind: 'sgd', momentum: 0.8, nesterov: true, decay: 0 }],
    ['with decay of kernels only', { kind: 'sgd', momentum: 0.9, decay: 0.3 }],
    ['with clipping and decay', { kind: 'sgd', momentum: 0.9, nesterov: true, decay: 0.1, clip: 7 }],
  ])('follows the recursion in float64 %s', async (_, optimiser) => {
    const found = (await trajectory(optimiser, rates)).at(-1)!;
    for (const parameter of parameters)
      expect(deviation(found.weights.get(parameter.name)!, expectedSgd(parameter, optimiser, rates))).toBeLessThan(
        1e-6,
      );
  });
});

describe('AdamW', () => {
  it.each<[string, AdamW]>([
    ['with its usual settings', { kind: 'adamw', decay: 0 }],
    ['with decay of kernels only', { kind: 'adamw', decay: 0.4 }],
    ['with other betas and an epsilon that matters', { kind: 'adamw', betas: [0.7, 0.95], epsilon: 0.3, decay: 0.1 }],
  ])('follows the recursion in float64 %s', async (_, optimiser) => {
    const found = await trajectory(optimiser, rates);
    for (const steps of [1, rates.length])
      for (const parameter of parameters) {
        const expected = expectedAdamW(parameter, optimiser, rates.slice(0, steps));
        expect(deviation(found[steps - 1]!.weights.get(parameter.name)!, expected)).toBeLessThan(2e-6);
      }
  });
});

describe('clipping by the global norm', () => {
  it('tells the norm over all weights before clipping', async () => {
    const found = await trajectory({ kind: 'sgd', momentum: 0, decay: 0, clip: 7 }, rates);
    found.forEach(({ norm }, step) => {
      expect(norm / clipping(step).norm).toBeCloseTo(1, 6);
    });
  });

  it('leaves shorter gradients as they are, to the last bit', async () => {
    const plain = await trajectory({ kind: 'sgd', momentum: 0.9, decay: 0 }, rates);
    const clipped = await trajectory({ kind: 'sgd', momentum: 0.9, decay: 0, clip: 1000 }, rates);
    expect(clipped).toEqual(plain);
  });
});

it('refuses settings out of their range', () => {
  const code = (optimiser: Optimiser) => {
    try {
      checkOptimiser(optimiser);
    } catch (error) {
      return (error as { code: string }).code;
    }
    return null;
  };
  expect(code({ kind: 'sgd', momentum: 0.9, decay: 0, clip: 1 })).toBeNull();
  expect(code({ kind: 'adamw', decay: 0 })).toBeNull();
  for (const wrong of [
    { kind: 'sgd', momentum: 1, decay: 0 },
    { kind: 'sgd', momentum: 0, decay: -1 },
    { kind: 'sgd', momentum: 0, decay: 0, clip: 0 },
    { kind: 'adamw', decay: Number.NaN },
    { kind: 'adamw', decay: 0, betas: [0.9, 1] },
    { kind: 'adamw', decay: 0, epsilon: 0 },
  ] satisfies Optimiser[])
    expect(code(wrong)).toBe('input-invalid');
});
