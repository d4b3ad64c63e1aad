import type { Graph, Node } from '../onnx/model.ts';
import { pruned } from '../onnx/prune.ts';

/**
 * The same graph, its nodes listed so that the runtime computes for the way back only what the way back has reached. It goes from
 * results to what they need, and of a node's inputs it sees first to the one that was listed last. So whatever does not depend on
 * `gradient`, the gradient from which the way back starts, is listed before all that does: of a product of a gradient and a
 * mask, the gradient comes first and the mask when it is needed. The other way round the masks, the turned activations and all
 * else that only the way back reads would be made on the way forward and kept, several times the activations themselves.
 */
export function gradientsLast(graph: Graph, gradient: string): Graph {
  const behind = new Set([gradient]);
  const [early, late]: [Node[], Node[]] = [[], []];
  for (const node of withoutUnread(graph).nodes) {
    const depends = node.inputs.some((name) => behind.has(name));
    if (depends) for (const name of node.outputs) behind.add(name);
    (depends ? late : early).push(node);
  }
  return { ...graph, nodes: [...early, ...late] };
}

/** The same graph without nodes that no output needs: the runtime would compute them, and keep what they make to the end. */
export function withoutUnread(graph: Graph): Graph {
  return { ...graph, nodes: pruned(graph, graph.outputs).nodes };
}
