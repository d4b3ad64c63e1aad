import { TransferEvidenceError } from '../../errors.ts';
import type { Estimate } from '../../evidence/schema.ts';
import { noDifference, type ProbeComparison, smallestHalfWidth } from '../compare.ts';
import { seedInterval } from './interval.ts';
import type { FineTuneRun } from './outcome.ts';
import { type FineTuneProtocol, type SeedScores, seedScores } from './seed-scores.ts';

/** The chosen run of each seed, in the order of the protocol's splits. */
export type ChosenRuns = readonly Pick<FineTuneRun, 'seedIndex' | 'predictions'>[];

/**
 * Scores and paired differences of fine-tuned subjects over the same seeds, with the interval of {@link seedInterval},
 * never narrower than the number of tested groups allows: see {@link smallestHalfWidth}. Only where two subjects predict
 * the same probabilities on every test image of every seed are they one and the same: their difference is 0 with no width.
 * @param results per subject
 * @throws shape-mismatch when a subject's runs are not those of the splits, one a seed, one row a test image
 * @throws measure-refused for fewer than 2 seeds, and as scoreOf does
 */
export function compareFineTunes({
  results,
  protocol,
}: {
  results: ReadonlyMap<string, ChosenRuns>;
  protocol: FineTuneProtocol;
}): ProbeComparison {
  for (const [id, runs] of results) checkSeeds(id, runs, protocol);
  const halfWidth = smallestHalfWidth(testedPart(protocol));
  const scored = new Map(
    [...results].map(([id, runs]) => [
      id,
      seedScores(
        protocol,
        runs.map((run) => run.predictions),
      ),
    ]),
  );
  const ids = [...results.keys()];
  const differences = new Map<string, Estimate>();
  ids.forEach((subject, i) => {
    for (const object of ids.slice(i + 1))
      differences.set(
        `${subject}\u0000${object}`,
        samePredictions(results.get(subject)!, results.get(object)!)
          ? noDifference(protocol.splits.length)
          : seedInterval(difference(scored.get(subject)!, scored.get(object)!), halfWidth),
      );
  });
  return { scores: new Map([...scored].map(([id, scores]) => [id, seedInterval(scores, halfWidth)])), differences };
}

function checkSeeds(id: string, runs: ChosenRuns, { splits }: FineTuneProtocol): void {
  const [expected, found] = [splits, runs].map((all) => all.map(({ seedIndex }) => seedIndex).join(', '));
  if (expected !== found)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `A paired comparison needs one run a seed, in order: seeds ${expected}; ${id} has seeds ${found || 'none'}.`,
    );
}

/** What no seed has tested cannot make the interval narrower. */
function testedPart({ labels, groups, classes, splits }: FineTuneProtocol) {
  const tested = [...new Set(splits.flatMap(({ test }) => test))];
  return { labels: tested.map((image) => labels[image]!), groups: tested.map((image) => groups[image]!), classes };
}

function samePredictions(a: ChosenRuns, b: ChosenRuns): boolean {
  return a.every(({ predictions }, seed) => predictions.every((p, at) => p === b[seed]!.predictions[at]));
}

/** Both have the same test images, so the same seeds and groups stand behind each number. */
function difference(a: SeedScores, b: SeedScores): SeedScores {
  return {
    bySeed: a.bySeed.map((score, seed) => score - b.bySeed[seed]!),
    without: a.without.map((score, group) => score - b.without[group]!),
  };
}
