import type { InferenceSession } from 'onnxruntime-node';
import { TransferEvidenceError } from '../errors.ts';
import { GraphBuilder } from '../onnx/build.ts';
import { float32Of, type Model } from '../onnx/model.ts';
import { readModel } from '../onnx/read.ts';
import { canonicalOpset } from '../onnx/upgrade.ts';
import { writeModel } from '../onnx/write.ts';
import { loadNatives } from '../runtime/natives.ts';
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

export interface GradientOptions {
  /** Names of the weights to differentiate by. Default: all that training would change. */
  trained?: ReadonlySet<string>;
  /** Default: the one that the program finds or fetches for itself. */
  runtime?: OnnxRuntime;
}

/**
 * The loss of a network on a batch, and its gradient with respect to every trained weight: for checking a gradient against another
 * framework's.
 * @param model an ONNX file whose first output is logits, [N, classes]
 * @throws model-invalid, model-unsupported for a file that is no such network or an operator without a gradient rule;
 *   shape-mismatch when the batch does not fit the network
 */
export async function lossAndGradients(
  model: Uint8Array | Model,
  batch: Batch,
  options: GradientOptions = {},
): Promise<LossAndGradients> {
  const opened = await openGradients(model, batch.shape, options);
  try {
    return await opened.at(batch);
  } finally {
    await opened.close();
  }
}

/** A network that is open to be asked for gradients at several weights. */
export interface OpenGradients {
  /** The weights as the network came with them, by name. */
  start: ReadonlyMap<string, Float32Array>;
  /** @param weights values in place of those that the network came with, by name */
  at(batch: Batch, weights?: ReadonlyMap<string, Float32Array>): Promise<LossAndGradients>;
  close(): Promise<void>;
}

/** As {@link lossAndGradients}, for many batches of one shape. */
export async function openGradients(
  given: Uint8Array | Model,
  shape: readonly number[],
  options: GradientOptions = {},
): Promise<OpenGradients> {
  const model = given instanceof Uint8Array ? readModel(given) : given;
  const runtime = options.runtime ?? (await defaultRuntime());
  const image = imageInput(model);
  const { graph, facts, weights } = await prepare(model, { ...options, runtime, inputs: { [image]: shape } });
  const builder = new GraphBuilder('gradients');
  // The operators that every device computes: a check should not depend on the machine.
  const ops = new Ops(builder, { portable: true });
  const declare = (name: string, dims: readonly number[]): Value => ({
    name: builder.input(name, [...dims]),
    shape: dims,
    type: 'float32',
    layout: 'plain',
  });
  const values = new Map([[image, declare(image, shape)]]);
  for (const [name, { dims }] of weights) values.set(name, declare(name, dims));
  const trained = new Set(weights.keys());
  const tape = emitForward({ graph, facts, given: values, trained, ops });
  const logitsName = graph.outputs[0]!.name;
  const logits = ops.plain(tape.tensor(logitsName));
  if (logits.shape.length !== 2)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `The first output of the network should be logits, [images, classes]; ${logitsName} is [${logits.shape.join(', ')}].`,
    );
  const targets = declare('targets of the loss', logits.shape);
  const { loss, gradient } = softmaxCrossEntropy(ops, logits, targets);
  const found = emitBackward(tape, new Map([[logitsName, gradient]]), { ops, trained });
  const grads = new Map([...found].map(([name, value]) => [name, ops.plain(value)]));
  // Two weights may have one and the same gradient.
  for (const value of new Set([loss, logits, ...grads.values()])) builder.output(value.name, [...value.shape]);
  const session = await runtime.InferenceSession.create(writeModel(builder.model(canonicalOpset)), {
    logSeverityLevel: 3,
  });
  const start = new Map([...weights].map(([name, tensor]) => [name, float32Of(tensor)]));
  return {
    start,
    at: async (batch, changed = new Map()) => {
      const feeds: Record<string, InferenceSession.OnnxValueMapType[string]> = {
        [image]: new runtime.Tensor('float32', batch.input, shape),
        [targets.name]: new runtime.Tensor('float32', oneHot(batch, logits.shape), logits.shape),
      };
      for (const [name, { dims }] of weights)
        feeds[name] = new runtime.Tensor('float32', changed.get(name) ?? start.get(name)!, dims);
      const results = await session.run(feeds);
      // Copies: the runtime keeps the memory of its outputs.
      const numbers = (value: Value) => Float32Array.from(results[value.name]!.data as Float32Array);
      const gradients = new Map<string, Float32Array>();
      for (const [name, { length }] of start) {
        const grad = grads.get(name);
        gradients.set(name, grad ? numbers(grad) : new Float32Array(length));
      }
      return { loss: numbers(loss)[0]!, logits: numbers(logits), gradients };
    },
    close: () => session.release(),
  };
}

function oneHot({ labels }: Batch, [images, classes]: readonly number[]): Float32Array {
  if (labels.length !== images || !labels.every((label) => Number.isInteger(label) && label >= 0 && label < classes!))
    throw new TransferEvidenceError(
      'shape-mismatch',
      `${images} labels from 0 to ${classes! - 1} were expected, one an image; ${labels.length} were given${labels.length === images ? `: ${labels.join(', ')}` : ''}.`,
    );
  const targets = new Float32Array(images * classes!);
  labels.forEach((label, row) => {
    targets[row * classes! + label] = 1;
  });
  return targets;
}

async function defaultRuntime(): Promise<OnnxRuntime> {
  const { onnxruntime } = await loadNatives({ need: ['onnxruntime-node'], log: () => undefined });
  return onnxruntime!;
}

function imageInput({ graph }: Model): string {
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const inputs = graph.inputs.map(({ name }) => name).filter((name) => !constants.has(name));
  if (inputs.length !== 1)
    throw new TransferEvidenceError(
      'model-unsupported',
      `The network should take one input, the image; it takes ${inputs.length}${inputs.length > 0 ? `: ${inputs.join(', ')}` : ''}. Export it with the image alone.`,
    );
  return inputs[0]!;
}
