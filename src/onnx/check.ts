import { TransferEvidenceError } from '../errors.ts';
import type { Graph, Node } from './model.ts';

/** Names of tensors that may be read. */
type Scope = Pick<ReadonlySet<string>, 'has'>;

/**
 * A graph whose every tensor has exactly one origin, with its nodes in an order in which each follows what it reads (a stable sort:
 * an ordered graph comes back as it is).
 * @throws model-invalid naming the node that reads a tensor nobody makes, makes one twice, or waits for itself
 */
export function checkGraph(graph: Graph, outer: Scope = new Set()): Graph {
  const known = new Set<string>();
  for (const { name } of graph.inputs) known.add(name);
  for (const { name } of graph.initializers) known.add(name);
  const makers = new Map<string, number>();
  graph.nodes.forEach((node, i) => {
    if (node.op === '') invalid(`node ${describe(node, i)} names no operator`);
    for (const output of node.outputs) {
      if (output === '') continue;
      if (makers.has(output) || known.has(output))
        invalid(`node ${describe(node, i)} makes tensor ${output}, which exists already`);
      makers.set(output, i);
    }
  });
  const here = new Set([...known, ...makers.keys()]);
  // Not one set: a stranger's graph may hold as many inner graphs as there are names around them.
  const scope: Scope = { has: (name) => here.has(name) || outer.has(name) };
  const order = sorted(graph, makers, scope);
  for (const { name } of graph.outputs) if (!scope.has(name)) invalid(`the graph's output ${name} is made by no node`);
  const nodes = order.map((i) => checkInner(graph.nodes[i]!, scope));
  return { ...graph, nodes };
}

/** “conv1 (Conv)”, or its place when it has no name. */
export function describe(node: Node, index?: number): string {
  const place = index === undefined ? '(unnamed)' : `${index + 1}`;
  return `${node.name || node.outputs[0] || place} (${node.op})`;
}

function sorted(graph: Graph, makers: ReadonlyMap<string, number>, scope: Scope): number[] {
  const { nodes } = graph;
  const waits = new Int32Array(nodes.length);
  const readers: number[][] = nodes.map(() => []);
  let ordered = true;
  nodes.forEach((node, i) => {
    for (const input of readBy(node)) {
      if (input === '') continue;
      const maker = makers.get(input);
      if (maker === undefined) {
        if (!scope.has(input)) invalid(`node ${describe(node, i)} reads tensor ${input}, which is made by no node`);
        continue;
      }
      if (maker >= i) ordered = false;
      readers[maker]!.push(i);
      waits[i]!++;
    }
  });
  if (ordered) return nodes.map((_, i) => i);
  const ready = nodes.flatMap((_, i) => (waits[i] === 0 ? [i] : []));
  const order: number[] = [];
  for (let at = 0; at < ready.length; at++) {
    const i = ready[at]!;
    order.push(i);
    for (const reader of readers[i]!) if (--waits[reader]! === 0) ready.push(reader);
  }
  if (order.length < nodes.length) {
    const stuck = nodes.findIndex((_, i) => waits[i]! > 0);
    invalid(`node ${describe(nodes[stuck]!, stuck)} waits for its own result (a cycle)`);
  }
  return order;
}

/** Every tensor a node reads, those that its inner graphs take from outside included. */
export function readBy(node: Node): string[] {
  const inner = innerGraphs(node);
  return inner.length === 0 ? node.inputs : [...node.inputs, ...inner.flatMap(takenFromOutside)];
}

function innerGraphs(node: Node): Graph[] {
  return Object.values(node.attributes).flatMap((attribute) =>
    attribute.kind === 'graph' ? [attribute.value] : attribute.kind === 'graphs' ? attribute.value : [],
  );
}

function takenFromOutside(graph: Graph): string[] {
  const made = new Set<string>();
  for (const { name } of graph.inputs) made.add(name);
  for (const { name } of graph.initializers) made.add(name);
  for (const node of graph.nodes) for (const output of node.outputs) made.add(output);
  const read = [...graph.nodes.flatMap(readBy), ...graph.outputs.map(({ name }) => name)];
  return read.filter((name) => name !== '' && !made.has(name));
}

function checkInner(node: Node, scope: Scope): Node {
  if (innerGraphs(node).length === 0) return node;
  const attributes = { ...node.attributes };
  for (const [name, attribute] of Object.entries(attributes)) {
    if (attribute.kind === 'graph') attributes[name] = { kind: 'graph', value: checkGraph(attribute.value, scope) };
    if (attribute.kind === 'graphs')
      attributes[name] = { kind: 'graphs', value: attribute.value.map((graph) => checkGraph(graph, scope)) };
  }
  return { ...node, attributes };
}

function invalid(what: string): never {
  throw new TransferEvidenceError('model-invalid', `The network cannot be computed: ${what}. Export it again.`);
}
