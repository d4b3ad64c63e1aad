import { GraphBuilder } from '../onnx/build.ts';
import type { ElementType, Model } from '../onnx/model.ts';
import type { Augmentation } from '../probe/finetune/order.ts';
import { type Draws, dimsOf, emitAugmentation, partsOf } from './augmentation.ts';
import { emitBackward, emitForward } from './differentiate.ts';
import { gradientsLast } from './execution-order.ts';
import { emitHead, headBias, headKernel, type Standardisation } from './head.ts';
import type { Loss } from './losses.ts';
import type { Lowering } from './lowering.ts';
import { modelWith, type Trainee } from './network.ts';
import { Ops } from './ops.ts';
import { emitNorm, emitUpdate, momentsOf, type Optimiser, scalarsOf } from './optimisers.ts';
import { emitPacked, emitUnpacked } from './parameters.ts';
import type { Value } from './value.ts';

export interface StepGraphRequest {
  trainee: Trainee;
  optimiser: Optimiser;
  augmentation: Augmentation;
  /** See brightnessOffset. */
  offset: Float32Array;
  loss: (ops: Ops, logits: Value, targets: Value) => Loss;
  lowering?: Lowering;
}

/** Names of the training graph's inputs and outputs. S is the number of steps of a run; it is free. */
export const stepNames = {
  /** int64, []: S. */
  steps: 'train: steps',
  /** [n, …]: all images. */
  images: 'train: images',
  /** [n, K]: one-hot, or 0 and 1 for multi-label. */
  targets: 'train: targets',
  /** int64, [S, B]: which images each step sees. */
  order: 'train: order',
  /** [S, …]: see scalarsOf. */
  scalars: 'train: scalars',
  /** [S, B, …]: see Draws. */
  draws: (part: keyof Draws<unknown>) => `train: ${part}`,
  /** [1, D]: see Standardisation. */
  mean: 'train: mean',
  scale: 'train: scale',
  /** A pack, and the optimiser's moments of it, before and after the run. */
  state: (pack: number, moment: number | 'weights') => `train: state ${pack} ${moment}`,
  newState: (pack: number, moment: number | 'weights') => `train: new state ${pack} ${moment}`,
  /** [S]: the loss that each step started from, and the norm of its gradient before clipping. */
  losses: 'train: losses',
  norms: 'train: norms',
} as const;

/**
 * S training steps as one graph: a Loop whose body is forward, backward and update, with weights and moments carried
 * from step to step, so that nothing crosses over to JavaScript in between. S steps give the same numbers as S runs of
 * one step. Weights that are not trained are constants inside, which lets the runtime lay them out to its liking.
 * @throws model-unsupported for an operator without a gradient rule between a trained weight and the features
 */
export function stepGraph({ trainee, optimiser, augmentation, offset, loss, lowering }: StepGraphRequest): Model {
  const { prepared, input, features, image, batch, outputs, dimension, packs } = trainee;
  const outer = new GraphBuilder('training');
  const body = new GraphBuilder('step');
  const ops = new Ops(body, lowering);
  const iteration: Value = { name: body.input('iteration', [], 'int64'), shape: [], type: 'int64', layout: 'plain' };
  const goesOn = body.input('goes on', [], 'bool');

  /** An input that the body reads; `dims` without the free first axis. */
  const read = (name: string, dims: readonly number[], free?: string, type: ElementType = 'float32'): Value => {
    outer.input(name, free === undefined ? [...dims] : [free, ...dims], type);
    return { name: body.outer(name), shape: free === undefined ? dims : [-1, ...dims], type, layout: 'plain' };
  };
  /** What belongs to this step of something that lies ready for all. */
  const ofStep = (all: Value): Value => pick(ops, all, iteration);

  outer.input(stepNames.steps, [], 'int64');
  const indices = ofStep(read(stepNames.order, [batch], 'steps', 'int64'));
  const original = pick(ops, read(stepNames.images, dimsOf(image), 'images'), indices);
  const targets = pick(ops, read(stepNames.targets, [outputs], 'images'), indices);
  const numbers = scalarsOf(optimiser, 0, 1).length;
  const scalars = ops
    .split(ofStep(read(stepNames.scalars, [numbers], 'steps')), 0, new Array(numbers).fill(1))
    .map((value) => ops.reshape(value, []));
  const draws = Object.fromEntries(
    partsOf(augmentation).map(({ name, perImage }) => [
      name,
      ofStep(read(stepNames.draws(name), [batch, ...perImage], 'steps')),
    ]),
  );
  const standardisation: Standardisation<Value> = {
    mean: read(stepNames.mean, [1, dimension]),
    scale: read(stepNames.scale, [1, dimension]),
  };
  const states = packs.map(({ shape }, i) =>
    (['weights', ...new Array(momentsOf(optimiser)).keys()] as const).map((moment): Value => {
      outer.input(stepNames.state(i, moment), [...shape]);
      return { name: body.input(`state ${i} ${moment}`, [...shape]), shape, type: 'float32', layout: 'plain' };
    }),
  );

  const weights = emitUnpacked(
    ops,
    packs,
    states.map(([value]) => value!),
  );
  const images = emitAugmentation(ops, original, image, draws, offset);
  const trained = new Set(prepared.weights.keys());
  const given = new Map([...weights, [input, images]]);
  const tape = emitForward({ graph: prepared.graph, facts: prepared.facts, given, trained, ops });
  const head = emitHead(ops, ops.plain(tape.tensor(features)), standardisation, {
    kernel: weights.get(headKernel)!,
    bias: weights.get(headBias)!,
  });
  const found = loss(ops, head.logits, targets);
  const ofHead = head.backward(found.gradient);
  const gradients = emitBackward(tape, new Map([[features, ofHead.features]]), { ops, trained });
  gradients.set(headKernel, ofHead.kernel).set(headBias, ofHead.bias);
  const packed = emitPacked(ops, packs, gradients);
  const slots = packs.map((pack, i) => {
    const [own, ...moments] = states[i]! as [Value, ...Value[]];
    return { pack, weights: own, moments, gradient: packed[i]! };
  });
  // The head's and the last layers' gradients are found first.
  const norm = emitNorm(ops, new Map([...gradients].toReversed()));
  body.output(body.node('Identity', [goesOn]), [], 'bool');
  // A tensor can be only one output, and a loss may be a tensor of the network's own.
  const [lossOut, normOut] = [found.loss, norm.norm].map((value) => body.node('Identity', [ops.plain(value).name]));
  const updated = emitUpdate(ops, optimiser, slots, { scalars, ...norm });
  for (const value of updated.flatMap((slot) => [slot.weights, ...slot.moments]))
    body.output(value.name, [...value.shape]);
  for (const name of [lossOut!, normOut!]) body.output(name, []);

  const newNames = packs.flatMap((_, i) =>
    states[i]!.map((_, j) => stepNames.newState(i, j === 0 ? 'weights' : j - 1)),
  );
  const oldNames = packs.flatMap((_, i) => states[i]!.map((_, j) => stepNames.state(i, j === 0 ? 'weights' : j - 1)));
  outer.nodes(
    'Loop',
    [stepNames.steps, '', ...oldNames],
    { body: { graph: gradientsLast(body.graph(), found.gradient.name) } },
    [...newNames, stepNames.losses, stepNames.norms],
  );
  const shapes = states.flat().map(({ shape }) => shape);
  newNames.forEach((name, i) => {
    outer.output(name, [...shapes[i]!]);
  });
  for (const name of [stepNames.losses, stepNames.norms]) outer.output(name, ['steps']);
  return modelWith(outer, trainee.opsets);
}

/** Rows of a tensor, by a scalar or a vector of indices. */
function pick(ops: Ops, rows: Value, indices: Value): Value {
  const shape = [...indices.shape, ...rows.shape.slice(1)];
  return ops.node('Gather', [rows, indices], { shape, type: rows.type }, { axis: 0 });
}
