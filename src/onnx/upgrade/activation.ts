import type { Node } from '../model.ts';
import { type Rule, stringAttribute } from './rewriting.ts';

/**
 * Gelu (20), x Φ(x) of Hendrycks & Gimpel 2016, exact or by their tanh approximation, in the order of operations that runtimes recognise
 * and fuse.
 */
export const gelu: Rule = (node, to) => {
  const x = node.inputs[0] ?? '';
  const nodes: Node[] = [];
  const add = (op: string, ...inputs: string[]): string => {
    const made = to.node(node, op, inputs);
    nodes.push(made);
    return made.outputs[0]!;
  };
  const one = to.scalar(node, 'one', 1);
  const half = to.scalar(node, 'half', 0.5);
  if (stringAttribute(node, 'approximate', 'none') !== 'tanh') {
    const error = add('Erf', add('Div', x, to.scalar(node, 'root_of_two', Math.SQRT2)));
    const product = add('Mul', x, add('Add', error, one));
    return [...nodes, { ...node, op: 'Mul', inputs: [product, half], attributes: {} }];
  }
  const cube = add('Mul', add('Mul', x, x), x);
  const inner = add('Add', x, add('Mul', cube, to.scalar(node, 'cubic', 0.044715)));
  const tanh = add('Tanh', add('Mul', inner, to.scalar(node, 'slope', Math.sqrt(2 / Math.PI))));
  const halves = [add('Mul', x, half), add('Add', tanh, one)];
  return [...nodes, { ...node, op: 'Mul', inputs: halves, attributes: {} }];
};
