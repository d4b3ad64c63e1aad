import { elements } from '../../onnx/model.ts';
import { type BackwardStep, type Family, floatAttribute, intAttribute } from '../operator.ts';
import type { Ops } from '../ops.ts';
import { range } from '../shape.ts';
import type { Value } from '../value.ts';
import { einsum } from './einsum.ts';

type Gradients = readonly (Value | undefined)[];

/** Y = alpha · A′ · B′ + beta · C, where A′ and B′ are A and B or their transposes. */
function gemm({ node, inputs: [a, b, c], grads: [dy], wants, ops }: BackwardStep): Gradients {
  const transA = intAttribute(node, 'transA', 0) === 1;
  const transB = intAttribute(node, 'transB', 0) === 1;
  const alpha = floatAttribute(node, 'alpha', 1);
  const dA = () =>
    transA ? ops.gemm(b!, dy!, { transA: transB, transB: true, alpha }) : ops.gemm(dy!, b!, { transB: !transB, alpha });
  const dB = () =>
    transB ? ops.gemm(dy!, a!, { transA: true, transB: transA, alpha }) : ops.gemm(a!, dy!, { transA: !transA, alpha });
  const dC = () => ops.scale(ops.sumTo(dy!, c!.shape), floatAttribute(node, 'beta', 1));
  return [wants[0] ? dA() : undefined, wants[1] ? dB() : undefined, wants[2] ? dC() : undefined];
}

/** As numpy.matmul: a vector on the left is a row, one on the right a column, and the axis so added goes from the result. */
function matMul({ inputs, grads, wants, ops }: BackwardStep): Gradients {
  const [a, b] = [inputs[0]!, inputs[1]!];
  const left = a.shape.length === 1 ? ops.reshape(a, [1, ...a.shape]) : a;
  const right = b.shape.length === 1 ? ops.reshape(b, [...b.shape, 1]) : b;
  const lead = left.shape.length > right.shape.length ? left.shape.slice(0, -2) : right.shape.slice(0, -2);
  const batch = lead.map((_, i) => {
    const sizes = [left, right].map(({ shape }) => shape.slice(0, -2).at(i - lead.length) ?? 1);
    return sizes[0] === 1 ? sizes[1]! : sizes[0]!;
  });
  const dy = ops.reshape(grads[0]!, [...batch, left.shape.at(-2)!, right.shape.at(-1)!]);
  // One matrix for the whole batch: one product over all rows at once instead of one each, summed.
  if (elements(right.shape.slice(0, -2)) === 1) {
    const [inner, columns] = [right.shape.at(-2)!, right.shape.at(-1)!];
    const [rows, matrix, gradient] = [
      ops.reshape(left, [elements(left.shape) / inner, inner]),
      ops.reshape(right, [inner, columns]),
      ops.reshape(dy, [elements(dy.shape) / columns, columns]),
    ];
    return [
      wants[0] ? ops.reshape(ops.gemm(gradient, matrix, { transB: true }), a.shape) : undefined,
      wants[1] ? ops.reshape(ops.gemm(rows, gradient, { transA: true }), b.shape) : undefined,
    ];
  }
  const sum = (value: Value, to: Value, shape: readonly number[]) => ops.reshape(ops.sumTo(value, to.shape), shape);
  return [
    wants[0] ? sum(ops.matmul(dy, transposed(ops, right)), left, a.shape) : undefined,
    wants[1] ? sum(ops.matmul(transposed(ops, left), dy), right, b.shape) : undefined,
  ];
}

/** The last two axes exchanged; the runtime takes it into the product that follows. */
function transposed(ops: Ops, value: Value): Value {
  const rank = value.shape.length;
  return ops.transpose(value, [...range(rank - 2), rank - 1, rank - 2]);
}

export const matrixProducts: Family = {
  Gemm: { backward: gemm },
  MatMul: { backward: matMul },
  Einsum: { backward: einsum },
};
