import * as ort from 'onnxruntime-node';
import { GraphBuilder } from '../../src/onnx/build.ts';
import { float32Of, type Model } from '../../src/onnx/model.ts';
import { canonicalOpset } from '../../src/onnx/upgrade.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { type Random, seededRandom } from '../../src/random.ts';
import { emitBackward, emitForward } from '../../src/training/differentiate.ts';
import { Ops } from '../../src/training/ops.ts';
import { prepare } from '../../src/training/prepare.ts';
import type { Value } from '../../src/training/value.ts';

export interface GradientCheck {
  /** ⟨gradient, direction⟩ as the rules have it. */
  derived: number;
  /** The same by central differences, extrapolated (Richardson 1911). */
  measured: number;
  /** Product of the lengths of gradient and direction: what a difference is to be compared with. */
  size: number;
}

/**
 * Compares the gradients that the rules derive with central differences of the network itself, along a random direction in each
 * float32 initialiser. The scalar is the sum of all outputs, each weighted with random numbers. The original model is what is
 * measured, so that bringing it to opset 18 is checked as well.
 * @param trained initialisers to differentiate by; default: all of float32
 * @param feeds the graph's inputs, which are not differentiated by
 */
export async function checkGradients(
  model: Model,
  options: {
    trained?: readonly string[];
    feeds?: Readonly<Record<string, ort.Tensor>>;
    seed?: number;
    step?: number;
    /** As on graphics devices. */
    portable?: boolean;
    session?: ort.InferenceSession.SessionOptions;
  } = {},
): Promise<Map<string, GradientCheck>> {
  const { feeds = {}, seed = 0, step = 1 / 64, portable = false, session: sessionOptions = {} } = options;
  const random = seededRandom(seed, 'gradient check');
  const names =
    options.trained ?? model.graph.initializers.filter(({ type }) => type === 'float32').map(({ name }) => name);
  const trained = new Set(names);
  const inputs = Object.fromEntries(Object.entries(feeds).map(([name, { dims }]) => [name, dims]));
  const { graph, facts, weights } = await prepare(model, { inputs, runtime: ort, trained });
  const builder = new GraphBuilder('check');
  const ops = new Ops(builder, { portable });
  const given = new Map<string, Value>();
  for (const [name, { dims, type }] of Object.entries(feeds)) {
    builder.input(name, [...dims], type as 'float32');
    given.set(name, { name, shape: dims, type: type as 'float32', layout: 'plain' });
  }
  for (const [name, { dims }] of weights) {
    builder.input(name, dims);
    given.set(name, { name, shape: dims, type: 'float32', layout: 'plain' });
  }
  const tape = emitForward({ graph, facts, given, trained, ops });
  const cotangents = new Map<string, Float32Array>();
  const seeds = new Map<string, Value>();
  for (const { name } of graph.outputs) {
    const { shape, type } = facts.get(name)!;
    if (type !== 'float32') continue;
    const numbers = normals(
      shape.reduce((a, b) => a * b, 1),
      random,
    );
    cotangents.set(name, numbers);
    seeds.set(name, ops.constant(numbers, shape, `cotangent of ${name}`));
  }
  const grads = emitBackward(tape, seeds, { ops, trained });
  const outputs = new Set([...grads.values()].map((value) => ops.plain(value)));
  for (const value of outputs) builder.output(value.name, [...value.shape]);
  const start = new Map([...weights].map(([name, tensor]) => [name, float32Of(tensor)]));
  const tensorsOf = (values: ReadonlyMap<string, Float32Array>) =>
    Object.fromEntries(
      [...values].map(([name, data]) => [name, new ort.Tensor('float32', data, weights.get(name)!.dims)]),
    );
  const derivedBy =
    outputs.size === 0
      ? {}
      : await run(writeModel(builder.model(canonicalOpset)), { ...feeds, ...tensorsOf(start) }, sessionOptions);

  const open = writeModel({ ...model, graph: withWeightsAsInputs(model, trained) });
  const original = await ort.InferenceSession.create(open, { graphOptimizationLevel: 'disabled', logSeverityLevel: 3 });
  const scalar = async (values: ReadonlyMap<string, Float32Array>): Promise<number> => {
    const found = await original.run({ ...feeds, ...tensorsOf(values) });
    let sum = 0;
    for (const [name, weight] of cotangents) {
      const data = found[name]!.data as Float32Array;
      for (let i = 0; i < weight.length; i++) sum += weight[i]! * data[i]!;
    }
    return sum;
  };
  const checks = new Map<string, GradientCheck>();
  for (const name of trained) {
    const own = start.get(name)!;
    const direction = normals(own.length, random);
    const along = (t: number) =>
      scalar(
        new Map(start).set(
          name,
          own.map((x, i) => x + t * direction[i]!),
        ),
      );
    const central = async (t: number) => ((await along(t)) - (await along(-t))) / (2 * t);
    const measured = (4 * (await central(step / 2)) - (await central(step))) / 3;
    const value = grads.get(name);
    const gradient = value ? (derivedBy[ops.plain(value).name]!.data as Float32Array) : new Float32Array(own.length);
    let derived = 0;
    let squares = 0;
    let length = 0;
    for (let i = 0; i < own.length; i++) {
      derived += gradient[i]! * direction[i]!;
      squares += gradient[i]! ** 2;
      length += direction[i]! ** 2;
    }
    checks.set(name, { derived, measured, size: Math.sqrt(squares * length) });
  }
  await original.release();
  return checks;
}

/** Standard normal numbers. */
export function normals(length: number, random: Random): Float32Array {
  return Float32Array.from({ length }, () => random.normal());
}

function withWeightsAsInputs({ graph }: Model, trained: ReadonlySet<string>): Model['graph'] {
  const weights = graph.initializers.filter(({ name }) => trained.has(name));
  return {
    ...graph,
    initializers: graph.initializers.filter(({ name }) => !trained.has(name)),
    inputs: [
      ...graph.inputs.filter(({ name }) => !trained.has(name)),
      ...weights.map(({ name, type, dims }) => ({ name, tensor: { type, dims }, rest: [] })),
    ],
  };
}

async function run(model: Uint8Array, feeds: Record<string, ort.Tensor>, options: ort.InferenceSession.SessionOptions) {
  const session = await ort.InferenceSession.create(model, { logSeverityLevel: 3, ...options });
  try {
    return await session.run(feeds);
  } finally {
    await session.release();
  }
}
