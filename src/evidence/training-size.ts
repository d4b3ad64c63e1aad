import { digestOf } from '../digest.ts';
import type { TrainedProbe } from '../measures.ts';
import { type ProbePlan, planProbe, type SubjectCost, stepsFor, type TooSmall } from '../probe/finetune/budget.ts';
import type { TrainThread } from '../training/train-thread.ts';
import type { OpenThread, TrainThreads } from '../training/train-threads.ts';
import type { Speed } from '../training/trainer-options.ts';
import type { ProbeSize } from './schema.ts';
import { cannotBeTrained, openForSeed } from './starting-network.ts';
import { type TrainedSubject, worthTraining } from './trained-subjects.ts';
import { leastSeeds, leastSteps, trainingVersion } from './training-protocol.ts';
import { splitsOf, type TrainingMeans, type TrainingTask } from './training-task.ts';

/** How the speed of the network that lies open is found; replaced in tests. */
export type Timing = (
  trainer: TrainThread,
  what: { subject: string; measure: TrainedProbe | 'pretraining' },
) => Promise<Speed>;

/** A candidate or control that a probe cannot train. */
export interface Refusal {
  id: string;
  measure: TrainedProbe;
  text: string;
}

/** Seeds, learning rates and images that all probes of all subjects come to. Seconds are those of everything, pretraining included. */
export interface TrainingSize {
  wanted: ProbeSize;
  /** `null` when no fair comparison fits. */
  run: ProbeSize | null;
  neededSeconds: number | null;
  refused: Refusal[];
}

/** What a run takes beside steps and evaluations: setting weights, exchanging messages, writing the result. */
const secondsPerRun = 0.1;

/** Of the time before the limit of everything; what is timed is never quite what it comes to. */
const usableShare = 0.9;

/**
 * How much of what is wanted fits, found by timing a few steps. Decided once for these networks, images and wishes, and then
 * kept, so that the same evidence comes out however often the program is ended and started again.
 * @param subjects all of them; a digest that changes between two starts of the program would make another decision
 * @param secondsLeft before the time limit of everything, at the moment it is asked
 * @param secondsBefore of the budget, what goes to pretraining first; asked when there is something to decide
 */
export async function trainingSize(
  subjects: readonly TrainedSubject[],
  measures: readonly TrainedProbe[],
  task: TrainingTask,
  means: TrainingMeans,
  {
    timing,
    secondsLeft,
    sideBySide,
    secondsBefore,
  }: {
    timing: Timing;
    secondsLeft: () => number;
    sideBySide: number;
    secondsBefore: () => Promise<number>;
  },
): Promise<TrainingSize> {
  const { fineTuning, protocol, digest: target, seed, device } = task;
  const networks = subjects.map((subject) => [subject.id, subject.digest(0)]);
  const key = digestOf({ trainingVersion, networks, measures, target, fineTuning, seed, device });
  const known = (await means.store.readJson('training-size', key)) as TrainingSize | undefined;
  if (known) return known;

  const { costs, refused } = await timeAll(subjects, measures, task, means, timing);
  const images = protocol.labels.length;
  const training = { epochs: fineTuning.epochs, batch: fineTuning.batch, leastSteps };
  const wanted = {
    seeds: fineTuning.seeds,
    leastSeeds,
    configurations: fineTuning.learningRates,
    leastImages: Math.min(images, Math.max(60, 20 * protocol.classes)),
  };
  const sizeOf = ({ seeds, configurations, images, steps, seconds }: ProbePlan, before = 0): ProbeSize => ({
    seeds,
    learningRates: configurations,
    images,
    steps,
    seconds: Math.round(before + seconds),
  });
  if (costs.length === 0) {
    const { seeds, configurations } = wanted;
    const steps = stepsFor(images, training);
    const none = sizeOf({ kind: 'plan', seeds, configurations, images, steps, seconds: 0 });
    return { wanted: none, run: null, neededSeconds: null, refused };
  }
  const each = costs.map(({ secondsPerStep, secondsPerEvaluation }) => ({
    secondsPerStep: secondsPerStep / sideBySide,
    secondsPerEvaluation: secondsPerEvaluation / sideBySide,
  }));
  // Features of the images trained on are standardised before each run.
  const standardising = Math.max(...each.map(({ secondsPerEvaluation }) => secondsPerEvaluation)) * images;
  const plan = (budgetSeconds: number): ProbePlan | TooSmall =>
    planProbe({
      images,
      budgetSeconds,
      wanted,
      training,
      costs: { subjects: each, overheadPerRun: secondsPerRun + standardising },
    });
  const before = await secondsBefore();
  const whole = sizeOf(plan(Number.MAX_VALUE) as ProbePlan, before);
  // What else has run before has used part of the time that there is for everything.
  const usable = Math.min(fineTuning.budgetSeconds, usableShare * secondsLeft());
  const found = plan(Math.max(0, usable - before));
  if (found.kind === 'too small')
    return { wanted: whole, run: null, neededSeconds: Math.ceil(before + found.needed), refused };
  const size = { wanted: whole, run: sizeOf(found, before), neededSeconds: null, refused };
  await means.store.writeJson('training-size', key, size);
  return size;
}

/** Seconds of one step and one evaluation of each subject that can be trained; networks of one architecture are timed once. */
async function timeAll(
  subjects: readonly TrainedSubject[],
  measures: readonly TrainedProbe[],
  task: TrainingTask,
  means: TrainingMeans,
  timing: Timing,
): Promise<{ costs: SubjectCost[]; refused: Refusal[] }> {
  const [at] = splitsOf(task, { seeds: 1, images: task.protocol.labels.length });
  const refused: Refusal[] = [];
  const costs = new Map<string, SubjectCost>();
  for (const [index, subject] of subjects.entries())
    for (const measure of measures) {
      means.onStep('Timing a few steps', index + 1, subjects.length);
      const key = architecture(subject, measure);
      if (costs.has(key) || !worthTraining(subjects, refusedBy(measure, refused)).includes(subject)) continue;
      try {
        costs.set(key, await costOf(subject, measure));
      } catch (error) {
        if (!cannotBeTrained(error)) throw error;
        refused.push({ id: subject.id, measure, text: error.message });
      }
    }
  return {
    refused,
    costs: measures.flatMap((measure) =>
      worthTraining(subjects, refusedBy(measure, refused)).map((subject) => costs.get(architecture(subject, measure))!),
    ),
  };

  async function costOf(subject: TrainedSubject, measure: TrainedProbe): Promise<SubjectCost> {
    const { secondsPerStep, secondsPerImage } = await timedOnAll(means.threads, async (thread) => {
      await openForSeed({ subject, measure, at: at! }, thread, task, means);
      return timing(thread.trainer, { subject: subject.id, measure });
    });
    return { secondsPerStep, secondsPerEvaluation: secondsPerImage };
  }
}

/** The mean of what all threads find at once: side by side they are slower than one alone. */
export async function timedOnAll(threads: TrainThreads, time: (thread: OpenThread) => Promise<Speed>): Promise<Speed> {
  const speeds = await threads.all(time);
  const mean = (seconds: (speed: Speed) => number) =>
    speeds.reduce((sum, speed) => sum + seconds(speed), 0) / speeds.length;
  return {
    secondsPerStep: mean(({ secondsPerStep }) => secondsPerStep),
    secondsPerImage: mean(({ secondsPerImage }) => secondsPerImage),
  };
}

function architecture({ twin }: TrainedSubject, measure: TrainedProbe): string {
  return `${measure} ${twin}`;
}

export function refusedBy(measure: TrainedProbe, refused: readonly Refusal[]): Map<string, string> {
  return new Map(refused.flatMap(({ id, text, measure: own }) => (own === measure ? [[id, text] as const] : [])));
}
