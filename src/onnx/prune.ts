import { readBy } from './check.ts';
import type { Graph, ValueInfo } from './model.ts';

/** The part of a graph that `outputs` need, with those as its outputs: unread inputs, constants and nodes are gone. */
export function pruned(graph: Graph, outputs: ValueInfo[]): Graph {
  const needed = new Set(outputs.map(({ name }) => name));
  const nodes = graph.nodes.toReversed().filter((node) => {
    if (!node.outputs.some((output) => needed.has(output))) return false;
    for (const input of readBy(node)) needed.add(input);
    return true;
  });
  const isNeeded = ({ name }: { name: string }): boolean => needed.has(name);
  const made = new Set(outputs.map(({ name }) => name));
  return {
    ...graph,
    nodes: nodes.reverse(),
    outputs,
    inputs: graph.inputs.filter(isNeeded),
    initializers: graph.initializers.filter(isNeeded),
    valueInfo: graph.valueInfo.filter((info) => isNeeded(info) && !made.has(info.name)),
  };
}
