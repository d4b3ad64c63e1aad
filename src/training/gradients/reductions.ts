import { TransferEvidenceError } from '../../errors.ts';
import { describe } from '../../onnx/check.ts';
import { elements } from '../../onnx/model.ts';
import { type BackwardStep, type Family, intAttribute, type Operator, type Step } from '../operator.ts';
import type { Ops } from '../ops.ts';
import { axisOf, range } from '../shape.ts';
import type { Value } from '../value.ts';
import { signOf } from './heaviside.ts';

/** A reduction on the way back: y and dy with the reduced axes kept, in size 1. */
interface Reduced {
  x: Value;
  y: Value;
  dy: Value;
  axes: readonly number[];
  ops: Ops;
}

function axesOf(step: Step): number[] {
  const rank = step.inputs[0]!.shape.length;
  const axes = step.inputs[1] ? step.numbers(1) : [];
  if (!axes)
    throw new TransferEvidenceError(
      'model-unsupported',
      `Node ${describe(step.node)} reduces axes that depend on the image. Export the network with fixed axes.`,
    );
  if (axes.length > 0) return axes.map((axis) => axisOf(axis, rank));
  return intAttribute(step.node, 'noop_with_empty_axes', 0) === 1 ? [] : range(rank);
}

function reduction(derivative: (reduced: Reduced) => Value): Operator {
  return {
    backward: (step: BackwardStep) => {
      const { inputs, outputs, grads, ops } = step;
      const axes = axesOf(step);
      const x = inputs[0]!;
      const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
      return [derivative({ x, y: ops.reshape(outputs[0]!, kept), dy: ops.reshape(grads[0]!, kept), axes, ops })];
    },
  };
}

/** dy · factor along the axes that were summed away: a product with a small constant takes no longer than Expand and scales as well. */
function spread({ x, dy, axes, ops }: Reduced, factor = 1): Value {
  if (elements(dy.shape) === 1) return ops.expand(ops.scale(dy, factor), x.shape);
  const shape = x.shape.map((size, axis) => (axes.includes(axis) ? size : 1));
  return ops.mul(dy, ops.full(shape, factor));
}

const extreme = reduction(({ x, y, dy, axes, ops }) => {
  const winners = ops.cast(ops.binary('Equal', ops.plain(x), y, 'bool'), 'float32');
  return ops.mul(winners, ops.div(dy, ops.reduce('ReduceSum', winners, axes)));
});

/** x ÷ ‖x‖₂, and 0 where all of x is 0, as PyTorch has it. */
const euclidean = reduction(({ x, y, dy, ops }) => {
  const isZero = ops.cast(ops.binary('Equal', y, ops.scalar(0), 'bool'), 'float32');
  return ops.mul(ops.plain(x), ops.div(dy, ops.add(y, isZero)));
});

/**
 * The product of all others, also where one or several are 0: p ÷ x′ where as many zeros are among them as x is itself, with zeros
 * taken as 1 in both.
 */
const product = reduction(({ x, dy, axes, ops }) => {
  if (axes.length === 0) return dy;
  const kept = { shape: dy.shape };
  const zero = ops.cast(ops.binary('Equal', ops.plain(x), ops.scalar(0), 'bool'), 'float32');
  const nonzero = ops.add(ops.plain(x), zero);
  const whole = ops.node('ReduceProd', [nonzero, ops.ints(axes)], kept, { keepdims: 1 });
  const zeros = ops.reduce('ReduceSum', zero, axes);
  const counts = ops.cast(ops.binary('Equal', zeros, zero, 'bool'), 'float32');
  return ops.mul(ops.div(ops.mul(dy, whole), nonzero), counts);
});

/** Reductions along axes; those that tie for a maximum or minimum share its gradient equally, as PyTorch’s amax has it. */
export const reductions: Family = {
  ReduceSum: reduction((reduced) => spread(reduced)),
  ReduceMean: reduction((reduced) => spread(reduced, elements(reduced.dy.shape) / elements(reduced.x.shape))),
  ReduceMax: extreme,
  ReduceMin: extreme,
  ReduceL1: reduction(({ x, dy, ops }) => ops.mul(dy, signOf(ops, x))),
  ReduceL2: euclidean,
  ReduceSumSquare: reduction(({ x, dy, ops }) => ops.mul(ops.scale(dy, 2), x)),
  ReduceLogSum: reduction((reduced) =>
    spread({ ...reduced, dy: reduced.ops.div(reduced.dy, reduced.ops.unary('Exp', reduced.y)) }),
  ),
  ReduceLogSumExp: reduction(({ x, y, dy, ops }) => ops.mul(dy, ops.unary('Exp', ops.sub(x, y)))),
  ReduceProd: product,
  CumSum: {
    // What came before is added to what comes after: the same sum, from the other end.
    backward: ({ node, inputs: [, axis], grads: [dy], ops }) => {
      const attributes = {
        exclusive: intAttribute(node, 'exclusive', 0),
        reverse: 1 - intAttribute(node, 'reverse', 0),
      };
      return [ops.node('CumSum', [dy, axis], { shape: dy!.shape }, attributes)];
    },
  },
};
