import { TransferEvidenceError } from '../errors.ts';
import { readBy } from '../onnx/check.ts';
import { originsOf } from '../onnx/constants.ts';
import { elements, type Graph, type Model, type Node } from '../onnx/model.ts';
import { pruned } from '../onnx/prune.ts';
import { trainableWeights } from './prepare.ts';

/**
 * How a network is trained on the target. `finetune`: all its weights and the head. `last_block`: the weights of its
 * last block and the head. `scratch`: as finetune, from random weights (the caller's, see randomTwin).
 */
export const strategies = ['finetune', 'last_block', 'scratch'] as const;
export type Strategy = (typeof strategies)[number];

/** Names of the weights that a strategy trains beside the head. */
export function trainedBy(strategy: Strategy, model: Model, features: string): Set<string> {
  const all = trainableWeights(reduced(model, features));
  return strategy === 'last_block' ? lastBlock(model, features).weights : all;
}

/** Share of a network's weights that its last block holds at least. */
const leastShare = 0.1;

export interface LastBlock {
  /** The tensor it starts from: everything after it is the block. null: it is the whole network. */
  start: string | null;
  weights: Set<string>;
  /** Of the network's trainable numbers, 0 … 1. */
  share: number;
}

/**
 * The last block: all weights after the last tensor through which the whole computation passes and after which at least
 * a tenth of the trainable numbers lie. What a shortcut leads around is passed by the shortcut, so no residual branch,
 * attention or dense block is ever cut in two.
 * @throws model-unsupported when nothing before the features is trainable
 */
export function lastBlock(model: Model, features: string): LastBlock {
  const own = reduced(model, features);
  const trainable = trainableWeights(own);
  const { graph } = own;
  const origins = originsOf(graph);
  const size = (name: string) => elements(origins.constant(name)!.dims);
  const total = [...trainable].reduce((sum, name) => sum + size(name), 0);
  if (total === 0)
    throw new TransferEvidenceError(
      'model-unsupported',
      `Nothing that can be trained leads to the features ${features}.`,
    );
  const { firstRead, bottlenecks } = passage(graph, trainable);
  const readAt = (name: string) => firstRead.get(name) ?? -1;
  const fromEnd = [...trainable].sort((a, b) => readAt(b) - readAt(a));
  let held = 0;
  let next = 0;
  for (const { tensor, position } of bottlenecks.toReversed()) {
    for (; next < fromEnd.length && readAt(fromEnd[next]!) > position; next++) held += size(fromEnd[next]!);
    if (held / total < leastShare) continue;
    const weights = new Set([...trainable].filter((name) => readAt(name) > position));
    return { start: tensor, weights, share: held / total };
  }
  // Two images, or weights that meet no image: there is no tensor to start from.
  return { start: null, weights: trainable, share: 1 };
}

/**
 * Where all that depends on the image passes through one tensor, and where each weight is read first. A tensor is such
 * a bottleneck when, in an order of the nodes, nothing else that was made before it is read after it.
 */
function passage(graph: Graph, trainable: ReadonlySet<string>) {
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const inputs = graph.inputs.map(({ name }) => name).filter((name) => !constants.has(name));
  const dependent = new Set(inputs);
  /** What makes a tensor that does not depend on the image, such as a transposed kernel. */
  const makers = new Map<string, Node>();
  const order = graph.nodes.filter((node) => {
    // A shape is the same whatever the image shows, and whatever a weight is.
    if (node.domain === '' && (node.op === 'Shape' || node.op === 'Size')) return false;
    const depends = readBy(node).some((name) => dependent.has(name));
    for (const output of node.outputs)
      if (depends) dependent.add(output);
      else makers.set(output, node);
    return depends;
  });
  const firstRead = new Map<string, number>();
  const lastRead = new Map<string, number>();
  const seen = new Set<string>();
  order.forEach((node, position) => {
    const waiting: string[] = [];
    for (const name of readBy(node))
      if (dependent.has(name)) lastRead.set(name, position);
      else waiting.push(name);
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      if (trainable.has(name)) firstRead.set(name, position);
      const maker = trainable.has(name) ? undefined : makers.get(name);
      if (maker) for (const input of readBy(maker)) waiting.push(input);
    }
  });
  const bottlenecks: { tensor: string; position: number }[] = [];
  const alive = new Set(inputs.filter((name) => lastRead.has(name)));
  if (alive.size === 1) bottlenecks.push({ tensor: [...alive][0]!, position: -1 });
  order.forEach((node, position) => {
    for (const name of readBy(node)) if (lastRead.get(name) === position) alive.delete(name);
    for (const name of node.outputs) if ((lastRead.get(name) ?? -1) > position) alive.add(name);
    if (alive.size === 1) bottlenecks.push({ tensor: [...alive][0]!, position });
  });
  return { firstRead, bottlenecks };
}

function reduced(model: Model, features: string): Model {
  const info = model.graph.outputs.find(({ name }) => name === features) ?? { name: features, rest: [] };
  return { ...model, graph: pruned(model.graph, [info]) };
}
