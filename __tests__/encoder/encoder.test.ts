import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { builtInEncoder, loadEncoder, randomTwin } from '../../src/encoder/encoder.ts';
import { preprocessing } from '../../src/manifest/schema.ts';
import { readModel } from '../../src/onnx/read.ts';
import { plain, type TinyBody, tinyNetwork } from '../helpers/tiny-network.ts';

const scratch = await mkdtemp(join(tmpdir(), 'encoder-'));
afterAll(() => rm(scratch, { recursive: true }));

/** Four convolution kernels, averaged over space; the kernels' values start from `seed`. */
function kernels(channels: number, seed = 0): TinyBody {
  const values = Float32Array.from({ length: 4 * channels * 9 }, (_, i) => Math.sin(i + seed));
  return (graph, input) => {
    const maps = graph.node('Conv', [input, graph.constant('kernel', values, [4, channels, 3, 3])]);
    return graph.node('Flatten', [graph.node('GlobalAveragePool', [graph.node('Relu', [maps])])], { axis: 1 });
  };
}

let files = 0;
async function written(dims: (number | string)[], body: TinyBody): Promise<string> {
  const file = join(scratch, `net-${files++}.onnx`);
  await writeFile(file, tinyNetwork(dims, 4, body));
  return file;
}

describe('loading an encoder', () => {
  it('takes input, size and dimension from the network', async () => {
    const file = await written(['N', 3, 20, 30], kernels(3));
    const encoder = await loadEncoder({ id: 'net', file });
    expect(encoder).toMatchObject({
      id: 'net',
      input: 'input',
      layout: 'NCHW',
      channels: 3,
      height: 20,
      width: 30,
      fixedBatch: null,
      output: 'features',
      dimension: 4,
      parameters: 4 * 3 * 9,
      preprocessing: { ...plain, size: [20, 30] },
    });
    expect(readModel(encoder.model).graph.outputs.map(({ name }) => name)).toEqual(['features']);
  });

  it('takes the manifest’s size where the network takes any, and 224 with a note where nobody says', async () => {
    const file = await written(['N', 3, 'H', 'W'], kernels(3));
    const given = await loadEncoder({ id: 'net', file, preprocessing: preprocessing.parse({ size: 64 }) });
    expect([given.height, given.width, given.notes.length]).toEqual([64, 64, 1]);
    const assumed = await loadEncoder({ id: 'net', file });
    expect([assumed.height, assumed.width]).toEqual([224, 224]);
    expect(assumed.notes.join()).toContain('preprocessing.size');
  });

  it('refuses a size that the network does not take', async () => {
    const file = await written(['N', 3, 20, 30], kernels(3));
    await expect(
      loadEncoder({ id: 'net', file, preprocessing: preprocessing.parse({ size: [30, 20] }) }),
    ).rejects.toMatchObject({
      code: 'model-unsupported',
      message: expect.stringContaining('20 × 30'),
    });
  });

  it('converts to grey for a network of one channel, and says so', async () => {
    const encoder = await loadEncoder({ id: 'net', file: await written([2, 1, 16, 16], kernels(1)) });
    expect(encoder).toMatchObject({ channels: 1, fixedBatch: 2, preprocessing: { channels: 'grey' } });
    expect(encoder.notes.join()).toContain('grey');
  });

  it('says what is wrong with a file that is no network', async () => {
    const file = join(scratch, 'text.onnx');
    await writeFile(file, 'not a network');
    await expect(loadEncoder({ id: 'net', file })).rejects.toMatchObject({ code: 'model-invalid' });
  });

  it('refuses a network that would reserve memory without measure, naming the node', async () => {
    const file = await written(['N', 3, 16, 16], (graph, input) => {
      const huge = graph.node('ConstantOfShape', [graph.constant('shape', [2 ** 20, 2 ** 20])], {}, 'huge');
      const sum = graph.node('ReduceMax', [huge], { keepdims: 0 });
      const features = graph.node('Flatten', [graph.node('GlobalAveragePool', [input])], { axis: 1 });
      return graph.node('Add', [features, sum]);
    });
    await expect(loadEncoder({ id: 'net', file })).rejects.toMatchObject({
      code: 'model-unsupported',
      message: expect.stringContaining('huge (ConstantOfShape)'),
    });
  });

  it('has one digest for one network and preprocessing, and another for any other', async () => {
    const dims = ['N', 3, 16, 16];
    const file = await written(dims, kernels(3));
    const { digest } = await loadEncoder({ id: 'net', file });
    expect((await loadEncoder({ id: 'other name', file: await written(dims, kernels(3)) })).digest).toBe(digest);
    expect((await loadEncoder({ id: 'net', file: await written(dims, kernels(3, 1)) })).digest).not.toBe(digest);
    for (const change of [{ range: [0, 255] }, { channels: 'bgr' }, { resize: 'crop' }, { mean: [0, 0, 0.1] }])
      expect((await loadEncoder({ id: 'net', file, preprocessing: preprocessing.parse(change) })).digest).not.toBe(
        digest,
      );
  });
});

describe('the random twin', () => {
  it('is shared by networks of one architecture, whatever they learnt, and differs by seed', async () => {
    const dims = ['N', 3, 16, 16];
    const one = await loadEncoder({ id: 'one', file: await written(dims, kernels(3)) });
    const two = await loadEncoder({ id: 'two', file: await written(dims, kernels(3, 5)) });
    expect(one.digest).not.toBe(two.digest);
    expect(randomTwin(one, 1).digest).toBe(randomTwin(two, 1).digest);
    expect(randomTwin(one, 2).digest).not.toBe(randomTwin(one, 1).digest);
    expect(randomTwin(one, 1)).toMatchObject({ height: 16, dimension: 4, output: 'features' });
  });
});

describe('the built-in encoder', () => {
  it('is the same each time and says what it cannot see', () => {
    const encoder = builtInEncoder();
    expect(encoder).toMatchObject({ id: 'scattering', height: 64, width: 64, dimension: 724 });
    expect(encoder.sees).toMatch(/texture/);
    expect(builtInEncoder().digest).toBe(encoder.digest);
  });
});
