import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TransferEvidenceError } from '../../src/errors.ts';
import { GraphBuilder } from '../../src/onnx/build.ts';
import type { Model } from '../../src/onnx/model.ts';
import { ProtobufWriter } from '../../src/onnx/protobuf.ts';
import { readModel } from '../../src/onnx/read.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { smallNetwork } from '../helpers/networks.ts';

function refusal(read: () => unknown): TransferEvidenceError {
  try {
    read();
  } catch (error) {
    if (error instanceof TransferEvidenceError) return error;
    throw error;
  }
  throw new Error('It was read.');
}

/** Either a model or an error of ours: never another exception. */
function readsOrRefuses(bytes: Uint8Array): boolean {
  try {
    readModel(bytes);
    return true;
  } catch (error) {
    return error instanceof TransferEvidenceError && error.code === 'model-invalid';
  }
}

function chain(...nodes: [op: string, inputs: string[], outputs: string[]][]): Model {
  const g = new GraphBuilder('chain');
  g.input('x', ['N', 2]);
  const model = g.model();
  for (const [op, inputs, outputs] of nodes)
    model.graph.nodes.push({ name: op.toLowerCase(), op, domain: '', inputs, outputs, attributes: {}, rest: [] });
  model.graph.outputs.push({ name: 'y', rest: [] });
  return model;
}

describe('an ONNX file from a stranger', () => {
  const whole = smallNetwork();

  it('is refused when it is cut off anywhere', () => {
    for (let length = 0; length < whole.length - 1; length += 7)
      expect(refusal(() => readModel(whole.subarray(0, length))).code).toBe('model-invalid');
  });

  it('never brings another error than “model-invalid”, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), readsOrRefuses), { numRuns: 500 });
  });

  it('never brings another error than “model-invalid” with bytes changed', () => {
    const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(changes, (list) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, value] of list) bytes[at] = value;
        return readsOrRefuses(bytes);
      }),
      { numRuns: 1500 },
    );
  });

  it('is refused when nodes wait for each other, naming one of them', () => {
    const error = refusal(() =>
      readModel(writeModel(chain(['Relu', ['b'], ['a']], ['Tanh', ['a'], ['b']], ['Exp', ['a'], ['y']]))),
    );
    expect(error.code).toBe('model-invalid');
    expect(error.message).toContain('relu (Relu)');
    expect(error.message).toContain('cycle');
  });

  it('is refused when a node waits for itself', () => {
    expect(refusal(() => readModel(writeModel(chain(['Relu', ['y'], ['y']])))).message).toContain('relu (Relu)');
  });

  it('is refused when a tensor is made by no node, naming its reader', () => {
    const error = refusal(() => readModel(writeModel(chain(['Add', ['x', 'ghost'], ['y']]))));
    expect(error.code).toBe('model-invalid');
    expect(error.message).toMatch(/add \(Add\).*ghost/);
  });

  it('is refused when an output is made by no node, or a tensor by two', () => {
    expect(refusal(() => readModel(writeModel(chain(['Relu', ['x'], ['z']])))).message).toContain('output y');
    expect(
      refusal(() => readModel(writeModel(chain(['Relu', ['x'], ['y']], ['Tanh', ['x'], ['y']])))).message,
    ).toContain('tanh (Tanh)');
  });

  it('is put in order when its nodes are only out of order', () => {
    const { nodes } = readModel(
      writeModel(chain(['Exp', ['b'], ['y']], ['Tanh', ['a'], ['b']], ['Relu', ['x'], ['a']])),
    ).graph;
    expect(nodes.map(({ op }) => op)).toEqual(['Relu', 'Tanh', 'Exp']);
  });

  it('cannot make the reader reserve what its numbers claim', () => {
    const model = chain(['Add', ['x', 'c'], ['y']]);
    model.graph.initializers.push({ name: 'c', type: 'float32', dims: [2 ** 26, 2 ** 25], data: new Uint8Array(4) });
    expect(refusal(() => readModel(writeModel(model))).message).toContain('constant c');
    model.graph.initializers[0]!.dims = [-1];
    expect(refusal(() => readModel(writeModel(model))).message).toContain('impossible');
  });

  it('is refused when graphs nest without end', () => {
    let graph = new Uint8Array();
    for (let depth = 0; depth < 60; depth++) {
      const attribute = new ProtobufWriter();
      attribute.bytes(6, graph);
      const node = new ProtobufWriter();
      node.string(4, 'If');
      node.bytes(5, attribute.finish());
      const outer = new ProtobufWriter();
      outer.bytes(1, node.finish());
      graph = Uint8Array.from(outer.finish());
    }
    const model = new ProtobufWriter();
    model.message(8, (opset) => opset.integer(2, 17));
    model.bytes(7, graph);
    expect(refusal(() => readModel(model.finish())).message).toContain('nested');
  });

  it('is refused when it is no ONNX at all', () => {
    expect(refusal(() => readModel(new TextEncoder().encode('<!doctype html><html></html>'))).code).toBe(
      'model-invalid',
    );
    expect(refusal(() => readModel(new Uint8Array())).message).toContain('ONNX');
  });
});
