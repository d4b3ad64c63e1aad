import { GraphBuilder } from '../onnx/build.ts';
import { type ElementType, elements, type Model } from '../onnx/model.ts';
import type { Augmentation } from '../probe/finetune/order.ts';
import type { RunningDevice } from '../runtime/device.ts';
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
  /** Whether a run takes any number of steps, in a Loop, or one; see stepsInLoop. */
  inLoop: boolean;
}

/**
 * Names of the training graph's inputs and outputs. S is the number of steps of a run. The first outputs are what became of the
 * states, in the order of the packs, and of weights before moments.
 */
export const stepNames = {
  /** int64, []: S. Only a Loop has it. */
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
  /** A pack, and the optimiser's moments of it, before the run. */
  state: (pack: number, moment: number | 'weights') => `train: state ${pack} ${moment}`,
  /** [S]: the loss that each step started from, and the norm of its gradient before clipping. */
  losses: 'train: losses',
  norms: 'train: norms',
} as const;

/** Numbers that are trained from which on a processor takes steps one by one. */
const many = 2 ** 22;

/**
 * Whether the steps of a run are a Loop in one graph: that spares small networks the time between two runs, and graphics devices
 * the way of all weights to JavaScript and back. But a Loop holds the weights and moments that it was given, those
 * of the step before and those of the step under way, whereas a single step can overwrite them where they lie.
 */
export function stepsInLoop(device: RunningDevice, { packs }: Pick<Trainee, 'packs'>): boolean {
  return device !== 'cpu' || packs.reduce((sum, { shape }) => sum + elements(shape), 0) < many;
}

/**
 * S training steps as one graph: a Loop whose body is forward, backward and update, with weights and moments carried
 * from step to step, so that nothing crosses over to JavaScript in between; or the body by itself, for which S is 1. S steps
 * give the same numbers as S runs of one step. Weights that are not trained are constants inside, which lets the runtime
 * lay them out to its liking.
 * @throws model-unsupported for an operator without a gradient rule between a trained weight and the features
 */
export function stepGraph({
  trainee,
  optimiser,
  augmentation,
  offset,
  loss,
  lowering,
  inLoop,
}: StepGraphRequest): Model {
  const { prepared, input, features, image, batch, outputs, dimension, packs } = trainee;
  const outer = new GraphBuilder('training');
  const body = inLoop ? new GraphBuilder('step') : outer;
  const ops = new Ops(body, lowering);
  const iteration: Value = inLoop
    ? { name: body.input('iteration', [], 'int64'), shape: [], type: 'int64', layout: 'plain' }
    : ops.constant([0], [], 'iteration');
  const goesOn = inLoop && body.input('goes on', [], 'bool');

  /** An input that the body reads; `dims` without the free first axis. */
  const read = (name: string, dims: readonly number[], free?: string, type: ElementType = 'float32'): Value => {
    outer.input(name, free === undefined ? [...dims] : [free, ...dims], type);
    return {
      name: inLoop ? body.outer(name) : name,
      shape: free === undefined ? dims : [-1, ...dims],
      type,
      layout: 'plain',
    };
  };
  /** What belongs to this step of something that lies ready for all. */
  const ofStep = (all: Value): Value => pick(ops, all, iteration);

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
      const given = outer.input(stepNames.state(i, moment), [...shape]);
      const name = inLoop ? body.input(`state ${i} ${moment}`, [...shape]) : given;
      return { name, shape, type: 'float32', layout: 'plain' };
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
  if (goesOn) body.output(body.node('Identity', [goesOn]), [], 'bool');
  // A tensor can be only one output, and a loss may be a tensor of the network's own.
  const told = [found.loss, norm.norm].map((value) => ops.plain(value).name);
  const ofSteps = [stepNames.losses, stepNames.norms];
  const toldOut = inLoop
    ? told.map((name) => body.node('Identity', [name]))
    : told.map((name, i) => body.node('Reshape', [name, ops.ints([1]).name], {}, ofSteps[i]));
  const updated = emitUpdate(ops, optimiser, slots, { scalars, ...norm, overwriting: !inLoop });
  for (const value of updated.flatMap((slot) => [slot.weights, ...slot.moments]))
    body.output(value.name, [...value.shape]);
  for (const name of toldOut) body.output(name, inLoop ? [] : [1]);

  const step = gradientsLast(body.graph(), found.gradient.name);
  if (!inLoop) return modelWith(new GraphBuilder(step), trainee.opsets);
  outer.input(stepNames.steps, [], 'int64');
  const names = states.flat().map(({ name }) => `new ${name}`);
  const old = packs.flatMap((_, i) => states[i]!.map((_, j) => stepNames.state(i, j === 0 ? 'weights' : j - 1)));
  outer.nodes('Loop', [stepNames.steps, '', ...old], { body: { graph: step } }, [...names, ...ofSteps]);
  for (const [i, { shape }] of states.flat().entries()) outer.output(names[i]!, [...shape]);
  for (const name of ofSteps) outer.output(name, ['steps']);
  return modelWith(outer, trainee.opsets);
}

/** Rows of a tensor, by a scalar or a vector of indices. */
function pick(ops: Ops, rows: Value, indices: Value): Value {
  const shape = [...indices.shape, ...rows.shape.slice(1)];
  return ops.node('Gather', [rows, indices], { shape, type: rows.type }, { axis: 0 });
}
