import { TransferEvidenceError } from '../errors.ts';
import {
  type Attribute,
  type ElementType,
  elements,
  type Graph,
  type Model,
  type Node,
  type Tensor,
  type ValueInfo,
} from './model.ts';
import { Names } from './names.ts';
import { int64, ProtobufWriter } from './protobuf.ts';

/** What an attribute may be written as: an integer as a bigint or a whole number, a float as {float}, lists likewise. */
export type AttributeValue =
  | number
  | string
  | number[]
  | string[]
  | { float: number }
  | { floats: number[] }
  | { tensor: Tensor }
  | { graph: Graph };

/** Composes a graph node by node; each call returns the name of the tensor it made. */
export class GraphBuilder {
  readonly #graph: Graph;
  readonly #names = new Names();
  readonly #nodeNames = new Names();

  /** Starts empty, or from a graph to extend (which is not changed). */
  constructor(start: string | Graph) {
    this.#graph =
      typeof start === 'string'
        ? { name: start, nodes: [], inputs: [], outputs: [], initializers: [], valueInfo: [], rest: [] }
        : {
            ...start,
            nodes: [...start.nodes],
            inputs: [...start.inputs],
            outputs: [...start.outputs],
            initializers: [...start.initializers],
          };
    for (const info of this.#graph.inputs) this.#names.add(info.name);
    for (const tensor of this.#graph.initializers) this.#names.add(tensor.name);
    for (const node of this.#graph.nodes) {
      this.#nodeNames.add(node.name);
      for (const output of node.outputs) this.#names.add(output);
    }
  }

  input(name: string, dims: (number | string)[], type: ElementType = 'float32'): string {
    this.#claim(name);
    this.#graph.inputs.push({ name, tensor: { type, dims }, rest: [] });
    return name;
  }

  /** Makes a tensor of the graph around this one readable: the body of a Loop may read what lies outside. */
  outer(name: string): string {
    this.#claim(name);
    return name;
  }

  output(name: string, dims?: (number | string | undefined)[], type: ElementType = 'float32'): string {
    return this.#output({ name, tensor: { type, ...(dims && { dims }) }, rest: [] });
  }

  /** An output that is a sequence of float32 tensors. */
  sequenceOutput(name: string): string {
    return this.#output({ name, otherType: sequenceOfFloats(), rest: [] });
  }

  #output(info: ValueInfo): string {
    const { name } = info;
    if (!this.#names.has(name))
      throw new TransferEvidenceError('model-invalid', `The output ${name} is made by no node.`);
    this.#graph.outputs.push(info);
    return name;
  }

  /** A constant as it stands, under a name of its own. */
  tensor(tensor: Tensor): string {
    const own = this.#names.free(tensor.name);
    this.#graph.initializers.push({ ...tensor, name: own });
    return own;
  }

  /** A float32 (Float32Array) or int64 (number[]) constant. */
  constant(name: string, values: Float32Array | readonly number[], dims: readonly number[] = [values.length]): string {
    return this.tensor(tensorOf(name, values, dims));
  }

  /** Appends a node with one output, named after `name` or the operator. */
  node(op: string, inputs: readonly string[], attributes: Record<string, AttributeValue> = {}, name = op): string {
    return this.nodes(op, inputs, attributes, [name])[0]!;
  }

  /** Appends a node with as many outputs as names. `domain` '' stands for the standard operators. */
  nodes(
    op: string,
    inputs: readonly string[],
    attributes: Record<string, AttributeValue>,
    names: readonly string[],
    domain = '',
  ): string[] {
    for (const input of inputs)
      if (input !== '' && !this.#names.has(input))
        throw new TransferEvidenceError('model-invalid', `Node ${op} reads tensor ${input}, which is made by no node.`);
    const outputs = names.map((name) => this.#names.free(name));
    const node: Node = {
      name: this.#nodeNames.free(outputs[0]!),
      op,
      domain,
      inputs: [...inputs],
      outputs,
      attributes: {},
      rest: [],
    };
    for (const [key, value] of Object.entries(attributes)) node.attributes[key] = attributeOf(value);
    this.#graph.nodes.push(node);
    return outputs;
  }

  graph(): Graph {
    return this.#graph;
  }

  /**
   * The graph as a model of its own. IR version 8 and opset 17 (ONNX 1.12) are read by every runtime in use.
   * @param domains other operator sets than the standard one, each in its version 1
   */
  model(opset = 17, domains: readonly string[] = []): Model {
    const opsets = [{ domain: '', version: opset }, ...domains.map((domain) => ({ domain, version: 1 }))];
    return { irVersion: 8, opsets, graph: this.#graph, metadata: {}, rest: [] };
  }

  #claim(name: string): void {
    if (this.#names.has(name)) throw new TransferEvidenceError('model-invalid', `There is a tensor ${name} already.`);
    this.#names.add(name);
  }
}

/** As protobuf: TypeProto { sequence_type: { elem_type: TypeProto { tensor_type: { elem_type: FLOAT } } } }. */
function sequenceOfFloats(): Uint8Array {
  const writer = new ProtobufWriter();
  writer.message(4, (sequence) => sequence.message(1, (type) => type.message(1, (tensor) => tensor.integer(1, 1))));
  return writer.finish();
}

/** A float32 (Float32Array) or int64 (number[], saturating) constant; `dims` defaults to a vector's. */
export function tensorOf(
  name: string,
  values: Float32Array | readonly number[],
  dims: readonly number[] = [values.length],
): Tensor {
  if (elements(dims) !== values.length)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `Constant ${name}: shape [${dims.join(', ')}] does not hold ${values.length} values.`,
    );
  if (values instanceof Float32Array)
    return {
      name,
      type: 'float32',
      dims: [...dims],
      data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    };
  return { name, type: 'int64', dims: [...dims], data: new Uint8Array(BigInt64Array.from(values, int64).buffer) };
}

function attributeOf(value: AttributeValue): Attribute {
  if (typeof value === 'number') return { kind: 'int', value };
  if (typeof value === 'string') return { kind: 'string', value };
  if (Array.isArray(value))
    return typeof value[0] === 'string'
      ? { kind: 'strings', value: value as string[] }
      : { kind: 'ints', value: value as number[] };
  if ('float' in value) return { kind: 'float', value: value.float };
  if ('floats' in value) return { kind: 'floats', value: value.floats };
  if ('graph' in value) return { kind: 'graph', value: value.graph };
  return { kind: 'tensor', value: value.tensor };
}
