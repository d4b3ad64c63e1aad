import path from 'node:path';
import * as core from '@actions/core';
import { sha256 } from '../digest.ts';
import type { CacheChoice } from './inputs.ts';
import type { Runner } from './runner.ts';

/** Raised when what lies in the store can no longer be read. */
const formatVersion = 1;

/** Where one manifest's evidence is kept during and after a run. */
export interface EvidenceCache {
  folder: string;
  /** Fetches what was stored under exactly this key, which is asked for only where there is something to fetch from. */
  restore(key: () => Promise<string | null>): Promise<void>;
  /** Stores the folder under this key, unless it came from there. */
  save(key: string): Promise<void>;
}

/**
 * On a hosted runner the folder travels by the Actions cache; a machine of one's own simply keeps it. Entries are
 * looked up by their whole key, a digest of all that determines the evidence: a near miss would be a wrong answer.
 * Trouble with the cache costs time, never the review.
 *
 * @param mayStore false where what is found must not be trusted by later runs
 */
export async function openCache(
  choice: CacheChoice,
  runner: Runner,
  manifest: string,
  mayStore: boolean,
): Promise<EvidenceCache> {
  const local = (folder: string): EvidenceCache => ({ folder, restore: async () => {}, save: async () => {} });
  if (choice.kind === 'folder') return local(choice.folder);
  const temporary = path.join(runner.temp, 'transfer-evidence-store', sha256(manifest).slice(0, 12));
  if (choice.kind === 'off') return local(temporary);
  if (!runner.hosted) return local(path.join(runner.toolCache, 'transfer-evidence', 'store'));
  // Its client is most of the bundle; a run that does not need it starts without.
  const cache = await import('@actions/cache');
  if (!cache.isFeatureAvailable()) return local(temporary);

  const nameOf = (key: string): string =>
    `transfer-evidence-v${formatVersion}-${process.platform}-${process.arch}-${key}`;
  let restored: string | undefined;
  return {
    folder: temporary,
    restore: async (key) => {
      const wanted = await key();
      if (wanted === null) return;
      await harmlessly('restored', async () => {
        restored = await cache.restoreCache([temporary], nameOf(wanted));
      });
    },
    save: async (key) => {
      if (!mayStore || restored === nameOf(key)) return;
      await harmlessly('saved', () => cache.saveCache([temporary], nameOf(key)));
    },
  };
}

async function harmlessly(what: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    core.info(`The evidence cache was not ${what}: ${error instanceof Error ? error.message : error}`);
  }
}
