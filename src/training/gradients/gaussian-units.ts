import { type Family, floatAttribute, type Operator } from '../operator.ts';
import type { Ops } from '../ops.ts';
import type { Value } from '../value.ts';

/** dy · (Φ(x) + x · φ(x)), Φ and φ the standard normal distribution and density. */
function exact(ops: Ops, x: Value, dy: Value): Value {
  const u = ops.scale(x, Math.SQRT1_2);
  const density = ops.factor('Exp', ops.neg(ops.square(u)));
  const slope = ops.add(ops.unary('Erf', u), ops.mul(ops.scale(x, Math.sqrt(2 / Math.PI)), density));
  return half(ops, dy, slope);
}

/** The derivative of x · (1 + t) ÷ 2 with t = tanh(x · (c + k · x²)). */
function tanhApproximation(ops: Ops, x: Value, dy: Value): Value {
  const c = Math.sqrt(2 / Math.PI);
  const k = c * 0.044715;
  const squared = ops.square(x);
  const t = ops.unary('Tanh', ops.mul(x, ops.add(ops.scale(squared, k), ops.scalar(c))));
  const inner = ops.mul(x, ops.add(ops.scale(squared, 3 * k), ops.scalar(c)));
  return half(ops, dy, ops.add(t, ops.sub(inner, ops.mul(inner, ops.square(t)))));
}

/** dy · (1 + slope) ÷ 2. */
function half(ops: Ops, dy: Value, slope: Value): Value {
  const halved = ops.scale(dy, 0.5);
  return ops.add(halved, ops.mul(halved, slope));
}

/** An error-linear unit of the runtime's own domain, with a bias along the last axis added to x where one is given. */
function unit(derivative: (ops: Ops, x: Value, dy: Value) => Value): Operator {
  return {
    backward: ({ inputs: [given, bias], grads: [grad], wants, ops }) => {
      const [x, dy] = [ops.plain(given!), ops.plain(grad!)];
      const dx = derivative(ops, bias ? ops.add(x, bias) : x, dy);
      return [dx, wants[1] ? ops.sumTo(dx, bias!.shape) : undefined];
    },
  };
}

/**
 * Gelu (Hendrycks & Gimpel 2016) as the runtime's optimiser and its exporters write it. The standard operator comes written out in Erf
 * or Tanh.
 */
export const gaussianUnits: Family = {
  'com.microsoft:Gelu': unit(exact),
  'com.microsoft:BiasGelu': unit(exact),
  'com.microsoft:FastGelu': unit(tanhApproximation),
  // x · σ(alpha · x)
  'com.microsoft:QuickGelu': {
    backward: ({ node, inputs: [x], outputs: [y], grads: [grad], ops }) => {
      const alpha = floatAttribute(node, 'alpha', 1.702);
      const [s, dy] = [ops.unary('Sigmoid', ops.scale(ops.plain(x!), alpha)), ops.plain(grad!)];
      const scaled = ops.scale(y!, alpha);
      return [ops.mul(dy, ops.add(s, ops.sub(scaled, ops.mul(scaled, s))))];
    },
  },
};
