import { intAttribute, intsAttribute, type Origins, originsOf } from '../onnx/constants.ts';
import { elements, type Model, type Node, type Tensor } from '../onnx/model.ts';

/** What a trainable tensor does, which decides how it starts. */
export type Role =
  /** Multiplies activations: `fanIn` numbers go into each result; `rectified` when ReLU or a relative follows. */
  | { kind: 'kernel'; fanIn: number; rectified: boolean }
  | { kind: 'bias' }
  /** Scale of a normalisation, or of a residual branch. */
  | { kind: 'scale' }
  | { kind: 'running mean' }
  | { kind: 'running variance' }
  /** Slope of a PReLU. */
  | { kind: 'slope' }
  /** Tokens and positions: looked up or added, never multiplied. */
  | { kind: 'embedding' };

const rectifiers = new Set([
  'Relu',
  'Clip',
  'LeakyRelu',
  'PRelu',
  'HardSwish',
  'Gelu',
  'Elu',
  'Selu',
  'Mish',
  'Erf',
  'Sigmoid',
  'HardSigmoid',
]);
const copies = new Set(['Identity', 'Transpose', 'Reshape', 'Squeeze', 'Unsqueeze', 'Expand', 'Cast']);
/** Operators whose result is linear in a kernel. */
const linear = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul']);

/**
 * The trainable tensors of a network, by name, with what they do; constants held by Constant nodes and by initialisers alike. Scalars,
 * shapes, clipping bounds and whatever touches the image before the first layer (its normalisation) are not among them.
 */
export function trainableOf(model: Model): Map<string, Role> {
  const { graph } = model;
  const origins = originsOf(graph);
  const roles = new Map<string, Role>();
  const readers = new Map<string, Node[]>();
  for (const node of graph.nodes)
    for (const input of node.inputs) {
      const list = readers.get(input);
      if (list) list.push(node);
      else readers.set(input, [node]);
    }
  const assign = (name: string | undefined, role: Role): void => {
    const source = weightOf(name ?? '', origins);
    if (source && isTrainableType(source.tensor) && !roles.has(source.name)) roles.set(source.name, role);
  };
  const learnt = afterFirstLayer(graph.nodes, origins);
  for (const node of graph.nodes) {
    if (node.domain !== '') continue;
    const [, second, third, fourth, fifth] = node.inputs;
    if (linear.has(node.op)) {
      for (const name of node.inputs.slice(0, 2)) {
        const shape = shapeOf(name, origins);
        if (shape)
          assign(name, { kind: 'kernel', fanIn: fanInOf(node, shape), rectified: isRectified(node, readers, origins) });
      }
      assign(third, { kind: 'bias' });
    } else if (node.op === 'BatchNormalization') {
      assign(second, { kind: 'scale' });
      assign(third, { kind: 'bias' });
      assign(fourth, { kind: 'running mean' });
      assign(fifth, { kind: 'running variance' });
    } else if (/^(Layer|Instance|Group|RMS)Normalization$/.test(node.op)) {
      assign(second, { kind: 'scale' });
      assign(third, { kind: 'bias' });
    } else if (node.op === 'PRelu') assign(second, { kind: 'slope' });
    else if (node.op === 'Gather' || node.op === 'Concat' || node.op === 'Where') {
      for (const name of node.op === 'Gather' ? node.inputs.slice(0, 1) : node.inputs)
        assign(name, { kind: 'embedding' });
    } else if ((node.op === 'Mul' || node.op === 'Add') && learnt.has(node)) {
      for (const name of node.inputs) {
        const shape = shapeOf(name, origins);
        if (shape)
          assign(
            name,
            node.op === 'Mul' ? { kind: 'scale' } : isVector(shape) ? { kind: 'bias' } : { kind: 'embedding' },
          );
      }
    }
  }
  return roles;
}

/** The number of trainable numbers, the running statistics of batch normalisation not counted. */
export function countParameters(model: Model): number {
  const origins = originsOf(model.graph);
  let sum = 0;
  for (const [name, { kind }] of trainableOf(model))
    if (kind !== 'running mean' && kind !== 'running variance') sum += elements(origins.constant(name)?.dims ?? []);
  return sum;
}

/** The kernel of a linear layer among the trainable tensors `roles`; undefined for any other node, and for products of two activations. */
export function kernelOf(
  node: Node,
  roles: ReadonlyMap<string, Role>,
  origins: Origins,
): { name: string; tensor: Tensor } | undefined {
  if (!linear.has(node.op) || node.domain !== '') return undefined;
  const factors = node.inputs.slice(0, 2).map((name) => weightOf(name, origins));
  return factors.find((factor) => factor && roles.get(factor.name)?.kind === 'kernel');
}

/** The constant behind a tensor, through copies and changes of shape. */
export function weightOf(name: string, origins: Origins): { name: string; tensor: Tensor } | undefined {
  const node = origins.maker(name);
  if (node && copies.has(node.op)) return weightOf(node.inputs[0] ?? '', origins);
  const tensor = origins.constant(name);
  return tensor && { name, tensor };
}

function isTrainableType({ type, dims }: Tensor): boolean {
  return type === 'float32' && elements(dims) > 1;
}

/** The shape in which a constant is read; undefined for anything that depends on the image. */
function shapeOf(name: string, origins: Origins): number[] | undefined {
  const node = origins.maker(name);
  if (node?.op === 'Transpose') {
    const shape = shapeOf(node.inputs[0] ?? '', origins);
    const perm = intsAttribute(node, 'perm') ?? shape?.map((_, i) => shape.length - 1 - i);
    return shape && perm?.map((axis) => shape[axis] ?? 1);
  }
  return weightOf(name, origins)?.tensor.dims;
}

/** He et al. 2015: the connections into one unit. */
function fanInOf(node: Node, shape: number[]): number {
  if (node.op === 'Conv') return elements(shape.slice(1));
  if (node.op === 'ConvTranspose') return (shape[0]! / intAttribute(node, 'group', 1)) * elements(shape.slice(2));
  const transposed = node.op === 'Gemm' && intAttribute(node, 'transB', 0) === 1;
  return shape.at(transposed ? -1 : -2) ?? shape[0]!;
}

/** Whether a layer's result goes through a rectifier, past its bias and its normalisation. */
function isRectified(node: Node, readers: ReadonlyMap<string, Node[]>, origins: Origins): boolean {
  return (readers.get(node.outputs[0] ?? '') ?? []).some((next) => {
    if (rectifiers.has(next.op)) return true;
    const passes =
      next.op === 'BatchNormalization' || (next.op === 'Add' && next.inputs.some((name) => shapeOf(name, origins)));
    return passes && isRectified(next, readers, origins);
  });
}

function isVector(shape: number[]): boolean {
  return shape.filter((size) => size > 1).length === 1;
}

/** Nodes that depend on a layer with weights: before the first one, constants normalise the image. */
function afterFirstLayer(nodes: readonly Node[], origins: Origins): Set<Node> {
  const after = new Set<Node>();
  for (const node of nodes) {
    const isLayer = linear.has(node.op) || node.op === 'BatchNormalization';
    const follows = node.inputs.some((input) => {
      const maker = origins.maker(input);
      return maker && after.has(maker);
    });
    if (isLayer || follows) after.add(node);
  }
  return after;
}
