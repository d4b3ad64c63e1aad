import { GraphBuilder } from '../onnx/build.ts';
import type { ElementType, Model } from '../onnx/model.ts';
import type { Augmentation } from '../probe/finetune/order.ts';
import type { RunningDevice } from '../runtime/device.ts';
import { withholdOutputs } from '../runtime/run-into.ts';
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

/** Names of the training graph's inputs. S is the number of steps of a run. Its outputs: see stepOutputs. */
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
} as const;

/**
 * Names of a training graph's outputs, by their places: a network may call tensors of its own the same. What became of the
 * states, in the order of the packs, and of weights before moments; then, [S] each, the loss that each step started from
 * and the norm of its gradient before clipping.
 */
export function stepOutputs(
  names: readonly string[],
  inLoop: boolean,
): { states: string[]; losses: string; norms: string } {
  // A single step has one more before them, see withholdOutputs.
  return { states: names.slice(inLoop ? 0 : 1, -2), losses: names.at(-2)!, norms: names.at(-1)! };
}

/**
 * Whether the steps of a run are a Loop in one graph: that spares graphics devices the way of all weights to JavaScript and back. But
 * a Loop holds the weights and moments that it was given, those of the step before and those of the step under way, whereas a
 * single step on a processor overwrites them where they lie.
 */
export function stepsInLoop(device: RunningDevice): boolean {
  return device !== 'cpu';
}

/**
 * S training steps as one graph: a Loop whose body is forward, backward and update, with weights and moments carried
 * from step to step, so that nothing crosses over to JavaScript in between; or the body by itself, for which S is 1. S steps
 * give the same numbers as S runs of one step. Weights that are not trained are constants inside, which lets the runtime
 * lay them out to its liking.
 * @throws model-unsupported for an operator without a gradient rule between a trained weight and the features
 */
export function stepGraph(request: StepGraphRequest): Model {
  return request.inLoop ? loopOfSteps(request) : singleStep(request);
}

/** What a step stands in: a graph of its own, or a Loop's body. */
interface Surroundings {
  ops: Ops;
  /** int64, []: the number of the step, from 0. */
  iteration: Value;
  /** An input of the training; `dims` without the free first axis. */
  read(name: string, dims: readonly number[], free?: string, type?: ElementType): Value;
  /** A pack or one of its moments before the step. */
  state(name: string, shape: readonly number[]): Value;
  /** Whether what a step computes can be written over what it was computed from. */
  overwriting: boolean;
}

function singleStep(request: StepGraphRequest): Model {
  const graph = new GraphBuilder('training');
  const ops = new Ops(graph, request.lowering);
  const read: Surroundings['read'] = (name, dims, free, type = 'float32') => {
    graph.input(name, free === undefined ? [...dims] : [free, ...dims], type);
    return { name, shape: free === undefined ? dims : [-1, ...dims], type, layout: 'plain' };
  };
  const iteration = ops.constant([0], [], 'iteration');
  const step = emitStep(request, { ops, iteration, read, state: read, overwriting: true });
  // A tensor can be only one output, and a loss may be a tensor of the network's own.
  const told = [step.loss, step.norm].map((value, i) =>
    graph.node('Reshape', [ops.plain(value).name, ops.ints([1]).name], {}, toldOfSteps[i]),
  );
  withholdOutputs(graph);
  for (const { name, shape } of step.update()) graph.output(name, [...shape]);
  for (const name of told) graph.output(name, [1]);
  return modelWith(new GraphBuilder(gradientsLast(graph.graph(), step.lossGradient)), request.trainee.opsets);
}

function loopOfSteps(request: StepGraphRequest): Model {
  const outer = new GraphBuilder('training');
  const body = new GraphBuilder('step');
  const ops = new Ops(body, request.lowering);
  const iteration: Value = { name: body.input('iteration', [], 'int64'), shape: [], type: 'int64', layout: 'plain' };
  const goesOn = body.input('goes on', [], 'bool');
  const states: { name: string; shape: readonly number[] }[] = [];
  const step = emitStep(request, {
    ops,
    iteration,
    read: (name, dims, free, type = 'float32') => {
      outer.input(name, free === undefined ? [...dims] : [free, ...dims], type);
      return { name: body.outer(name), shape: free === undefined ? dims : [-1, ...dims], type, layout: 'plain' };
    },
    state: (name, shape) => {
      states.push({ name: outer.input(name, [...shape]), shape });
      return { name: body.input(`step: ${name}`, [...shape]), shape, type: 'float32', layout: 'plain' };
    },
    overwriting: false,
  });
  body.output(body.node('Identity', [goesOn]), [], 'bool');
  const told = [step.loss, step.norm].map((value) => body.node('Identity', [ops.plain(value).name]));
  for (const { name, shape } of step.update()) body.output(name, [...shape]);
  for (const name of told) body.output(name, []);

  outer.input(stepNames.steps, [], 'int64');
  const after = states.map(({ name }) => `new ${name}`);
  const graph = gradientsLast(body.graph(), step.lossGradient);
  const before = [stepNames.steps, '', ...states.map(({ name }) => name)];
  outer.nodes('Loop', before, { body: { graph } }, [...after, ...toldOfSteps]);
  states.forEach(({ shape }, i) => {
    outer.output(after[i]!, [...shape]);
  });
  for (const name of toldOfSteps) outer.output(name, ['steps']);
  return modelWith(outer, request.trainee.opsets);
}

const toldOfSteps = ['losses', 'norms'];

/** One step: forward, backward and, when it is asked for, the update of weights and moments, in the order of the states. */
function emitStep(
  { trainee, optimiser, augmentation, offset, loss }: StepGraphRequest,
  { ops, iteration, read, state, overwriting }: Surroundings,
): { loss: Value; norm: Value; lossGradient: string; update: () => Value[] } {
  const { prepared, input, features, image, batch, outputs, dimension, packs } = trainee;
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
    (['weights', ...new Array(momentsOf(optimiser)).keys()] as const).map((moment) =>
      state(stepNames.state(i, moment), shape),
    ),
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
  const alone = new Map(
    packs.flatMap(({ members }, i) => (members.length === 1 ? [[members[0]!.name, packed[i]!]] : [])),
  );
  // The head's and the last layers' gradients are found first.
  const each = [...gradients].map(([name, value]) => [name, alone.get(name) ?? value] as const);
  const norm = emitNorm(ops, new Map(each.toReversed()));
  const slots = packs.map((pack, i) => {
    const [own, ...moments] = states[i]! as [Value, ...Value[]];
    return { pack, weights: own, moments, gradient: packed[i]! };
  });
  return {
    loss: found.loss,
    norm: norm.norm,
    lossGradient: found.gradient.name,
    update: () =>
      emitUpdate(ops, optimiser, slots, { scalars, ...norm, overwriting }).flatMap((slot) => [
        slot.weights,
        ...slot.moments,
      ]),
  };
}

/** Rows of a tensor, by a scalar or a vector of indices. */
function pick(ops: Ops, rows: Value, indices: Value): Value {
  const shape = [...indices.shape, ...rows.shape.slice(1)];
  return ops.node('Gather', [rows, indices], { shape, type: rows.type }, { axis: 0 });
}
