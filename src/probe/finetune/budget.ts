import { TransferEvidenceError } from '../../errors.ts';

/** What a few timed steps found of one subject: a candidate or control under one strategy. */
export interface SubjectCost {
  secondsPerStep: number;
  /** Forward only, for one image. */
  secondsPerEvaluation: number;
}

export interface ProbeWishes {
  seeds: number;
  /** Below this an interval says nothing; the plan is refused instead. */
  leastSeeds: number;
  configurations: number;
  /** Below this a comparison is not attempted; the plan is refused instead. */
  leastImages: number;
}

/** How long each run trains. It follows from the number of images, and is one and the same for all subjects. */
export interface TrainingLength {
  epochs: number;
  /** Images a step. */
  batch: number;
  leastSteps: number;
}

export interface ProbeCosts {
  /** Every subject that is compared. */
  subjects: readonly SubjectCost[];
  /** Seconds a run takes beside steps and evaluations: sessions, weights. */
  overheadPerRun: number;
}

/** The same for every subject. */
export interface ProbePlan {
  kind: 'plan';
  seeds: number;
  configurations: number;
  images: number;
  /** Of each run. */
  steps: number;
  /** What all of it is expected to take. */
  seconds: number;
}

/** No fair comparison fits. */
export interface TooSmall {
  kind: 'too small';
  /** The budget that would do for the smallest fair comparison. */
  needed: number;
}

/** Shares of the images that a seed trains on, and evaluates on: see splits.ts. */
const trainShare = 0.64;
const evaluatedShare = 0.36;

/**
 * The largest comparison that fits the budget. When not all fits, first seeds are given up, one by one, then
 * configurations, then images, and with images the steps of every run alike. A subject is never given less than another.
 * @param images available in the target
 * @param budgetSeconds for all runs of all subjects together
 * @throws measure-refused when a number is not positive, or the least is more than what is wanted
 */
export function planProbe({
  images,
  budgetSeconds,
  wanted,
  training,
  costs,
}: {
  images: number;
  budgetSeconds: number;
  wanted: ProbeWishes;
  training: TrainingLength;
  costs: ProbeCosts;
}): ProbePlan | TooSmall {
  check({ images, budgetSeconds, wanted, training, costs });
  const plan = (seeds: number, configurations: number, count: number): ProbePlan => {
    const steps = stepsFor(count, training);
    const seconds = seeds * configurations * secondsOfRuns(costs, count, steps);
    return { kind: 'plan', seeds, configurations, images: count, steps, seconds };
  };
  const fits = ({ seconds }: ProbePlan) => seconds <= budgetSeconds;
  for (let seeds = wanted.seeds; seeds > wanted.leastSeeds; seeds--) {
    const found = plan(seeds, wanted.configurations, images);
    if (fits(found)) return found;
  }
  for (let configurations = wanted.configurations; configurations >= 1; configurations--) {
    const found = plan(wanted.leastSeeds, configurations, images);
    if (fits(found)) return found;
  }
  let low = Math.min(wanted.leastImages, images);
  const smallest = plan(wanted.leastSeeds, 1, low);
  if (!fits(smallest)) return { kind: 'too small', needed: smallest.seconds };
  // Seconds never fall as images are added: `low` fits, `high` does not.
  for (let high = images; high - low > 1; ) {
    const middle = Math.floor((low + high) / 2);
    if (fits(plan(wanted.leastSeeds, 1, middle))) low = middle;
    else high = middle;
  }
  return plan(wanted.leastSeeds, 1, low);
}

/** Steps of a run on a target of so many images: `epochs` passes over its train part. */
export function stepsFor(images: number, { epochs, batch, leastSteps }: TrainingLength): number {
  return Math.max(leastSteps, Math.round((epochs * trainShare * images) / batch));
}

/** One run of each subject. */
function secondsOfRuns({ subjects, overheadPerRun }: ProbeCosts, images: number, steps: number): number {
  return subjects.reduce(
    (sum, { secondsPerStep, secondsPerEvaluation }) =>
      sum + overheadPerRun + steps * secondsPerStep + evaluatedShare * images * secondsPerEvaluation,
    0,
  );
}

function check({ images, budgetSeconds, wanted, training, costs }: Parameters<typeof planProbe>[0]): void {
  const refuse = (expected: string) => {
    throw new TransferEvidenceError('measure-refused', `A plan of the fine-tuning probe needs ${expected}.`);
  };
  const counts = { images, ...wanted, batch: training.batch, leastSteps: training.leastSteps };
  for (const [name, count] of Object.entries(counts))
    if (!(Number.isInteger(count) && count >= 1)) refuse(`a whole number ≥ 1 as ${name}; ${count} was given`);
  if (wanted.leastSeeds > wanted.seeds)
    refuse(`at least as many seeds as the least, ${wanted.leastSeeds}; ${wanted.seeds} were given`);
  if (!(training.epochs > 0 && training.epochs < Infinity)) refuse(`epochs > 0; ${training.epochs} was given`);
  if (!(budgetSeconds >= 0)) refuse(`a budget of seconds ≥ 0; ${budgetSeconds} was given`);
  if (costs.subjects.length === 0) refuse('subjects to compare; none were given');
  for (const { secondsPerStep, secondsPerEvaluation } of costs.subjects)
    for (const seconds of [secondsPerStep, secondsPerEvaluation, costs.overheadPerRun])
      if (!(seconds >= 0 && seconds < Infinity)) refuse(`finite measured seconds; ${seconds} was given`);
}
