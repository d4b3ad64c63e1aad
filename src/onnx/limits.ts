import { TransferEvidenceError } from '../errors.ts';
import { describe } from './check.ts';
import { type Known, type LeastSize, leastSizeOf, mostDimensions, sized } from './least-size.ts';
import { elements, type Graph, type Model, type Node, type Tensor, type ValueInfo } from './model.ts';
import { tensorMade } from './upgrade/constant.ts';

/** Elements of one tensor, of one image: 8 GiB in float32. */
export const mostElements = 2 ** 31;

/** What the graphs around a node say. */
interface Scope {
  size(tensor: string): LeastSize | undefined;
  constant(tensor: string): Tensor | undefined;
}

/**
 * Refuses a network that would have the runtime, or us, reserve memory without measure: a declared shape, or a tensor that follows from
 * constants and attributes, of more than `most` elements. Sizes are lower bounds (dimensions that are not told count as 1),
 * so that nothing reasonable is refused; model-local functions and operators of other domains are not looked into.
 * @throws model-unsupported naming the node or the declared tensor
 */
export function refuseAbsurdShapes(model: Model, most = mostElements): void {
  follow(model.graph, { size: () => undefined, constant: () => undefined }, most);
}

function follow(graph: Graph, outer: Scope, most: number): void {
  const sizes = new Map<string, LeastSize>();
  const constants = new Map<string, Tensor>();
  for (const tensor of graph.initializers) {
    sizes.set(tensor.name, sized(tensor.dims));
    constants.set(tensor.name, tensor);
  }
  for (const info of [...graph.inputs, ...graph.outputs, ...graph.valueInfo]) {
    const declared = declaredSize(info);
    if (declared && declared.count > most) refuse(`tensor ${info.name} is declared with`, declared.count, most);
  }
  for (const info of graph.inputs) if (!sizes.has(info.name)) sizes.set(info.name, declaredSize(info) ?? { count: 1 });
  const scope: Scope = {
    size: (tensor) => sizes.get(tensor) ?? outer.size(tensor),
    constant: (tensor) => constants.get(tensor) ?? outer.constant(tensor),
  };
  graph.nodes.forEach((node, index) => {
    for (const attribute of Object.values(node.attributes))
      if (attribute.kind === 'graph') follow(attribute.value, scope, most);
      else if (attribute.kind === 'graphs') for (const inner of attribute.value) follow(inner, scope, most);
    if (node.domain !== '') return;
    const value = constantMade(node, scope);
    const size = value ? sized(value.dims) : leastSizeOf(node, inputsOf(node, scope));
    if (size.count > most) refuse(`node ${describe(node, index)} makes a tensor of`, size.count, most);
    // Further outputs (indices, masks, statistics) may be smaller than the first.
    const [output] = node.outputs;
    if (output === undefined) return;
    sizes.set(output, size);
    if (value) constants.set(output, value);
  });
}

function declaredSize({ tensor }: ValueInfo): LeastSize | undefined {
  return tensor?.dims && sized(tensor.dims.map((size) => (typeof size === 'number' && size > 0 ? size : 1)));
}

function constantMade(node: Node, scope: Scope): Tensor | undefined {
  if (node.op === 'Constant') return tensorMade(node);
  return node.op === 'Identity' ? scope.constant(node.inputs[0] ?? '') : undefined;
}

function inputsOf(node: Node, scope: Scope): Known {
  return {
    size: (input) => scope.size(node.inputs[input] ?? '') ?? { count: 1 },
    constant: (input) => {
      const found = scope.constant(node.inputs[input] ?? '');
      return found && !found.external && elements(found.dims) <= 2 * mostDimensions ? found : undefined;
    },
  };
}

function refuse(subject: string, count: number, most: number): never {
  const number = Number.isFinite(count) && count < 1e21 ? count.toLocaleString('en') : 'more than 10²¹';
  throw new TransferEvidenceError(
    'model-unsupported',
    `This network cannot be run: ${subject} at least ${number} elements; at most ${most.toLocaleString('en')} are taken. Export it for images of an ordinary size.`,
  );
}
