import { tensorOf } from '../build.ts';
import type { Node, Tensor } from '../model.ts';
import { int64 } from '../protobuf.ts';
import type { Rule } from './rewriting.ts';

const utf8 = new TextEncoder();

/** “To the end” markers lie beyond what a JavaScript number holds exactly: they saturate. */
function integers(values: number[], dims: number[]): Tensor {
  return { name: '', type: 'int64', dims, data: new Uint8Array(BigInt64Array.from(values, int64).buffer) };
}

/** The tensor that a Constant node makes, however it is written; undefined for a sparse one. */
export function tensorMade({ attributes }: Node): Tensor | undefined {
  const { value, value_int, value_ints, value_float, value_floats, value_string, value_strings } = attributes;
  if (value?.kind === 'tensor') return value.value;
  if (value_int?.kind === 'int') return integers([value_int.value], []);
  if (value_ints?.kind === 'ints') return integers(value_ints.value, [value_ints.value.length]);
  if (value_float?.kind === 'float') return tensorOf('', Float32Array.of(value_float.value), []);
  if (value_floats?.kind === 'floats') return tensorOf('', Float32Array.from(value_floats.value));
  const strings = (values: string[], dims: number[]): Tensor => ({
    name: '',
    type: 'string',
    dims,
    data: new Uint8Array(),
    strings: values.map((text) => utf8.encode(text)),
  });
  if (value_string?.kind === 'string') return strings([value_string.value], []);
  if (value_strings?.kind === 'strings') return strings(value_strings.value, [value_strings.value.length]);
  return undefined;
}

/** A Constant's number, list or text as a tensor, so that readers know one form. */
export const constant: Rule = (node, to) => {
  if (node.attributes.value?.kind === 'tensor') return [node];
  const value = tensorMade(node) ?? to.refuse(node, 'it holds a sparse tensor', 'Export it as a dense one.');
  return [{ ...node, attributes: { value: { kind: 'tensor', value } } }];
};
