import { dot } from '../../linear-algebra/dot-products.ts';

/**
 * A smooth convex function to minimise. Positions and directions are vectors; gradients are covectors and may be
 * represented differently, as long as `pair` gives ⟨gradient, direction⟩ and both representations are linear.
 */
export interface Objective {
  /** The value at `position`; writes the gradient there. */
  evaluate(position: Float64Array, gradient: Float64Array): number;
  /** Numbers in a gradient. Default: as many as in a position. */
  gradientLength?: number;
  /** ⟨gradient, direction⟩. Default: the dot product. */
  pair?(gradient: Float64Array, direction: Float64Array): number;
  /**
   * Writes H₀ · gradient, a linear, positive definite first guess of the inverse Hessian. It is taken as it is: where
   * it is exact, as along directions that only a penalty sees, rescaling would spoil it. Default: the identity, rescaled
   * by the newest pair as usual (Nocedal & Wright 2006, equation 7.20).
   */
  precondition?(gradient: Float64Array, direction: Float64Array): void;
}

export interface Minimum {
  position: Float64Array;
  value: number;
  /** Accepted steps. */
  iterations: number;
  /** Whether the tolerance was reached; `false` must be passed on, never dropped. */
  converged: boolean;
}

export interface LbfgsOptions {
  /**
   * Stops when half the squared Newton decrement ½⟨g, Hg⟩, the decrease still to be had, is at most
   * `tolerance · |value|` (Boyd & Vandenberghe 2004, §9.5.1, with the estimate H of the inverse Hessian).
   */
  tolerance: number;
  maxIterations: number;
  /** Correction pairs kept. */
  memory?: number;
}

interface Correction {
  step: Float64Array;
  change: Float64Array;
  curvature: number;
}

/** Limited-memory BFGS (Nocedal 1980; Nocedal & Wright 2006, algorithm 7.4) with a weak-Wolfe line search. */
export function lbfgs(objective: Objective, start: Float64Array, options: LbfgsOptions): Minimum {
  const corrections: Correction[] = [];
  const pair = objective.pair ?? ((gradient, direction) => dot(gradient, 0, direction, 0, gradient.length));
  const precondition =
    objective.precondition ??
    ((gradient, direction) => {
      const newest = corrections.at(-1);
      const scale = newest ? newest.curvature / pair(newest.change, newest.change) : 1;
      for (let i = 0; i < direction.length; i++) direction[i] = scale * gradient[i]!;
    });
  const { tolerance, maxIterations, memory = 5 } = options;
  const length = objective.gradientLength ?? start.length;
  let position = Float64Array.from(start);
  let gradient = new Float64Array(length);
  let value = objective.evaluate(position, gradient);
  for (let iterations = 0; ; iterations++) {
    const direction = newton(gradient, corrections, pair, precondition, start.length);
    const slope = pair(gradient, direction);
    if (-slope / 2 <= tolerance * Math.abs(value)) return { position, value, iterations, converged: true };
    if (iterations === maxIterations) return { position, value, iterations, converged: false };
    const found = lineSearch(objective, pair, { position, value, direction, slope, length });
    if (!found) return { position, value, iterations, converged: false };
    const step = difference(found.position, position);
    const change = difference(found.gradient, gradient);
    const curvature = pair(change, step);
    if (curvature > 0) {
      corrections.push({ step, change, curvature });
      if (corrections.length > memory) corrections.shift();
    }
    ({ position, gradient, value } = found);
  }
}

/** −Hg by the two-loop recursion. */
function newton(
  gradient: Float64Array,
  corrections: readonly Correction[],
  pair: NonNullable<Objective['pair']>,
  precondition: NonNullable<Objective['precondition']>,
  length: number,
): Float64Array {
  const rest = Float64Array.from(gradient);
  const weights: number[] = [];
  for (let i = corrections.length - 1; i >= 0; i--) {
    const { step, change, curvature } = corrections[i]!;
    weights[i] = pair(rest, step) / curvature;
    addScaled(rest, -weights[i]!, change);
  }
  for (let i = 0; i < rest.length; i++) rest[i] = -rest[i]!;
  const direction = new Float64Array(length);
  precondition(rest, direction);
  for (let i = 0; i < corrections.length; i++) {
    const { step, change, curvature } = corrections[i]!;
    addScaled(direction, -weights[i]! - pair(change, direction) / curvature, step);
  }
  return direction;
}

/** Step by bisection and doubling (Lewis & Overton 2013, algorithm 2.6); `undefined` when rounding leaves no decrease. */
function lineSearch(
  objective: Objective,
  pair: NonNullable<Objective['pair']>,
  from: { position: Float64Array; value: number; direction: Float64Array; slope: number; length: number },
): { position: Float64Array<ArrayBuffer>; gradient: Float64Array<ArrayBuffer>; value: number } | undefined {
  const { direction, slope, length } = from;
  const rounding = 1e-15 * Math.abs(from.value);
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let t = 1;
  for (let trial = 0; trial < 40; trial++) {
    const position = Float64Array.from(from.position);
    addScaled(position, t, direction);
    const gradient = new Float64Array(length);
    const value = objective.evaluate(position, gradient);
    if (!(value <= from.value + 1e-4 * t * slope + rounding)) high = t;
    else if (pair(gradient, direction) < 0.9 * slope) low = t;
    else return { position, gradient, value };
    t = high < Number.POSITIVE_INFINITY ? (low + high) / 2 : 2 * low;
  }
  return undefined;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i]! - b[i]!;
  return out;
}

function addScaled(target: Float64Array, factor: number, values: Float64Array): void {
  let i = 0;
  for (; i + 3 < target.length; i += 4) {
    target[i] = target[i]! + factor * values[i]!;
    target[i + 1] = target[i + 1]! + factor * values[i + 1]!;
    target[i + 2] = target[i + 2]! + factor * values[i + 2]!;
    target[i + 3] = target[i + 3]! + factor * values[i + 3]!;
  }
  for (; i < target.length; i++) target[i] = target[i]! + factor * values[i]!;
}
