import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseFeatures } from '../../src/encoder/feature-tensor.ts';
import { GraphBuilder } from '../../src/onnx/build.ts';
import { elements, type Model } from '../../src/onnx/model.ts';
import { readModel } from '../../src/onnx/read.ts';
import { lastBlock, trainedBy } from '../../src/training/strategies.ts';
import { denseNetwork, denseWeights } from '../helpers/training.ts';

/** Dense layers of the given sizes, one after the other; those of a residual pair have a shortcut around them. */
function chain(sizes: readonly number[], shortcutFrom?: number): Model {
  const g = new GraphBuilder('chain');
  let last = g.input('x', ['N', sizes[0]!]);
  let shortcut = '';
  for (let i = 1; i < sizes.length; i++) {
    if (i === shortcutFrom) shortcut = last;
    const shape = [sizes[i - 1]!, sizes[i]!];
    last = g.node(
      'Gemm',
      [last, g.constant(`w${i}`, new Float32Array(elements(shape)).fill(0.1), shape)],
      {},
      `layer${i}`,
    );
  }
  if (shortcut !== '') last = g.node('Add', [last, shortcut], {}, 'sum');
  g.node('Relu', [last], {}, 'features');
  g.output('features', ['N', sizes.at(-1)!]);
  return g.model(18);
}

describe('the last block', () => {
  it('is the last layer where each leads to the next', () => {
    const found = lastBlock(chain([10, 10, 10, 10]), 'features');
    expect([...found.weights]).toEqual(['w3']);
    expect(found.start).toBe('layer2');
    expect(found.share).toBeCloseTo(1 / 3, 12);
  });

  it('takes in further layers until it holds a tenth of the weights', () => {
    // 1000, 40, 40 and 40 numbers: three are 11 %, two 7 %.
    const found = lastBlock(chain([100, 10, 4, 10, 4]), 'features');
    expect([...found.weights].sort()).toEqual(['w2', 'w3', 'w4']);
    expect(found.start).toBe('layer1');
  });

  it('never cuts a residual branch', () => {
    const found = lastBlock(chain([10, 10, 10, 10, 10], 3), 'features');
    expect([...found.weights].sort()).toEqual(['w3', 'w4']);
    expect(found.start).toBe('layer2');
  });

  it('is not misled by the sizes that an exporter works out from the image', () => {
    const g = new GraphBuilder('shapes');
    g.input('x', ['N', 8]);
    const count = g.node('Gather', [g.node('Shape', ['x']), g.constant('first', [0])]);
    const weight = (name: string) => g.constant(name, new Float32Array(64).fill(0.1), [8, 8]);
    const first = g.node('Gemm', ['x', weight('w1')], {}, 'first_layer');
    const second = g.node('Gemm', [first, weight('w2')]);
    // The number of images comes past the last layer, from before the first.
    const shape = g.node('Concat', [count, g.constant('all', [8])], { axis: 0 });
    g.node('Reshape', [second, shape], {}, 'features');
    g.output('features', ['N', 8]);
    const found = lastBlock(g.model(18), 'features');
    expect([...found.weights]).toEqual(['w2']);
    expect(found.start).toBe('first_layer');
  });

  it('counts a weight that an earlier layer reads too to the earlier one', () => {
    const g = new GraphBuilder('tied');
    g.input('x', ['N', 8]);
    const [tied, own] = ['tied', 'own'].map((name) => g.constant(name, new Float32Array(64).fill(0.1), [8, 8]));
    const first = g.node('Gemm', ['x', tied!]);
    const second = g.node('Gemm', [first, own!], {}, 'second');
    g.node('MatMul', [second, g.node('Transpose', [tied!], { perm: [1, 0] })], {}, 'features');
    g.output('features', ['N', 8]);
    expect([...lastBlock(g.model(18), 'features').weights]).toEqual(['own']);
  });

  it('refuses features before any weight', () => {
    const g = new GraphBuilder('bare');
    g.node('Relu', [g.input('x', ['N', 8])], {}, 'features');
    g.output('features', ['N', 8]);
    expect(() => lastBlock(g.model(18), 'features')).toThrow(expect.objectContaining({ code: 'model-unsupported' }));
  });
});

it('trains all weights from learnt and from random ones alike, and leaves out what lies after the features', () => {
  expect(trainedBy('finetune', denseNetwork(), 'features')).toEqual(denseWeights);
  expect(trainedBy('scratch', denseNetwork(), 'features')).toEqual(denseWeights);
  expect(trainedBy('last_block', denseNetwork(), 'features')).toEqual(new Set(['w2', 'b2']));
  expect(trainedBy('finetune', chain([10, 10, 10]), 'layer1')).toEqual(new Set(['w1']));
});

/** What the last block of well-known designs is, by the names that torchvision gives weights. */
const folder = join(import.meta.dirname, '../../../shared/gradients');
describe.skipIf(!existsSync(folder))('the last block of', () => {
  it.each([
    ['resnet_basic', /^layer4\.0\./, 0.6],
    ['resnet_bottleneck', /^layer4\.0\./, 0.6],
    ['mobilenet_v2', /^features\.18\./, 0.3],
    ['densenet', /^features\.(denseblock4|norm5)/, 0.2],
    ['shufflenet_v2', /^conv5\./, 0.5],
    ['squeezenet', /^features\.12\.expand/, 0.2],
    ['convnext', /^(features\.[567]\.|classifier\.0)/, 0.4],
    ['vit', /^encoder\.(layers\.encoder_layer_1\.(ln_2|mlp)|ln)/, 0.1],
  ] as const)('%s', (name, expected, share) => {
    const { model, tensor } = chooseFeatures(readModel(readFileSync(join(folder, `${name}.onnx`))));
    const found = lastBlock(model, tensor);
    const named = [...found.weights].filter((weight) => !weight.includes('::') && !weight.includes('/'));
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((weight) => !expected.test(weight))).toEqual([]);
    expect(found.share).toBeGreaterThan(share);
    expect(found.share).toBeLessThan(share + 0.1);
  });
});
