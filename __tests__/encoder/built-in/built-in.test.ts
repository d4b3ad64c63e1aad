import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { convnextNetwork } from '../../../src/encoder/built-in/convnext.ts';
import { residualNetwork } from '../../../src/encoder/built-in/residual.ts';
import { loadEncoder, randomTwin } from '../../../src/encoder/encoder.ts';
import { chooseFeatures } from '../../../src/encoder/feature-tensor.ts';
import { replaceConstants } from '../../../src/encoder/replace-constants.ts';
import { countParameters, trainableOf } from '../../../src/encoder/trainable.ts';
import { elements, float32Of, type Model } from '../../../src/onnx/model.ts';
import { writeModel } from '../../../src/onnx/write.ts';
import { seededRandom } from '../../../src/random.ts';
import { outputsOf } from '../../helpers/networks.ts';

function images(count: number, height = 64, width = 64): ort.Tensor {
  const random = seededRandom(1, 'images');
  const dims = [count, 3, height, width];
  return new ort.Tensor('float32', Float32Array.from({ length: elements(dims) }, random.normal), dims);
}

async function featuresOf(model: Model, input: ort.Tensor): Promise<Float32Array> {
  return (await outputsOf(writeModel(model), { input })).features!.data as Float32Array;
}

const filled = (model: Model, pattern: RegExp, value: number): Model =>
  replaceConstants(model, (name, { dims }) =>
    pattern.test(name) ? new Float32Array(elements(dims)).fill(value) : undefined,
  );

describe.each([
  ['residual', residualNetwork],
  ['ConvNeXt', convnextNetwork],
] as const)('the built-in %s network', (_, build) => {
  it('is small, and every number in it that is no scalar is trained', () => {
    const model = build();
    expect(model.opsets).toEqual([{ domain: '', version: 18 }]);
    expect(countParameters(model)).toBeGreaterThan(100_000);
    expect(countParameters(model)).toBeLessThan(700_000);
    const trained = trainableOf(model);
    const left = model.graph.initializers.filter(({ name, dims }) => elements(dims) > 1 && !trained.has(name));
    expect(left.map(({ name }) => name)).toEqual([]);
    // Statistics that would have to be learnt before they can be frozen.
    expect([...trained.values()].some(({ kind }) => kind === 'running mean')).toBe(false);
  });

  it('is taken like any network: input, output and width are found, and it has a random twin', async () => {
    const { how, tensor, dimension } = chooseFeatures(build());
    expect({ how, tensor, dimension }).toEqual({ how: 'output', tensor: 'features', dimension: 128 });
    const folder = await mkdtemp(join(tmpdir(), 'built-in-'));
    try {
      const file = join(folder, 'network.onnx');
      await writeFile(file, writeModel(build({ height: 64, width: 96 })));
      const encoder = await loadEncoder({ id: 'own', file });
      expect(encoder).toMatchObject({ input: 'input', layout: 'NCHW', channels: 3, height: 64, width: 96 });
      expect(encoder).toMatchObject({ fixedBatch: null, output: 'features', dimension: 128 });
      expect(randomTwin(encoder, 1).digest).not.toBe(randomTwin(encoder, 2).digest);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('starts with features of ordinary size that differ between images', async () => {
    const features = await featuresOf(build(), images(8));
    expect(features).toHaveLength(8 * 128);
    const meanSquare = features.reduce((sum, x) => sum + x * x, 0) / features.length;
    expect(meanSquare).toBeGreaterThan(0.05);
    expect(meanSquare).toBeLessThan(5);
    expect(features.slice(0, 128)).not.toEqual(features.slice(128, 256));
  });

  it('gives an image the same features alone and in a batch, at the size that it was built for', async () => {
    const model = build({ height: 48, width: 80 });
    const batch = images(3, 48, 80);
    const together = await featuresOf(model, batch);
    const second = (batch.data as Float32Array).slice(3 * 48 * 80, 2 * 3 * 48 * 80);
    const alone = await featuresOf(model, new ort.Tensor('float32', second, [1, 3, 48, 80]));
    alone.forEach((x, i) => {
      expect(x).toBeCloseTo(together[128 + i]!, 4);
    });
  });

  it('draws its weights by the seed alone', () => {
    const bytes = writeModel(build({ seed: 5 }));
    expect(writeModel(build({ seed: 5 }))).toEqual(bytes);
    expect(writeModel(build({ seed: 6 }))).not.toEqual(bytes);
    expect(writeModel(build())).toEqual(writeModel(build({ height: 64, width: 64, seed: 1 })));
  });

  it.each([
    [31, 64],
    [64, 40.5],
    [Number.NaN, 64],
  ])('refuses images of %d × %d', (height, width) => {
    expect(() => build({ height, width })).toThrow(expect.objectContaining({ code: 'input-invalid' }));
  });
});

describe('the start of the residual network', () => {
  it('is its shortcuts alone, and its branches come in as their factors leave 0', async () => {
    const model = residualNetwork();
    const start = await featuresOf(model, images(2));
    expect(await featuresOf(filled(model, /conv1\.weight$/, 0.1), images(2))).toEqual(start);
    const opened = await featuresOf(filled(model, /factor$/, 0.5), images(2));
    expect(opened).not.toEqual(start);
    const factors = [...trainableOf(model)].filter(([name]) => name.endsWith('factor'));
    expect(factors).toHaveLength(8);
    expect(factors.every(([, { kind }]) => kind === 'scale')).toBe(true);
  });

  it('draws kernels of variance 2 / fan-in', () => {
    const kernel = float32Of(
      residualNetwork().graph.initializers.find(({ name }) => name === 'stage4.block2.conv2.weight')!,
    );
    const meanSquare = kernel.reduce((sum, x) => sum + x * x, 0) / kernel.length;
    expect((meanSquare * 128 * 9) / 2).toBeCloseTo(1, 1);
  });
});

describe('the start of the ConvNeXt network', () => {
  it('has branches that matter a little: features move when they are closed, and by less than they are large', async () => {
    const model = convnextNetwork();
    const start = await featuresOf(model, images(2));
    const closed = await featuresOf(filled(model, /factor$/, 0), images(2));
    const moved = Math.sqrt(start.reduce((sum, x, i) => sum + (x - closed[i]!) ** 2, 0) / start.length);
    expect(moved).toBeGreaterThan(0.02);
    expect(moved).toBeLessThan(0.7);
  });

  it('normalises what it gives: mean 0 and variance 1 for each image', async () => {
    const features = await featuresOf(convnextNetwork(), images(2));
    for (const row of [features.slice(0, 128), features.slice(128)]) {
      const mean = row.reduce((a, b) => a + b) / 128;
      expect(mean).toBeCloseTo(0, 5);
      expect(row.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 128).toBeCloseTo(1, 3);
    }
  });

  it('computes a block as its paper says', async () => {
    const model = convnextNetwork({ height: 32, width: 32 });
    const maps = model.graph.nodes.find(({ outputs }) => outputs[0] === 'stage1.block1')!.inputs[0]!;
    const outputs = [maps, 'stage1.block1'].map((name) => ({ name, tensor: { type: 'float32' as const }, rest: [] }));
    const results = await outputsOf(writeModel({ ...model, graph: { ...model.graph, outputs } }), {
      input: images(1, 32, 32),
    });
    const expected = referenceBlock(model, 'stage1.block1', results[maps]!.data as Float32Array, 32, 8);
    (results['stage1.block1']!.data as Float32Array).forEach((x, i) => {
      expect(x).toBeCloseTo(expected[i]!, 4);
    });
  });
});

/** A block of Liu et al. 2022 (figure 4) on maps [C, side, side], number by number. */
function referenceBlock(model: Model, block: string, x: Float32Array, C: number, side: number): Float64Array {
  const w = (name: string): Float32Array =>
    float32Of(model.graph.initializers.find((tensor) => tensor.name === `${block}.${name}`)!);
  const [depthwise, first, second, factor] = ['depthwise.weight', 'linear1.weight', 'linear2.weight', 'factor'].map(w);
  const out = Float64Array.from(x);
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const mixed = Array.from({ length: C }, (_, c) => {
        let sum = 0;
        for (let i = -3; i <= 3; i++)
          for (let j = -3; j <= 3; j++) {
            const [y, z] = [row + i, column + j];
            if (y >= 0 && y < side && z >= 0 && z < side)
              sum += depthwise![c * 49 + (i + 3) * 7 + j + 3]! * x[(c * side + y) * side + z]!;
          }
        return sum;
      });
      const mean = mixed.reduce((a, b) => a + b) / C;
      const variance = mixed.reduce((sum, value) => sum + (value - mean) ** 2, 0) / C;
      const rows = mixed.map((value) => (value - mean) / Math.sqrt(variance + 1e-6));
      const hidden = Array.from({ length: 4 * C }, (_, h) => {
        const value = rows.reduce((sum, r, c) => sum + r * first![c * 4 * C + h]!, 0);
        return value * normalDistribution(value);
      });
      for (let c = 0; c < C; c++)
        out[(c * side + row) * side + column]! +=
          factor![c]! * hidden.reduce((sum, value, h) => sum + value * second![h * C + c]!, 0);
    }
  return out;
}

/** Φ(x) by its Taylor series about 0 (Abramowitz & Stegun 26.2.10), good for the few deviations that occur here. */
function normalDistribution(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; n < 120; n++) {
    term *= (-x * x) / (2 * n);
    sum += term / (2 * n + 1);
  }
  return 0.5 + sum / Math.sqrt(2 * Math.PI);
}
