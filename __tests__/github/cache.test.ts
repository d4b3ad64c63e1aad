import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openCache } from '../../src/github/cache.ts';
import type { CacheChoice } from '../../src/github/inputs.ts';
import type { Runner } from '../../src/github/runner.ts';
import { type ResultsStandIn, startResults } from '../helpers/results.ts';
import { makeTree } from '../helpers/tree.ts';

let results: ResultsStandIn;
beforeAll(async () => {
  results = await startResults();
  for (const [name, value] of Object.entries(results.env)) vi.stubEnv(name, value);
  vi.stubEnv('GITHUB_SERVER_URL', 'https://github.com');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await results.close();
});

async function open(choice: CacheChoice, hosted: boolean, mayStore = true) {
  const temp = await makeTree({});
  vi.stubEnv('RUNNER_TEMP', temp);
  const runner = { temp, toolCache: '/opt/tools', hosted } as Runner;
  return openCache(choice, runner, 'transfer.yml', mayStore);
}

const key = async () => 'a'.repeat(64);
const auto = { kind: 'auto' } as const;

describe('openCache', () => {
  it('keeps the evidence in the tool cache of a machine of one’s own, and asks GitHub for nothing', async () => {
    const cache = await open(auto, false);
    expect(cache.folder).toBe('/opt/tools/transfer-evidence/store');
    await cache.restore(key);
    await cache.save(await key());
    expect(results.calls).toEqual([]);
  });

  it('uses a named folder as it is, and a temporary one when there shall be none', async () => {
    expect((await open({ kind: 'folder', folder: '/mnt/evidence' }, true)).folder).toBe('/mnt/evidence');
    expect((await open({ kind: 'off' }, false)).folder).toMatch(/transfer-evidence-store/);
    expect(results.calls).toEqual([]);
  });

  it('looks up nothing when there is no plan to look up', async () => {
    await (await open(auto, true)).restore(async () => null);
    expect(results.calls).toEqual([]);
  });

  it('stores nothing that later runs must not trust', async () => {
    await (await open(auto, true, false)).save(await key());
    expect(results.calls).toEqual([]);
  });

  it('asks for the whole key and nothing near it', async () => {
    await (await open(auto, true)).restore(key);
    expect(results.calls).toEqual(['GetCacheEntryDownloadURL']);
  });
});
