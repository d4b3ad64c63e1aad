import * as ort from 'onnxruntime-node';
import { expect } from 'vitest';
import { type AttributeValue, GraphBuilder, tensorOf } from '../../src/onnx/build.ts';
import { elements, float32Of, type Model, type Tensor } from '../../src/onnx/model.ts';
import { canonicalOpset } from '../../src/onnx/upgrade.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { type Random, seededRandom } from '../../src/random.ts';
import { emitBackward, emitForward } from '../../src/training/differentiate.ts';
import { Ops } from '../../src/training/ops.ts';
import { prepare } from '../../src/training/prepare.ts';
import type { Layout, Value } from '../../src/training/value.ts';
import { checkGradients } from './gradient-check.ts';

/** One node and what it reads. */
export interface OperatorCase {
  op: string;
  domain?: string;
  /** float32 ones are differentiated by, unless their name starts with “fixed”. */
  inputs: readonly (Tensor | undefined)[];
  attributes?: Record<string, AttributeValue>;
  opset?: number;
  /** How many outputs it has, and which of them count. */
  outputs?: number;
  counted?: readonly number[];
}

/** A network of that node alone. */
export function operatorModel(operator: OperatorCase): Model {
  const { op, domain = '', inputs, attributes = {}, opset = canonicalOpset, outputs = 1, counted = [0] } = operator;
  const builder = new GraphBuilder(op);
  const names = inputs.map((tensor) => (tensor ? builder.tensor(tensor) : ''));
  const made = builder.nodes(
    op,
    names,
    attributes,
    Array.from({ length: outputs }, (_, i) => `y${i}`),
    domain,
  );
  for (const i of counted) builder.output(made[i]!);
  return builder.model(opset, ['com.microsoft']);
}

/** Numbers of a standard normal distribution, or what `map` makes of them. */
export function randomTensor(
  name: string,
  dims: readonly number[],
  random: Random,
  map: (x: number) => number = (x) => x,
): Tensor {
  return tensorOf(
    name,
    Float32Array.from({ length: elements(dims) }, () => map(random.normal())),
    dims,
  );
}

/** Moves a number at least `margin` away from each of some kinks, which lie further apart than that. */
export function awayFrom(kinks: readonly number[], margin = 0.15): (x: number) => number {
  return (x) => {
    const near = kinks.find((kink) => Math.abs(x - kink) < margin);
    return near === undefined ? x : near + (x < near ? -margin : margin) * (1 + Math.abs(x - near));
  };
}

/** Fails unless every gradient of the network agrees with central differences and at least one is not zero. */
export async function expectGradients(
  model: Model,
  { tolerance = 1e-3, seed = 1, portable = false } = {},
): Promise<void> {
  const trained = trainedOf(model);
  const checks = await checkGradients(model, { trained, seed, portable });
  let largest = 0;
  for (const [name, { derived, measured, size }] of checks) {
    expect(Math.abs(derived - measured), `${name}: ${derived} derived, ${measured} measured`).toBeLessThanOrEqual(
      // Of small gradients the differences hold little but the rounding of the network.
      tolerance * Math.max(size, 0.25),
    );
    largest = Math.max(largest, size);
  }
  expect(largest).toBeGreaterThan(1e-3);
}

function trainedOf(model: Model): string[] {
  return model.graph.initializers
    .filter(({ name, type }) => type === 'float32' && !name.startsWith('fixed'))
    .map(({ name }) => name);
}

export interface Computed {
  /** Each output as the training graph computes it, and as the network itself does. */
  outputs: Float32Array[];
  expected: Float32Array[];
  /** By input; missing where the rules say that it is zero. */
  gradients: Map<string, Float32Array>;
  /** In which layout the first output and each gradient came. */
  layouts: Map<string, Layout>;
}

/**
 * The training graph of a network on inputs that lie in some layout.
 * @param cotangent gradient of the loss with respect to the first output; default: standard normal numbers for all outputs
 * @param layout of the inputs of four axes and of the cotangents
 * @param session where the training graph is computed; the network itself always is on the processor
 */
export async function computed(
  model: Model,
  options: {
    layout?: Layout;
    block?: number;
    portable?: boolean;
    cotangent?: readonly number[];
    session?: ort.InferenceSession.SessionOptions;
  } = {},
): Promise<Computed> {
  const { layout = 'plain', block, portable = false, cotangent, session } = options;
  const trained = new Set(trainedOf(model));
  const { graph, facts, weights } = await prepare(model, { inputs: {}, runtime: ort, trained });
  const builder = new GraphBuilder('computed');
  const ops = new Ops(builder, { block, portable });
  const laid = (value: Value) => (value.shape.length === 4 ? ops.as(layout, value) : value);
  const given = new Map<string, Value>();
  const feeds: Record<string, ort.Tensor> = {};
  for (const [name, tensor] of weights) {
    builder.input(name, tensor.dims);
    given.set(name, laid({ name, shape: tensor.dims, type: 'float32', layout: 'plain' }));
    feeds[name] = new ort.Tensor('float32', float32Of(tensor), tensor.dims);
  }
  const tape = emitForward({ graph, facts, given, trained, ops });
  const values = graph.outputs.map(({ name }) => tape.tensor(name));
  const [first] = values;
  const random = seededRandom(7, 'cotangent');
  const seeds = new Map<string, Value>();
  for (const [i, { name }] of graph.outputs.entries()) {
    const { shape, type } = values[i]!;
    if (type !== 'float32' || (cotangent && i > 0)) continue;
    const numbers = Float32Array.from({ length: elements(shape) }, (_, j) => cotangent?.[j] ?? random.normal());
    // An input: what follows from a constant alone the processor would compute as the session is made.
    const seed = builder.input(`cotangent of ${name}`, [...shape]);
    feeds[seed] = new ort.Tensor('float32', numbers, shape);
    seeds.set(name, laid({ name: seed, shape, type: 'float32', layout: 'plain' }));
  }
  const grads = emitBackward(tape, seeds, { ops, trained });
  const layouts = new Map<string, Layout>([['output', first!.layout]]);
  const plain = (value: Value) => ops.node('Identity', [value], { shape: value.shape });
  const outputs = values.map(plain);
  const gradients = new Map([...grads].map(([name, value]) => [name, plain(value)]));
  for (const [name, value] of grads) layouts.set(name, value.layout);
  for (const value of new Set([...outputs, ...gradients.values()])) builder.output(value.name, [...value.shape]);
  const found = await run(writeModel(builder.model(canonicalOpset)), feeds, session);
  const expected = await run(writeModel(model), {});
  const read = ({ name }: Value) => Float32Array.from(found[name]!.data as Float32Array);
  return {
    outputs: outputs.map(read),
    expected: graph.outputs.map(({ name }) => Float32Array.from(expected[name]!.data as Float32Array)),
    gradients: new Map([...gradients].map(([name, value]) => [name, read(value)])),
    layouts,
  };
}

async function run(
  model: Uint8Array,
  feeds: Record<string, ort.Tensor>,
  options: ort.InferenceSession.SessionOptions = {},
) {
  const session = await ort.InferenceSession.create(model, { logSeverityLevel: 3, ...options });
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}

/** Fails unless two lists of numbers agree to `tolerance` of the largest. */
export function expectClose(found: Float32Array, expected: Float32Array, tolerance = 1e-5): void {
  expect(found.length).toBe(expected.length);
  const largest = expected.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  found.forEach((x, i) => {
    expect(Math.abs(x - expected[i]!), `element ${i}: ${x} found, ${expected[i]} expected`).toBeLessThanOrEqual(
      tolerance * largest,
    );
  });
}
