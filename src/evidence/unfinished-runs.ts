import { matrix } from '../matrix.ts';
import type { TrainThread } from '../training/train-thread.ts';
import type { TrainingRun } from '../training/trainer-options.ts';
import type { Store } from './store.ts';

const kind = 'unfinished-run';

/** What is kept of a run before the numbers that it goes on from. */
const ahead = 2;

/**
 * Takes all steps of a run, after a reset; or those that are left of it where an earlier start of the program was ended in its
 * midst. A run alone is not kept until it is done. Of runs side by side each is kept between its parts, so
 * that all that is repeated of them together is no more than one run. The numbers are the same either way.
 * @param key of the run
 * @param sideBySide runs that are under way at the same time
 * @returns the loss of the first and of the last batch, and the step whose numbers were not finite; see TrainingResult
 */
export async function trainInParts(
  run: TrainingRun,
  {
    key,
    sideBySide,
    store,
    trainer,
    signal,
    onProgress,
  }: {
    key: string;
    sideBySide: number;
    store: Store;
    trainer: Pick<TrainThread, 'train' | 'state' | 'restore'>;
    signal: AbortSignal;
    /** Hears how many steps of the run are done. */
    onProgress?: (done: number) => void;
  },
): Promise<{ firstLoss: number; lastLoss: number; diverged: number | null }> {
  const rates = Float64Array.from(run.learningRates);
  const steps = run.batches.length;
  // One part more than runs: what follows the last step, the predictions, is repeated too.
  const part = sideBySide === 1 ? steps : Math.ceil(steps / (sideBySide + 1));
  const kept = await store.readMatrix(key, kind);
  let [from, firstLoss] = [kept?.data[0] ?? 0, kept?.data[1] ?? Number.NaN];
  if (kept) await trainer.restore({ steps: from, numbers: kept.data.slice(ahead) as Float32Array });
  for (;;) {
    const to = Math.min(steps, from + part);
    const { losses, diverged } = await trainer.train(
      { batches: run.batches.slice(from, to), learningRates: rates.slice(from, to) },
      { signal, onChunk: (done) => onProgress?.(from + done) },
    );
    if (from === 0) firstLoss = losses[0] ?? Number.NaN;
    if (diverged !== null || to === steps)
      return { firstLoss, lastLoss: losses.at(-1) ?? Number.NaN, diverged: diverged === null ? null : from + diverged };
    from = to;
    const { numbers } = await trainer.state();
    const all = new Float32Array(ahead + numbers.length);
    all.set([from, firstLoss]);
    all.set(numbers, ahead);
    await store.writeMatrix(key, matrix(all, 1, all.length), kind);
  }
}

/** Called when the run itself is kept. */
export function forgetParts(key: string, store: Store): Promise<void> {
  return store.removeMatrix(key, kind);
}
