import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ImageRecord } from '../../src/dataset/types.ts';
import { describeSet } from '../../src/evidence/describe-sets.ts';
import type { PlannedSet } from '../../src/evidence/plan.ts';
import { openStore, type Store } from '../../src/evidence/store.ts';
import { loadNatives, type Natives } from '../../src/runtime/natives.ts';
import { visualColumns, visualMeasures } from '../../src/similarity/visual/index.ts';
import { writePicture } from '../helpers/pictures.ts';
import { temporaryFolders } from '../helpers/stripes.ts';

const folders = temporaryFolders();
let natives: Natives['from'];
let set: PlannedSet;

beforeAll(async () => {
  natives = (await loadNatives({ need: ['onnxruntime-node', 'sharp'], log: () => {} })).from;
  const folder = await folders.make('images');
  const sample: ImageRecord[] = await Promise.all(
    [0, 1, 2].map((i) => writePicture(folder, `${i}.png`, [8 + i, 8], (x, y) => [x * 9, y * 9, i * 50])),
  );
  set = { sample, digest: 'd'.repeat(64) } as unknown as PlannedSet;
});
afterAll(() => folders.clear());
afterEach(() => {
  vi.doUnmock('../../src/similarity/visual/index.ts');
  vi.resetModules();
});

/** Looks at the set, and says how many images had to be read for it. */
async function look(store: Store, describer = describeSet) {
  let read = 0;
  const { visual } = await describer({ set, path: 'target.data', encoders: [] }, store, {
    device: 'cpu',
    natives,
    onProgress: (done) => (read = done),
  });
  return { read, visual: visual! };
}

describe('stored descriptions', () => {
  it('are taken as they were, without reading an image', async () => {
    const store = openStore(await folders.make('store'));
    const first = await look(store);
    expect(first.read).toBe(3);
    expect(first.visual).toMatchObject({ rows: 3, columns: visualColumns });
    expect(await look(store)).toEqual({ read: 0, visual: first.visual });
  });

  it.each([
    [
      'a measure changed',
      visualMeasures.map(({ name, version }, i) => `${name} ${version}${i === 4 ? 'b' : ''}`).join(),
    ],
    [
      'a measure fewer',
      visualMeasures
        .slice(1)
        .map(({ name, version }) => `${name} ${version}`)
        .join(),
    ],
    [
      'the measures in another order',
      visualMeasures
        .toReversed()
        .map(({ name, version }) => `${name} ${version}`)
        .join(),
    ],
  ])('of an earlier program are not taken for those of this one: %s', async (_, visualVersion) => {
    const store = openStore(await folders.make('store'));
    vi.resetModules();
    vi.doMock('../../src/similarity/visual/index.ts', async (original) => ({
      ...(await original<typeof import('../../src/similarity/visual/index.ts')>()),
      visualVersion,
    }));
    const earlier = await import('../../src/evidence/describe-sets.ts');
    expect((await look(store, earlier.describeSet)).read).toBe(3);
    expect((await look(store, earlier.describeSet)).read).toBe(0);
    expect((await look(store)).read).toBe(3);
  });
});
