import type { Node } from '../onnx/model.ts';
import type { Made, Ops } from './ops.ts';
import type { Value } from './value.ts';

/** One node of the network, in the form of opset 18, while the training graph is built. */
export interface Step {
  node: Node;
  /** In the node's order; undefined for an optional input that is not given. */
  inputs: readonly (Value | undefined)[];
  /** Shapes and types of the outputs. */
  made: readonly Made[];
  /** Which inputs need a gradient, because a trained weight lies behind them. */
  wants: readonly boolean[];
  ops: Ops;
  /** The numbers of a constant input (axes, bounds, sizes, …); undefined where they are not the same for every image, or not given. */
  numbers(input: number): readonly number[] | undefined;
}

export interface BackwardStep extends Step {
  outputs: readonly Value[];
  /** Gradient of the loss with respect to each output; undefined where nothing depends on it. Of the output's shape. */
  grads: readonly (Value | undefined)[];
}

/**
 * What training needs to know of an operator. To teach it another one, add an entry to its family in gradients/.
 */
export interface Operator {
  /** Emits the computation. Left out: the node as it stands. */
  forward?(step: Step): readonly Value[];
  /**
   * Emits the gradient of the loss with respect to each input that `wants` one, of the input's shape; undefined for one that is zero
   * everywhere. Called only when at least one output has a gradient.
   */
  backward(step: BackwardStep): readonly (Value | undefined)[];
}

/** Operators by name; those of other domains as “domain:name”. */
export type Family = Readonly<Record<string, Operator>>;

/** An integer attribute, or its default. */
export { intAttribute, intsAttribute } from '../onnx/constants.ts';

export function floatAttribute(node: Node, name: string, otherwise: number): number {
  const attribute = node.attributes[name];
  return attribute?.kind === 'float' ? attribute.value : otherwise;
}

export function stringAttribute(node: Node, name: string, otherwise: string): string {
  const attribute = node.attributes[name];
  return attribute?.kind === 'string' ? attribute.value : otherwise;
}
