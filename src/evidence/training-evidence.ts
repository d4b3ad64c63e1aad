import { meanColourId } from '../controls.ts';
import { digestOf } from '../digest.ts';
import type { TrainedProbe } from '../measures.ts';
import { chanceLevel } from '../probe/chance.ts';
import { compareFineTunes } from '../probe/finetune/compare.ts';
import { collapseOf, type FineTuneRun } from '../probe/finetune/outcome.ts';
import type { SeedSplit } from '../probe/finetune/splits.ts';
import { collapseDetails } from './fine-tuning-findings.ts';
import type { Comparison, Estimate, Measurement, ProbeSize, Reference } from './schema.ts';
import { renamed } from './target-probes.ts';
import type { TrainedSubject } from './trained-subjects.ts';
import { augmentationOf, augmentationWords, trainingVersion } from './training-protocol.ts';
import type { Refusal } from './training-size.ts';
import type { TrainingTask } from './training-task.ts';

/** What one probe found of all its subjects. */
export interface TrainedField {
  measure: TrainedProbe;
  subjects: readonly TrainedSubject[];
  /** By subject: the run of each seed that validation images chose. */
  chosen: ReadonlyMap<string, readonly FineTuneRun[]>;
  splits: readonly SeedSplit[];
  size: ProbeSize;
}

/** What the numbers are read against or said to be, beside the runs themselves. */
export interface TrainingContext {
  task: TrainingTask;
  meanColour: Estimate | null;
}

/** Scores and differences. Networks of candidates and proxies are two fields that are never compared with each other. */
export function trainingEvidence(
  field: TrainedField,
  context: TrainingContext,
): { measurements: Measurement[]; comparisons: Comparison[] } {
  const fields = [false, true]
    .map((proxied) => field.subjects.filter(({ proxy }) => (proxy !== null) === proxied))
    .filter((subjects) => subjects.length > 0)
    .map((subjects) => evidenceOf({ ...field, subjects }, context));
  return {
    measurements: fields.flatMap(({ measurements }) => measurements),
    comparisons: fields.flatMap(({ comparisons }) => comparisons),
  };
}

function evidenceOf(field: TrainedField, context: TrainingContext) {
  const { measure, subjects, splits, chosen } = field;
  const { task } = context;
  const { protocol, seed } = task;
  const results = new Map(subjects.map(({ id }) => [id, chosen.get(id)!]));
  const compared = compareFineTunes({ results, protocol: { ...protocol, splits } });
  const keys = new Map(subjects.map((subject) => [subject.id, keyOf(subject, field, task)]));
  const tested = [...new Set(splits.flatMap(({ test }) => test))];
  const n = { target: tested.length, groups: new Set(tested.map((image) => protocol.groups[image])).size };
  const measurements = subjects.map(
    (subject): Measurement => ({
      measure,
      candidate: subject.id,
      estimate: bounded(compared.scores.get(subject.id)!),
      n,
      seed,
      key: keys.get(subject.id)!,
      readAgainst: references(subject, compared.scores, field, context),
      details: detailsOf(subject, field, context),
    }),
  );
  const candidates = subjects.filter(({ id, twin }) => id !== twin).map(({ id }) => id);
  const twinOf = (id: string) => subjects.find((subject) => subject.id === id)!.twin;
  const comparisons = [...compared.differences].flatMap(([pair, estimate]) => {
    const [subject, object] = pair.split('\u0000') as [string, string];
    const key = digestOf([keys.get(subject), keys.get(object)]);
    return renamed({ measure, subject, object, estimate, n, seed, key }, candidates, twinOf);
  });
  return { measurements, comparisons };
}

function keyOf(subject: TrainedSubject, { measure, splits, size }: TrainedField, task: TrainingTask): string {
  const { digest, seed, fineTuning, device } = task;
  // How long it was expected to take determines nothing.
  const { seconds: _, ...trained } = size;
  const { budgetSeconds: __, ...settings } = fineTuning;
  const networks = splits.map(({ seedIndex }) => subject.digest(seedIndex));
  return digestOf({ trainingVersion, measure, networks, target: digest, trained, seed, settings, device });
}

function references(
  { id, twin }: TrainedSubject,
  scores: ReadonlyMap<string, Estimate>,
  { splits }: TrainedField,
  { task, meanColour }: TrainingContext,
): Reference[] {
  const { labels, classes, metric } = task.protocol;
  const tested = splits.flatMap(({ test }) => test);
  const counts = new Array<number>(classes).fill(0);
  for (const image of tested) for (const label of labels[image]!) counts[label]!++;
  const found: Reference[] = [
    { name: 'chance', value: chanceLevel(metric, classes, Math.max(...counts) / tested.length) },
  ];
  if (meanColour)
    found.push({ name: meanColourId, value: meanColour.value, low: meanColour.low, high: meanColour.high });
  const scratch = id === twin ? undefined : scores.get(twin);
  if (scratch) {
    const { value, low, high } = bounded(scratch);
    found.push({ name: 'scratch', value, low, high });
  }
  return found;
}

function detailsOf(
  subject: TrainedSubject,
  { measure, splits, size, chosen }: TrainedField,
  { task }: TrainingContext,
): Measurement['details'] {
  const { fineTuning, protocol, device, lowering } = task;
  const runs = chosen.get(subject.id)!;
  return {
    seeds: size.seeds,
    learningRates: size.learningRates,
    steps: size.steps,
    batch: fineTuning.batch,
    epochs: fineTuning.epochs,
    optimiser: fineTuning.optimiser,
    augmentation: augmentationWords(augmentationOf(fineTuning)),
    strategy: subject.id === subject.twin ? 'scratch' : measure === 'probe.finetune' ? 'finetune' : 'last_block',
    formulation: lowering.block === undefined ? 'standard' : 'blocked',
    device,
    proxy: subject.proxy,
    ...collapseDetails(
      runs.map((run, i) =>
        collapseOf(run, { ...protocol, labels: splits[i]!.test.map((image) => protocol.labels[image]!) }),
      ),
    ),
    chosenLearningRates: runs.map(({ learningRate }) => learningRate).join(', '),
  };
}

/** A candidate or control that could not be trained. */
export function refusedMeasurement(
  { id, measure, text }: Refusal,
  { network, proxy }: { network: string; proxy: string | null },
  { protocol, seed }: TrainingTask,
): Measurement {
  return {
    measure,
    candidate: id,
    estimate: null,
    refused: text,
    n: { target: protocol.labels.length },
    seed,
    key: digestOf({ trainingVersion, measure, refused: text, network }),
    readAgainst: [],
    details: { proxy },
  };
}

/** Every metric lies between 0 and 1, and so does what its interval can mean. */
function bounded(estimate: Estimate): Estimate {
  return { ...estimate, low: Math.max(0, estimate.low), high: Math.min(1, estimate.high) };
}
