import { intAttribute } from '../constants.ts';
import type { Node } from '../model.ts';
import { floatAttribute, type Rewriting, type Rule, without } from './rewriting.ts';

const forInference = 'Export the network for inference (in PyTorch: after model.eval()).';

/** BatchNormalization as inference: before 14 further outputs, since then an attribute, ask for training. */
export const batchNormalization: Rule = (node, to) => {
  const further = node.outputs.slice(1).some((output) => output !== '');
  if (intAttribute(node, 'training_mode', 0) === 1 || further)
    to.refuse(node, 'it normalises each batch by its own statistics, as in training', forInference);
  if (intAttribute(node, 'spatial', 1) === 0)
    to.refuse(node, 'it keeps statistics for every pixel (spatial = 0)', 'Export it with statistics per channel.');
  if (node.outputs.length === 1 && !('spatial' in node.attributes)) return [node];
  return [{ ...node, outputs: node.outputs.slice(0, 1), attributes: without(node.attributes, 'spatial') }];
};

/** Dropout does nothing at inference. */
export const dropout: Rule = (node, to) => {
  if (to.isRead(node.outputs[1])) to.refuse(node, `its mask ${node.outputs[1]} is used`, forInference);
  if ((node.inputs[2] ?? '') !== '' && to.flag(node, 2) !== false)
    to.refuse(node, 'it drops elements at random, as in training', forInference);
  return [
    { ...node, op: 'Identity', inputs: node.inputs.slice(0, 1), outputs: node.outputs.slice(0, 1), attributes: {} },
  ];
};

/**
 * GroupNormalization (Wu & He 2018) written out: its scale and bias belong to groups in 18 and to channels since 21, and few runtimes
 * have a kernel for either. Mean and variance are over each group's elements, population variance.
 */
export const groupNormalization: Rule = (node, to) => {
  const [x = '', scale = '', bias = ''] = node.inputs;
  const shape = to.shape(node);
  const groups = intAttribute(node, 'num_groups', 1);
  const nodes: Node[] = [];
  const add = (op: string, ...inputs: string[]): string => {
    const made = to.node(node, op, inputs);
    nodes.push(made);
    return made.outputs[0]!;
  };
  const lastAxis = to.integers(node, 'axes', [2]);
  const grouped = add('Reshape', x, to.integers(node, 'groups', [0, groups, -1]));
  const centred = add('Sub', grouped, add('ReduceMean', grouped, lastAxis));
  const variance = add('ReduceMean', add('Mul', centred, centred), lastAxis);
  const epsilon = to.scalar(node, 'epsilon', floatAttribute(node, 'epsilon') ?? 1e-5);
  const normal = add('Div', centred, add('Sqrt', add('Add', variance, epsilon)));
  const whole = to.integers(node, 'shape', [-1, ...shape.slice(1)]);
  if (to.opset < 21) {
    const each = to.integers(node, 'each_group', [1, groups, 1]);
    const affine = add('Add', add('Mul', normal, add('Reshape', scale, each)), add('Reshape', bias, each));
    return [...nodes, ending(node, to, 'Reshape', affine, whole)];
  }
  const each = to.integers(node, 'each_channel', [1, shape[1] ?? 1, ...shape.slice(2).map(() => 1)]);
  const scaled = add('Mul', add('Reshape', normal, whole), add('Reshape', scale, each));
  const shift = add('Reshape', bias, each);
  return [...nodes, ending(node, to, 'Add', scaled, shift)];
};

function ending(node: Node, to: Rewriting, op: string, ...inputs: string[]): Node {
  return { ...to.node(node, op, inputs, {}, node.outputs[0]!), name: node.name };
}
