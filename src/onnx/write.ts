import {
  type Attribute,
  type ElementType,
  elementTypes,
  type Graph,
  type Model,
  type Node,
  type Tensor,
  type ValueInfo,
} from './model.ts';
import { ProtobufWriter } from './protobuf.ts';

const codes = Object.fromEntries(Object.entries(elementTypes).map(([code, type]) => [type, Number(code)])) as Record<
  ElementType,
  number
>;

/** The model as an ONNX file's bytes. The same model gives the same bytes. */
export function writeModel(model: Model): Uint8Array {
  const writer = new ProtobufWriter();
  writer.integer(1, model.irVersion);
  for (const { domain, version } of model.opsets)
    writer.message(8, (opset) => {
      if (domain !== '') opset.string(1, domain);
      opset.integer(2, version);
    });
  for (const rest of model.rest) writer.raw(rest);
  for (const [key, value] of Object.entries(model.metadata))
    writer.message(14, (entry) => writeEntry(entry, key, value));
  writer.message(7, (graph) => writeGraph(graph, model.graph));
  return writer.finish();
}

function writeEntry(writer: ProtobufWriter, key: string, value: string): void {
  writer.string(1, key);
  writer.string(2, value);
}

function writeGraph(writer: ProtobufWriter, graph: Graph): void {
  for (const node of graph.nodes) writer.message(1, (inner) => writeNode(inner, node));
  writer.string(2, graph.name);
  for (const tensor of graph.initializers) writer.message(5, (inner) => writeTensor(inner, tensor));
  for (const info of graph.inputs) writer.message(11, (inner) => writeValueInfo(inner, info));
  for (const info of graph.outputs) writer.message(12, (inner) => writeValueInfo(inner, info));
  for (const info of graph.valueInfo) writer.message(13, (inner) => writeValueInfo(inner, info));
  for (const rest of graph.rest) writer.raw(rest);
}

function writeNode(writer: ProtobufWriter, node: Node): void {
  for (const input of node.inputs) writer.string(1, input);
  for (const output of node.outputs) writer.string(2, output);
  if (node.name !== '') writer.string(3, node.name);
  writer.string(4, node.op);
  if (node.domain !== '') writer.string(7, node.domain);
  for (const [name, attribute] of Object.entries(node.attributes))
    if (attribute.kind === 'other') writer.bytes(5, attribute.value);
    else writer.message(5, (inner) => writeAttribute(inner, name, attribute));
  for (const rest of node.rest) writer.raw(rest);
}

const attributeCodes = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, floats: 6, ints: 7, strings: 8, graphs: 10 };

function writeAttribute(writer: ProtobufWriter, name: string, attribute: Exclude<Attribute, { kind: 'other' }>): void {
  const { kind, value } = attribute;
  writer.string(1, name);
  writer.integer(20, attributeCodes[kind]);
  if (kind === 'float') writer.float(2, value);
  else if (kind === 'int') writer.integer(3, value);
  else if (kind === 'string') writer.string(4, value);
  else if (kind === 'tensor') writer.message(5, (inner) => writeTensor(inner, value));
  else if (kind === 'graph') writer.message(6, (inner) => writeGraph(inner, value));
  else if (kind === 'floats') writer.floats(7, value);
  else if (kind === 'ints') writer.integers(8, value);
  else if (kind === 'strings') for (const text of value) writer.string(9, text);
  else for (const graph of value) writer.message(11, (inner) => writeGraph(inner, graph));
}

function writeTensor(writer: ProtobufWriter, tensor: Tensor): void {
  if (tensor.dims.length > 0) writer.integers(1, tensor.dims);
  writer.integer(2, codes[tensor.type]);
  if (tensor.name !== '') writer.string(8, tensor.name);
  if (tensor.external) {
    const { location, offset, length } = tensor.external;
    writer.message(13, (entry) => writeEntry(entry, 'location', location));
    writer.message(13, (entry) => writeEntry(entry, 'offset', `${offset}`));
    if (length !== undefined) writer.message(13, (entry) => writeEntry(entry, 'length', `${length}`));
    writer.integer(14, 1);
  } else if (tensor.strings) for (const value of tensor.strings) writer.bytes(6, value);
  else writer.bytes(9, tensor.data);
}

function writeValueInfo(writer: ProtobufWriter, info: ValueInfo): void {
  writer.string(1, info.name);
  const { tensor } = info;
  if (info.otherType) writer.bytes(2, info.otherType);
  else if (tensor)
    writer.message(2, (type) =>
      type.message(1, (inner) => {
        inner.integer(1, codes[tensor.type]);
        const { dims } = tensor;
        if (dims)
          inner.message(2, (shape) => {
            for (const size of dims)
              shape.message(1, (dim) => {
                if (typeof size === 'number') dim.integer(1, size);
                else if (size !== undefined) dim.string(2, size);
              });
          });
      }),
    );
  for (const rest of info.rest) writer.raw(rest);
}
