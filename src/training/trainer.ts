import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { TransferEvidenceError } from '../errors.ts';
import { elements } from '../onnx/model.ts';
import type { Batch } from '../probe/finetune/order.ts';
import { outputsOf } from '../probe/protocol.ts';
import type { OnnxRuntime } from '../runtime/require-native.ts';
import { runInto } from '../runtime/run-into.ts';
import { dimsOf } from './augmentation.ts';
import { Carried } from './carried.ts';
import { type Standardisation, standardisationOf } from './head.ts';
import { inferenceGraph, inferenceNames } from './inference-graph.ts';
import { sigmoidCrossEntropy, softmaxCrossEntropy } from './losses.ts';
import { loweringFor } from './lowering.ts';
import { type Trainee, trainee } from './network.ts';
import { openGraph } from './open-graph.ts';
import { bytesIn } from './parameters.ts';
import { stepFeeds } from './step-feeds.ts';
import { stepGraph, stepNames, stepOutputs, stepsInLoop } from './step-graph.ts';
import { medianOf, timed } from './timing.ts';
import {
  cancelled,
  checkImages,
  checkOptions,
  checkRun,
  type Speed,
  type Steps,
  type TrainerOptions,
  type TrainingResult,
  type TrainingRun,
  type TrainingState,
} from './trainer-options.ts';
import { targetsOf } from './training-data.ts';

/** What a run is to take between two looks at whether to go on. */
const secondsPerChunk = 1;
const longestChunk = 100;

/**
 * Trains one network with a new head on one set of images, as often as wanted: opening costs, starting again does not.
 * Runs in the calling thread and holds it while a chunk of steps is under way (see train-thread.ts for one that does
 * not).
 */
export class Trainer {
  readonly #runtime: OnnxRuntime;
  readonly #options: TrainerOptions;
  readonly #trainee: Trainee;
  readonly #training: InferenceSession;
  readonly #inference: InferenceSession;
  /** The images and what they show, by the training graph's names. */
  readonly #fixed: Record<string, Tensor>;
  readonly #outputs: ReturnType<typeof stepOutputs>;
  readonly #carried: Carried;
  #standardisation: Standardisation<Tensor> | undefined;
  #stepsDone = 0;
  #secondsPerStep: number | undefined;

  private constructor(
    runtime: OnnxRuntime,
    options: TrainerOptions,
    opened: { trainee: Trainee; training: InferenceSession; inference: InferenceSession },
  ) {
    const { trainee, training, inference } = opened;
    this.#runtime = runtime;
    this.#options = options;
    this.#trainee = trainee;
    this.#training = training;
    this.#inference = inference;
    const { images, labels } = options.data;
    const tensor = (data: Float32Array, dims: readonly number[]) => new runtime.Tensor('float32', data, dims);
    this.#fixed = {
      [stepNames.images]: tensor(images, [labels.length, ...dimsOf(options.image)]),
      [stepNames.targets]: tensor(targetsOf(labels, trainee.outputs), [labels.length, trainee.outputs]),
    };
    this.#outputs = stepOutputs(training.outputNames, this.#inLoop);
    this.#carried = new Carried(runtime, trainee.packs, options.optimiser, this.#outputs.states);
  }

  /**
   * @throws input-invalid for a setting out of its range; shape-mismatch when images, labels and network do not fit
   *   each other; model-unsupported when the network cannot be run or differentiated; device-unavailable when a graphics
   *   device fails, here and in every later call
   */
  static async open(runtime: OnnxRuntime, options: TrainerOptions): Promise<Trainer> {
    checkOptions(options);
    const { task, classes, device, loss = {} } = options;
    const multilabel = task === 'multilabel';
    const outputs = multilabel ? classes : Math.max(2, classes);
    const lowering = options.lowering ?? (await loweringFor(device, runtime));
    const prepared = await trainee({ ...options, runtime, outputs });
    const training = stepGraph({
      ...options,
      trainee: prepared,
      loss: (ops, logits, targets) =>
        (multilabel ? sigmoidCrossEntropy : softmaxCrossEntropy)(ops, logits, targets, loss),
      lowering,
      inLoop: options.inLoop ?? stepsInLoop(device),
    });
    const session = await openGraph(runtime, training, options);
    try {
      const inference = await openGraph(runtime, inferenceGraph(prepared, { multilabel, lowering }), options);
      return new Trainer(runtime, options, { trainee: prepared, training: session, inference });
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  /** Numbers that are trained, the head's included. */
  get parameters(): number {
    return this.#trainee.packs.reduce((sum, { shape }) => sum + elements(shape), 0);
  }

  /**
   * Starts anew: the weights as they came (or those given), a head of zeros on features standardised by the given
   * images, an optimiser without memory.
   * @param standardiseBy indices of the training images
   * @param weights other values for trained weights, by name; those not named start as they came
   * @throws shape-mismatch for a weight that is not trained here or has another length
   */
  async reset(standardiseBy: readonly number[], weights: ReadonlyMap<string, Float32Array> = new Map()): Promise<void> {
    const { packs, prepared } = this.#trainee;
    const lengths = new Map(packs.flatMap(({ members }) => members.map(({ name, shape }) => [name, elements(shape)])));
    for (const [name, { length }] of weights)
      if (lengths.get(name) !== length)
        throw new TransferEvidenceError(
          'shape-mismatch',
          `The weight ${name} of ${length} numbers is not among the trained weights of ${this.#options.name}, or has ${lengths.get(name) ?? 'no'} numbers there.`,
        );
    this.#carried.reset((name) => {
      const given = weights.get(name);
      if (given) return bytesIn(given);
      // Of all trained weights only the head's are not in the file; they start at zero.
      return prepared.weights.get(name)?.data ?? new Uint8Array(4 * lengths.get(name)!);
    });
    this.#stepsDone = 0;
    await this.#standardise(standardiseBy);
  }

  /** A copy of what later steps depend on: weights, the optimiser's memory, and how many steps were taken. */
  state(): TrainingState {
    return { steps: this.#stepsDone, numbers: this.#carried.state() };
  }

  /**
   * Goes on from where this network once was, after a reset as that one had: the steps that follow give the same numbers.
   * @throws shape-mismatch for the state of another network or optimiser
   */
  restore({ steps, numbers }: TrainingState): void {
    if (!this.#carried.restore(numbers))
      throw new TransferEvidenceError(
        'shape-mismatch',
        `A state of ${numbers.length} numbers is not one of the network ${this.#options.name} and its optimiser.`,
      );
    this.#stepsDone = steps;
  }

  async #standardise(images: readonly number[]): Promise<void> {
    const { dimension } = this.#trainee;
    const neutral = { mean: new Float32Array(dimension), scale: new Float32Array(dimension).fill(1) };
    const tensors = ({ mean, scale }: Standardisation<Float32Array>) => ({
      mean: new this.#runtime.Tensor('float32', mean, [1, dimension]),
      scale: new this.#runtime.Tensor('float32', scale, [1, dimension]),
    });
    this.#standardisation = tensors(neutral);
    const features = await this.#infer(images, 'features');
    if (!features.every(Number.isFinite))
      throw new TransferEvidenceError(
        'model-unsupported',
        `The network ${this.#options.name} gives features that are not finite numbers before any training. Check its preprocessing (range, mean, std) and its weights.`,
      );
    this.#standardisation = tensors(standardisationOf(features, dimension));
  }

  /**
   * Takes as many steps as there are batches, from where the last call ended. Whether they are taken in few large or
   * many small chunks changes no number.
   * @param onChunk called after each chunk of about a second, with the steps of this call that are done
   * @throws shape-mismatch for a batch of another size or an image that does not exist; when the signal fires its
   *   reason, where that is one of the program's errors, otherwise cancelled
   */
  async train(
    run: TrainingRun,
    options: { onChunk?: (done: number, steps: Steps) => void; signal?: AbortSignal } = {},
  ): Promise<TrainingResult> {
    checkRun(run, this.#options);
    const result: TrainingResult = { losses: [], norms: [], diverged: null };
    const { batches } = run;
    for (let from = 0; from < batches.length && result.diverged === null; ) {
      // Between two chunks is when the signal counts.
      await new Promise((resolve) => setImmediate(resolve));
      if (options.signal?.aborted) throw cancelled(options.signal);
      const to = Math.min(batches.length, from + this.#chunk());
      const { losses, norms } = await this.#steps(run, from, to);
      const wrong = losses.findIndex((loss, i) => !Number.isFinite(loss) || !Number.isFinite(norms[i]));
      if (wrong >= 0) result.diverged = from + wrong;
      const kept = wrong >= 0 ? wrong + 1 : losses.length;
      const chunk = { losses: losses.slice(0, kept), norms: norms.slice(0, kept) };
      result.losses.push(...chunk.losses);
      result.norms.push(...chunk.norms);
      options.onChunk?.(result.losses.length, chunk);
      from = to;
    }
    return result;
  }

  #chunk(): number {
    return this.#secondsPerStep === undefined ? 1 : stepsWithin(secondsPerChunk, this.#secondsPerStep);
  }

  /** Whether a run can take more than one step; see stepsInLoop. */
  get #inLoop(): boolean {
    return this.#training.inputNames.includes(stepNames.steps);
  }

  async #steps(run: TrainingRun, from: number, to: number): Promise<Steps> {
    const found: Steps = { losses: [], norms: [] };
    const started = performance.now();
    const perRun = this.#inLoop ? to - from : 1;
    for (let at = from; at < to; at += perRun) {
      const { losses, norms } = await this.#stepsOfRun(run, at, at + perRun);
      found.losses.push(...losses);
      found.norms.push(...norms);
    }
    const seconds = (performance.now() - started) / 1000 / (to - from);
    // The first run of a session is slower than all that follow.
    const isFirst = this.#stepsDone === to - from && this.#secondsPerStep === undefined;
    if (!isFirst) this.#secondsPerStep = seconds;
    return found;
  }

  async #stepsOfRun({ batches, learningRates }: TrainingRun, from: number, to: number) {
    const { Tensor } = this.#runtime;
    const steps = to - from;
    const ahead = {
      batches: batches.slice(from, to),
      learningRates: Array.from({ length: steps }, (_, i) => learningRates[from + i]!),
    };
    const feeds: Record<string, Tensor> = {
      ...this.#fixed,
      ...this.#standardised(),
      ...this.#carried.feeds(),
      ...stepFeeds(this.#runtime, ahead, { ...this.#options, done: this.#stepsDone }),
      ...(this.#inLoop && { [stepNames.steps]: new Tensor('int64', BigInt64Array.of(BigInt(steps)), []) }),
    };
    // A norm is not negative: one that still is has not been computed.
    const [losses, norms] = [new Float32Array(steps), new Float32Array(steps).fill(-1)];
    const into = {
      ...this.#carried.fetches(),
      [this.#outputs.losses]: new Tensor('float32', losses, [steps]),
      [this.#outputs.norms]: new Tensor('float32', norms, [steps]),
    };
    const training = this.#training;
    await this.#explained<unknown>(this.#inLoop ? training.run(feeds, into) : runInto(training, feeds, into));
    if (norms.includes(-1)) throw this.#failure(new Error('The runtime ended a step without its results.'));
    this.#stepsDone += steps;
    return { losses, norms };
  }

  /**
   * What the network says about images as it is now.
   * @param images indices
   * @returns images × outputs, row-major; outputs: 1 for binary (the probability of class 1), otherwise one a class
   */
  async predict(images: readonly number[]): Promise<Float32Array> {
    const { task, classes } = this.#options;
    const probabilities = await this.#infer(images, 'probabilities');
    if (outputsOf(task, classes) !== 1) return probabilities;
    return probabilities.filter((_, i) => i % 2 === 1);
  }

  /** Features of images as the network is now, images × dimension, row-major. */
  features(images: readonly number[]): Promise<Float32Array> {
    return this.#infer(images, 'features');
  }

  async #infer(images: readonly number[], what: 'features' | 'probabilities'): Promise<Float32Array> {
    const { batch, dimension, outputs } = this.#trainee;
    const { data, image } = this.#options;
    checkImages(images, data);
    const name = inferenceNames[what];
    const width = what === 'features' ? dimension : outputs;
    const length = elements(dimsOf(image));
    const input = new Float32Array(batch * length);
    const feeds: Record<string, Tensor> = { ...this.#standardised(), ...this.#carried.weightFeeds() };
    feeds[inferenceNames.images] = new this.#runtime.Tensor('float32', input, [batch, ...dimsOf(image)]);
    const rows = new Float32Array(images.length * width);
    for (let from = 0; from < images.length; from += batch) {
      const own = images.slice(from, from + batch);
      // A last batch that is not full goes with what the one before left behind.
      own.forEach((index, row) => {
        input.set(data.images.subarray(index * length, (index + 1) * length), row * length);
      });
      const isLast = from + batch >= images.length;
      const found = await this.#explained(
        this.#inference.run(feeds, { [name]: null }, isLast ? this.#lettingGo() : {}),
      );
      rows.set((found[name]!.data as Float32Array).subarray(0, own.length * width), from * width);
    }
    return rows;
  }

  /** Copies of all trained weights as they are now, the head's included. */
  weights(): Map<string, Float32Array> {
    return this.#carried.weights();
  }

  /**
   * Times a few steps and evaluations, on images in their order. Afterwards the trainer has to be reset.
   * @param seconds about what the measurement may take
   */
  async measure(seconds = 3): Promise<Speed> {
    const { batch } = this.#trainee;
    const count = this.#options.data.labels.length;
    const images = Array.from({ length: batch }, (_, i) => i % count);
    await this.reset(images);
    const unchanged = { flip: false, down: 0, right: 0, brightness: 1 };
    const one: Batch = { images, changes: images.map(() => unchanged) };
    // A learning rate of 0: the numbers stay those of a healthy network, whose speed is meant.
    const time = (steps: number) => {
      const run = { batches: new Array<Batch>(steps).fill(one), learningRates: new Float64Array(steps) };
      return timed(() => this.#steps(run, 0, steps));
    };
    await time(1);
    const perRun = stepsWithin(seconds / 6, await time(1));
    const secondsPerStep = (await medianOf(() => time(perRun), seconds / 2)) / perRun;
    const evaluate = () => timed(() => this.#infer(images, 'probabilities'));
    await evaluate();
    const secondsPerImage = (await medianOf(evaluate, seconds / 4)) / batch;
    this.#secondsPerStep = secondsPerStep;
    return { secondsPerStep, secondsPerImage };
  }

  /** Gives the memory of both sessions back. */
  async close(): Promise<void> {
    await this.#training.release();
    await this.#inference.release();
  }

  #standardised(): Record<string, Tensor> {
    if (!this.#standardisation)
      throw new TransferEvidenceError('input-invalid', 'A trainer has to be reset before its first use.');
    const { mean, scale } = this.#standardisation;
    return { [stepNames.mean]: mean, [stepNames.scale]: scale };
  }

  /** Training would otherwise go on beside what the last evaluation needed. */
  #lettingGo(): InferenceSession.RunOptions {
    const { device } = this.#options;
    return device === 'cpu' ? { extra: { memory: { enable_memory_arena_shrinkage: 'cpu:0' } } } : {};
  }

  /** Its error, if it has one, says which network on which device. */
  #explained<Result>(work: Promise<Result>): Promise<Result> {
    return work.catch((error) => Promise.reject(this.#failure(error)));
  }

  #failure(error: unknown): TransferEvidenceError {
    const { name, device } = this.#options;
    return new TransferEvidenceError(
      // The processor has computed the network before (see trace.ts), so what another device cannot is the device's fault.
      device === 'cpu' ? 'model-unsupported' : 'device-unavailable',
      `The network ${name} cannot be trained on ${device}: ${String((error as Error).message).split('\n')[0]}`,
      { cause: error },
    );
  }
}

/** Steps that take about so long together. */
function stepsWithin(seconds: number, secondsPerStep: number): number {
  return Math.max(1, Math.min(longestChunk, Math.floor(seconds / secondsPerStep)));
}
