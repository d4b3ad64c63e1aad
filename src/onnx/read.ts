import { TransferEvidenceError } from '../errors.ts';
import { checkGraph } from './check.ts';
import type { Attribute, Graph, Model, Node, Tensor, TensorType, ValueInfo } from './model.ts';
import { elementTypes } from './model.ts';
import { ProtobufReader } from './protobuf.ts';
import { readStringEntry, readTensor } from './read-tensor.ts';

/** Graphs inside If and Loop; deeper than any export, shallow enough for the stack. */
const deepest = 32;

/**
 * Reads an ONNX ModelProto. The result views `bytes`; do not change them afterwards. Nodes come out in an order in which each follows
 * what it reads. Tensors in other files stay `external` (see external-data).
 * @throws model-invalid for anything that is not a whole, acyclic model with every tensor accounted for
 */
export function readModel(bytes: Uint8Array): Model {
  const model: Model = { irVersion: 0, opsets: [], graph: emptyGraph(), metadata: {}, rest: [] };
  const reader = new ProtobufReader(bytes, 'the model');
  let graphs = 0;
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (field === 1) model.irVersion = reader.number(wire);
    else if (field === 7) {
      model.graph = readGraph(reader.field(wire), 0);
      graphs++;
    } else if (field === 8) model.opsets.push(readOpset(reader.field(wire)));
    else if (field === 14) {
      const [key, value] = readStringEntry(reader.field(wire), 'an entry of metadata');
      Object.defineProperty(model.metadata, key, { value, enumerable: true, configurable: true, writable: true });
    } else model.rest.push(reader.skip(wire));
  }
  if (graphs !== 1 || model.opsets.length === 0)
    throw new TransferEvidenceError(
      'model-invalid',
      graphs + model.opsets.length === 0
        ? 'This file holds nothing of an ONNX model: it is empty or of another kind. Export or download it again.'
        : `An ONNX model holds one graph and the operator sets it uses; this file holds ${graphs} graphs and ${model.opsets.length} operator sets. Is it an ONNX file?`,
    );
  return { ...model, graph: checkGraph(model.graph) };
}

function emptyGraph(): Graph {
  return { name: '', nodes: [], inputs: [], outputs: [], initializers: [], valueInfo: [], rest: [] };
}

function readOpset(bytes: Uint8Array): Model['opsets'][number] {
  const reader = new ProtobufReader(bytes, 'an operator set');
  const opset = { domain: '', version: 0 };
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (field === 1) opset.domain = reader.string(wire);
    else if (field === 2) opset.version = reader.number(wire);
    else reader.skip(wire);
  }
  if (opset.domain === 'ai.onnx') opset.domain = '';
  return opset;
}

function readGraph(bytes: Uint8Array, depth: number): Graph {
  const reader = new ProtobufReader(bytes, 'the graph');
  if (depth > deepest) reader.fail(`graphs are nested more than ${deepest} deep`);
  const graph = emptyGraph();
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (field === 1) graph.nodes.push(readNode(reader.field(wire), graph.nodes.length, depth));
    else if (field === 2) graph.name = reader.string(wire);
    else if (field === 5) graph.initializers.push(readTensor(reader.field(wire)));
    else if (field === 11) graph.inputs.push(readValueInfo(reader.field(wire)));
    else if (field === 12) graph.outputs.push(readValueInfo(reader.field(wire)));
    else if (field === 13) graph.valueInfo.push(readValueInfo(reader.field(wire)));
    else graph.rest.push(reader.skip(wire));
  }
  return graph;
}

function readNode(bytes: Uint8Array, index: number, depth: number): Node {
  const reader = new ProtobufReader(bytes, `node ${index + 1}`);
  const node: Node = { name: '', op: '', domain: '', inputs: [], outputs: [], attributes: {}, rest: [] };
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (field === 1) node.inputs.push(reader.string(wire));
    else if (field === 2) node.outputs.push(reader.string(wire));
    else if (field === 3) node.name = reader.string(wire);
    else if (field === 4) node.op = reader.string(wire);
    else if (field === 7) node.domain = reader.string(wire);
    else if (field === 5) {
      const [name, value] = readAttribute(reader.field(wire), depth);
      Object.defineProperty(node.attributes, name, { value, enumerable: true, configurable: true, writable: true });
    } else node.rest.push(reader.skip(wire));
  }
  if (node.domain === 'ai.onnx') node.domain = '';
  return node;
}

const attributeKinds: Record<number, Attribute['kind']> = {
  1: 'float',
  2: 'int',
  3: 'string',
  4: 'tensor',
  5: 'graph',
  6: 'floats',
  7: 'ints',
  8: 'strings',
  10: 'graphs',
};

function readAttribute(bytes: Uint8Array, depth: number): [name: string, attribute: Attribute] {
  const reader = new ProtobufReader(bytes, 'an attribute');
  let name = '';
  let kind: Attribute['kind'] | undefined;
  const value = {
    float: 0,
    int: 0,
    string: '',
    tensor: undefined as Tensor | undefined,
    graph: undefined as Graph | undefined,
    floats: [] as number[],
    ints: [] as number[],
    strings: [] as string[],
    graphs: [] as Graph[],
  };
  let seen: Attribute['kind'] = 'other';
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (field === 1) name = reader.string(wire);
    else if (field === 20) kind = attributeKinds[reader.number(wire)] ?? 'other';
    else if (field === 13) reader.skip(wire);
    else if (field === 2) [value.float, seen] = [reader.float(wire), 'float'];
    else if (field === 3) [value.int, seen] = [reader.number(wire), 'int'];
    else if (field === 4) [value.string, seen] = [reader.string(wire), 'string'];
    else if (field === 5) [value.tensor, seen] = [readTensor(reader.field(wire)), 'tensor'];
    else if (field === 6) [value.graph, seen] = [readGraph(reader.field(wire), depth + 1), 'graph'];
    else if (field === 7) {
      reader.floats(wire, value.floats);
      seen = 'floats';
    } else if (field === 8) {
      reader.integers(wire, value.ints);
      seen = 'ints';
    } else if (field === 9) {
      value.strings.push(reader.string(wire));
      seen = 'strings';
    } else if (field === 11) {
      value.graphs.push(readGraph(reader.field(wire), depth + 1));
      seen = 'graphs';
    } else {
      reader.skip(wire);
      kind = 'other';
    }
  }
  // IR versions before 2 carry no type: the field that is there tells it.
  const known = kind ?? seen;
  if (known === 'other') return [name, { kind: 'other', value: bytes }];
  if (known === 'tensor' && value.tensor === undefined)
    reader.fail(`attribute ${name} should hold a tensor and holds none`);
  if (known === 'graph' && value.graph === undefined)
    reader.fail(`attribute ${name} should hold a graph and holds none`);
  return [name, { kind: known, value: value[known] } as Attribute];
}

function readValueInfo(bytes: Uint8Array): ValueInfo {
  const reader = new ProtobufReader(bytes, 'a value’s type');
  const info: ValueInfo = { name: '', rest: [] };
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (field === 1) info.name = reader.string(wire);
    else if (field === 2) {
      const type = reader.field(wire);
      const tensor = readType(type);
      if (tensor) info.tensor = tensor;
      else info.otherType = type;
    } else info.rest.push(reader.skip(wire));
  }
  return info;
}

/** A TypeProto's tensor type; undefined when it is a sequence, a map, … */
function readType(bytes: Uint8Array): TensorType | undefined {
  const reader = new ProtobufReader(bytes, 'a type');
  let found: TensorType | undefined;
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (field !== 1) {
      reader.skip(wire);
      continue;
    }
    const inner = new ProtobufReader(reader.field(wire), 'a tensor type');
    let code = 0;
    let dims: TensorType['dims'];
    while (!inner.done) {
      const part = inner.tag();
      if (part.field === 1) code = inner.number(part.wire);
      else if (part.field === 2) dims = readShape(inner.field(part.wire));
      else inner.skip(part.wire);
    }
    const type = elementTypes[code as keyof typeof elementTypes];
    if (type) found = { type, ...(dims && { dims }) };
  }
  return found;
}

function readShape(bytes: Uint8Array): (number | string | undefined)[] {
  const reader = new ProtobufReader(bytes, 'a shape');
  const dims: (number | string | undefined)[] = [];
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (field !== 1) {
      reader.skip(wire);
      continue;
    }
    const inner = new ProtobufReader(reader.field(wire), 'a dimension');
    let size: number | string | undefined;
    while (!inner.done) {
      const part = inner.tag();
      if (part.field === 1) size = inner.number(part.wire);
      else if (part.field === 2) size = inner.string(part.wire) || undefined;
      else inner.skip(part.wire);
    }
    dims.push(size);
  }
  return dims;
}
