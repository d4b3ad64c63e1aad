import { bitsOf, type ElementType, type ExternalData, elements, elementTypes, type Tensor } from './model.ts';
import { ProtobufReader, wireType } from './protobuf.ts';

/** Reads a TensorProto; elements given number by number are rewritten as the little-endian bytes that `raw_data` would hold. */
export function readTensor(bytes: Uint8Array): Tensor {
  const reader = new ProtobufReader(bytes, 'a constant');
  const dims: number[] = [];
  const strings: Uint8Array[] = [];
  const typed: { field: number; chunk: Uint8Array; wire: number }[] = [];
  let name = '';
  let code = 0;
  let raw: Uint8Array | undefined;
  let isExternal = false;
  const external = new Map<string, string>();
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (field === 1) reader.integers(wire, dims);
    else if (field === 2) code = reader.number(wire);
    else if (field === 8) name = reader.string(wire);
    else if (field === 9) raw = reader.field(wire);
    else if (field === 6) strings.push(reader.field(wire));
    else if (field === 13) {
      const [key, value] = readStringEntry(reader.field(wire), 'a reference to external data');
      external.set(key, value);
    } else if (field === 14) isExternal = reader.number(wire) === 1;
    else if (field === 4 || field === 5 || field === 7 || field === 10 || field === 11)
      typed.push({ field, wire, chunk: reader.skip(wire) });
    else reader.skip(wire);
  }
  const constant = new ProtobufReader(bytes, `constant ${name || '(unnamed)'}`);
  const type = elementTypes[code as keyof typeof elementTypes];
  if (type === undefined) constant.fail(`its element type ${code} does not exist`);
  if (dims.some((size) => size < 0) || !Number.isSafeInteger(elements(dims)))
    constant.fail(`its shape [${dims.join(', ')}] is impossible`);
  const tensor: Tensor = { name, type, dims, data: new Uint8Array() };
  if (isExternal) return { ...tensor, external: externalOf(external, constant) };
  if (type === 'string') {
    if (strings.length !== elements(dims))
      constant.fail(`${elements(dims)} strings belong and ${strings.length} are there`);
    return { ...tensor, strings };
  }
  tensor.data = raw ?? typedData(type, typed, constant);
  const expected = Math.ceil((elements(dims) * bitsOf[type]) / 8);
  if (tensor.data.length !== expected)
    constant.fail(`${expected} bytes belong (${type}, shape [${dims.join(', ')}]) and ${tensor.data.length} are there`);
  return tensor;
}

/** A StringStringEntryProto; `what` names it in messages. */
export function readStringEntry(bytes: Uint8Array, what: string): [key: string, value: string] {
  const reader = new ProtobufReader(bytes, what);
  const entry: [string, string] = ['', ''];
  while (!reader.done) {
    const { field, wire } = reader.tag();
    if (field === 1) entry[0] = reader.string(wire);
    else if (field === 2) entry[1] = reader.string(wire);
    else reader.skip(wire);
  }
  return entry;
}

function externalOf(entries: Map<string, string>, constant: ProtobufReader): ExternalData {
  const location = entries.get('location');
  if (!location) return constant.fail('its elements are said to lie in another file, which is not named');
  const number = (key: string): number | undefined => {
    const value = entries.get(key);
    if (value === undefined) return undefined;
    if (!/^\d{1,15}$/.test(value)) constant.fail(`the ${key} “${value}” of its external data is no number of bytes`);
    return Number(value);
  };
  const length = number('length');
  return { location, offset: number('offset') ?? 0, ...(length !== undefined && { length }) };
}

/** float_data 4, int32_data 5, int64_data 7, double_data 10, uint64_data 11, each packed or one by one. */
function typedData(
  type: Exclude<ElementType, 'string'>,
  fields: { field: number; wire: number; chunk: Uint8Array }[],
  constant: ProtobufReader,
): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (const { field, wire, chunk } of fields) {
    const reader = new ProtobufReader(chunk, constant.subject);
    reader.tag();
    const body = wire === wireType.bytes ? reader.field(wire) : reader.remaining();
    chunks.push(field === 4 || field === 10 ? body : integerBytes(type, body, constant));
  }
  const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

/** Varints to elements. int32_data also carries the small types: float16 as its bits, 4-bit types two to a byte. */
function integerBytes(type: Exclude<ElementType, 'string'>, body: Uint8Array, constant: ProtobufReader): Uint8Array {
  const width = Math.max(1, bitsOf[type] / 8);
  const reader = new ProtobufReader(body, constant.subject);
  // Every varint is at least one byte: the body bounds what is allocated.
  const out = new Uint8Array(body.length * width);
  const view = new DataView(out.buffer);
  let at = 0;
  for (; !reader.done; at += width) {
    const value = reader.varint();
    if (width === 8) view.setBigUint64(at, value, true);
    else if (width === 4) view.setUint32(at, Number(value & 0xffffffffn), true);
    else if (width === 2) view.setUint16(at, Number(value & 0xffffn), true);
    else if (width === 1) view.setUint8(at, Number(value & 0xffn));
    else constant.fail(`elements of type ${type} cannot be given as integers`);
  }
  return out.subarray(0, at);
}
