import type { Ops } from '../ops.ts';
import type { Value } from '../value.ts';

/**
 * Masks of 0 and 1 by one pass of HardSigmoid, max(0, min(1, alpha · x + beta)), with so steep a ramp that no number falls on it. On
 * processors that takes less time than two Casts, a comparison, Where or Sign. A power of two only moves the
 * exponent, so that the mask is exact: where x equals the bound, alpha · x + beta is 0 to the last bit.
 */
const steep = 2 ** 100;

/** 1 where x > bound, elsewhere 0; to be multiplied with a gradient. Numbers within 2⁻¹⁰⁰ of 0 count as a part of 1. */
export function above(ops: Ops, x: Value, bound = 0): Value {
  const slope = slopeFor(bound);
  return ops.factor('HardSigmoid', x, { alpha: { float: slope }, beta: { float: -bound * slope } });
}

/** 1 where x < bound, elsewhere 0; to be multiplied with a gradient. */
export function below(ops: Ops, x: Value, bound = 0): Value {
  const slope = slopeFor(bound);
  return ops.factor('HardSigmoid', x, { alpha: { float: -slope }, beta: { float: bound * slope } });
}

/** 1 where x > 0, ½ where x = 0, 0 where x < 0: what a maximum hands to either side. */
export function half(ops: Ops, x: Value): Value {
  return ops.factor('HardSigmoid', x, { alpha: { float: steep }, beta: { float: 0.5 } });
}

/** −1, 0 or 1; two passes that take half the time of Sign. */
export function signOf(ops: Ops, x: Value): Value {
  return ops.unary('Clip', ops.scale(x, steep), {}, [ops.scalar(-1), ops.scalar(1)]);
}

/** As steep as it may be while bound · slope stays finite; one step of float32 beside the bound still reaches the end of the ramp. */
function slopeFor(bound: number): number {
  return bound === 0 ? steep : Math.min(steep, 2 ** (125 - Math.ceil(Math.log2(Math.abs(bound)))));
}
