import { TransferEvidenceError } from '../../errors.ts';
import { describe, readBy } from '../check.ts';
import type { Facts } from '../facts.ts';
import {
  type Attribute,
  type ElementType,
  elements,
  float32Of,
  type Graph,
  integersOf,
  type Node,
  type Tensor,
} from '../model.ts';
import { Names } from '../names.ts';
import { int64 } from '../protobuf.ts';

/** Turns one node into the nodes that do the same at {@link canonicalOpset}; `[node]`, the same object, when nothing differs. */
export type Rule = (node: Node, to: Rewriting) => Node[];

/** The operator set that every graph is brought to before it is differentiated (ONNX 1.13). */
export const canonicalOpset = 18;

/** What the rules for one graph share: the facts they may rely on, fresh names, and the constants they add. */
export class Rewriting {
  /** The operator set that the graph was written in. */
  readonly opset: number;
  /** Constants that the new nodes read. */
  readonly added: Tensor[] = [];
  readonly #facts: Facts;
  readonly #taken: Names;
  readonly #read: ReadonlySet<string>;

  /** `taken` holds every name of the whole model and grows. */
  constructor(graph: Graph, opset: number, facts: Facts, taken: Names) {
    this.opset = opset;
    this.#facts = facts;
    this.#taken = taken;
    this.#read = new Set([...graph.nodes.flatMap(readBy), ...graph.outputs.map(({ name }) => name)]);
  }

  /** An int64 constant for `node`; returns its name. */
  integers(node: Node, role: string, values: readonly number[], dims: readonly number[] = [values.length]): string {
    return this.#add(node, role, 'int64', values, dims);
  }

  /** A scalar of the element type of the node's first input; returns its name. */
  scalar(node: Node, role: string, value: number): string {
    return this.#add(node, role, this.type(node), [value], []);
  }

  /** A float32 vector; returns its name. */
  floatVector(node: Node, role: string, values: Float32Array): string {
    return this.#add(node, role, 'float32', [...values], [values.length]);
  }

  /** A helper of `node`, with one output of a fresh name unless `output` names it. */
  node(
    node: Node,
    op: string,
    inputs: readonly string[],
    attributes: Record<string, Attribute> = {},
    output = this.#taken.free(`${titleOf(node)}/${op}`),
  ): Node {
    const name = this.#taken.free(`${titleOf(node)}/${op}/node`);
    return { name, op, domain: '', inputs: [...inputs], outputs: [output], attributes, rest: [] };
  }

  /** The shape of a node's input. @throws model-unsupported when it is not known before the network runs */
  shape(node: Node, input = 0): readonly number[] {
    const fact = this.#facts.get(node.inputs[input] ?? '');
    return fact?.shape ?? this.refuse(node, `the shape of its input ${node.inputs[input] ?? ''} is not known`);
  }

  /** The element type of a node's first input. @throws model-unsupported when it is not known */
  type(node: Node): ElementType {
    const fact = this.#facts.get(node.inputs[0] ?? '');
    return fact?.type ?? this.refuse(node, `the type of its input ${node.inputs[0] ?? ''} is not known`);
  }

  /** Whole numbers that a node takes as a constant input. @throws model-unsupported when they depend on the image */
  whole(node: Node, input: number): number[] {
    const value = this.#facts.get(node.inputs[input] ?? '')?.value;
    const found = value && integersOf(value);
    return found ?? this.refuse(node, `its input ${node.inputs[input] ?? ''} is no constant of whole numbers`);
  }

  /** float32 numbers that a node takes as a constant input; undefined when they depend on the image. */
  floats(node: Node, input: number): Float32Array | undefined {
    const value = this.#facts.get(node.inputs[input] ?? '')?.value;
    return value?.type === 'float32' ? float32Of(value) : undefined;
  }

  /** A boolean scalar that a node takes; undefined when it depends on the image. */
  flag(node: Node, input: number): boolean | undefined {
    const value = this.#facts.get(node.inputs[input] ?? '')?.value;
    return value?.type === 'bool' ? value.data[0] === 1 : undefined;
  }

  isRead(tensor: string | undefined): boolean {
    return tensor !== undefined && tensor !== '' && this.#read.has(tensor);
  }

  /** @throws model-unsupported, naming the node */
  refuse(
    node: Node,
    found: string,
    advice = `Export the network at opset ${canonicalOpset}, with fixed shapes.`,
  ): never {
    throw new TransferEvidenceError(
      'model-unsupported',
      `This network cannot be trained: node ${describe(node)}: ${found}. ${advice}`,
    );
  }

  #add(node: Node, role: string, type: ElementType, values: readonly number[], dims: readonly number[]): string {
    const data = bytesOf(type, values);
    if (data === undefined || elements(dims) !== values.length)
      return this.refuse(node, `its elements are ${type}`, 'Export the network in float32.');
    const name = this.#taken.free(`${titleOf(node)}/${role}`);
    this.added.push({ name, type, dims: [...dims], data });
    return name;
  }
}

function titleOf(node: Node): string {
  return node.name || node.outputs.find((output) => output !== '') || node.op;
}

function bytesOf(type: ElementType, values: readonly number[]): Uint8Array | undefined {
  if (type === 'float32') return new Uint8Array(Float32Array.from(values).buffer);
  if (type === 'float64') return new Uint8Array(Float64Array.from(values).buffer);
  if (type === 'int32') return new Uint8Array(Int32Array.from(values).buffer);
  if (type === 'int64') return new Uint8Array(BigInt64Array.from(values, int64).buffer);
  return undefined;
}

/** Every name that a graph and those inside it use, of tensors and of nodes. */
export function namesIn(graph: Graph, into = new Names()): Names {
  for (const { name } of [...graph.inputs, ...graph.outputs, ...graph.initializers]) into.add(name);
  for (const node of graph.nodes) {
    into.add(node.name);
    for (const name of [...node.inputs, ...node.outputs]) into.add(name);
    for (const attribute of Object.values(node.attributes))
      if (attribute.kind === 'graph') namesIn(attribute.value, into);
      else if (attribute.kind === 'graphs') for (const inner of attribute.value) namesIn(inner, into);
  }
  return into;
}

/** Attributes without some of them. */
export function without(attributes: Record<string, Attribute>, ...names: string[]): Record<string, Attribute> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.includes(name)));
}

export function stringAttribute(node: Node, name: string, otherwise: string): string {
  const attribute = node.attributes[name];
  return attribute?.kind === 'string' ? attribute.value : otherwise;
}

export function floatAttribute(node: Node, name: string): number | undefined {
  const attribute = node.attributes[name];
  return attribute?.kind === 'float' ? attribute.value : undefined;
}

/** A node with other inputs and attributes that makes the same tensors under the same name. */
export function changed(node: Node, inputs: string[], attributes: Record<string, Attribute>, op = node.op): Node {
  // Optional inputs left out at the end are not written at all.
  const given = inputs.slice(0, inputs.findLastIndex((name) => name !== '') + 1);
  return { ...node, op, inputs: given, attributes };
}
