import { elements } from '../../onnx/model.ts';
import type { Ops } from '../ops.ts';
import { range } from '../shape.ts';
import type { Value } from '../value.ts';

/**
 * An operator that maps each spatial axis by a matrix of its own, as averaging and interpolation do.
 * Emits it for some of the axes alone, `axes`, in ascending order.
 * @param x [M, 1, …those axes]
 */
export type Along = (x: Value, axes: readonly number[]) => Value;

/** Up to this many elements one matrix for all axes takes less time than one an axis, which makes many small products. */
const largestWhole = 10_000;

/**
 * The gradient of such an operator, Kᵀ · dy. K is what the operator makes of the identity matrix: the session computes it once as it is
 * made, so that it is the runtime’s own arithmetic to the last bit, for every mode and version.
 * @param shape of the operator’s input
 * @param axes that it changes, ascending
 */
export function transposed(
  ops: Ops,
  dy: Value,
  shape: readonly number[],
  axes: readonly number[],
  along: Along,
): Value {
  const product = (sizes: readonly number[], of: readonly number[]) => elements(of.map((axis) => sizes[axis]!));
  const areLast = axes.every((axis, i) => axis === shape.length - axes.length + i);
  if (areLast && axes.length > 1 && product(shape, axes) * product(dy.shape, axes) <= largestWhole) {
    const matrix = matrixOf(ops, shape, axes, along);
    const rows = ops.reshape(dy, [elements(dy.shape) / matrix.shape[1]!, matrix.shape[1]!]);
    return ops.reshape(ops.gemm(rows, matrix, { transB: true }), shape);
  }
  return axes.toReversed().reduce((value, axis) => alongOne(ops, value, axis, matrixOf(ops, shape, [axis], along)), dy);
}

/** [elements before, elements after], of the axes named. */
function matrixOf(ops: Ops, shape: readonly number[], axes: readonly number[], along: Along): Value {
  const sizes = axes.map((axis) => shape[axis]!);
  const count = elements(sizes);
  const identity = ops.shared(`identity ${count}`, () =>
    ops.node('EyeLike', [ops.zeros([count, count])], { shape: [count, count] }),
  );
  const mapped = along(ops.reshape(identity, [count, 1, ...sizes]), axes);
  return ops.reshape(mapped, [count, elements(mapped.shape) / count]);
}

/** matrix · x along one axis. */
function alongOne(ops: Ops, x: Value, axis: number, matrix: Value): Value {
  const [size, count] = [matrix.shape[0]!, matrix.shape[1]!];
  const shape = x.shape.with(axis, size);
  if (axis === x.shape.length - 1) {
    const rows = ops.reshape(x, [elements(x.shape) / count, count]);
    return ops.reshape(ops.matmul(rows, ops.transpose(matrix, [1, 0])), shape);
  }
  const outer = elements(x.shape.slice(0, axis));
  const inner = elements(x.shape.slice(axis + 1));
  return ops.reshape(ops.matmul(matrix, ops.reshape(x, [outer, count, inner])), shape);
}

/** Each element repeated `factors[i]` times along axis i: nearest-neighbour enlargement. */
export function repeated(ops: Ops, x: Value, factors: readonly number[]): Value {
  if (factors.every((factor) => factor === 1)) return x;
  const shape = x.shape.map((size, axis) => size * factors[axis]!);
  // One number a channel: a product with a small constant takes a fraction of the time.
  if (range(x.shape.length).every((axis) => factors[axis] === 1 || x.shape[axis] === 1))
    return ops.mul(x, ops.full([...factors], 1));
  const scales = ops.constant(Float32Array.from(factors));
  return ops.node(
    'Resize',
    [x, undefined, scales],
    { shape },
    {
      mode: 'nearest',
      coordinate_transformation_mode: 'asymmetric',
      nearest_mode: 'floor',
    },
  );
}
