import { TransferEvidenceError } from '../errors.ts';
import { elements } from '../onnx/model.ts';
import type { Ops } from './ops.ts';
import type { Pack, Parameter } from './parameters.ts';
import type { Value } from './value.ts';

/** How gradients change weights. */
export type Optimiser = Sgd | AdamW;

interface Common {
  /** λ of the weight decay, in [0, ∞); only parameters that decay feel it. */
  decay: number;
  /**
   * Largest norm of all gradients together; longer ones are shortened to it (Pascanu, Mikolov & Bengio 2013, algorithm
   * 1).
   */
  clip?: number;
}

/**
 * Stochastic gradient descent with momentum as PyTorch has it: g ← g + λw; m ← μm + g; w ← w − ηm, or with Nesterov's
 * momentum w ← w − η(g + μm) (Sutskever et al. 2013, in the form that evaluates the gradient at the weights
 * themselves).
 */
export interface Sgd extends Common {
  kind: 'sgd';
  /** μ in [0, 1). */
  momentum: number;
  nesterov?: boolean;
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2, with the schedule inside η as PyTorch has
 * it): m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; w ← w − η(m̂ ÷ (√v̂ + ε) + λw), with m̂ = m ÷ (1 − β₁ᵗ) and v̂ = v ÷
 * (1 − β₂ᵗ).
 */
export interface AdamW extends Common {
  kind: 'adamw';
  /** β₁ and β₂ in [0, 1); default 0.9 and 0.999. */
  betas?: readonly [number, number];
  /** ε > 0; default 1e-8. */
  epsilon?: number;
}

const defaults = { betas: [0.9, 0.999], epsilon: 1e-8 } as const;

/** @throws input-invalid naming the setting that is out of its range */
export function checkOptimiser(optimiser: Optimiser): void {
  const refuse = (expected: string, found: number) => {
    throw new TransferEvidenceError('input-invalid', `An optimiser needs ${expected}; ${found} was given.`);
  };
  const { decay, clip } = optimiser;
  if (!(decay >= 0 && decay < Infinity)) refuse('a weight decay ≥ 0', decay);
  if (clip !== undefined && !(clip > 0)) refuse('a positive norm to clip gradients to', clip);
  if (optimiser.kind === 'sgd') {
    const { momentum } = optimiser;
    if (!(momentum >= 0 && momentum < 1)) refuse('a momentum in [0, 1)', momentum);
  } else {
    const { betas = defaults.betas, epsilon = defaults.epsilon } = optimiser;
    for (const beta of betas) if (!(beta >= 0 && beta < 1)) refuse('betas in [0, 1)', beta);
    if (!(epsilon > 0)) refuse('an epsilon > 0', epsilon);
  }
}

/** How many tensors of a pack's shape the optimiser carries along; they start at zero. */
export function momentsOf(optimiser: Optimiser): 0 | 1 | 2 {
  if (optimiser.kind === 'adamw') return 2;
  return optimiser.momentum === 0 ? 0 : 1;
}

/**
 * The numbers that change from step to step, worked out here because 1 − βᵗ loses digits in float32.
 * @param step from 1
 * @returns SGD: η. AdamW, which keeps m ÷ (1 − β₁) and v ÷ (1 − β₂) and so saves two products a weight:
 *   η, then with c₁ = (1 − β₁) ÷ (1 − β₁ᵗ) and c₂ likewise η · c₁ ÷ √c₂ and ε ÷ √c₂
 */
export function scalarsOf(optimiser: Optimiser, rate: number, step: number): number[] {
  if (optimiser.kind === 'sgd') return [rate];
  const { betas = defaults.betas, epsilon = defaults.epsilon } = optimiser;
  const [first, second] = betas.map((beta) => (1 - beta) / (1 - beta ** step)) as [number, number];
  return [rate, (rate * first) / Math.sqrt(second), epsilon / Math.sqrt(second)];
}

/** A pack in one step; all tensors of the pack's shape. */
export interface Slot {
  pack: Pack;
  weights: Value;
  moments: readonly Value[];
  gradient: Value;
}

export interface Updated {
  weights: Value;
  moments: readonly Value[];
}

/** The norm of all gradients together, and on the way to it what the sum of squares is once a gradient is part of it. */
export interface Norm {
  norm: Value;
  upTo: ReadonlyMap<string, Value>;
}

/**
 * Emits the norm of all gradients together.
 * @param gradients by weight, in the order in which the way back finds them
 */
export function emitNorm(ops: Ops, gradients: ReadonlyMap<string, Value>): Norm {
  const squares = [...gradients].map(
    ([name, value]) => [name, ops.node('ReduceSumSquare', [value], { shape: [] }, { keepdims: 0 })] as const,
  );
  const upTo = new Map<string, Value>();
  let sum: Value | undefined;
  for (const [name, square] of squares) {
    sum = sum ? ops.add(sum, square) : square;
    upTo.set(name, sum);
  }
  return { norm: ops.unary('Sqrt', sum!), upTo };
}

/**
 * Emits one step of the optimiser.
 *
 * The runtime computes results in turn, from the one that was listed last, with all that they need (see gradientsLast). So packs
 * are listed from the first layer's to the last's, which makes it change a weight as soon as the way back has its gradient and let
 * go of that. All gradients that were found before it, of biases above all, which are changed together at the end, have to be in the
 * norm by then, or it would keep what they are made from: that is what the rate, plus zero times the sum so far, waits for.
 *
 * Where new weights overwrite the old ones, all rates wait for the whole norm. It depends on every gradient, and a weight is read
 * for nothing but the loss and gradients of others; so when the first weight is written, all have been read. Moments are
 * read only to become their successors, number by number.
 * @param scalars see scalarsOf, each of shape []
 * @param overwriting whether new tensors lie where the old ones do
 * @returns a pack's new tensors each
 */
export function emitUpdate(
  ops: Ops,
  optimiser: Optimiser,
  slots: readonly Slot[],
  { scalars, norm, upTo, overwriting }: { scalars: readonly Value[]; overwriting: boolean } & Norm,
): Updated[] {
  const { clip } = optimiser;
  const bound = clip === undefined ? undefined : ops.scalar(clip);
  const factor = bound && ops.div(bound, ops.binary('Max', norm, bound));
  const update = (slot: Slot): Updated => {
    const gradient = factor ? ops.mul(slot.gradient, factor) : slot.gradient;
    const { members } = slot.pack;
    const soFar = members.length === 1 ? upTo.get(members[0]!.name) : undefined;
    const before = overwriting ? norm : soFar;
    const waiting = before && !factor ? ops.scale(before, 0) : undefined;
    const own = waiting ? scalars.map((scalar) => ops.add(scalar, waiting)) : scalars;
    return optimiser.kind === 'sgd'
      ? updateSgd(ops, optimiser, { ...slot, gradient }, own)
      : updateAdamW(ops, optimiser, { ...slot, gradient }, own);
  };
  const isShared = ({ pack }: Slot) => pack.members.length > 1;
  const listed = [...slots.filter(isShared), ...slots.filter((slot) => !isShared(slot))];
  const updated = new Map(listed.map((slot) => [slot, update(slot)] as const));
  return slots.map((slot) => updated.get(slot)!);
}

function updateSgd(ops: Ops, { momentum, nesterov, decay }: Sgd, slot: Slot, [rate]: readonly Value[]): Updated {
  const { pack, weights, moments } = slot;
  const pull = perElement(ops, pack, (own) => (own.decays ? decay : 0));
  const gradient = pull ? ops.add(slot.gradient, ops.mul(weights, pull)) : slot.gradient;
  const eta = ratesOf(ops, pack, rate!);
  if (moments.length === 0) return { weights: ops.sub(weights, ops.mul(gradient, eta)), moments };
  const moment = ops.add(ops.scale(moments[0]!, momentum), gradient);
  const direction = nesterov ? ops.add(gradient, ops.scale(moment, momentum)) : moment;
  return { weights: ops.sub(weights, ops.mul(direction, eta)), moments: [moment] };
}

function updateAdamW(
  ops: Ops,
  { betas = defaults.betas, decay }: AdamW,
  slot: Slot,
  scalars: readonly Value[],
): Updated {
  const { pack, weights, gradient } = slot;
  const [rate, corrected, epsilon] = scalars as [Value, Value, Value];
  const [first, second] = slot.moments as [Value, Value];
  const mean = ops.add(ops.scale(first, betas[0]), gradient);
  const square = ops.add(ops.scale(second, betas[1]), ops.square(gradient));
  const ratio = ops.div(mean, ops.add(ops.unary('Sqrt', square), epsilon));
  const change = ops.mul(ratio, ratesOf(ops, pack, corrected));
  const pull = perElement(ops, pack, (own) => (own.decays ? decay * own.rate : 0));
  const kept = pull ? ops.mul(weights, ops.sub(ops.scalar(1), ops.mul(pull, rate))) : weights;
  return { weights: ops.sub(kept, change), moments: [mean, square] };
}

/** The rate of each parameter of a pack, from the step's. */
function ratesOf(ops: Ops, pack: Pack, rate: Value): Value {
  if (pack.members.every((own) => own.rate === 1)) return rate;
  const multiples = perElement(ops, pack, (own) => own.rate);
  return multiples ? ops.mul(multiples, rate) : ops.scalar(0);
}

/** A number for each parameter, spread over the pack; a scalar where all are alike, undefined where all are 0. */
function perElement(ops: Ops, { members, shape }: Pack, numberOf: (parameter: Parameter) => number): Value | undefined {
  const numbers = members.map(numberOf);
  if (numbers.every((number) => number === numbers[0])) return numbers[0] === 0 ? undefined : ops.scalar(numbers[0]!);
  const data = new Float32Array(elements(shape));
  let offset = 0;
  members.forEach((own, i) => {
    const length = elements(own.shape);
    data.fill(numbers[i]!, offset, offset + length);
    offset += length;
  });
  return ops.constant(data, shape, 'per weight');
}
