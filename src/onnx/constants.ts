import type { Graph, Node, Tensor } from './model.ts';

/** Finds what makes a tensor. */
export interface Origins {
  /** The node whose output it is. */
  maker(tensor: string): Node | undefined;
  /** The constant it is: an initialiser, or a Constant node's value, also when copied by Identity. */
  constant(tensor: string): Tensor | undefined;
}

export function originsOf(graph: Graph): Origins {
  const initializers = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  const makers = new Map<string, Node>();
  for (const node of graph.nodes) for (const output of node.outputs) makers.set(output, node);
  /** Where chains of copies start, so that none is walked along twice. */
  const starts = new Map<string, string>();
  const constant = (tensor: string): Tensor | undefined => {
    let name = tensor;
    const walked: string[] = [];
    // A loop, because a stranger's chain of copies may be longer than the stack is deep; checkGraph leaves it no cycle.
    for (let node = makers.get(name); node?.op === 'Identity' && node.domain === ''; node = makers.get(name)) {
      walked.push(name);
      name = starts.get(name) ?? node.inputs[0] ?? '';
    }
    for (const copy of walked) starts.set(copy, name);
    const initializer = initializers.get(name);
    if (initializer) return initializer;
    const node = makers.get(name);
    const value = node?.op === 'Constant' && node.domain === '' ? node.attributes.value : undefined;
    return value?.kind === 'tensor' ? value.value : undefined;
  };
  return { maker: (name) => makers.get(name), constant };
}

/** An integer attribute, or its default. */
export function intAttribute(node: Node, name: string, otherwise: number): number {
  const attribute = node.attributes[name];
  return attribute?.kind === 'int' ? attribute.value : otherwise;
}

export function intsAttribute(node: Node, name: string): number[] | undefined {
  const attribute = node.attributes[name];
  return attribute?.kind === 'ints' ? attribute.value : undefined;
}
