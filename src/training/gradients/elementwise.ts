import type { AttributeValue } from '../../onnx/build.ts';
import type { Node } from '../../onnx/model.ts';
import type { Operator } from '../operator.ts';
import type { Ops } from '../ops.ts';
import type { Value } from '../value.ts';

/** One function y = f(x), number by number, on the way back. */
export interface Point {
  x: Value;
  y: Value;
  /** Gradient of the loss with respect to y. */
  dy: Value;
  node: Node;
  ops: Ops;
}

/**
 * A function of one tensor, number by number, computed and differentiated in whatever layout the tensor has.
 * @param derivative dy · f′(x); undefined where that is zero everywhere. One that reads y and not x lets go of x early. Products and
 * differences of dy keep filled-up channels zero, so that they are written as dy − dy · y² rather than dy · (1 − y²).
 * @param attributes of the node, defaults included
 */
export function elementwise(
  derivative: (point: Point) => Value | undefined,
  attributes: (node: Node) => Record<string, AttributeValue> = () => ({}),
): Operator {
  return {
    forward: ({ node, inputs, ops }) => [ops.unary(node.op, inputs[0]!, attributes(node))],
    backward: ({ node, inputs, outputs, grads, ops }) => [
      derivative({ x: inputs[0]!, y: outputs[0]!, dy: grads[0]!, node, ops }),
    ],
  };
}
