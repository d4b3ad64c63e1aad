import { type Family, intsAttribute, type Operator } from '../operator.ts';
import { range } from '../shape.ts';

/** The same elements in the same order. */
const view: Operator = {
  // The runtime’s four ways of saying it become one, which vanishes where nothing changes.
  forward: ({ inputs: [x], made, ops }) => [ops.reshape(x!, made[0]!.shape)],
  backward: ({ inputs: [x], grads: [dy], ops }) => [ops.reshape(dy!, x!.shape)],
};

/** Operators that show the elements of one tensor in another shape, some of them more than once. */
export const reshaping: Family = {
  Reshape: view,
  Flatten: view,
  Squeeze: view,
  Unsqueeze: view,
  Transpose: {
    forward: ({ node, inputs: [x], ops }) => [ops.transpose(x!, permutation(intsAttribute(node, 'perm'), x!.shape))],
    backward: ({ node, inputs: [x], grads: [dy], ops }) => {
      const perm = permutation(intsAttribute(node, 'perm'), x!.shape);
      const inverse = perm.map((_, axis) => perm.indexOf(axis));
      return [ops.transpose(dy!, inverse)];
    },
  },
  Expand: {
    backward: ({ inputs: [x], grads: [dy], ops }) => [ops.sumTo(dy!, x!.shape)],
  },
  Tile: {
    // Copies of an axis lie one after the other: seen as an axis of their own, they are summed.
    backward: ({ inputs: [x], grads: [dy], ops }) => {
      const copies = x!.shape.map((size, axis) => (size === 0 ? 1 : dy!.shape[axis]! / size));
      const parts = x!.shape.flatMap((size, axis) => (copies[axis] === 1 ? [size] : [copies[axis]!, size]));
      const axes = copies.flatMap((count, axis) =>
        count === 1 ? [] : [axis + copies.slice(0, axis).filter((other) => other !== 1).length],
      );
      return [ops.reduce('ReduceSum', ops.reshape(dy!, parts), axes, false)];
    },
  },
};

/** Where each axis comes from; reversed when not given. */
function permutation(perm: readonly number[] | undefined, shape: readonly number[]): readonly number[] {
  return perm ?? range(shape.length).reverse();
}
