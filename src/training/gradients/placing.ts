import { elements } from '../../onnx/model.ts';
import type { Ops } from '../ops.ts';
import { range } from '../shape.ts';
import type { Value } from '../value.ts';

/** Elements of one axis that were read: start, start + step, …; `step` may be negative. */
export interface Stride {
  axis: number;
  start: number;
  step: number;
  /** Of the axis they were read from. */
  size: number;
}

/** The gradient of reading elements at regular distances: `dy` where they were, zeros elsewhere. */
export function placed(ops: Ops, dy: Value, strides: readonly Stride[]): Value {
  if (elements(dy.shape) === 0) {
    const sizeOf = new Map(strides.map(({ axis, size }) => [axis, size]));
    return ops.zeros(dy.shape.map((own, axis) => sizeOf.get(axis) ?? own));
  }
  const before = dy.shape.map(() => 0);
  const after = dy.shape.map(() => 0);
  let value = dy;
  for (const { axis, start, step, size } of strides) {
    const count = dy.shape[axis]!;
    if (step < 0 && count > 1) value = ops.slice(value, axis, 0, 0, -1);
    const first = step < 0 ? start + (count - 1) * step : start;
    const gap = count === 1 ? 1 : Math.abs(step);
    const lead = first % gap;
    if (gap > 1) value = interleaved(ops, value, axis, { gap, lead });
    before[axis] = first - lead;
    after[axis] = size - before[axis] - count * gap;
  }
  return ops.pad(value, before, after);
}

/** Every element followed by zeros, `gap` in all, with `lead` of those zeros in front of it. */
function interleaved(ops: Ops, x: Value, axis: number, { gap, lead }: { gap: number; lead: number }): Value {
  const outer = elements(x.shape.slice(0, axis + 1));
  const inner = elements(x.shape.slice(axis + 1));
  // Joining long rows is several times faster than padding an axis of size 1.
  const zeros = (count: number) =>
    count === 0 ? [] : [ops.shared(`zeros ${outer}x${count * inner}`, () => ops.zeros([outer, count * inner]))];
  const rows = ops.concat([...zeros(lead), ops.reshape(x, [outer, inner]), ...zeros(gap - 1 - lead)], 1);
  return ops.reshape(
    rows,
    x.shape.map((size, i) => (i === axis ? size * gap : size)),
  );
}

/** Up to this size of an axis a product with a matrix of zeros and ones takes less time than adding element by element. */
const largestProduct = 512;
/** Elements of such a matrix that a session may hold. */
const largestMatrix = 2 ** 21;

/**
 * The gradient of Gather along one axis: each slice of `dy` added to the slice of the result that it was read from.
 * @param dy of the shape that was read from, but with k slices along `axis`
 * @param indices k of them, negative ones from the end; an int64 or int32 vector where they differ from image to image
 */
export function addedAt(ops: Ops, dy: Value, indices: readonly number[] | Value, axis: number, size: number): Value {
  const shape = dy.shape.map((own, i) => (i === axis ? size : own));
  if (!('name' in indices)) {
    if (indices.length === 0) return ops.zeros(shape);
    const places = indices.map((index) => (index < 0 ? index + size : index));
    const step = places.length > 1 ? places[1]! - places[0]! : 1;
    if (step !== 0 && places.every((place, i) => place === places[0]! + i * step))
      return placed(ops, dy, [{ axis, start: places[0]!, step, size }]);
    if (new Set(places).size === places.length) return rearranged(ops, dy, places, axis, size);
    if (size <= largestProduct && size * places.length <= largestMatrix) return summed(ops, dy, places, axis, size);
    return addedAt(ops, dy, ops.ints(places), axis, size);
  }
  const each = ops.reshape(
    indices,
    dy.shape.map((own, i) => (i === axis ? own : 1)),
  );
  // Not ScatterND: the runtime adds in parallel without a lock, so that repeated indices lose some of their gradients.
  return ops.node(
    'ScatterElements',
    [ops.zeros(shape), ops.expand(each, dy.shape), dy],
    { shape },
    { axis, reduction: 'add' },
  );
}

/** Every slice was read at most once: the same moves the other way. */
function rearranged(ops: Ops, dy: Value, places: readonly number[], axis: number, size: number): Value {
  const origins = new Array<number>(size).fill(places.length);
  places.forEach((place, i) => {
    origins[place] = i;
  });
  if (size === places.length) return ops.gather(dy, origins, axis);
  const none = dy.shape.map(() => 0);
  // A slice of zeros at the end is what comes where nothing was read.
  const withNone = ops.pad(dy, none, none.with(axis, 1));
  return ops.gather(withNone, origins, axis);
}

function summed(ops: Ops, dy: Value, places: readonly number[], axis: number, size: number): Value {
  const count = places.length;
  const outer = elements(dy.shape.slice(0, axis));
  const inner = elements(dy.shape.slice(axis + 1));
  const isRow = inner === 1;
  const [read, all] = [
    ops.constant(places, isRow ? [count, 1] : [1, count]),
    ops.constant(range(size), isRow ? [1, size] : [size, 1]),
  ];
  const matrix = ops.cast(ops.binary('Equal', read, all, 'bool'), 'float32');
  const sum = isRow
    ? ops.matmul(ops.reshape(dy, [outer, count]), matrix)
    : ops.matmul(matrix, ops.reshape(dy, outer === 1 ? [count, inner] : [outer, count, inner]));
  return ops.reshape(
    sum,
    dy.shape.map((own, i) => (i === axis ? size : own)),
  );
}
