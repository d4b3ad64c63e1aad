import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDataset } from '../../src/dataset/open.ts';
import type { ImageRecord } from '../../src/dataset/types.ts';
import { type DescribeOptions, describeImages } from '../../src/encoder/describe.ts';
import { describeApart } from '../../src/encoder/describe-apart.ts';
import { type Encoder, loadEncoder } from '../../src/encoder/encoder.ts';
import type { SourceHead } from '../../src/encoder/source-head.ts';
import { describeSet } from '../../src/evidence/describe-sets.ts';
import type { PlannedSet } from '../../src/evidence/plan.ts';
import { openStore } from '../../src/evidence/store.ts';
import type { Matrix } from '../../src/matrix.ts';
import { loadNatives, type Natives } from '../../src/runtime/natives.ts';
import { leep } from '../../src/transferability/leep.ts';
import { softmaxRows } from '../helpers/labelled.ts';
import { smallNetwork } from '../helpers/networks.ts';
import { writePicture } from '../helpers/pictures.ts';
import { temporaryFolders } from '../helpers/stripes.ts';

const folders = temporaryFolders();
afterAll(() => folders.clear());
const data = resolve(import.meta.dirname, '../../../shared/data');
const present = existsSync(data);

let natives: Natives['from'];
let images: ImageRecord[];
let own: Encoder;
beforeAll(async () => {
  natives = (await loadNatives({ need: ['onnxruntime-node', 'sharp'], log: () => {} })).from;
  const folder = await folders.make('heads');
  images = await Promise.all(
    Array.from({ length: 7 }, (_, i) =>
      writePicture(folder, `${i}.png`, [9 + i, 8], (x, y) => [
        (x * 13 + i * 40) % 256,
        (y * 29 + x) % 256,
        (x * y * i) % 256,
      ]),
    ),
  );
  await writeFile(join(folder, 'own.onnx'), smallNetwork());
  own = await loadEncoder({ id: 'own', file: join(folder, 'own.onnx') });
});

const on = (encoder: Encoder, more: Partial<DescribeOptions> = {}): DescribeOptions => ({
  encoders: [encoder],
  visual: false,
  device: 'cpu',
  natives,
  threads: 1,
  ...more,
});
const headOf = ({ heads = [] }: Encoder): SourceHead => heads[0]!;

function expectNear(found: Matrix, expected: Matrix) {
  expect([found.rows, found.columns]).toEqual([expected.rows, expected.columns]);
  for (const [at, value] of found.data.entries()) expect(value).toBeCloseTo(expected.data[at]!, 5);
}

describe('describing images with a network that has its source head', { timeout: 60_000 }, () => {
  it('gives the head’s probabilities in the pass that gives the features, and the same features', async () => {
    const { features } = await describeImages(images, on(own));
    const { features: bare } = await describeImages(images, on({ ...own, heads: [] }));
    expect(features.get('own')).toEqual(bare.get('own'));
    expect([...features.keys()]).toEqual(['own', headOf(own).digest]);
    const file = join(await folders.make('logits'), 'own.onnx');
    await writeFile(file, smallNetwork());
    const logits = await loadEncoder({ id: 'logits', file, features: 'logits' });
    const { features: said } = await describeImages(images, on({ ...logits, heads: [] }));
    expectNear(features.get(headOf(own).digest)!, softmaxRows(said.get('logits')!));
  });

  it('gives the same rows in batches, as on a graphics device, and to more threads', async () => {
    const whole = (await describeImages(images, on(own, { threads: 3 }))).features;
    const rows = new Map<number, Float32Array>();
    const setup = {
      natives,
      encoders: [own],
      visual: false,
      device: 'cpu' as const,
      threads: 1,
      pixelLimit: undefined,
    };
    await describeApart(
      images,
      setup,
      { threads: 2, batch: 3 },
      {
        features: (_, index, row) => rows.set(index, row.slice()),
        visual: () => {},
        unreadable: () => {},
        finished: () => {},
      },
      undefined,
    );
    const [features, head] = [whole.get('own')!, whole.get(headOf(own).digest)!];
    for (const index of images.keys()) {
      const expected = [features, head].flatMap(({ data, columns }) => [
        ...data.subarray(index * columns, (index + 1) * columns),
      ]);
      for (const [at, value] of rows.get(index)!.entries()) expect(value).toBeCloseTo(expected[at]!, 5);
      expect(rows.get(index)!.length).toBe(expected.length);
    }
  });

  it('gives zeros of a head that does not answer with one number a class, and the features all the same', async () => {
    const strange = { ...own, heads: [{ ...headOf(own), classes: 3 }] };
    const { features } = await describeImages(images, on(strange));
    expect(features.get('own')!.data.every((value) => value === 0)).toBe(false);
    expect(features.get(headOf(own).digest)!.data.every((value) => value === 0)).toBe(true);
  });

  it('keeps both in the store, and reads the images again only where one of them is not there', async () => {
    const store = openStore(await folders.make('store'));
    const set = { sample: images, digest: 'd'.repeat(64) } as unknown as PlannedSet;
    const look = async (encoder: Encoder) => {
      let read = 0;
      const request = { set, path: 'target.data', encoders: [encoder] };
      const found = await describeSet(request, store, { device: 'cpu', natives, onProgress: (done) => (read = done) });
      return { read, features: found.features };
    };
    expect((await look({ ...own, heads: [] })).read).toBe(7);
    const first = await look(own);
    expect(first.read).toBe(7);
    expect(first.features.get(headOf(own).digest)).toMatchObject({ rows: 7, columns: 4 });
    expect(await look(own)).toEqual({ read: 0, features: first.features });
    expect((await look({ ...own, heads: [] })).read).toBe(0);
  });

  it.skipIf(!present)(
    `gives LEEP what a pretrained network says of real images${present ? '' : ' (skipped: ../shared is not here)'}`,
    async () => {
      const dataset = await openDataset('datasets/lc25000_lung', { base: data, roots: [data], labelled: true });
      const drawn = dataset.images.filter((_, index) => index % 2 === 0);
      const labels = drawn.map(({ labels: [label] }) => label!);
      const load = (features?: string) =>
        loadEncoder({ id: features ?? 'own', file: join(data, 'models/resnet20_cifar10.onnx'), features });
      const network = await load();
      const logits = await load('logits');
      const both = { encoders: [network, { ...logits, heads: [] }], threads: 2 };
      const { features } = await describeImages(drawn, on(network, both));
      const head = features.get(headOf(network).digest)!;
      expect([head.rows, head.columns]).toEqual([90, 10]);
      const said = softmaxRows(features.get('logits')!);
      expectNear(head, said);
      const score = leep(head, labels);
      expect(score).toBeCloseTo(leep(said, labels), 5);
      // Three classes, 30 images each: better than the labels' shares alone, worse than certainty.
      expect(score).toBeGreaterThan(-Math.log(3));
      expect(score).toBeLessThan(0);
    },
  );
});
