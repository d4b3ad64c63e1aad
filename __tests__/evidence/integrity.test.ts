import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/evidence/plan.ts';
import type { Finding } from '../../src/evidence/schema.ts';
import type { RawImage } from '../../src/image/types.ts';
import { judge } from '../../src/verdict/judge.ts';
import {
  bytesOf,
  drawRepository,
  measureText,
  type Run,
  seesColour,
  stripeManifest,
  temporaryFolders,
  writeFiles,
} from '../helpers/stripes.ts';
import { cropped, mirror, scenery, texture, transposed } from '../helpers/textures.ts';
import { tinyNetwork } from '../helpers/tiny-network.ts';

const folders = temporaryFolders();
const scratchFolders = temporaryFolders();
let drawn: string;
let folder: string;
let store: string;

beforeAll(async () => {
  drawn = await folders.make('drawn');
  await drawRepository(drawn);
});
beforeEach(async () => {
  folder = await scratchFolders.make('repository');
  store = await scratchFolders.make('store');
  await cp(drawn, folder, { recursive: true });
});
afterEach(() => scratchFolders.clear());
afterAll(() => folders.clear());

const codes: readonly string[] = ['near_duplicates', 'group_leak', 'weights_saw_target', 'preprocessing_mismatch'];
const found = ({ evidence }: Run): Finding[] => evidence!.findings.filter(({ code }) => codes.includes(code));
const told = (run: Run) => found(run).map(({ code, about }) => `${code} ${about}`);

async function write(path: string, { data, width, height }: RawImage, how: (image: Sharp) => Sharp) {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await how(sharp(data, { raw: { width, height, channels: 3 } })).toFile(join(folder, path));
}

const asIs = (image: Sharp) => image.png();

/** A source without weights: nothing is trained. */
const imagesAlone = { candidates: ['{ id: edges, sample: data/near }'], claims: [] };

describe('integrity checks', { timeout: 60_000 }, () => {
  it('find nothing in a repository where nothing is wrong', async () => {
    const run = await measureText(folder, stripeManifest(), store);
    expect(told(run)).toEqual([]);
    expect(judge(run.loaded.manifest, run.evidence).claims[0]!.verdict).toBe('supported');
    expect(run.evidence!.candidates[0]!.weights!.notes.join()).toContain('no running statistics in the file');
  });

  it('find copies of target images in a source, name them, and hold what is said of its performance', async () => {
    await write('data/target/across/p1.png', texture(1), asIs);
    await write('data/target/upright/p2.png', texture(2), asIs);
    await write('data/target/upright/p3.png', texture(3), asIs);
    await write('data/near/a/q1.jpg', texture(1), (image) => image.jpeg({ quality: 60 }));
    await write('data/near/a/q2.png', texture(2), (image) => image.resize(38, 38).png());
    await write('data/near/b/q3.png', mirror(texture(3)), asIs);
    await write('data/near/b/q4.png', texture(4), asIs);
    const run = await measureText(folder, stripeManifest(), store);
    expect(told(run)).toEqual(['near_duplicates edges']);
    const [{ text }] = found(run) as [Finding];
    for (const part of ['3 of 40', 'across/p1.png = a/q1.jpg', 'upright/p2.png = a/q2.png', 'b/q3.png (mirrored)'])
      expect(text).toContain(part);
    const { claims, choice } = judge(run.loaded.manifest, run.evidence);
    expect(claims.map(({ claim: { id }, cappedBy }) => [id, cappedBy])).toEqual([
      ['C1', ['near_duplicates']],
      ['C2', []],
    ]);
    expect(choice.verdict).toBe('inconclusive');
  });

  it('keep copies among the target’s own images on one side of every split, and say so', async () => {
    await write('data/target/across/p1.png', texture(1), asIs);
    await write('data/target/across/p1-again.png', texture(1), (image) => image.resize(48, 48).png());
    const manifest = stripeManifest({
      evidence: '{ images: 42, seeds: 3, configurations: 1, reference: off, probes: [linear] }',
    });
    const run = await measureText(folder, manifest, store);
    expect(told(run)).toEqual(['near_duplicates target']);
    expect(found(run)[0]!.text).toContain('across/p1.png = across/p1-again.png');
    expect(run.evidence!.target.set!.groups).toBe(41);
    expect(run.evidence!.measurements.find(({ measure }) => measure === 'probe.linear')!.n).toMatchObject({
      target: 42,
      groups: 41,
    });
    expect(judge(run.loaded.manifest, run.evidence).claims[0]!.verdict).toBe('supported');
    const again = await measureText(folder, manifest, await scratchFolders.make('store'));
    expect(bytesOf(again.evidence)).toBe(bytesOf(run.evidence));
  });

  it('find test images that are copies of training images or of a source’s, and measure nothing on them', async () => {
    const rows = (kind: string) =>
      Array.from({ length: 20 }, (_, i) => `target/${kind}/${String(i).padStart(3, '0')}.png,${kind},train`);
    const view = scenery(1);
    await write('data/target/films/train.png', view, asIs);
    await cp(join(folder, 'data/target/films/train.png'), join(folder, 'data/target/films/same.png'));
    const part = cropped(view, { left: 0.1, right: 0, top: 0.05, bottom: 0.15 });
    await write('data/target/films/part.png', mirror(transposed(part)), asIs);
    await write('data/target/films/other.png', scenery(2), asIs);
    await write('data/target/films/near.png', scenery(3), asIs);
    await write('data/near/a/near.jpg', scenery(3), (image) => image.jpeg({ quality: 60 }));
    await writeFiles(folder, { 'data/target/films/broken.png': 'not an image' });
    const films = [
      'train.png,across,train',
      ...['same', 'part', 'other', 'near', 'broken'].map((n) => `${n}.png,across,test`),
    ];
    const lines = [...rows('across'), ...rows('upright'), ...films.map((line) => `target/films/${line}`)];
    await writeFiles(folder, { 'data/target.csv': ['path,kind,part', ...lines].join('\n') });
    const target = '{ format: csv, path: data/target.csv, label: kind, split: part }';
    const evidence =
      '{ encoders: [{ id: small, ref: weights/edges.onnx }], images: 100, seeds: 3, configurations: 2, probes: [linear] }';
    const run = await measureText(folder, stripeManifest({ target, evidence, ...imagesAlone }), store);
    expect(told(run)).toEqual(['near_duplicates edges', 'near_duplicates target']);
    const [inSource, inTraining] = found(run) as [Finding, Finding];
    expect(inSource.text).toContain('1 of 5 test images has a copy or near copy among 31 images of edges: ');
    expect(inSource.text).toContain('films/near.png = a/near.jpg');
    expect(inTraining.text).toContain(
      '2 of 5 test images are copies or near copies of training images (1 the same bytes): ',
    );
    expect(inTraining.text).toContain('films/same.png = target/films/train.png');
    expect(inTraining.text).toContain('films/part.png = target/films/train.png (turned by 90°, cropped)');
    expect(run.evidence!.findings.find(({ code }) => code === 'images_unreadable')!.text).toContain(
      '1 test image that cannot be read: target/films/broken.png',
    );
    expect(run.evidence!.target.set!.sampled).toHaveLength(41);
    expect(run.evidence!.target.set!.sampled.some((id) => /same|part|other|broken/.test(id))).toBe(false);

    await rm(join(folder, 'data/target/films/other.png'));
    await writeFiles(folder, { 'data/target/films/other.png': 'no longer an image' });
    const changed = await measureText(folder, stripeManifest({ target, evidence, ...imagesAlone }), store);
    expect(changed.cached).toBe(false);
    expect(changed.evidence!.measurements).toEqual(run.evidence!.measurements);
  });

  it('read no test image again', async () => {
    const rows = ['across', 'upright'].flatMap((kind) =>
      Array.from(
        { length: 20 },
        (_, i) => `target/${kind}/${String(i).padStart(3, '0')}.png,${kind},${i < 17 ? 'train' : 'test'}`,
      ),
    );
    await writeFiles(folder, { 'data/target.csv': ['path,kind,part', ...rows].join('\n') });
    const target = '{ format: csv, path: data/target.csv, label: kind, split: part }';
    const first = await measureText(folder, stripeManifest({ target, ...imagesAlone }), store);
    // Another plan over the same images, whose test images are no longer where they were.
    const change = (plan: Plan): Plan => {
      const test = plan.target.test!;
      const images = test.images.map((image) => ({ ...image, file: join(folder, 'nowhere') }));
      return { ...plan, digest: `${plan.digest}x`, target: { ...plan.target, test: { ...test, images } } };
    };
    const again = await measureText(folder, stripeManifest({ target, ...imagesAlone }), store, { change });
    expect(again.cached).toBe(false);
    expect(again.evidence!.findings).toEqual(first.evidence!.findings);
    const elsewhere = await scratchFolders.make('store');
    const anew = await measureText(folder, stripeManifest({ target, ...imagesAlone }), elsewhere, { change });
    expect(anew.evidence!.findings.map(({ code }) => code)).toContain('images_unreadable');
  });

  it('find a patient on both sides of a declared split, test images among them', async () => {
    const rows = (kind: string, from: number) =>
      Array.from({ length: 20 }, (_, i) => {
        const split = i === 19 ? 'test' : 'train';
        // The last one's patient has an image to train on too.
        return `target/${kind}/${String(i).padStart(3, '0')}.png,${kind},patient-${from + (i === 19 ? 0 : i)},${split}`;
      });
    await writeFiles(folder, {
      'data/target.csv': ['path,kind,patient,part', ...rows('across', 100), ...rows('upright', 200)].join('\n'),
    });
    const target = '{ format: csv, path: data/target.csv, label: kind, group: patient, split: part }';
    const run = await measureText(folder, stripeManifest({ target }), store);
    expect(told(run)).toEqual(['group_leak target']);
    expect(found(run)[0]!.text).toContain(
      '2 groups of the target lie in more than one declared split: patient-100, patient-200.',
    );
  });

  it('find a patient in both a source and the target', async () => {
    for (const [from, to] of [
      ['target/across/000.png', 'target/across/00000013_000.png'],
      ['near/a/000.png', 'near/a/00000013_001.png'],
    ] as const) {
      await cp(join(folder, 'data', from), join(folder, 'data', to));
      await rm(join(folder, 'data', from));
    }
    const grouped = (path: string) => `{ path: ${path}, group_pattern: '^(\\d+)' }`;
    const edges = `{ id: edges, weights: weights/edges.onnx, sample: ${grouped('data/near')} }`;
    const run = await measureText(
      folder,
      stripeManifest({ target: grouped('data/target'), candidates: [edges, seesColour] }),
      store,
    );
    expect(told(run).filter((line) => line.startsWith('group_leak'))).toEqual(['group_leak edges']);
    expect(found(run).find(({ code }) => code === 'group_leak')!.text).toContain(
      '1 group (patients, slides) is in both edges and the target: 00000013.',
    );
  });

  it('find weights whose data is the target: by name, and by the files of the sample', async () => {
    await cp(join(folder, 'data/target'), join(folder, 'data/cifar10'), { recursive: true });
    await cp(join(folder, 'weights/edges.onnx'), join(folder, 'weights/resnet20_cifar10.onnx'));
    const run = await measureText(
      folder,
      stripeManifest({
        target: 'data/cifar10',
        candidates: [
          '{ id: edges, weights: weights/resnet20_cifar10.onnx }',
          '{ id: colour, weights: weights/colour.onnx, sample: data/cifar10 }',
        ],
        claims: [],
      }),
      store,
    );
    expect(told(run).filter((line) => line.startsWith('weights'))).toEqual([
      'weights_saw_target edges',
      'weights_saw_target colour',
    ]);
    const [byName, byFiles] = found(run) as [Finding, Finding];
    expect(byName.text).toContain('trained on CIFAR-10 (it says resnet20_cifar10)');
    expect(byFiles.text).toContain('40 files of its sample are among the target’s 40');
    expect(judge(run.loaded.manifest, run.evidence).choice.verdict).toBe('inconclusive');
  });

  it('find a preprocessing that the network was not trained with, and name the one it was', async () => {
    // Grey levels of the stripes in [−1, 1]: mean 2 · 128 / 255 − 1, variance (40² + 6² + 6²) / 127.5².
    const statistics = { mean: 0.0039, variance: 0.1029 };
    const network = tinyNetwork(['N', 3, 16, 16], 3, (graph, input) => {
      const three = (name: string, value: number) => graph.constant(name, new Float32Array(3).fill(value));
      const normalised = graph.node('BatchNormalization', [
        input,
        three('scale', 1),
        three('shift', 0),
        three('mean', statistics.mean),
        three('variance', statistics.variance),
      ]);
      return graph.node('Flatten', [graph.node('GlobalAveragePool', [graph.node('Abs', [normalised])])], { axis: 1 });
    });
    await writeFiles(folder, { 'weights/normalised.onnx': network });
    const of = (preprocessing: string) =>
      stripeManifest({
        candidates: [`{ id: edges, weights: weights/normalised.onnx, sample: data/near${preprocessing} }`, seesColour],
      });
    const wrong = await measureText(folder, of(''), store);
    expect(told(wrong)).toEqual(['preprocessing_mismatch edges']);
    expect(found(wrong)[0]!.text).toContain('{channels: rgb, range: [-1, 1], mean: [0, 0, 0], std: [1, 1, 1]}');
    const right = await measureText(folder, of(', preprocessing: { range: [-1, 1] }'), store);
    expect(told(right)).toEqual([]);
    expect(right.evidence!.candidates[0]!.weights!.notes.join()).toContain('no other fits clearly better');
  });
});
