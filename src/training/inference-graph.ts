import { GraphBuilder } from '../onnx/build.ts';
import type { Model } from '../onnx/model.ts';
import { dimsOf } from './augmentation.ts';
import { emitForward } from './differentiate.ts';
import { withoutUnread } from './execution-order.ts';
import { emitHead, headBias, headKernel } from './head.ts';
import type { Lowering } from './lowering.ts';
import { modelWith, type Trainee } from './network.ts';
import { Ops } from './ops.ts';
import { emitUnpacked } from './parameters.ts';
import { stepNames } from './step-graph.ts';
import type { Value } from './value.ts';

/**
 * Names of the inference graph beside those that it shares with the training graph: states' weights, mean and scale.
 */
export const inferenceNames = {
  /** [B, …]: a batch of images, not changed. */
  images: 'infer: images',
  /** [B, D]: what the head reads. */
  features: 'infer: features',
  /** [B, K]: softmax, or a sigmoid a label. */
  probabilities: 'infer: probabilities',
} as const;

/** The trained network without training: what it makes of a batch of images, with the weights as inputs. */
export function inferenceGraph(
  trainee: Trainee,
  { multilabel, lowering }: { multilabel: boolean; lowering?: Lowering },
): Model {
  const { prepared, input, features, image, batch, outputs, dimension, packs } = trainee;
  const builder = new GraphBuilder('inference');
  const ops = new Ops(builder, lowering);
  const declare = (name: string, shape: readonly number[]): Value => ({
    name: builder.input(name, [...shape]),
    shape,
    type: 'float32',
    layout: 'plain',
  });
  const images = declare(inferenceNames.images, [batch, ...dimsOf(image)]);
  const standardisation = {
    mean: declare(stepNames.mean, [1, dimension]),
    scale: declare(stepNames.scale, [1, dimension]),
  };
  const states = packs.map(({ shape }, i) => declare(stepNames.state(i, 'weights'), shape));
  const weights = emitUnpacked(ops, packs, states);
  const tape = emitForward({
    graph: prepared.graph,
    facts: prepared.facts,
    given: new Map([...weights, [input, images]]),
    trained: new Set(prepared.weights.keys()),
    ops,
  });
  const read = ops.plain(tape.tensor(features));
  const { logits } = emitHead(ops, read, standardisation, {
    kernel: weights.get(headKernel)!,
    bias: weights.get(headBias)!,
  });
  const probabilities = multilabel
    ? ops.unary('Sigmoid', logits)
    : ops.node('Softmax', [logits], { shape: logits.shape }, { axis: 1 });
  const publish = (value: Value, name: string, width: number) => {
    builder.node('Identity', [value.name], {}, name);
    builder.output(name, [batch, width]);
  };
  publish(read, inferenceNames.features, dimension);
  publish(probabilities, inferenceNames.probabilities, outputs);
  return modelWith(new GraphBuilder(withoutUnread(builder.graph())), trainee.opsets);
}
