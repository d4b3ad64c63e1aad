import { existsSync } from 'node:fs';
import path from 'node:path';
import * as core from '@actions/core';
import { commandOf } from '../command-line/command.ts';
import { TransferEvidenceError } from '../errors.ts';
import { openStore } from '../evidence/store.ts';
import { findManifests } from '../manifest/find.ts';
import { loadManifest } from '../manifest/load.ts';
import { type ReviewOptions, review } from '../review.ts';
import { annotate, annotationsOf } from './annotations.ts';
import { type EvidenceCache, openCache } from './cache.ts';
import { connect } from './client.ts';
import type { Inputs } from './inputs.ts';
import { ended, missing, type Outcome, reviewed } from './outcome.ts';
import { outputsOf, worstGate } from './outputs.ts';
import { logProgress } from './progress.ts';
import { publish } from './publish.ts';
import { writeReportFiles } from './report-files.ts';
import type { Runner } from './runner.ts';
import { summaryOf, writeSummary } from './summary.ts';

const forkNote =
  'The code of this run comes from a fork, so its manifest was checked and nothing was measured. ' +
  'A maintainer can opt in with the input `allow-forks`.';

/**
 * The action: looks at every manifest, tells what it found wherever it may, sets the outputs, and fails last.
 *
 * @throws TransferEvidenceError `event-refused` on pull_request_target
 */
export async function run(inputs: Inputs, runner: Runner): Promise<void> {
  const { event, workspace } = runner;
  if (event.refuse !== null) throw new TransferEvidenceError('event-refused', event.refuse);

  const stranger = event.fork && !inputs.allowForks;
  const mode = stranger ? 'check' : inputs.mode;
  if (mode !== inputs.mode) core.warning(forkNote);

  const outcomes: Outcome[] = [];
  const manifests = await findManifests(workspace, inputs.manifests.join('\n'));
  // A check stores nothing.
  const choice = mode === 'check' ? ({ kind: 'off' } as const) : inputs.cache;
  const cache = await openCache(choice, runner, manifests, event.trusted);
  for (const manifest of manifests) {
    if (!existsSync(path.resolve(workspace, manifest))) outcomes.push(missing(manifest, inputs.missingManifest));
    else
      outcomes.push(
        noted(await reviewOne(manifest, mode, inputs, runner, cache), mode === inputs.mode ? null : forkNote),
      );
  }
  if (manifests.length === 0) {
    outcomes.push(missing(inputs.manifests.join(', ') || 'transfer.yml', inputs.missingManifest));
  }
  if (mode === 'review') {
    // After all manifests: what one of them has not read yet must not go.
    await openStore(cache.folder).prune(new Date());
    // What a time limit stopped half-way is kept too: the next run goes on from there.
    await cache.save();
  }
  await deliver(outcomes, mode, inputs, runner);
}

async function reviewOne(
  manifest: string,
  mode: 'check' | 'review',
  inputs: Inputs,
  runner: Runner,
  cache: EvidenceCache,
): Promise<Outcome> {
  const { event } = runner;
  const options: ReviewOptions = {
    mode,
    manifest,
    workspace: runner.workspace,
    roots: inputs.dataRoots,
    device: inputs.device,
    seed: inputs.seed,
    offline: inputs.offline,
    store: cache.folder,
    context: {
      commit: event.sha,
      runUrl: runner.runUrl,
      today: new Date().toISOString().slice(0, 10),
      reproduce: commandOf(mode, manifest, { ...inputs, workspace: runner.workspace }),
      ...(inputs.commentId === '' ? {} : { commentId: inputs.commentId }),
    },
    log: logProgress(),
    ...(inputs.runtimePath === null ? {} : { natives: inputs.runtimePath }),
    ...(inputs.timeLimitMs === null ? {} : { signal: timeLimit(inputs.timeLimitMs) }),
  };
  try {
    // Nothing is measured for a manifest that cannot be read.
    if (mode === 'review' && (await loadManifest(manifest, { base: runner.workspace })).manifest !== null)
      await cache.restore();
    return reviewed(manifest, await review(options));
  } catch (error) {
    core.debug(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return ended(manifest, error);
  }
}

/** Aborts with an error that says what happened, which the platform's own time-out does not. */
function timeLimit(milliseconds: number): AbortSignal {
  const controller = new AbortController();
  const error = new TransferEvidenceError('time-out', `The time limit of ${milliseconds / 1000} s ran out.`);
  // A run that is done earlier must not wait for it.
  setTimeout(() => controller.abort(error), milliseconds).unref();
  return controller.signal;
}

function noted(outcome: Outcome, note: string | null): Outcome {
  if (note === null) return outcome;
  const add = (text: string): string => `${text.trimEnd()}\n\n> ${note}\n`;
  return { ...outcome, comment: add(outcome.comment), summary: add(outcome.summary) };
}

async function deliver(
  outcomes: readonly Outcome[],
  mode: 'check' | 'review',
  inputs: Inputs,
  runner: Runner,
): Promise<void> {
  const folder = inputs.out ?? path.join(runner.temp, 'transfer-evidence');
  const folders = new Map<Outcome, string>();
  for (const outcome of outcomes) {
    folders.set(outcome, await writeReportFiles(folder, outcome, outcomes.length === 1));
    core.info(outcome.headline);
  }
  const { annotations, left } = annotationsOf(
    outcomes.flatMap(({ problems }) => problems),
    runner.workspace,
    inputs.warnOnly,
  );
  annotate(annotations, left);

  // A repository that passes without a manifest is not to be bothered about it.
  const worthTelling = outcomes.filter(({ state, gate }) => !(state === 'missing' && gate === 'pass'));
  const comments =
    inputs.token === ''
      ? new Map<string, { id: number; url: string }[]>()
      : await publish(
          {
            github: connect(inputs.token, runner.repository),
            inputs,
            event: runner.event,
            mode,
            runUrl: runner.runUrl,
          },
          worthTelling,
        );
  await writeSummary(summaryOf(outcomes.map(({ summary }) => summary)));

  const delivered = outcomes.map((outcome) => ({
    outcome,
    folder: folders.get(outcome)!,
    comments: comments.get(outcome.manifest) ?? [],
  }));
  for (const [name, value] of Object.entries(outputsOf(delivered, folder))) core.setOutput(name, value);
  if (worstGate(outcomes) === 'fail') fail(outcomes, inputs.warnOnly);
}

function fail(outcomes: readonly Outcome[], warnOnly: boolean): void {
  const message = outcomes
    .filter(({ gate }) => gate === 'fail')
    .map(({ headline }) => headline)
    .join('\n');
  if (warnOnly) core.warning(message);
  else core.setFailed(message);
}
