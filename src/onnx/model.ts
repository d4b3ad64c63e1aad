/**
 * An ONNX model as values (onnx.proto3, IR version 3 to 13). Only what the program reasons about has a name here; every other field
 * (functions, training info, quantisation annotations, sparse initialisers, documentation) is kept verbatim in `rest` and written back.
 */
export interface Model {
  irVersion: number;
  opsets: Opset[];
  graph: Graph;
  metadata: Record<string, string>;
  rest: Uint8Array[];
}

/** `domain` is '' for the standard operators. */
export interface Opset {
  domain: string;
  version: number;
}

export interface Graph {
  name: string;
  /** In an order in which every node comes after those it reads. */
  nodes: Node[];
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  initializers: Tensor[];
  valueInfo: ValueInfo[];
  rest: Uint8Array[];
}

export interface Node {
  name: string;
  op: string;
  domain: string;
  /** Tensor names; '' stands for an optional input that is not given. */
  inputs: string[];
  outputs: string[];
  attributes: Record<string, Attribute>;
  rest: Uint8Array[];
}

/** Integers beyond ±2⁵³ are rounded; nothing but “to the end” markers is that large. */
export type Attribute =
  | { kind: 'float'; value: number }
  | { kind: 'int'; value: number }
  | { kind: 'string'; value: string }
  | { kind: 'tensor'; value: Tensor }
  | { kind: 'graph'; value: Graph }
  | { kind: 'floats'; value: number[] }
  | { kind: 'ints'; value: number[] }
  | { kind: 'strings'; value: string[] }
  | { kind: 'graphs'; value: Graph[] }
  /** Lists of tensors, sparse tensors, type protos and references inside functions: the whole attribute as it stands. */
  | { kind: 'other'; value: Uint8Array };

/** ONNX's element types, by their code. */
export const elementTypes = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  8: 'string',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  14: 'complex64',
  15: 'complex128',
  16: 'bfloat16',
  17: 'float8e4m3fn',
  18: 'float8e4m3fnuz',
  19: 'float8e5m2',
  20: 'float8e5m2fnuz',
  21: 'uint4',
  22: 'int4',
  23: 'float4e2m1',
  24: 'float8e8m0',
  25: 'uint2',
  26: 'int2',
} as const;

export type ElementType = (typeof elementTypes)[keyof typeof elementTypes];

/** Bits of one element; strings have none. */
export const bitsOf: Record<Exclude<ElementType, 'string'>, number> = {
  float32: 32,
  uint8: 8,
  int8: 8,
  uint16: 16,
  int16: 16,
  int32: 32,
  int64: 64,
  bool: 8,
  float16: 16,
  float64: 64,
  uint32: 32,
  uint64: 64,
  complex64: 64,
  complex128: 128,
  bfloat16: 16,
  float8e4m3fn: 8,
  float8e4m3fnuz: 8,
  float8e5m2: 8,
  float8e5m2fnuz: 8,
  uint4: 4,
  int4: 4,
  float4e2m1: 4,
  float8e8m0: 8,
  uint2: 2,
  int2: 2,
};

/** A constant. */
export interface Tensor {
  name: string;
  type: ElementType;
  dims: number[];
  /** Little-endian elements, row-major: a view into the file where the file holds them so. Empty while `external` is set. */
  data: Uint8Array;
  /** Elements of a `string` tensor. */
  strings?: Uint8Array[];
  /** The elements lie in another file (see external-data). */
  external?: ExternalData;
}

export interface ExternalData {
  /** Path relative to the model's folder, as the model gives it: not to be trusted. */
  location: string;
  offset: number;
  /** Absent: to the end of the file. */
  length?: number;
}

/** The declared type of a graph input, output or intermediate tensor. */
export interface ValueInfo {
  name: string;
  /** Absent for sequences, maps and optional values, and where the model does not say. */
  tensor?: TensorType;
  /** The type as it stands when it is no tensor's. */
  otherType?: Uint8Array;
  rest: Uint8Array[];
}

export interface TensorType {
  type: ElementType;
  /** A number, a symbol (“batch”) or, when nothing is said, undefined. No list at all: rank unknown. */
  dims?: (number | string | undefined)[];
}

/** Elements of a tensor as float32; a copy only when the file does not align them. `type` must be float32. */
export function float32Of(tensor: Tensor): Float32Array {
  const { data } = tensor;
  const aligned = data.byteOffset % 4 === 0 ? data : Uint8Array.from(data);
  return new Float32Array(aligned.buffer, aligned.byteOffset, data.byteLength >> 2);
}

/** Elements of an int64 or int32 tensor as numbers, or undefined for another type. */
export function integersOf(tensor: Tensor): number[] | undefined {
  const view = new DataView(tensor.data.buffer, tensor.data.byteOffset, tensor.data.byteLength);
  if (tensor.type === 'int64')
    return Array.from({ length: view.byteLength >> 3 }, (_, i) => Number(view.getBigInt64(8 * i, true)));
  if (tensor.type === 'int32')
    return Array.from({ length: view.byteLength >> 2 }, (_, i) => view.getInt32(4 * i, true));
  return undefined;
}

/** Elements of a tensor of numbers or truth values as numbers, or undefined for a type that is seldom a parameter. */
export function numbersOf(tensor: Tensor): number[] | undefined {
  if (tensor.type === 'float32') return Array.from(float32Of(tensor));
  if (tensor.type === 'bool') return Array.from(tensor.data);
  return integersOf(tensor);
}

/** The number of elements that a shape holds. */
export function elements(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}
