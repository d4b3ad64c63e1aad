import { meanColourId } from '../controls.ts';
import { drawSample } from '../dataset/sample.ts';
import { digestOf } from '../digest.ts';
import type { Encoder } from '../encoder/encoder.ts';
import { readNetworkImages } from '../encoder/network-pixels.ts';
import { isTrainedProbe, type TrainedProbe } from '../measures.ts';
import { chanceLevel } from '../probe/chance.ts';
import { type ProbePlan, planProbe, stepsFor, type TooSmall } from '../probe/finetune/budget.ts';
import { compareFineTunes } from '../probe/finetune/compare.ts';
import { collapseOf } from '../probe/finetune/outcome.ts';
import { type SeedSplit, seedSplits } from '../probe/finetune/splits.ts';
import type { RunningDevice } from '../runtime/device.ts';
import type { Natives } from '../runtime/natives.ts';
import { blockOfThisProcessor } from '../training/blocked-support.ts';
import { TrainThread } from '../training/train-thread.ts';
import type { ReadSet } from './describe-sets.ts';
import { collapseDetails } from './fine-tuning-findings.ts';
import type { Networks } from './networks.ts';
import { isProxied, type Plan, type PlannedFineTuning } from './plan.ts';
import { pretrainedProxy } from './proxies.ts';
import type {
  Comparison,
  Estimate,
  Evidence,
  Measurement,
  Metric,
  ProbeRun,
  ProbeSize,
  Reference,
  Task,
} from './schema.ts';
import type { Store } from './store.ts';
import { renamed } from './target-probes.ts';
import { type TrainedSubject, trainedSubjects } from './trained-subjects.ts';
import {
  augmentationOf,
  augmentationWords,
  leastSeeds,
  leastSteps,
  pixelKey,
  trainingVersion,
} from './training-protocol.ts';
import {
  cannotBeTrained,
  type OpenThread,
  openSubject,
  type TrainedRuns,
  type TrainingTask,
  trainSubject,
} from './training-runs.ts';

export interface FineTuningRequest {
  plan: Plan & { fineTuning: PlannedFineTuning };
  networks: Networks;
  target: ReadSet;
  task: Exclude<Task, 'unlabelled'>;
  metric: Metric;
  /** What the mean colour of each image alone scores. */
  meanColour: Estimate | null;
}

export interface FineTuningOptions {
  natives: Natives;
  device: RunningDevice;
  threads: number;
  /** Of the whole run, before its time limit. */
  secondsLeft: () => number;
  onStep: (what: string, done: number, total: number) => void;
  signal: AbortSignal;
}

export type FineTuningEvidence = Pick<Evidence, 'measurements' | 'comparisons' | 'probes'> & {
  controls: Evidence['candidates'];
  /** Whether every training run was in the store. */
  known: boolean;
};

/**
 * The probes that train: every candidate's network, every proxy and one random twin an architecture, on the same splits, in the same
 * order, as often and as long. How much of it fits the budget is found by timing a few steps, decided once and kept, so that the
 * same evidence comes out however often a run is ended and started again.
 */
export async function measureFineTuning(
  request: FineTuningRequest,
  store: Store,
  options: FineTuningOptions,
): Promise<FineTuningEvidence> {
  const session = new Session(request, store, options);
  try {
    return await session.measure();
  } finally {
    await session.close();
  }
}

/** Seeds, configurations and images that one measurement of all subjects comes to. */
interface Sized {
  wanted: ProbeSize;
  run: ProbeSize | null;
  neededSeconds: number | null;
}

class Session {
  readonly #request: FineTuningRequest;
  readonly #store: Store;
  readonly #options: FineTuningOptions;
  readonly #task: TrainingTask;
  readonly #pixels = new Map<string, Promise<Float32Array>>();
  #open: OpenThread | undefined;

  constructor(request: FineTuningRequest, store: Store, options: FineTuningOptions) {
    this.#request = request;
    this.#store = store;
    this.#options = options;
    const { plan, target, task, metric } = request;
    this.#task = {
      protocol: {
        labels: target.images.map(({ labels }) => labels),
        classes: plan.target.dataset.classes.length,
        task,
        metric,
      },
      target: digestOf([target.digest, target.images.length]),
      fineTuning: plan.fineTuning,
      seed: plan.seed,
      device: options.device,
      threads: options.threads,
    };
  }

  async close(): Promise<void> {
    await this.#open?.thread.close();
  }

  /** The thread that trains, started when something has to be. */
  #thread(): OpenThread {
    this.#open ??= {
      thread: new TrainThread(this.#options.natives.from['onnxruntime-node']!.folder),
      open: null,
    };
    return this.#open;
  }

  #images({ encoder }: TrainedSubject): Promise<Float32Array> {
    const { natives, onStep, signal } = this.#options;
    const key = pixelKey(encoder);
    const known = this.#pixels.get(key);
    if (known) return known;
    const read = readNetworkImages(this.#request.target.images, encoder, natives.sharp!, {
      onProgress: (done, total) => onStep('Reading images to train on', done, total),
      signal,
    });
    this.#pixels.set(key, read);
    return read;
  }

  async measure(): Promise<FineTuningEvidence> {
    const { plan, networks } = this.#request;
    const subjects = trainedSubjects(networks, await this.#proxies(), {
      fineTuning: plan.fineTuning,
      seed: plan.seed,
      runtime: this.#options.natives.onnxruntime!,
    });
    const result: FineTuningEvidence = { measurements: [], comparisons: [], probes: [], controls: [], known: true };
    if (subjects.length === 0) return result;
    // Whether the target can be divided is known before anything is timed.
    this.#splits(leastSeeds, this.#task.protocol.labels.length);
    const measured = plan.probes.filter(isTrainedProbe);
    const refused = new Map<string, string>();
    const sized = await this.#size(subjects, measured, refused);
    const total =
      (sized.run?.seeds ?? 0) *
      measured.length *
      subjects
        .filter(({ twin }) => !refused.has(twin))
        .reduce((sum, { learningRates }) => sum + learningRates.length, 0);
    let done = 0;
    const onRun = () => this.#options.onStep('Fine-tuning', ++done, total);
    for (const measure of measured) await this.#measureOne(measure, subjects, { sized, refused, onRun }, result);
    for (const { id, twin } of subjects)
      if (id === twin) result.controls.push({ id, role: 'control', weights: null, sample: null });
    return result;
  }

  async #proxies(): Promise<Map<string, Encoder>> {
    const { plan } = this.#request;
    const { natives, device, threads, onStep, signal } = this.#options;
    const proxies = new Map<string, Encoder>();
    for (const candidate of plan.candidates) {
      if (!isProxied(plan, candidate)) continue;
      const encoder = await pretrainedProxy({
        candidate,
        fineTuning: plan.fineTuning,
        seed: plan.seed,
        device,
        threads,
        sharp: natives.sharp!,
        thread: () => {
          const open = this.#thread();
          open.open = null;
          return open.thread;
        },
        store: this.#store,
        signal,
        onProgress: (done, total) => onStep(`Pretraining a proxy of ${candidate.id}`, done, total),
      });
      proxies.set(candidate.id, encoder);
    }
    return proxies;
  }

  /** The images that are used: all, or those that the budget allows, drawn as any sample is. */
  #used(count: number): number[] {
    const { target, plan } = this.#request;
    const { images } = target;
    if (count >= images.length) return [...images.keys()];
    const drawn = drawSample(
      { images, classes: plan.target.dataset.classes },
      { count, seed: plan.seed, purpose: 'fine-tuning' },
    );
    const kept = new Set(drawn.map(({ id }) => id));
    return [...images.keys()].filter((index) => kept.has(images[index]!.id));
  }

  #splits(seeds: number, images: number): SeedSplit[] {
    const { labels, classes, task } = this.#task.protocol;
    const used = this.#used(images);
    const found = seedSplits({
      labels: used.map((index) => labels[index]!),
      groups: used.map((index) => this.#request.target.groups[index]!),
      classes,
      seeds,
      seed: this.#task.seed,
      multilabel: task === 'multilabel',
    });
    const back = (part: readonly number[]) => part.map((i) => used[i]!);
    return found.map(({ seedIndex, train, validation, test }) => ({
      seedIndex,
      train: back(train),
      validation: back(validation),
      test: back(test),
    }));
  }

  /** How much of what is wanted fits; decided once for these networks, images and wishes, and then kept. */
  async #size(
    subjects: readonly TrainedSubject[],
    measured: readonly TrainedProbe[],
    refused: Map<string, string>,
  ): Promise<Sized> {
    const { fineTuning } = this.#task;
    const key = digestOf({
      trainingVersion,
      subjects: subjects.map((subject) => subject.digest(0)),
      measured,
      target: this.#task.target,
      fineTuning,
      seed: this.#task.seed,
      device: this.#task.device,
    });
    const known = (await this.#store.readJson('training-size', key)) as
      | (Sized & { refused: [string, string][] })
      | undefined;
    if (known) {
      for (const [twin, why] of known.refused) refused.set(twin, why);
      return known;
    }
    const images = this.#task.protocol.labels.length;
    const costs = await this.#time(subjects, measured, refused);
    const training = { epochs: fineTuning.epochs, batch: fineTuning.batch, leastSteps };
    const wanted = {
      seeds: fineTuning.seeds,
      leastSeeds,
      configurations: fineTuning.learningRates,
      leastImages: Math.min(images, Math.max(60, 20 * this.#task.protocol.classes)),
    };
    const steps = stepsFor(images, training);
    if (costs.length === 0) {
      const none = { seeds: wanted.seeds, learningRates: wanted.configurations, images, steps, seconds: 0 };
      return { wanted: none, run: null, neededSeconds: null };
    }
    const ask = (budgetSeconds: number): ProbePlan | TooSmall =>
      planProbe({ images, budgetSeconds, wanted, training, costs: { subjects: costs, overheadPerRun: secondsPerRun } });
    const sizeOf = (plan: ProbePlan): ProbeSize => ({
      seeds: plan.seeds,
      learningRates: plan.configurations,
      images: plan.images,
      steps: plan.steps,
      seconds: Math.round(plan.seconds),
    });
    const whole = ask(Number.MAX_VALUE) as ProbePlan;
    // What else has run before has used part of the time that there is for everything.
    const found = ask(Math.min(fineTuning.budgetSeconds, this.#options.secondsLeft()));
    if (found.kind === 'too small') return { wanted: sizeOf(whole), run: null, neededSeconds: Math.ceil(found.needed) };
    const sized: Sized = { wanted: sizeOf(whole), run: sizeOf(found), neededSeconds: null };
    await this.#store.writeJson('training-size', key, { ...sized, refused: [...refused] });
    return sized;
  }

  /** Seconds of one step and one evaluation of each subject; networks of one architecture are timed once. */
  async #time(subjects: readonly TrainedSubject[], measured: readonly TrainedProbe[], refused: Map<string, string>) {
    const { onStep } = this.#options;
    const [first] = this.#splits(1, this.#task.protocol.labels.length);
    const costs: { secondsPerStep: number; secondsPerEvaluation: number }[] = [];
    const timed = new Map<string, (typeof costs)[number]>();
    for (const [index, subject] of subjects.entries())
      for (const measure of measured) {
        if (refused.has(subject.twin)) continue;
        const key = `${measure} ${subject.twin}`;
        let cost = timed.get(key);
        if (!cost) {
          onStep('Timing a few steps', index, subjects.length);
          try {
            const images = await this.#images(subject);
            const open = this.#thread();
            await openSubject(subject, measure, { at: first!, images, task: this.#task, open });
            const { secondsPerStep, secondsPerImage } = await open.thread.measure();
            cost = { secondsPerStep, secondsPerEvaluation: secondsPerImage };
            timed.set(key, cost);
          } catch (error) {
            if (!cannotBeTrained(error)) throw error;
            refused.set(subject.twin, error.message);
            continue;
          }
        }
        costs.push(cost);
      }
    return costs;
  }

  async #measureOne(
    measure: TrainedProbe,
    subjects: readonly TrainedSubject[],
    { sized, refused, onRun }: { sized: Sized; refused: ReadonlyMap<string, string>; onRun: () => void },
    into: FineTuningEvidence,
  ): Promise<void> {
    const { run } = sized;
    const entry: ProbeRun = {
      measure,
      planned: sized.wanted,
      run,
      budgetSeconds: this.#task.fineTuning.budgetSeconds,
      neededSeconds: sized.neededSeconds,
      known: 0,
      trained: 0,
    };
    into.probes.push(entry);
    const able = subjects.filter(({ twin }) => !refused.has(twin));
    for (const subject of subjects)
      if (subject.id !== subject.twin && !able.includes(subject))
        into.measurements.push(this.#refusal(measure, subject, refused.get(subject.twin)!));
    if (run === null) return;
    const splits = this.#splits(run.seeds, run.images);
    const found = new Map<string, TrainedRuns>();
    for (const subject of able) {
      const tried = { ...subject, learningRates: fewer(subject.learningRates, run.learningRates) };
      const runs = await trainSubject(
        tried,
        measure,
        { splits, steps: run.steps },
        {
          images: () => this.#images(subject),
          task: this.#task,
          store: this.#store,
          open: this.#thread(),
          onRun,
          signal: this.#options.signal,
        },
      );
      found.set(subject.id, runs);
      entry.known += runs.known;
      entry.trained += runs.trained;
    }
    into.known &&= entry.trained === 0;
    for (const proxied of [false, true]) {
      const field = able.filter(({ proxy }) => (proxy !== null) === proxied);
      if (field.length > 0) await this.#compare(measure, field, { found, splits, run }, into);
    }
  }

  async #compare(
    measure: TrainedProbe,
    field: readonly TrainedSubject[],
    { found, splits, run }: { found: ReadonlyMap<string, TrainedRuns>; splits: readonly SeedSplit[]; run: ProbeSize },
    into: FineTuningEvidence,
  ): Promise<void> {
    const { protocol, seed, target } = this.#task;
    const { groups } = this.#request.target;
    const results = new Map(field.map(({ id }) => [id, found.get(id)!.chosen]));
    const compared = compareFineTunes({ results, protocol: { ...protocol, groups, splits } });
    const keys = new Map(
      field.map((subject) => [
        subject.id,
        digestOf({
          trainingVersion,
          measure,
          networks: splits.map((at) => subject.digest(at.seedIndex)),
          target,
          run,
          seed,
          fineTuning: this.#task.fineTuning,
        }),
      ]),
    );
    const tested = new Set(splits.flatMap(({ test }) => test));
    const n = { target: tested.size, groups: new Set([...tested].map((image) => groups[image]!)).size };
    for (const subject of field)
      into.measurements.push({
        measure,
        candidate: subject.id,
        estimate: bounded(compared.scores.get(subject.id)!),
        n,
        seed,
        key: keys.get(subject.id)!,
        readAgainst: this.#references(subject, compared.scores, splits),
        details: await this.#details(measure, subject, found.get(subject.id)!, splits, run),
      });
    const twinOf = (id: string) => field.find((subject) => subject.id === id)!.twin;
    const candidates = field.filter(({ id, twin }) => id !== twin).map(({ id }) => id);
    for (const [pair, estimate] of compared.differences) {
      const [subject, object] = pair.split('\u0000') as [string, string];
      const comparison: Comparison = {
        measure,
        subject,
        object,
        estimate,
        n,
        seed,
        key: digestOf([keys.get(subject), keys.get(object)]),
      };
      into.comparisons.push(...renamed(comparison, candidates, twinOf));
    }
  }

  #references(
    { id, twin }: TrainedSubject,
    scores: ReadonlyMap<string, Estimate>,
    splits: readonly SeedSplit[],
  ): Reference[] {
    const { labels, classes, metric } = this.#task.protocol;
    const tested = splits.flatMap(({ test }) => test);
    const counts = new Array<number>(classes).fill(0);
    for (const image of tested) for (const label of labels[image]!) counts[label]!++;
    const references: Reference[] = [
      { name: 'chance', value: chanceLevel(metric, classes, Math.max(...counts) / tested.length) },
    ];
    const { meanColour } = this.#request;
    if (meanColour)
      references.push({ name: meanColourId, value: meanColour.value, low: meanColour.low, high: meanColour.high });
    const scratch = id === twin ? undefined : scores.get(twin);
    if (scratch) {
      const { value, low, high } = bounded(scratch);
      references.push({ name: 'scratch', value, low, high });
    }
    return references;
  }

  async #details(
    measure: TrainedProbe,
    subject: TrainedSubject,
    { chosen }: TrainedRuns,
    splits: readonly SeedSplit[],
    run: ProbeSize,
  ): Promise<Measurement['details']> {
    const { fineTuning, protocol, device } = this.#task;
    const { labels } = protocol;
    const block = device === 'cpu' ? await blockOfThisProcessor(this.#options.natives.onnxruntime!) : undefined;
    return {
      seeds: run.seeds,
      learningRates: run.learningRates,
      steps: run.steps,
      batch: subject.encoder.fixedBatch ?? fineTuning.batch,
      epochs: fineTuning.epochs,
      optimiser: fineTuning.optimiser,
      augmentation: augmentationWords(augmentationOf(fineTuning)),
      strategy: subject.id === subject.twin ? 'scratch' : measure === 'probe.finetune' ? 'finetune' : 'last_block',
      formulation: block === undefined ? 'standard' : 'blocked',
      device,
      proxy: subject.proxy,
      ...collapseDetails(
        chosen.map((one, i) =>
          collapseOf(one, { ...protocol, labels: splits[i]!.test.map((image) => labels[image]!) }),
        ),
      ),
      chosenLearningRates: chosen.map(({ learningRate }) => learningRate).join(', '),
    };
  }

  #refusal(measure: TrainedProbe, subject: TrainedSubject, refused: string): Measurement {
    return {
      measure,
      candidate: subject.id,
      estimate: null,
      refused,
      n: { target: this.#task.protocol.labels.length },
      seed: this.#task.seed,
      key: digestOf({ trainingVersion, measure, refused, network: subject.digest(0) }),
      readAgainst: [],
      details: { proxy: subject.proxy },
    };
  }
}

/** What a run takes beside steps and evaluations: bringing weights back to their start, standardising features. */
const secondsPerRun = 0.5;

/** The middle of a grid of rates. */
function fewer(rates: readonly number[], count: number): number[] {
  const from = Math.floor((rates.length - count) / 2);
  return rates.slice(from, from + count);
}

/** Every metric lies between 0 and 1, and so does what its interval can mean. */
function bounded(estimate: Estimate): Estimate {
  return { ...estimate, low: Math.max(0, estimate.low), high: Math.min(1, estimate.high) };
}
