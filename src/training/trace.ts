import { TransferEvidenceError } from '../errors.ts';
import { GraphBuilder } from '../onnx/build.ts';
import { readBy } from '../onnx/check.ts';
import type { Facts, TensorFacts } from '../onnx/facts.ts';
import type { ElementType, Graph, Model, Node, Tensor } from '../onnx/model.ts';
import { writeModel } from '../onnx/write.ts';
import type { OnnxRuntime } from '../runtime/require-native.ts';

/**
 * Type, shape and, where it is the same for every image, value of every tensor of a graph. Nothing is inferred: the runtime
 * computes the graph once on an empty image, so that whatever it can run has facts, arithmetic on shapes included.
 * @param inputs the shape of each graph input
 * @param trained initialisers and outputs of Constant nodes whose values will change
 * @throws model-unsupported when the runtime cannot compute the graph
 */
export async function traceFacts(
  model: Model,
  {
    inputs,
    trained,
    runtime,
  }: { inputs: Readonly<Record<string, readonly number[]>>; trained: ReadonlySet<string>; runtime: OnnxRuntime },
): Promise<Facts> {
  const { graph } = model;
  const facts = new Map<string, TensorFacts>();
  for (const tensor of graph.initializers)
    facts.set(tensor.name, {
      type: tensor.type,
      shape: tensor.dims,
      ...(trained.has(tensor.name) ? {} : { value: tensor }),
    });
  const fixed = fixedTensors(graph, trained);
  const made = graph.nodes.flatMap(({ outputs }) => outputs.filter((name) => name !== ''));
  const builder = new GraphBuilder({
    ...graph,
    inputs: graph.inputs
      .filter(({ name }) => inputs[name])
      .map((info) => ({ ...info, tensor: { ...info.tensor!, dims: [...inputs[info.name]!] } })),
    // Declared shapes may name a batch size that is not the one asked for.
    outputs: made.map((name) => ({ name, rest: [] })),
    valueInfo: [],
  });
  const shapes = new Map<string, string>();
  for (const name of made) {
    if (fixed.has(name)) continue;
    const shape = builder.node('Shape', [name], {}, 'shape of tensor');
    builder.output(shape, undefined, 'int64');
    shapes.set(name, shape);
  }
  const session = await attempt(() =>
    runtime.InferenceSession.create(writeModel({ ...model, graph: builder.graph() }), {
      graphOptimizationLevel: 'disabled',
      logSeverityLevel: 4,
    }),
  );
  try {
    const types = new Map(session.outputMetadata.map((entry) => [entry.name, entry.isTensor ? entry.type : undefined]));
    const feeds = Object.entries(inputs).map(([name, dims]) => {
      const type = graph.inputs.find((info) => info.name === name)?.tensor?.type ?? 'float32';
      facts.set(name, { type, shape: dims });
      return [name, new runtime.Tensor('float32', new Float32Array(dims.reduce((a, b) => a * b, 1)), dims)] as const;
    });
    const wanted = made.map((name) => shapes.get(name) ?? name);
    const found = await attempt(() => session.run(Object.fromEntries(feeds), wanted));
    for (const name of made) {
      const shape = shapes.get(name);
      const type = types.get(name) as ElementType;
      if (shape !== undefined)
        facts.set(name, { type, shape: Array.from(found[shape]!.data as BigInt64Array, Number) });
      else facts.set(name, { type, shape: found[name]!.dims, value: tensorFrom(name, type, found[name]!) });
    }
  } finally {
    await session.release();
  }
  return facts;
}

/** Outputs of nodes that depend on neither the image nor a trained weight; a shape depends on neither. */
function fixedTensors(graph: Graph, trained: ReadonlySet<string>): Set<string> {
  const initializers = new Set(graph.initializers.map(({ name }) => name).filter((name) => !trained.has(name)));
  const fixed = new Set<string>();
  const isFixed = (node: Node): boolean => {
    if (node.outputs.some((name) => trained.has(name)) || /^(Random|Multinomial|Bernoulli)/.test(node.op)) return false;
    if (node.domain === '' && (node.op === 'Shape' || node.op === 'Size')) return true;
    return readBy(node).every((name) => name === '' || fixed.has(name) || initializers.has(name));
  };
  for (const node of graph.nodes)
    if (isFixed(node)) for (const output of node.outputs) if (output !== '') fixed.add(output);
  return fixed;
}

function tensorFrom(
  name: string,
  type: ElementType,
  { data, dims }: { data: unknown; dims: readonly number[] },
): Tensor {
  const view = data as Uint8Array;
  // A copy: the runtime keeps the memory of its outputs.
  return {
    name,
    type,
    dims: [...dims],
    data: Uint8Array.from(new Uint8Array(view.buffer, view.byteOffset, view.byteLength)),
  };
}

async function attempt<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new TransferEvidenceError(
      'model-unsupported',
      `The network cannot be run: ${String((error as Error).message).split('\n')[0]}`,
      { cause: error },
    );
  }
}
