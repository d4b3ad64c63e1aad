import { intAttribute } from '../constants.ts';
import { elements } from '../model.ts';
import type { Rule } from './rewriting.ts';

/**
 * Softmax, LogSoftmax and Hardmax before 13 see their input as a matrix, split at `axis` (default 1), and work along its rows. That is
 * today's operator where one axis is left right of the split, and today's operator between two reshapes elsewhere.
 */
export const softmax: Rule = (node, to) => {
  if (to.opset >= 13) return [node];
  const shape = to.shape(node);
  const given = intAttribute(node, 'axis', 1);
  const axis = given < 0 ? given + shape.length : given;
  if (axis < shape.length && shape.slice(axis + 1).every((size) => size === 1))
    return 'axis' in node.attributes ? [node] : [{ ...node, attributes: { axis: { kind: 'int', value: axis } } }];
  const inner = elements(shape.slice(axis));
  // −1 stands for the batch where it can, so that the graph serves any.
  const rows = to.node(node, 'Reshape', [
    node.inputs[0] ?? '',
    to.integers(node, 'rows', axis === 0 ? [1, -1] : [-1, inner]),
  ]);
  const along = to.node(node, node.op, rows.outputs, { axis: { kind: 'int', value: -1 } });
  const back = [...along.outputs, to.integers(node, 'shape', [-1, ...shape.slice(1)])];
  return [rows, along, { ...node, op: 'Reshape', inputs: back, attributes: {} }];
};
