import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as onnxruntime from 'onnxruntime-node';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageRecord } from '../../src/dataset/types.ts';
import { type Encoder, loadEncoder } from '../../src/encoder/encoder.ts';
import { decode } from '../../src/image/decode.ts';
import { resize, toTensor } from '../../src/image/preprocess.ts';
import { checkPreprocessing } from '../../src/integrity/check-preprocessing.ts';
import { statisticsDivergence } from '../../src/integrity/gaussian-divergence.ts';
import { commonSettings, type PixelScaling } from '../../src/integrity/preprocessing-settings.ts';
import { normalisationLayers } from '../../src/integrity/running-statistics.ts';
import { preprocessing } from '../../src/manifest/schema.ts';
import { readModel } from '../../src/onnx/read.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { seededRandom } from '../../src/random.ts';
import { writePicture } from '../helpers/pictures.ts';
import { temporaryFolders, writeFiles } from '../helpers/stripes.ts';
import { tinyNetwork } from '../helpers/tiny-network.ts';
import { unfolded } from '../helpers/unfolded.ts';

const natives = { onnxruntime, sharp, from: {} };
const options = { natives, seed: 0 };
const setting = (words: string) => commonSettings(false).find((one) => one.words === words)!.scaling;
const declaredAs = (encoder: Encoder, scaling: PixelScaling): Encoder => ({
  ...encoder,
  preprocessing: { ...encoder.preprocessing, ...scaling },
});

describe('the divergence of statistics', () => {
  const layer = { tensor: 't', mean: Float64Array.of(1), variance: Float64Array.of(4), epsilon: 0 };

  it('is 0 when mean and variance agree, however the variance is divided within and between images', () => {
    const within = { mean: Float64Array.of(1), variance: Float64Array.of(4) };
    const between = [3, -1].map((mean) => ({ mean: Float64Array.of(mean), variance: Float64Array.of(0) }));
    expect(statisticsDivergence(layer, [within])).toBe(0);
    expect(statisticsDivergence(layer, between)).toBeCloseTo(0, 12);
  });

  it('is log(1 + J) by hand, and the same both ways round', () => {
    // J = ½ (4/1 + 1/4) − 1 + ½ · 2² · (1/4 + 1) = 1.125 + 2.5
    const seen = { mean: Float64Array.of(3), variance: Float64Array.of(1) };
    expect(statisticsDivergence(layer, [seen])).toBeCloseTo(Math.log(1 + 3.625), 12);
    const back = { tensor: 't', ...seen, epsilon: 0 };
    expect(statisticsDivergence(back, [layer])).toBeCloseTo(Math.log(1 + 3.625), 12);
  });

  it('counts images as often as they are drawn', () => {
    const images = [0, 6].map((mean) => ({ mean: Float64Array.of(mean), variance: Float64Array.of(1) }));
    const once = statisticsDivergence(layer, [images[0]!, images[1]!, images[1]!]);
    expect(statisticsDivergence(layer, images, [1, 2])).toBeCloseTo(once, 12);
    expect(statisticsDivergence(layer, images, [3, 0])).toBeCloseTo(statisticsDivergence(layer, [images[0]!]), 12);
  });
});

describe('common settings', () => {
  it('stand in the order of their channels', () => {
    const { mean, std } = setting('BGR, ImageNet’s mean and std');
    expect([mean, std]).toEqual([
      [0.406, 0.456, 0.485],
      [0.225, 0.224, 0.229],
    ]);
  });

  it('are grey alone for networks of one channel', () => {
    expect(new Set(commonSettings(true).map(({ scaling }) => scaling.channels))).toEqual(new Set(['grey']));
  });
});

describe('the preprocessing check', () => {
  const folders = temporaryFolders();
  let folder: string;
  let images: ImageRecord[];
  let encoder: Encoder;
  const size = 16;

  /** A convolution that tells colours apart, normalised by statistics of these very images in [−1, 1]. */
  beforeAll(async () => {
    folder = await folders.make('preprocessing');
    images = await Promise.all(
      Array.from({ length: 40 }, (_, index) => {
        const random = seededRandom(0, 'colours', index);
        const tint = [170, 120, 70].map((level) => level + 25 * random.normal());
        return writePicture(folder, `${index}.png`, [size, size], () => {
          const light = 40 * random.normal();
          return tint.map((level) => Math.min(255, Math.max(0, Math.round(level + light)))) as [number, number, number];
        });
      }),
    );
    const kernel = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 1, -1, 0, 0, 1, -1, 0.3, 0.6, 0.1);
    const bare = tinyNetwork(['N', 3, size, size], 6, (graph, input) => {
      const weights = graph.constant('conv.weight', kernel, [6, 3, 1, 1]);
      const maps = graph.node('Conv', [input, weights, graph.constant('conv.bias', new Float32Array(6))]);
      return graph.node('Flatten', [graph.node('GlobalAveragePool', [graph.node('Relu', [maps])])], { axis: 1 });
    });
    await writeFiles(folder, { 'bare.onnx': bare });
    const declared = preprocessing.parse({ range: [-1, 1] });
    const loaded = await loadEncoder({ id: 'colours', file: join(folder, 'bare.onnx'), preprocessing: declared });
    encoder = await withStatistics(loaded, images);
  });
  afterAll(() => folders.clear());

  it('finds the right setting right', async () => {
    const check = await checkPreprocessing(encoder, images, options);
    expect(check).toMatchObject({ outcome: 'fits', images: 32, best: { words: 'RGB, range [-1, 1]' } });
  });

  it.each([
    'BGR, range [-1, 1]',
    'RGB, range [0, 1]',
    'RGB, ImageNet’s mean and std',
    'RGB, range [0, 255]',
    'RGB, range [0, 255] less ImageNet’s mean',
    'grey, range [-1, 1]',
  ])('finds %s wrong and names the right one', async (words) => {
    const check = await checkPreprocessing(declaredAs(encoder, setting(words)), images, options);
    expect(check).toMatchObject({ outcome: 'mismatch', best: { words: 'RGB, range [-1, 1]' } });
  });

  it('finds nothing wrong with the channel order of grey images', async () => {
    const grey = await Promise.all(
      images.map((_, index) => {
        const random = seededRandom(1, 'grey', index);
        return writePicture(folder, `grey/${index}.png`, [size, size], () => {
          const level = Math.min(255, Math.max(0, Math.round(120 + 50 * random.normal())));
          return [level, level, level];
        });
      }),
    );
    const own = await withStatistics(encoder, grey);
    for (const words of ['BGR, range [-1, 1]', 'grey, range [-1, 1]'])
      expect((await checkPreprocessing(declaredAs(own, setting(words)), grey, options)).outcome).toBe('fits');
  });

  it('does not judge on images that no setting explains', async () => {
    const dark = await Promise.all(
      images.map((_, index) => writePicture(folder, `dark/${index}.png`, [size, size], () => [index % 3, 2, 1])),
    );
    const check = await checkPreprocessing(declaredAs(encoder, setting('RGB, range [0, 1]')), dark, options);
    expect(check.outcome).toBe('unlike');
  });

  it('is not made without running statistics, nor on statistics that were never taken', async () => {
    const loaded = await loadEncoder({ id: 'colours', file: join(folder, 'bare.onnx') });
    expect(await checkPreprocessing(loaded, images, options)).toMatchObject({
      outcome: 'unchecked',
      why: 'no running statistics',
    });
    const model = readModel(encoder.model);
    const untaken = model.graph.initializers.map((tensor) => {
      const value = { 'unfolded.mean': 0, 'unfolded.variance': 1 }[tensor.name];
      const numbers = new Float32Array(6).fill(value ?? 0);
      return value === undefined ? tensor : { ...tensor, data: new Uint8Array(numbers.buffer) };
    });
    expect(normalisationLayers({ ...model, graph: { ...model.graph, initializers: untaken } }, 1)).toEqual([]);
    expect(normalisationLayers(model, 1)).toHaveLength(1);
  });

  it('takes one image of each group, and is not made on few groups', async () => {
    const patients = images.map((image, index) => ({ ...image, group: `p${index % 15}` }));
    expect(await checkPreprocessing(encoder, patients, options)).toEqual({
      outcome: 'unchecked',
      why: 'few images',
      images: 15,
    });
  });
});

/** With a batch normalisation behind the first convolution, of the statistics that these images have there as declared. */
async function withStatistics(encoder: Encoder, images: readonly ImageRecord[]): Promise<Encoder> {
  const { height, width } = encoder;
  const inputs: onnxruntime.Tensor[] = [];
  for (const { file } of images) {
    const data = new Float32Array(3 * height * width);
    toTensor(resize(await decode(sharp, file), { height, width, mode: 'squash' }), encoder.preprocessing, data, 0);
    inputs.push(new onnxruntime.Tensor('float32', data, [1, 3, height, width]));
  }
  const model = readModel(encoder.model);
  const again = model.graph.nodes.some(({ op }) => op === 'BatchNormalization');
  return { ...encoder, model: writeModel(again ? await restated(model, inputs) : await unfolded(model, inputs)) };
}

/** The tiny network with its normalisation taken out and put in again. */
async function restated(model: ReturnType<typeof readModel>, inputs: readonly onnxruntime.Tensor[]) {
  const bare = model.graph.nodes.filter(({ op }) => op !== 'BatchNormalization');
  const nodes = bare.map((node) =>
    node.op === 'Conv'
      ? { ...node, inputs: [...node.inputs, 'conv.bias'], outputs: [node.outputs[0]!.replace(':raw', '')] }
      : node,
  );
  const initializers = model.graph.initializers.filter(({ name }) => !name.startsWith('unfolded.'));
  return unfolded({ ...model, graph: { ...model.graph, nodes, initializers } }, inputs);
}

const data = fileURLToPath(new URL('../../../shared/data', import.meta.url));
const present = existsSync(data);
const title = present
  ? 'the preprocessing of real networks'
  : 'the preprocessing of real networks (left out: ../shared/data is not there)';

describe.skipIf(!present)(title, { timeout: 120_000 }, () => {
  const photographs = (part: string, each: number): ImageRecord[] =>
    readdirSync(`${data}/${part}/clothing`)
      .sort()
      .flatMap((kind) =>
        readdirSync(`${data}/${part}/clothing/${kind}`)
          .sort()
          .slice(0, each)
          .map((name) => ({ id: name, file: `${data}/${part}/clothing/${kind}/${name}`, labels: [], group: name })),
      );

  // The files hold no running statistics: they are taken here from photographs other than those that are checked with.
  it.each(['imagenet', 'inat_birds', 'inat_insects'])(
    'of MobileNetV2 on %s: all six wrong settings are found, the right one is not',
    async (source) => {
      const file = `${data}/models/mobilenetv2_100_${source}.onnx`;
      const declared = preprocessing.parse({
        mean: [0.501961, 0.501961, 0.501961],
        std: [0.501961, 0.501961, 0.501961],
      });
      const loaded = await loadEncoder({ id: source, file, preprocessing: declared });
      expect(await checkPreprocessing(loaded, photographs('datasets', 2), options)).toMatchObject({
        why: 'no running statistics',
      });
      const encoder = await withStatistics(loaded, photographs('datasets-extra', 8));
      const images = photographs('datasets', 2);
      expect((await checkPreprocessing(encoder, images, options)).outcome).toBe('fits');
      for (const words of [
        'BGR, range [-1, 1]',
        'RGB, range [0, 1]',
        'RGB, ImageNet’s mean and std',
        'RGB, range [0, 255]',
        'RGB, range [0, 255] less ImageNet’s mean',
        'grey, range [-1, 1]',
      ]) {
        const check = await checkPreprocessing(declaredAs(encoder, setting(words)), images, options);
        expect([words, check]).toMatchObject([words, { outcome: 'mismatch', best: { words: 'RGB, range [-1, 1]' } }]);
      }
    },
  );
});
