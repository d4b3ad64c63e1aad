import { intAttribute, type Origins, originsOf } from '../onnx/constants.ts';
import type { Graph, Node } from '../onnx/model.ts';

/** Names of outputs that hold scores of classes. */
export const scoreNames = /logit|prob|score|class|softmax|pred/i;

/** The last linear layer of a network with constant weights, found by walking back from its scores. */
export interface Classifier {
  /** What it reads: the features. */
  input: string;
  layer: Node;
  /** What softmax makes probabilities of; `null` where the network's end says that classes do not exclude each other. */
  logits: string | null;
  /** Whether the network itself ends in softmax. */
  softmax: boolean;
}

const passed = new Set([
  'Softmax',
  'LogSoftmax',
  'Sigmoid',
  'Identity',
  'Reshape',
  'Flatten',
  'Squeeze',
  'Unsqueeze',
  'Cast',
  'Dropout',
]);
export const pooling = new Set(['GlobalAveragePool', 'ReduceMean', 'AveragePool']);
export const affine = new Set(['Add', 'Sub', 'Mul', 'Div']);

/** The classifier behind `scores`, or undefined when something else ends the network. */
export function classifierOf(graph: Graph, scores: string): Classifier | undefined {
  const origins = originsOf(graph);
  const constants = constantsOf(graph, origins);
  let surelyScores = scoreNames.test(scores);
  let pooled = false;
  let softmax = false;
  let logits: string | null = scores;
  for (let tensor = scores; ; ) {
    const node = origins.maker(tensor);
    const [data = '', weight = ''] = node?.inputs ?? [];
    if (node === undefined || node.domain !== '') return undefined;
    if (node.op === 'Softmax' || node.op === 'LogSoftmax') {
      // An average of probabilities over places is no softmax of anything.
      logits = pooled || logits === null ? null : data;
      softmax = true;
    }
    if (node.op === 'Sigmoid') logits = null;
    if (node.op === 'Softmax' || node.op === 'LogSoftmax' || node.op === 'Sigmoid') surelyScores = true;
    if (node.op === 'Gemm' || node.op === 'MatMul') {
      const linear = !pooled && constants.has(weight) && intAttribute(node, 'transA', 0) === 0;
      return linear ? { input: data, layer: node, logits, softmax } : undefined;
    }
    if (node.op === 'Conv') {
      const kernel = origins.constant(weight)?.dims.slice(2);
      // Scores averaged over space (SqueezeNet) look like the end of a headless network: only their name tells them apart.
      const linear = kernel?.every((size) => size === 1) && (!pooled || surelyScores);
      return linear ? { input: data, layer: node, logits, softmax } : undefined;
    }
    if (passed.has(node.op) || (pooled && node.op === 'Relu')) tensor = data;
    else if (pooling.has(node.op)) {
      pooled = true;
      tensor = data;
    } else if (affine.has(node.op) && constants.has(weight)) tensor = data;
    else if (affine.has(node.op) && constants.has(data)) tensor = weight;
    else return undefined;
  }
}

/** The constants among the tensors of a graph, and what Transpose or Reshape make of them. */
function constantsOf(graph: Graph, origins: Origins): Set<string> {
  const constants = new Set(graph.initializers.map(({ name }) => name));
  for (const { op, inputs, outputs } of graph.nodes) {
    const isCopy = (op === 'Transpose' || op === 'Reshape') && constants.has(inputs[0] ?? '');
    for (const output of outputs) if (isCopy || origins.constant(output)) constants.add(output);
  }
  return constants;
}
