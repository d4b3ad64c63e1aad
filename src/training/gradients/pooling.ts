import { elements } from '../../onnx/model.ts';
import { type Family, intAttribute, type Step } from '../operator.ts';
import { range } from '../shape.ts';
import type { Value } from '../value.ts';
import { signOf } from './heaviside.ts';
import { maxPool } from './max-pool.ts';
import { poolAttributes, poolWindows, spreadOver } from './window-sums.ts';

/** Operators that summarise windows, or whole maps, of each channel. */
export const pooling: Family = {
  MaxPool: maxPool,
  AveragePool: {
    forward: (step) => [pooled(step, 'AveragePool')],
    backward: (step) => [spreadOver(step, step.grads[0]!, 'AveragePool', poolWindows(step))],
  },
  // y = (Σ |x|ᵖ)^(1/p), so dx = sign(x) · |x|^(p−1) · Σ dy · y^(1−p) over the windows that hold x.
  LpPool: {
    forward: (step) => [pooled(step, 'LpPool')],
    backward: (step) => {
      const p = intAttribute(step.node, 'p', 2);
      const shares = normShares(step, step.outputs[0]!, step.grads[0]!, p);
      return [normSlopes(step, spreadOver(step, shares, 'LpPool', poolWindows(step)), p)];
    },
  },
  GlobalAveragePool: {
    backward: ({ inputs: [x], grads: [dy], ops }) => {
      const map = x!.shape.map((size, axis) => (axis < 2 ? 1 : size));
      // A product with a small constant takes a fraction of Expand’s time.
      return [ops.mul(dy!, ops.full(map, 1 / elements(map)))];
    },
  },
  /** Elements that tie share the gradient equally. */
  GlobalMaxPool: {
    backward: ({ inputs: [x], outputs: [y], grads: [dy], ops }) => {
      const winners = ops.cast(ops.binary('Equal', ops.plain(x!), ops.plain(y!), 'bool'), 'float32');
      const count = ops.reduce('ReduceSum', winners, range(x!.shape.length).slice(2));
      return [ops.mul(winners, ops.div(dy!, count))];
    },
  },
  GlobalLpPool: {
    backward: (step) => {
      const { node, outputs, grads } = step;
      const p = intAttribute(node, 'p', 2);
      return [normSlopes(step, normShares(step, outputs[0]!, grads[0]!, p), p)];
    },
  },
};

/** The same pool with its windows written out. */
function pooled(step: Step, op: 'AveragePool' | 'LpPool'): Value {
  const { node, inputs, made, ops } = step;
  const attributes = poolAttributes(step, op, poolWindows(step));
  return ops.node(
    op,
    [inputs[0]],
    made[0]!,
    op === 'LpPool' ? { ...attributes, p: intAttribute(node, 'p', 2) } : attributes,
  );
}

/** dy · y^(1−p); where a norm is 0 a finite number, because there x is 0 and makes the gradient 0, as PyTorch has it. */
function normShares({ ops }: Step, y: Value, dy: Value, p: number): Value {
  if (p === 1) return dy;
  const isZero = ops.cast(ops.binary('Equal', y, ops.scalar(0), 'bool'), 'float32');
  const divisor = ops.add(y, isZero);
  const power = p === 2 ? divisor : ops.binary('Pow', divisor, ops.scalar(p - 1));
  return ops.div(dy, power);
}

/** `shares` · sign(x) · |x|^(p−1). */
function normSlopes({ inputs: [x], ops }: Step, shares: Value, p: number): Value {
  if (p === 1) return ops.mul(shares, signOf(ops, x!));
  if (p === 2) return ops.mul(shares, x!);
  const size = ops.binary('Pow', ops.unary('Abs', x!), ops.scalar(p - 1));
  return ops.mul(shares, ops.mul(size, signOf(ops, x!)));
}
