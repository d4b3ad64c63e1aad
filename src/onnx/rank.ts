import { intAttribute, intsAttribute, type Origins, originsOf } from './constants.ts';
import { type Graph, integersOf, type Node } from './model.ts';

/** Operators whose every output has the rank of their first input. */
const keepRank = new Set(
  (
    'Relu LeakyRelu PRelu Elu Selu Celu ThresholdedRelu HardSigmoid HardSwish Sigmoid Tanh Softplus Softsign Gelu Mish Erf Exp Log Sqrt Neg ' +
    'Abs Reciprocal Floor Ceil Round Clip Softmax LogSoftmax Hardmax Identity Dropout Cast BatchNormalization InstanceNormalization ' +
    'LayerNormalization GroupNormalization LpNormalization LRN Conv ConvTranspose MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool ' +
    'Pad Slice Split Transpose Concat Resize Upsample DepthToSpace SpaceToDepth CumSum Tile'
  ).split(' '),
);

/** Operators that broadcast. */
const broadcast = new Set('Add Sub Mul Div Pow Min Max Sum Mean Where Equal Less Greater And Or'.split(' '));

/** The number of dimensions of every tensor of a graph for which it follows from declarations, constants and operators. */
export function ranksOf(graph: Graph): Map<string, number> {
  const ranks = new Map<string, number>();
  /** Lengths of vectors, because a vector of sizes decides the rank of what is reshaped with it. */
  const lengths = new Map<string, number>();
  for (const info of [...graph.inputs, ...graph.valueInfo, ...graph.outputs])
    if (info.tensor?.dims) ranks.set(info.name, info.tensor.dims.length);
  for (const { name, dims } of graph.initializers) {
    ranks.set(name, dims.length);
    if (dims.length === 1) lengths.set(name, dims[0]!);
  }
  const origins = originsOf(graph);
  for (const { op, inputs, domain } of graph.nodes) {
    const [data = '', weight = ''] = inputs;
    if (domain !== '' || ranks.has(data)) continue;
    // What reads a tensor can tell its rank as well.
    const kernel = origins.constant(weight)?.dims.length;
    if (op === 'Gemm') ranks.set(data, 2);
    else if (op === 'Conv' && kernel !== undefined) ranks.set(data, kernel);
  }
  for (const node of graph.nodes) {
    const length = vectorLength(node, ranks, lengths, origins);
    if (length !== undefined) lengths.set(node.outputs[0]!, length);
    const rank = length === undefined ? rankOf(node, ranks, lengths, origins) : 1;
    for (const output of node.outputs) if (rank !== undefined && !ranks.has(output)) ranks.set(output, rank);
  }
  return ranks;
}

function vectorLength(
  node: Node,
  ranks: ReadonlyMap<string, number>,
  lengths: ReadonlyMap<string, number>,
  origins: Origins,
): number | undefined {
  const input = node.inputs[0] ?? '';
  if (node.domain !== '') return undefined;
  if (node.op === 'Constant') {
    const dims = origins.constant(node.outputs[0]!)?.dims;
    return dims?.length === 1 ? dims[0] : (intsAttribute(node, 'value_ints')?.length ?? undefined);
  }
  if (node.op === 'Shape') return ranks.get(input);
  if (node.op === 'Unsqueeze') return ranks.get(input) === 0 ? 1 : undefined;
  if (node.op === 'Cast' || node.op === 'Identity') return lengths.get(input);
  if (node.op !== 'Concat') return undefined;
  const parts = node.inputs.map((part) => lengths.get(part));
  return parts.reduce((sum, part) => (sum === undefined || part === undefined ? undefined : sum + part), 0);
}

function rankOf(
  node: Node,
  ranks: ReadonlyMap<string, number>,
  lengths: ReadonlyMap<string, number>,
  origins: Origins,
): number | undefined {
  if (node.domain !== '') return undefined;
  const rank = (i: number): number | undefined => ranks.get(node.inputs[i] ?? '');
  const first = rank(0);
  if (keepRank.has(node.op)) return first;
  if (broadcast.has(node.op)) return largest(node.inputs.map((_, i) => rank(i)));
  if (node.op === 'Flatten' || node.op === 'Gemm') return 2;
  if (node.op === 'Shape') return 1;
  if (node.op === 'Constant') return origins.constant(node.outputs[0]!)?.dims.length ?? 0;
  if (node.op === 'ConstantOfShape') return lengths.get(node.inputs[0] ?? '');
  if (node.op === 'Reshape') return lengths.get(node.inputs[1] ?? '');
  if (node.op === 'Expand') return largest([first, lengths.get(node.inputs[1] ?? '')]);
  if (first === undefined) return undefined;
  if (node.op === 'MatMul') {
    const second = rank(1);
    return first >= 2 && second !== undefined && second >= 2 ? Math.max(first, second) : undefined;
  }
  if (node.op === 'Gather') {
    const indices = rank(1);
    return indices === undefined ? undefined : first + indices - 1;
  }
  const axes = axesOf(node, origins)?.length;
  if (node.op === 'Unsqueeze') return axes === undefined ? undefined : first + axes;
  if (node.op === 'Squeeze') return axes === undefined ? undefined : first - axes;
  if (node.op.startsWith('Reduce')) {
    if (intAttribute(node, 'keepdims', 1) === 1) return first;
    if (axes !== undefined) return first - axes;
    return (node.inputs[1] ?? '') === '' ? 0 : undefined;
  }
  return undefined;
}

/** The axes of Squeeze, Unsqueeze and Reduce…: an attribute, since opset 13 (18 for most reductions) a constant input. */
function axesOf(node: Node, origins: Origins): number[] | undefined {
  const constant = origins.constant(node.inputs[1] ?? '');
  return intsAttribute(node, 'axes') ?? (constant && integersOf(constant));
}

function largest(values: (number | undefined)[]): number | undefined {
  return values.reduce(
    (max, value) => (max === undefined || value === undefined ? undefined : Math.max(max, value)),
    0,
  );
}
