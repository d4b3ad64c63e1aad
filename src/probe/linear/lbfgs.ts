import { dot } from '../../linear-algebra/dot-products.ts';

/**
 * A smooth convex function to minimise. Positions and directions are vectors; gradients are covectors and may be
 * represented differently, as long as `pair` gives ⟨gradient, direction⟩ and both representations are linear.
 */
export interface Objective<Answer = number, Done = void> {
  /** The value at `position`; writes the gradient there. */
  evaluate(position: Float64Array, gradient: Float64Array): Answer;
  /**
   * Numbers at the end of a position that are a linear map of those before, carried along because a step along a line then
   * needs no new ones: `complete` makes those of a direction. Corrections, H₀ and their products leave them out.
   */
  carried?: number;
  complete?(direction: Float64Array, carried: Float64Array): Done;
  /** Numbers in a gradient. Default: as many as in a position, without those carried along. */
  gradientLength?: number;
  /** ⟨gradient, direction⟩. Default: the dot product. */
  pair?(gradient: Float64Array, direction: Float64Array): number;
  /**
   * Writes H₀ · gradient, a linear, positive definite first guess of the inverse Hessian. Default: the identity, rescaled
   * by the newest pair as usual (Nocedal & Wright 2006, equation 7.20).
   */
  precondition?(gradient: Float64Array, direction: Float64Array): Done;
  /**
   * Whether H₀ is rescaled by the newest pair too. Default: it is taken as it is, for where it is exact, as along
   * directions that only a penalty sees, rescaling would spoil it.
   */
  rescaled?: boolean;
}

/** An objective whose numbers are waited for. */
export type AwaitedObjective = Objective<Promise<number>, Promise<void>>;

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
  /** H₀ · change, where H₀ is rescaled. */
  turned?: Float64Array;
}

/** What a search asks for: the value and gradient at a position, H₀ times a gradient, or what a direction carries along. */
interface Question {
  kind: 'evaluate' | 'precondition' | 'complete';
  at: Float64Array;
  into: Float64Array;
}

/** Limited-memory BFGS (Nocedal 1980; Nocedal & Wright 2006, algorithm 7.4) with a weak-Wolfe line search. */
export function lbfgs(objective: Objective, start: Float64Array, options: LbfgsOptions): Minimum {
  const search = searchFrom(objective, start, options);
  let step = search.next(Number.NaN);
  while (!step.done) {
    const { kind, at, into } = step.value;
    if (kind === 'evaluate') step = search.next(objective.evaluate(at, into));
    else {
      objective[kind]!(at, into);
      step = search.next(Number.NaN);
    }
  }
  return step.value;
}

/** As {@link lbfgs}, for an objective whose numbers are waited for. */
export async function awaitedLbfgs(
  objective: AwaitedObjective,
  start: Float64Array,
  options: LbfgsOptions,
): Promise<Minimum> {
  const search = searchFrom(objective, start, options);
  let step = search.next(Number.NaN);
  while (!step.done) {
    const { kind, at, into } = step.value;
    if (kind === 'evaluate') step = search.next(await objective.evaluate(at, into));
    else {
      await objective[kind]!(at, into);
      step = search.next(Number.NaN);
    }
  }
  return step.value;
}

type Search<Found> = Generator<Question, Found, number>;
type Traits = Pick<Objective, 'carried' | 'gradientLength' | 'pair' | 'rescaled'> & { precondition?: unknown };

function* searchFrom(
  objective: Traits,
  start: Float64Array,
  { tolerance, maxIterations, memory = 5 }: LbfgsOptions,
): Search<Minimum> {
  const pair = objective.pair ?? ((gradient, direction) => dot(gradient, 0, direction, 0, gradient.length));
  const free = start.length - (objective.carried ?? 0);
  const length = objective.gradientLength ?? free;
  const corrections: Correction[] = [];
  let position = Float64Array.from(start);
  let gradient = new Float64Array(length);
  let value = yield { kind: 'evaluate', at: position, into: gradient };
  let turned: Float64Array | undefined;
  for (let iterations = 0; ; iterations++) {
    if (objective.precondition && objective.rescaled) {
      const next = new Float64Array(free);
      yield { kind: 'precondition', at: gradient, into: next };
      const newest = corrections.at(-1);
      if (turned && newest && !newest.turned) newest.turned = difference(next, turned);
      turned = next;
    }
    const along = new Float64Array(start.length);
    const direction = along.subarray(0, free);
    yield* newton(objective, pair, { gradient, turned, corrections, direction });
    const slope = pair(gradient, direction);
    if (-slope / 2 <= tolerance * Math.abs(value)) return { position, value, iterations, converged: true };
    if (iterations === maxIterations) return { position, value, iterations, converged: false };
    if (free < start.length) yield { kind: 'complete', at: direction, into: along.subarray(free) };
    const found = yield* lineSearch(pair, { position, value, along, direction, slope, length });
    if (!found) return { position, value, iterations, converged: false };
    const step = difference(found.position.subarray(0, free), position.subarray(0, free));
    const change = difference(found.gradient, gradient);
    const curvature = pair(change, step);
    if (curvature > 0) {
      corrections.push({ step, change, curvature });
      if (corrections.length > memory) corrections.shift();
    }
    ({ position, gradient, value } = found);
  }
}

/** Writes −Hg into the direction, by the two-loop recursion. @param from.turned H₀g, where H₀ is rescaled */
function* newton(
  { precondition }: Traits,
  pair: NonNullable<Objective['pair']>,
  from: {
    gradient: Float64Array;
    turned: Float64Array | undefined;
    corrections: readonly Correction[];
    direction: Float64Array;
  },
): Search<void> {
  const { gradient, turned, corrections, direction } = from;
  const rest = Float64Array.from(gradient);
  const weights: number[] = [];
  for (let i = corrections.length - 1; i >= 0; i--) {
    const { step, change, curvature } = corrections[i]!;
    weights[i] = pair(rest, step) / curvature;
    addScaled(rest, -weights[i]!, change);
  }
  const newest = corrections.at(-1);
  if (turned) {
    // H₀ is linear, so that H₀ times the rest comes from what H₀ made of the gradients: it is asked for once a step.
    const expected = newest ? pair(newest.change, newest.turned!) : 0;
    const scale = newest && expected > 0 ? newest.curvature / expected : 1;
    addScaled(direction, -scale, turned);
    corrections.forEach((correction, i) => {
      addScaled(direction, scale * weights[i]!, correction.turned!);
    });
  } else {
    for (let i = 0; i < rest.length; i++) rest[i] = -rest[i]!;
    if (precondition) yield { kind: 'precondition', at: rest, into: direction };
    else {
      const scale = newest ? newest.curvature / pair(newest.change, newest.change) : 1;
      for (let i = 0; i < direction.length; i++) direction[i] = scale * rest[i]!;
    }
  }
  for (let i = 0; i < corrections.length; i++) {
    const { step, change, curvature } = corrections[i]!;
    addScaled(direction, -weights[i]! - pair(change, direction) / curvature, step);
  }
}

/** Step by bisection and doubling (Lewis & Overton 2013, algorithm 2.6); `undefined` when rounding leaves no decrease. */
function* lineSearch(
  pair: NonNullable<Objective['pair']>,
  from: {
    position: Float64Array;
    value: number;
    /** The direction with what it carries along. */
    along: Float64Array;
    direction: Float64Array;
    slope: number;
    length: number;
  },
): Search<{ position: Float64Array<ArrayBuffer>; gradient: Float64Array<ArrayBuffer>; value: number } | undefined> {
  const { along, direction, slope, length } = from;
  const rounding = 1e-15 * Math.abs(from.value);
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let t = 1;
  for (let trial = 0; trial < 40; trial++) {
    const position = Float64Array.from(from.position);
    addScaled(position, t, along);
    const gradient = new Float64Array(length);
    const value = yield { kind: 'evaluate', at: position, into: gradient };
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
