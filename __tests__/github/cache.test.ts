import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { entriesOf } from '../../src/evidence/store.ts';
import { openCache, storeInPostStep } from '../../src/github/cache.ts';
import type { CacheChoice } from '../../src/github/inputs.ts';
import type { Runner } from '../../src/github/runner.ts';
import { type ResultsStandIn, startResults } from '../helpers/results.ts';
import { temporaryFolders, writeFiles } from '../helpers/stripes.ts';
import { makeTree } from '../helpers/tree.ts';
import { readCommandFile } from '../helpers/workflow-commands.ts';

const folders = temporaryFolders();
let results: ResultsStandIn;
let temp: string;
beforeEach(() => {
  results.calls.length = 0;
});
beforeAll(async () => {
  results = await startResults();
  temp = await folders.make('runner');
  vi.stubEnv('RUNNER_TEMP', temp);
  // The client packs from there, and cannot where its path has a space, as that of this checkout may.
  vi.stubEnv('GITHUB_WORKSPACE', temp);
  for (const [name, value] of Object.entries(results.env)) vi.stubEnv(name, value);
  vi.stubEnv('GITHUB_SERVER_URL', 'https://github.com');
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await results.close();
  await folders.clear();
});

/** A job on a new machine, with the given files in its store; paths are the same on all of them. */
async function open(
  choice: CacheChoice,
  { hosted = true, mayStore = true, manifests = ['transfer.yml'], files = {} as Record<string, string> } = {},
) {
  await rm(join(temp, 'transfer-evidence-store'), { recursive: true, force: true });
  const runner = { temp, toolCache: '/opt/tools', hosted } as Runner;
  const cache = await openCache(choice, runner, manifests, mayStore);
  const hold = (more: Record<string, string>) => writeFiles(cache.folder, more);
  await hold(files);
  return { ...cache, hold, held: () => entriesOf(cache.folder, 'features') };
}

const held = (name: string) => `${name}${name}/${name.repeat(64)}.bin`;
const entry = (name: string) => `features/${held(name)}`;
const auto = { kind: 'auto' } as const;

describe('openCache', () => {
  it('keeps the evidence in the tool cache of a machine of one’s own, and asks GitHub for nothing', async () => {
    const runner = { temp: '/tmp', toolCache: '/opt/tools', hosted: false } as Runner;
    const cache = await openCache(auto, runner, ['transfer.yml'], true);
    expect(cache.folder).toBe('/opt/tools/transfer-evidence/store');
    await cache.restore();
    await cache.save();
    expect(results.calls).toEqual([]);
  });

  it('uses a named folder as it is, and a temporary one when there shall be none', async () => {
    const named = await makeTree({});
    expect((await open({ kind: 'folder', folder: named })).folder).toBe(named);
    expect((await open({ kind: 'off' }, { hosted: false })).folder).toMatch(/transfer-evidence-[0-9a-f-]{36}$/);
    expect(results.calls).toEqual([]);
  });

  it('stores nothing that later runs must not trust, and nothing where there is nothing', async () => {
    await (await open(auto, { mayStore: false, files: { [entry('a')]: '1' } })).save();
    await (await open(auto)).save();
    expect(results.calls).toEqual([]);
  });

  it('fetches once the newest store of the same manifests, and adds to it', async () => {
    const first = await open(auto, { files: { [entry('a')]: '1' } });
    await first.restore();
    await first.save();
    const second = await open(auto);
    await second.restore();
    await second.restore();
    expect(await second.held()).toEqual([held('a')]);
    // Pictures in small, downloads and the list of files stay where they are.
    await second.hold({ [`signatures/${held('e')}`]: '5', 'weights/a.onnx': '6', 'fingerprints/a.jsonl': '7' });
    await second.hold({ [entry('b')]: '2' });
    await second.save();
    const third = await open(auto);
    await third.restore();
    expect(await third.held()).toEqual([held('a'), held('b')]);
    expect(await readdir(third.folder)).toEqual(['features']);
    // The first one found nothing of its own, and asked for any.
    expect(results.calls.filter((call) => call.startsWith('Get'))).toHaveLength(4);
    expect(results.keys()).toHaveLength(2);
  });

  it('does not store again what it fetched', async () => {
    const cache = await open(auto);
    await cache.restore();
    results.calls.length = 0;
    await cache.save();
    expect(results.calls).toEqual([]);
  });

  it('prefers the same manifests to newer stores of others, and takes those where there is nothing else', async () => {
    const other = await open(auto, { manifests: ['a/transfer.yml', 'b/transfer.yml'] });
    await other.restore();
    expect(await other.held()).toEqual([held('a'), held('b')]);
    await other.hold({ [entry('c')]: '3' });
    await other.save();
    const own = await open(auto);
    await own.restore();
    expect(await own.held()).toEqual([held('a'), held('b')]);
  });

  it('leaves word of what is not stored yet to the post step, which stores it when the main step could not', async () => {
    const written = join(temp, 'state');
    vi.stubEnv('GITHUB_STATE', written);
    await writeFile(written, '');
    const left = async () => readCommandFile(await readFile(written, 'utf8'));
    /** Entries that were made by then. */
    const followedBy = async (state: Record<string, string>) => {
      vi.stubEnv('STATE_unstored-evidence', state['unstored-evidence']);
      await storeInPostStep(auto, { temp, hosted: true } as Runner);
      return results.calls.filter((call) => call.startsWith('Create')).length;
    };
    expect(await followedBy(await left())).toBe(0);
    const job = await open(auto);
    await job.restore();
    const cancelled = await left();
    // Nothing is new yet.
    expect(await followedBy(cancelled)).toBe(0);
    await job.hold({ [entry('e')]: '5' });
    expect(await followedBy(cancelled)).toBe(1);
    await job.hold({ [entry('f')]: '6' });
    await job.save();
    await job.hold({ [entry('g')]: '7' });
    // The main step came to its end.
    expect(await followedBy(await left())).toBe(2);
    const next = await open(auto);
    await next.restore();
    expect(await next.held()).toEqual([held('a'), held('b'), held('e'), held('f')]);
  });

  it('stores a run that went on under its name, and nothing that is half written', async () => {
    const name = `unfinished-run/${held('c')}`;
    const partOf = async (content: string, more: Record<string, string> = {}) => {
      const job = await open(auto);
      await job.restore();
      const found = await readFile(join(job.folder, name), 'utf8').catch(() => undefined);
      await job.hold({ [name]: content, ...more });
      results.calls.length = 0;
      await job.save();
      return { found, stored: results.calls.length > 0 };
    };
    const [first, second] = ['1'.repeat(70), '2'.repeat(70)];
    expect(await partOf(first)).toEqual({ found: undefined, stored: true });
    expect(await partOf(second)).toEqual({ found: first, stored: true });
    expect(await partOf(second, { [`${entry('d')}.0af1.tmp`]: '8' })).toEqual({ found: second, stored: false });
    expect(await readdir(join(temp, 'transfer-evidence-store/features/dd'))).toEqual([]);
  });

  it('goes on without a cache that it may not use', async () => {
    results.denied = true;
    const before = results.keys();
    const cache = await open(auto, { files: { [entry('d')]: '4' } });
    await cache.restore();
    await cache.save();
    expect(results.keys()).toEqual(before);
  });
});
