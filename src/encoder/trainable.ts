import { intAttribute, intsAttribute } from '../onnx/constants.ts';
import { mostDimensions } from '../onnx/least-size.ts';
import { elements, type Graph, type Model, type Node, type Tensor } from '../onnx/model.ts';

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

/** A constant behind a tensor, through copies and changes of shape. */
export interface Source {
  /** Of the constant. */
  name: string;
  tensor: Tensor;
  /** In which it is read: that of the constant, transposed as the copies are. */
  shape: readonly number[];
}

/** The constants behind the tensors of a graph; tensors that depend on the image have none. */
export function sourcesOf(graph: Graph): ReadonlyMap<string, Source> {
  const sources = new Map<string, Source>();
  const add = (name: string, tensor: Tensor) => {
    if (tensor.dims.length <= mostDimensions) sources.set(name, { name, tensor, shape: tensor.dims });
  };
  for (const tensor of graph.initializers) add(tensor.name, tensor);
  // In the order of the nodes: a stranger's chain of copies may be longer than the stack is deep.
  for (const node of graph.nodes) {
    const [output = ''] = node.outputs;
    const value = node.op === 'Constant' && node.domain === '' ? node.attributes.value : undefined;
    if (value?.kind === 'tensor') add(output, value.value);
    const copied = copies.has(node.op) ? sources.get(node.inputs[0] ?? '') : undefined;
    if (!copied) continue;
    const shape = node.op === 'Transpose' ? transposed(node, copied.shape) : copied.tensor.dims;
    sources.set(output, { ...copied, shape });
  }
  return sources;
}

function transposed(node: Node, shape: readonly number[]): readonly number[] {
  const perm = intsAttribute(node, 'perm') ?? shape.map((_, i) => shape.length - 1 - i);
  return perm.length === shape.length ? perm.map((axis) => shape[axis] ?? 1) : shape;
}

/**
 * The trainable tensors of a network, by name, with what they do; constants held by Constant nodes and by initialisers alike. Scalars,
 * shapes, clipping bounds and whatever touches the image before the first layer (its normalisation) are not among them.
 */
export function trainableOf({ graph }: Model): Map<string, Role> {
  const sources = sourcesOf(graph);
  const roles = new Map<string, Role>();
  const shapeOf = (name: string) => sources.get(name)?.shape;
  const assign = (name: string | undefined, role: Role): void => {
    const source = sources.get(name ?? '');
    if (source && isTrainableType(source.tensor) && !roles.has(source.name)) roles.set(source.name, role);
  };
  const learnt = afterFirstLayer(graph.nodes);
  const rectified = beforeRectifiers(graph.nodes, sources);
  for (const node of graph.nodes) {
    if (node.domain !== '') continue;
    const [, second, third, fourth, fifth] = node.inputs;
    if (linear.has(node.op)) {
      for (const name of node.inputs.slice(0, 2)) {
        const shape = shapeOf(name);
        if (shape)
          assign(name, {
            kind: 'kernel',
            fanIn: fanInOf(node, shape),
            rectified: rectified.has(node.outputs[0] ?? ''),
          });
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
        const shape = shapeOf(name);
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
  const sources = sourcesOf(model.graph);
  let sum = 0;
  for (const [name, { kind }] of trainableOf(model))
    if (kind !== 'running mean' && kind !== 'running variance') sum += elements(sources.get(name)?.tensor.dims ?? []);
  return sum;
}

/** The kernel of a linear layer among the trainable tensors `roles`; undefined for any other node, and for products of two activations. */
export function kernelOf(
  node: Node,
  roles: ReadonlyMap<string, Role>,
  sources: ReadonlyMap<string, Source>,
): Source | undefined {
  if (!linear.has(node.op) || node.domain !== '') return undefined;
  const factors = node.inputs.slice(0, 2).map((name) => sources.get(name));
  return factors.find((factor) => factor && roles.get(factor.name)?.kind === 'kernel');
}

function isTrainableType({ type, dims }: Tensor): boolean {
  return type === 'float32' && elements(dims) > 1;
}

/** He et al. 2015: the connections into one unit. */
function fanInOf(node: Node, shape: readonly number[]): number {
  if (node.op === 'Conv') return elements(shape.slice(1));
  if (node.op === 'ConvTranspose') return (shape[0]! / intAttribute(node, 'group', 1)) * elements(shape.slice(2));
  const transposed = node.op === 'Gemm' && intAttribute(node, 'transB', 0) === 1;
  return shape.at(transposed ? -1 : -2) ?? shape[0]!;
}

/** Tensors that go through a rectifier, past a bias and a normalisation. */
function beforeRectifiers(nodes: readonly Node[], sources: ReadonlyMap<string, Source>): Set<string> {
  const before = new Set<string>();
  // From the end, so that what follows a node is known.
  for (const node of nodes.toReversed()) {
    const passes =
      node.op === 'BatchNormalization' || (node.op === 'Add' && node.inputs.some((name) => sources.has(name)));
    if (rectifiers.has(node.op) || (passes && before.has(node.outputs[0] ?? '')))
      for (const name of node.inputs) if (name !== '') before.add(name);
  }
  return before;
}

function isVector(shape: readonly number[]): boolean {
  return shape.filter((size) => size > 1).length === 1;
}

/** Nodes that depend on a layer with weights: before the first one, constants normalise the image. */
function afterFirstLayer(nodes: readonly Node[]): Set<Node> {
  const after = new Set<Node>();
  const made = new Set<string>();
  for (const node of nodes) {
    const isLayer = linear.has(node.op) || node.op === 'BatchNormalization';
    if (!isLayer && !node.inputs.some((input) => made.has(input))) continue;
    after.add(node);
    for (const output of node.outputs) made.add(output);
  }
  return after;
}
