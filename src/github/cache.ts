import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as core from '@actions/core';
import { sha256 } from '../digest.ts';
import { contentsOf, removeHalfWritten, storeKinds } from '../evidence/store.ts';
import type { CacheChoice } from './inputs.ts';
import type { Runner } from './runner.ts';

/** Raised when what lies in the store can no longer be read. */
const formatVersion = 2;

/**
 * What travels. Everyone who may read the repository may read its cache, so signatures, which are pictures in small, stay on the
 * runner; so do downloads and the list of files, which are not entries of the store.
 */
const travelling = storeKinds.filter((kind) => kind !== 'signatures');

/** Under this the main step leaves to the post step what has to be known to store evidence, until it is stored. */
const unstored = 'unstored-evidence';

interface Unstored {
  manifests: readonly string[];
  /** Key of the store that was fetched. */
  fetched?: string;
}

/** The main step may have been cancelled while it stored, and an entry that was begun cannot be begun again. */
const ofPostStep = '-post';

/** Where the evidence of a job's manifests is kept during and after its run. */
export interface EvidenceCache {
  folder: string;
  /** Fetches the newest store that the job may see; once, however often it is asked. */
  restore(): Promise<void>;
  /** Stores what is there for later runs, unless all of it came from there. */
  save(): Promise<void>;
}

/**
 * On a hosted runner the store travels by the Actions cache; a machine of one's own simply keeps it. What is fetched is the
 * newest entry of the same manifests, or else of any: everything in the store is found by a digest of all that determines
 * it, so an older store holds less and never anything wrong, and an edited manifest measures only what the edit asks
 * for. An entry is named after what it holds, so the same is not stored twice. Trouble with the cache costs time, never
 * the review.
 *
 * @param mayStore false where what is found must not be trusted by later runs
 * @param left in the post step, what the main step left
 */
export async function openCache(
  choice: CacheChoice,
  runner: Runner,
  manifests: readonly string[],
  mayStore: boolean,
  left?: Unstored,
): Promise<EvidenceCache> {
  const local = (folder: string): EvidenceCache => ({ folder, restore: async () => {}, save: async () => {} });
  if (choice.kind === 'folder') return local(choice.folder);
  if (choice.kind === 'off') return local(path.join(runner.temp, `transfer-evidence-${randomUUID()}`));
  if (!runner.hosted) return local(path.join(runner.toolCache, 'transfer-evidence', 'store'));
  const folder = path.join(runner.temp, 'transfer-evidence-store');
  // Its client is most of the bundle; a run that does not need it starts without.
  const cache = await import('@actions/cache');
  if (!cache.isFeatureAvailable()) return local(folder);

  const paths = travelling.map((kind) => path.join(folder, kind));
  const any = `transfer-evidence-v${formatVersion}-${process.platform}-${process.arch}-`;
  const own = `${any}${sha256(manifests.join('\n')).slice(0, 12)}-`;
  // Asked for together, another manifest's newest entry of this branch would come before the own one of the default branch.
  const fetchNewest = async () =>
    (await cache.restoreCache(paths, own, [own])) ?? cache.restoreCache(paths, any, [any]);
  let asked = left && Promise.resolve(left.fetched);
  return {
    folder,
    restore: async () => {
      asked ??= harmlessly('restored', fetchNewest);
      const found = await asked;
      const word: Unstored = { manifests, ...(found !== undefined && { fetched: found }) };
      if (mayStore) core.saveState(unstored, word);
    },
    save: async () => {
      if (!mayStore) return;
      await harmlessly('saved', async () => {
        await removeHalfWritten(folder);
        const contents = await Promise.all(travelling.map((kind) => contentsOf(folder, kind)));
        const key = own + sha256(JSON.stringify(contents));
        if (contents.flat().length === 0 || (await asked)?.startsWith(key)) return;
        await cache.saveCache(paths, left ? key + ofPostStep : key);
      });
      core.saveState(unstored, '');
    },
  };
}

/**
 * Stores in the post step, which the platform runs in any case, what the main step had measured when it was cancelled or ran
 * into the job's time limit; one that came to its end has stored it itself.
 */
export async function storeInPostStep(choice: CacheChoice, runner: Runner): Promise<void> {
  const state = core.getState(unstored);
  if (state === '') return;
  core.info('The review was cancelled: what it had measured is kept, and the next one goes on from there.');
  const left = JSON.parse(state) as Unstored;
  await (await openCache(choice, runner, left.manifests, true, left)).save();
}

async function harmlessly<Result>(what: string, work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    core.info(`The evidence cache was not ${what}: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}
