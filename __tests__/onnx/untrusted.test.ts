import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TransferEvidenceError } from '../../src/errors.ts';
import { GraphBuilder } from '../../src/onnx/build.ts';
import { originsOf } from '../../src/onnx/constants.ts';
import { withExternalData } from '../../src/onnx/external-data.ts';
import type { Model, Tensor } from '../../src/onnx/model.ts';
import { ProtobufWriter } from '../../src/onnx/protobuf.ts';
import { readModel } from '../../src/onnx/read.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { outputsOf, smallNetwork } from '../helpers/networks.ts';

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

describe('constants in other files, named by a stranger’s attribute', () => {
  const external = (location: string, dims = [2]): Tensor => ({
    name: '',
    type: 'float32',
    dims,
    data: new Uint8Array(),
    external: { location, offset: 4 },
  });

  /** y = x + a constant in an attribute, at the top and in both branches of a condition. */
  function model(tensor: Tensor): Model {
    const inner = new GraphBuilder('branch');
    inner.output(inner.node('Constant', [], { value: { tensor } }, 'inside'));
    const branch = { graph: inner.graph() };
    const g = new GraphBuilder('outer');
    const x = g.input('x', [2]);
    const yes = g.node('Cast', [g.constant('yes', [1], [])], { to: 9 });
    const either = g.node('If', [yes], { then_branch: branch, else_branch: branch });
    g.output(g.node('Sum', [x, g.node('Constant', [], { value: { tensor } }), either], {}, 'y'));
    return readModel(writeModel(g.model()));
  }

  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'untrusted-'));
    await writeFile(join(folder, 'weights.bin'), Buffer.from(Float32Array.of(9, 1, 2).buffer));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are read in, in inner graphs too', async () => {
    const whole = writeModel(await withExternalData(model(external('weights.bin')), folder));
    const { y } = await outputsOf(whole, { x: new ort.Tensor('float32', [10, 20], [2]) });
    expect([...(y!.data as Float32Array)]).toEqual([12, 24]);
  });

  it.each([
    ['../weights.bin', 'path-outside'],
    ['/etc/hostname', 'path-outside'],
    ['gone.bin', 'weights-missing'],
  ])('are refused at %s', async (location, code) => {
    await expect(withExternalData(model(external(location)), folder)).rejects.toMatchObject({ code });
  });

  it('are refused when they are too short', async () => {
    await expect(withExternalData(model(external('weights.bin', [3])), folder)).rejects.toMatchObject({
      code: 'model-invalid',
    });
  });

  it('are refused when many lay claim to the same large file, before anything is reserved', async () => {
    await truncate(join(folder, 'weights.bin'), 2 ** 30);
    const many = model(external('weights.bin', [2 ** 27]));
    many.graph.initializers.push(
      ...Array.from({ length: 3 }, (_, i) => ({ ...external('weights.bin', [2 ** 27]), name: `claim ${i}` })),
    );
    const before = process.memoryUsage().arrayBuffers;
    await expect(withExternalData(many, folder)).rejects.toMatchObject({
      code: 'model-unsupported',
      message: expect.stringContaining(`${6 * 2 ** 29}`),
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 28);
  });
});

describe('an ONNX file from a stranger', () => {
  const whole = smallNetwork();

  it('is refused when it is cut off anywhere', () => {
    for (let length = 0; length < whole.length; length++)
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

  it('is refused when one node makes a tensor twice, or one that is given', () => {
    const splitting: [string, string[], string[]] = ['Split', ['x'], ['y', 'y']];
    expect(refusal(() => readModel(writeModel(chain(splitting)))).message).toMatch(/split \(Split\) makes tensor y/);
    expect(refusal(() => readModel(writeModel(chain(['Relu', ['x'], ['x']])))).message).toContain('makes tensor x');
  });

  it('may read, two graphs deep, what lies outside, and is refused when nothing there has the name', () => {
    const nested = (name: string): Model => {
      const deep = new GraphBuilder('deep');
      deep.outer(name);
      deep.output(deep.node('Relu', [name], {}, 'deep'));
      const middle = new GraphBuilder('middle');
      middle.outer('x');
      middle.output(middle.node('If', ['x'], { then_branch: { graph: deep.graph() } }, 'middle'));
      const g = new GraphBuilder('outer');
      g.input('x', [1]);
      g.output(g.node('If', ['x'], { then_branch: { graph: middle.graph() } }, 'y'));
      return g.model();
    };
    expect(readModel(writeModel(nested('x'))).graph.nodes).toHaveLength(1);
    expect(refusal(() => readModel(writeModel(nested('ghost')))).message).toMatch(/reads tensor ghost/);
  });

  it('is read in reasonable time when it holds a graph inside each of very many nodes', () => {
    const model = chain(['Relu', ['x'], ['y']]);
    for (let i = 0; i < 20_000; i++)
      model.graph.nodes.push({
        name: `if ${i}`,
        op: 'If',
        domain: '',
        inputs: [i === 0 ? 'y' : `z${i - 1}`],
        outputs: [`z${i}`],
        attributes: { then_branch: { kind: 'graph', value: new GraphBuilder('').graph() } },
        rest: [],
      });
    const bytes = writeModel(model);
    expect(readModel(bytes).graph.nodes).toHaveLength(20_001);
  });

  it('is followed through more copies than the stack is deep', () => {
    const g = new GraphBuilder('copies');
    let name = g.constant('weight', Float32Array.of(1, 2));
    for (let i = 0; i < 200_000; i++) name = g.node('Identity', [name], {}, `copy ${i}`);
    expect(originsOf(g.graph()).constant(name)?.name).toBe('weight');
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
