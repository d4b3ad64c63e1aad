import { TransferEvidenceError } from '../errors.ts';
import { GraphBuilder } from '../onnx/build.ts';
import type { Model } from '../onnx/model.ts';
import { canonicalOpset } from '../onnx/upgrade.ts';
import { writeModel } from '../onnx/write.ts';
import type { OnnxRuntime } from '../runtime/require-native.ts';
import { emitBackward, emitForward } from './differentiate.ts';
import { softmaxCrossEntropy } from './losses.ts';
import { Ops } from './ops.ts';
import { prepare } from './prepare.ts';
import type { Value } from './value.ts';

/** Images as the network takes them, and what they are. */
export interface Batch {
  /** Row-major, of `shape`. */
  input: Float32Array;
  /** [N, channels, height, width], or what else the network takes. */
  shape: readonly number[];
  /** N class indices. */
  labels: readonly number[];
}

export interface LossAndGradients {
  /** Mean softmax cross-entropy over the batch. */
  loss: number;
  /** [N, classes], row-major. */
  logits: Float32Array;
  /** ∂loss ÷ ∂weight, by weight, of each weight's shape. */
  gradients: Map<string, Float32Array>;
}

/**
 * The loss of a network on a batch, and its gradient with respect to every trained weight: for checking a gradient against another
 * framework's.
 * @param model whose first output is logits, [N, classes]
 * @throws model-unsupported for an operator without a gradient rule; shape-mismatch when the batch does not fit the network
 */
export async function lossAndGradients(
  model: Model,
  { input, shape, labels }: Batch,
  options: { runtime: OnnxRuntime; trained?: ReadonlySet<string> },
): Promise<LossAndGradients> {
  const { runtime } = options;
  const name = imageInput(model);
  const prepared = await prepare(model, { ...options, inputs: { [name]: shape } });
  const { graph, facts, weights } = prepared;
  const logitsName = graph.outputs[0]!.name;
  const builder = new GraphBuilder('gradients');
  const ops = new Ops(builder);
  const declare = (own: string, dims: readonly number[]): Value => ({
    name: builder.input(own, [...dims]),
    shape: dims,
    type: 'float32',
    layout: 'plain',
  });
  const given = new Map([[name, declare(name, shape)]]);
  for (const [own, { dims }] of weights) given.set(own, declare(own, dims));
  const trained = new Set(weights.keys());
  const tape = emitForward({ graph, facts, given, trained, ops });
  const logits = ops.plain(tape.tensor(logitsName));
  const classes = logits.shape[1];
  if (
    logits.shape.length !== 2 ||
    logits.shape[0] !== labels.length ||
    !labels.every((label) => label >= 0 && label < classes!)
  )
    throw new TransferEvidenceError(
      'shape-mismatch',
      `The first output of the network should be logits, one row an image; it is [${logits.shape.join()}] for ${labels.length} labels.`,
    );
  const targets = new Float32Array(labels.length * classes!);
  labels.forEach((label, row) => {
    targets[row * classes! + label] = 1;
  });
  const { loss, gradient } = softmaxCrossEntropy(ops, logits, ops.constant(targets, [labels.length, classes!]));
  const grads = emitBackward(tape, new Map([[logitsName, gradient]]), { ops, trained });
  // Two weights may have one and the same gradient.
  for (const value of new Set([loss, logits, ...grads.values()].map((value) => ops.plain(value))))
    builder.output(value.name, [...value.shape]);
  const session = await runtime.InferenceSession.create(writeModel(builder.model(canonicalOpset)), {
    logSeverityLevel: 3,
  });
  try {
    const feeds = { [name]: new runtime.Tensor('float32', input, shape) };
    for (const [own, { data, dims }] of weights)
      feeds[own] = new runtime.Tensor('float32', new Float32Array(Uint8Array.from(data).buffer), dims);
    const found = await session.run(feeds);
    const numbers = (value: Value) => Float32Array.from(found[ops.plain(value).name]!.data as Float32Array);
    const gradients = new Map<string, Float32Array>();
    for (const [own, { data }] of weights) {
      const grad = grads.get(own);
      gradients.set(own, grad ? numbers(grad) : new Float32Array(data.byteLength >> 2));
    }
    return { loss: numbers(loss)[0]!, logits: numbers(logits), gradients };
  } finally {
    await session.release();
  }
}

function imageInput({ graph }: Model): string {
  const constants = new Set(graph.initializers.map(({ name }) => name));
  return graph.inputs.find(({ name }) => !constants.has(name))!.name;
}
