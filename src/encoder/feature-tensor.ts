import { distance } from 'fastest-levenshtein';
import { TransferEvidenceError } from '../errors.ts';
import { GraphBuilder } from '../onnx/build.ts';
import { intAttribute, type Origins, originsOf } from '../onnx/constants.ts';
import type { Graph, Model, Node, Tensor } from '../onnx/model.ts';
import { pruned } from '../onnx/prune.ts';
import { ranksOf } from '../onnx/rank.ts';
import { affine, classifierOf, pooling, scoreNames } from './classifier.ts';

export { inputOf, type NetworkInput } from './network-input.ts';

/** A network reduced to its features. */
export interface FeatureChoice {
  /** The network with the features as its only output: `tensor`, [N, dimension]. */
  model: Model;
  /** The features' name in the original network, kept in the reduced one. */
  tensor: string;
  /** Named by the manifest; an output that says it holds features; or the network cut before its classifier. */
  how: 'named' | 'output' | 'cut';
  /** Numbers an image, where the network tells. */
  dimension: number | undefined;
  /** One sentence for the report. */
  note: string;
}

/** Names of outputs that hold features, from the surest. */
const featureNames = [/^features?$/i, /embed/i, /feature/i, /pool/i, /hidden_state|representation/i];

/**
 * Chooses the tensor that holds a network's features: the one `wanted` (any tensor of the graph), else an output named for it, else the
 * input of the classifier, found by walking back from the scores to the last linear layer with constant weights. Maps [N, C, H, W] are
 * averaged over space and token sequences [N, T, D] over all tokens: the average exists in every transformer, a class token does
 * not (a classifier that reads the class token leads the cut to that token by itself).
 * @throws input-invalid when `wanted` does not exist, model-unsupported when no features can be found
 */
export function chooseFeatures(model: Model, wanted?: string): FeatureChoice {
  const { graph } = model;
  if (wanted !== undefined) {
    checkExists(graph, wanted);
    return reduced(model, wanted, 'named', `The features are tensor ${wanted}, as the manifest says`);
  }
  for (const pattern of featureNames) {
    const output = graph.outputs.find(({ name }) => pattern.test(name) && !scoreNames.test(name));
    if (output) return reduced(model, output.name, 'output', `The features are the network’s output ${output.name}`);
  }
  const scores = graph.outputs.find(({ name }) => scoreNames.test(name)) ?? graph.outputs[0];
  if (!scores) throw new TransferEvidenceError('model-unsupported', 'The network has no output. Export it with one.');
  const input = classifierOf(graph, scores.name)?.input;
  if (input !== undefined)
    return reduced(model, input, 'cut', `The network was cut before its classifier: the features are tensor ${input}`);
  return reduced(
    model,
    scores.name,
    'output',
    `No classifier was found: the features are the network’s output ${scores.name}`,
  );
}

function reduced(model: Model, tensor: string, how: FeatureChoice['how'], note: string): FeatureChoice {
  const { graph } = model;
  const rank = ranksOf(graph).get(tensor);
  if (rank === undefined || rank < 2 || rank > 4)
    throw new TransferEvidenceError(
      'model-unsupported',
      `Features are expected as [N, D], [N, T, D] or [N, C, H, W]; tensor ${tensor} has ${rank === undefined ? 'an unknown number of' : rank} dimensions. Name another tensor in weights.features, or export the network with shapes inferred.`,
    );
  const dimension = widthOf(graph, tensor, rank);
  const cut = pruned(graph, [{ name: tensor, tensor: { type: 'float32' }, rest: [] }]);
  const output = { name: tensor, tensor: { type: 'float32' as const, dims: ['N', dimension] }, rest: [] };
  const average = rank === 4 ? ' averaged over space' : rank === 3 ? ' averaged over its tokens' : '';
  return {
    model: { ...model, graph: rank === 2 ? { ...cut, outputs: [output] } : averaged(cut, tensor, rank, output) },
    tensor,
    how,
    dimension,
    note: `${note}${average}${dimension === undefined ? '' : ` (${dimension} numbers an image)`}.`,
  };
}

/** What the maps or tokens are called whose average has the features' own name. */
export function averagedName(tensor: string): string {
  return `${tensor}:maps`;
}

/** Appends the average under the features' own name; what made them gets another. */
function averaged(graph: Graph, tensor: string, rank: number, output: Graph['outputs'][number]): Graph {
  if (!graph.nodes.some((node) => node.outputs.includes(tensor)))
    throw new TransferEvidenceError(
      'model-unsupported',
      `Tensor ${tensor} is the network’s input. Name another one in weights.features.`,
    );
  const g = new GraphBuilder({
    ...graph,
    outputs: [],
    nodes: graph.nodes.map((node) => renamed(node, tensor, averagedName(tensor))),
  });
  const maps = averagedName(tensor);
  if (rank === 4) g.node('Flatten', [g.node('GlobalAveragePool', [maps])], { axis: 1 }, tensor);
  else {
    // ReduceMean takes its axes as an attribute or as an input, depending on the opset: pooling has one form in all of them.
    const channelsFirst = g.node('Transpose', [maps], { perm: [0, 2, 1] });
    g.node('Flatten', [g.node('GlobalAveragePool', [channelsFirst])], { axis: 1 }, tensor);
  }
  return { ...g.graph(), outputs: [output] };
}

function renamed(node: Node, from: string, to: string): Node {
  const rename = (name: string): string => (name === from ? to : name);
  return node.outputs.includes(from) ? { ...node, outputs: node.outputs.map(rename) } : node;
}

/** The number of features, from the declared shape or from the weights of whoever makes or reads the tensor. */
function widthOf(graph: Graph, tensor: string, rank: number): number | undefined {
  const declared = [...graph.outputs, ...graph.valueInfo].find(({ name }) => name === tensor)?.tensor?.dims;
  const size = declared?.[rank === 4 ? 1 : rank - 1];
  if (typeof size === 'number') return size;
  const origins = originsOf(graph);
  for (const node of graph.nodes) {
    const weight = origins.constant(node.inputs[1] ?? '');
    if (node.inputs[0] !== tensor || !weight) continue;
    if (node.op === 'Gemm') return weight.dims[intAttribute(node, 'transB', 0) === 1 ? 1 : 0];
    if (node.op === 'MatMul') return weight.dims.at(-2);
    if (node.op === 'Conv') return weight.dims[1]! * intAttribute(node, 'group', 1);
    if (node.op === 'BatchNormalization') return weight.dims[0];
  }
  return madeWidth(tensor, origins);
}

const keepsWidth = new Set([
  'Relu',
  'Clip',
  'Flatten',
  'GlobalAveragePool',
  'ReduceMean',
  'BatchNormalization',
  'Identity',
  'Dropout',
]);

/** From the layer that made the tensor, or the nearest before it that tells. */
function madeWidth(tensor: string, origins: Origins): number | undefined {
  const seen = new Set<string>();
  const waiting = [tensor];
  // A loop: sums of sums have more ways to their start than could be gone, and chains may be longer than the stack is deep.
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const node = origins.maker(name);
    if (seen.has(name) || !node) continue;
    seen.add(name);
    const [data = '', second = ''] = node.inputs;
    const width = ownWidth(node, origins.constant(second));
    if (width !== undefined) return width;
    const flattensPooled = node.op === 'Flatten' && pooling.has(origins.maker(data)?.op ?? '');
    if (affine.has(node.op)) waiting.push(second, data);
    else if (keepsWidth.has(node.op) || flattensPooled) waiting.push(data);
  }
  return undefined;
}

/** Numbers that a layer with these weights makes of each image or place. */
export function ownWidth(node: Node, weight: Tensor | undefined): number | undefined {
  if (node.op === 'Conv') return weight?.dims[0];
  if (node.op === 'MatMul') return weight?.dims.at(-1);
  return node.op === 'Gemm' ? weight?.dims[intAttribute(node, 'transB', 0) === 1 ? 0 : 1] : undefined;
}

function checkExists(graph: Graph, wanted: string): void {
  const names = graph.nodes.filter(({ op }) => op !== 'Constant').flatMap(({ outputs }) => outputs);
  if (names.includes(wanted)) return;
  const nearest = names
    .filter((name) => name !== '')
    .map((name) => ({ name, far: distance(name, wanted) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ name }) => name);
  throw new TransferEvidenceError(
    'input-invalid',
    `The network has no tensor ${wanted}. The nearest names are ${nearest.join(', ')}; its outputs are ${graph.outputs.map(({ name }) => name).join(', ')}. Correct weights.features, or leave it out.`,
  );
}
