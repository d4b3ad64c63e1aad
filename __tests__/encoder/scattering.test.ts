import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { scatteringDimension, scatteringEncoder, scatteringModel } from '../../src/encoder/scattering.ts';
import { appendScattering, grid, paths, size } from '../../src/encoder/scattering-graph.ts';
import { GraphBuilder } from '../../src/onnx/build.ts';
import { readModel } from '../../src/onnx/read.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { outputsOf } from '../helpers/networks.ts';

interface Case {
  name: string;
  image: number[][];
  pathMeans: number[];
  /** Mean of the four positions in the middle of the 8 × 8. */
  centre: number[];
}

const folder = process.env.GOLDEN_DIR ?? resolve(import.meta.dirname, '../fixtures/golden');
const { cases } = JSON.parse(readFileSync(resolve(folder, 'scattering_64x64.json'), 'utf8')) as { cases: Case[] };
const pixels = size * size;

/** Each case as the three channels of one image, the outer two altered, so that a mix-up of channels shows. */
function batch(): ort.Tensor {
  const data = new Float32Array(cases.length * 3 * pixels);
  cases.forEach(({ image }, i) => {
    const values = image.flat();
    data.set(
      values.map((value) => 0.5 * value),
      3 * i * pixels,
    );
    data.set(values, (3 * i + 1) * pixels);
    data.set(
      values.map((value) => 1 - value),
      (3 * i + 2) * pixels,
    );
  });
  return new ort.Tensor('float32', data, [cases.length, 3, size, size]);
}

/**
 * The reference divides each filter by 2 · 3.1415 · σ² instead of 2πσ², which makes a path that passed m + 1 filters larger by
 * (π / 3.1415)^(m + 1), up to 9 parts in 100,000. That is divided out; what remains is rounding: single precision on both sides.
 */
function unbiased(value: number, path: number): number {
  const filters = path === 0 ? 1 : path < 25 ? 2 : 3;
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: the reference's own approximation
  return value / (Math.PI / 3.1415) ** filters;
}

describe('the scattering transform', () => {
  let coefficients: Float32Array;
  const at = (position: number, path: number, channel: number, image: number): number =>
    coefficients[((position * paths + path) * 3 + channel) * cases.length + image]!;
  const mean = (path: number, channel: number, image: number, positions = [...Array(grid * grid).keys()]): number =>
    positions.reduce((sum, position) => sum + at(position, path, channel, image), 0) / positions.length;

  beforeAll(async () => {
    const g = new GraphBuilder('coefficients');
    const out = g.output(appendScattering(g, g.input('input', ['N', 3, size, size]), 3));
    coefficients = (await outputsOf(writeModel(g.model()), { input: batch() }))[out]!.data as Float32Array;
  });

  it.each(cases.map(({ name }, i) => [name, i] as const))(
    'agrees with the reference on “%s” to 10⁻⁶ of its largest coefficient',
    (_, i) => {
      const { pathMeans, centre } = cases[i]!;
      const tolerance = 1e-6 * Math.max(...pathMeans);
      const middle = [27, 28, 35, 36];
      for (let path = 0; path < paths; path++) {
        expect(Math.abs(mean(path, 1, i) - unbiased(pathMeans[path]!, path)), `path ${path}`).toBeLessThan(tolerance);
        expect(
          Math.abs(mean(path, 1, i, middle) - unbiased(centre[path]!, path)),
          `centre of path ${path}`,
        ).toBeLessThan(tolerance);
      }
    },
  );

  it('is homogeneous, and blind to an offset beyond order 0', () => {
    for (let path = 0; path < paths; path++) {
      expect(mean(path, 0, 1)).toBeCloseTo(0.5 * mean(path, 1, 1), 5);
      if (path > 0) expect(mean(path, 2, 1)).toBeCloseTo(mean(path, 1, 1), 5);
    }
    expect(mean(0, 2, 1)).toBeCloseTo(1 - mean(0, 1, 1), 5);
  });

  it('puts the means, deviations and layouts of the coefficients into the features, as logarithms', async () => {
    const { features } = await outputsOf(scatteringModel(), { input: batch() });
    expect(features!.dims).toEqual([cases.length, scatteringDimension]);
    const luma = [0.299, 0.587, 0.114];
    cases.forEach((_, image) => {
      const expected: number[] = [];
      for (let channel = 0; channel < 3; channel++)
        for (let path = 0; path < paths; path++) expected.push(mean(path, channel, image));
      for (let path = 0; path < 25; path++)
        expected.push(
          luma.reduce((sum, weight, channel) => {
            const squares = Array.from(
              { length: 64 },
              (_, position) => (at(position, path, channel, image) - mean(path, channel, image)) ** 2,
            );
            return sum + weight * Math.sqrt(squares.reduce((a, b) => a + b) / 64);
          }, 0),
        );
      const cell = (side: number, row: number, column: number): number[] =>
        [...Array(64).keys()].filter(
          (p) => Math.floor(p / 8 / (8 / side)) === row && Math.floor((p % 8) / (8 / side)) === column,
        );
      for (let scale = 0; scale < 3; scale++)
        for (let row = 0; row < 4; row++)
          for (let column = 0; column < 4; column++)
            expected.push(
              luma.reduce((sum, weight, channel) => {
                let energy = 0;
                for (let angle = 0; angle < 8; angle++)
                  energy += mean(1 + 8 * scale + angle, channel, image, cell(4, row, column)) / 8;
                return sum + weight * energy;
              }, 0),
            );
      expect(expected).toHaveLength(scatteringDimension);
      const actual = (features!.data as Float32Array).subarray(
        image * scatteringDimension,
        (image + 1) * scatteringDimension,
      );
      expected.forEach((value, i) => {
        expect(actual[i], `feature ${i}`).toBeCloseTo(Math.log(value + 1e-3), 4);
      });
    });
  });

  it('gives an image the same features alone, in a batch and on more threads', async () => {
    const model = scatteringModel();
    const together = (await outputsOf(model, { input: batch() }, 2)).features!.data as Float32Array;
    const alone = new ort.Tensor('float32', (batch().data as Float32Array).slice(3 * pixels, 6 * pixels), [
      1,
      3,
      size,
      size,
    ]);
    const single = (await outputsOf(model, { input: alone })).features!.data as Float32Array;
    single.forEach((value, i) => {
      expect(Math.abs(value - together[scatteringDimension + i]!)).toBeLessThan(1e-5);
    });
  });

  it('stays finite on flat, black and white images', async () => {
    const data = new Float32Array(3 * 3 * pixels);
    data.fill(1, 3 * pixels, 6 * pixels);
    data.fill(0.5, 6 * pixels);
    const { features } = await outputsOf(scatteringModel(), {
      input: new ort.Tensor('float32', data, [3, 3, size, size]),
    });
    expect((features!.data as Float32Array).every(Number.isFinite)).toBe(true);
    expect(features!.data[0]).toBeCloseTo(Math.log(1e-3), 5);
  });
});

describe('the built-in encoder’s model', () => {
  it('is the same bytes every time, of standard operators of opset 17, and under 4 MB', () => {
    const bytes = scatteringModel();
    expect(scatteringModel()).toEqual(bytes);
    expect(bytes.length).toBeLessThan(4e6);
    const { opsets, graph } = readModel(bytes);
    expect(opsets).toEqual([{ domain: '', version: 17 }]);
    expect(new Set(graph.nodes.map(({ op }) => op))).toEqual(
      new Set(
        'Add Concat Flatten Gather Log MatMul Mul ReduceMean ReduceSum Reshape Slice Sqrt Sub Transpose'.split(' '),
      ),
    );
  });

  it('says what it sees and how it wants its images', () => {
    expect(scatteringEncoder).toMatchObject({ id: 'scattering', output: 'features', dimension: 724 });
    expect(scatteringEncoder.preprocessing).toMatchObject({
      size: 64,
      resize: 'squash',
      channels: 'rgb',
      range: [0, 1],
    });
    expect(scatteringEncoder.sees).toContain('nothing in it was learnt');
  });
});
