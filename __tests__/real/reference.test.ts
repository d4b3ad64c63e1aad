import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDataset } from '../../src/dataset/open.ts';
import { drawSample } from '../../src/dataset/sample.ts';
import { describeImages } from '../../src/encoder/describe.ts';
import { builtInEncoder } from '../../src/encoder/encoder.ts';
import { describeReference } from '../../src/evidence/reference.ts';
import { openStore } from '../../src/evidence/store.ts';
import type { Matrix } from '../../src/matrix.ts';
import { deadLeaves } from '../../src/reference/built-in.ts';
import { loadNatives } from '../../src/runtime/natives.ts';
import { compareSets } from '../../src/similarity/compare.ts';
import { temporaryFolders } from '../helpers/stripes.ts';

const datasets = fileURLToPath(new URL('../../../shared/data/datasets', import.meta.url));
const present = existsSync(datasets);
const title = present
  ? 'the built-in reference beside real images'
  : 'the built-in reference beside real images (left out: ../shared/data is not there)';

const photographs = ['clothing', 'cifar10'];
const medical = ['lc25000_lung', 'nih_cxr', 'mednist'];

const folders = temporaryFolders();
afterAll(() => folders.clear());

describe.skipIf(!present)(title, { timeout: 180_000 }, () => {
  const described = new Map<string, { features: Matrix; groups: string[] }>();
  let drawn: Matrix;

  beforeAll(async () => {
    const natives = await loadNatives({ need: ['onnxruntime-node', 'sharp'], log: () => {} });
    const encoder = builtInEncoder();
    const options = { device: 'cpu' as const, natives: natives.from };
    for (const name of [...photographs, ...medical]) {
      const dataset = await openDataset(join(datasets, name), { base: datasets, roots: [datasets], labelled: true });
      const images = drawSample(dataset, { count: 60, seed: 0, purpose: 'source' });
      const { features } = await describeImages(images, { ...options, encoders: [encoder], visual: false });
      described.set(name, { features: features.get(encoder.id)!, groups: images.map(({ group }) => group) });
    }
    const store = openStore(await folders.make('store'));
    const reference = await describeReference(deadLeaves, [encoder], store, { ...options, sharp: natives.sharp! });
    drawn = reference.features.get(encoder.digest)!;
  }, 180_000);

  it.each([...photographs, ...medical])(
    'is told from %s, and about as far from it as photographs are',
    async (name) => {
      const target = described.get(name)!;
      const others = [...described].filter(([other]) => other !== name);
      const { distances } = await compareSets({
        measure: 'embedding.mmd',
        target: target.features,
        targetGroups: target.groups,
        sources: new Map(others.map(([other, { features }]) => [other, features])),
        sourceGroups: new Map(others.map(([other, { groups }]) => [other, groups])),
        beside: new Map([[deadLeaves.id, drawn]]),
        seed: 0,
      });
      const { estimate, splitHalf } = distances.get(deadLeaves.id)!;
      expect(estimate!.low).toBeGreaterThan(splitHalf!.high);
      const asFar = photographs.flatMap((other) => distances.get(other)?.estimate?.value ?? []);
      expect(estimate!.value).toBeGreaterThan(Math.min(...asFar) / 3);
      expect(estimate!.value).toBeLessThan(3.5 * Math.max(...asFar));
    },
  );
});
