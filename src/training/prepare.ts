import { trainableOf } from '../encoder/trainable.ts';
import { originsOf } from '../onnx/constants.ts';
import type { Facts } from '../onnx/facts.ts';
import type { Graph, Model, Tensor } from '../onnx/model.ts';
import { pruned } from '../onnx/prune.ts';
import { canonicalOpset, upgraded } from '../onnx/upgrade.ts';
import type { OnnxRuntime } from '../runtime/require-native.ts';
import { traceFacts } from './trace.ts';

/** A network in the one form that gradients are derived for, at one size of its input. */
export interface Prepared {
  /** Every node as opset 18 has it. */
  graph: Graph;
  facts: Facts;
  /** The weights that are trained, by name, with the values they start from. */
  weights: ReadonlyMap<string, Tensor>;
}

/**
 * Brings a network to opset 18 and finds the shape of every tensor in it.
 * @param inputs the shape of each graph input
 * @param trained names of weights; default: all that training would change (running statistics stay as they are)
 * @throws model-unsupported when the runtime cannot compute it, or it uses an operator set that is not known
 */
export async function prepare(
  model: Model,
  options: {
    inputs: Readonly<Record<string, readonly number[]>>;
    runtime: OnnxRuntime;
    trained?: ReadonlySet<string>;
  },
): Promise<Prepared> {
  const { inputs, runtime } = options;
  const trained = options.trained ?? trainableWeights(model);
  const origins = originsOf(model.graph);
  const weights = new Map([...trained].map((name) => [name, { ...origins.constant(name)!, name }]));
  const opset = model.opsets.find(({ domain }) => domain === '')?.version ?? 0;
  const traced = await traceFacts(model, { inputs, trained, runtime });
  const graph = upgraded(withoutHeldConstants(model.graph, weights), opset, traced);
  const opsets = model.opsets.map((own) => (own.domain === '' ? { domain: '', version: canonicalOpset } : own));
  // The runtime refuses newer operators in files that claim an older format.
  const canonical = { ...model, irVersion: Math.max(model.irVersion, 8), opsets, graph };
  const facts = await traceFacts(canonical, { inputs, trained, runtime });
  return { graph: pruned(graph, graph.outputs), facts, weights };
}

/** What fine-tuning changes: kernels, biases, scales, slopes, tokens and positions. */
export function trainableWeights(model: Model): Set<string> {
  const fixed = new Set(['running mean', 'running variance']);
  return new Set([...trainableOf(model)].filter(([, { kind }]) => !fixed.has(kind)).map(([name]) => name));
}

/** Trained weights that Constant nodes hold become initialisers, which is where weights are looked for from here on. */
function withoutHeldConstants(graph: Graph, weights: ReadonlyMap<string, Tensor>): Graph {
  const held = new Set(graph.nodes.filter((node) => node.op === 'Constant' && weights.has(node.outputs[0] ?? '')));
  if (held.size === 0) return graph;
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => !held.has(node)),
    initializers: [...graph.initializers, ...[...held].map((node) => weights.get(node.outputs[0]!)!)],
  };
}
