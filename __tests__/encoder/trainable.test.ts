import { describe, expect, it } from 'vitest';
import { chooseFeatures } from '../../src/encoder/feature-tensor.ts';
import { countParameters, sourcesOf, trainableOf } from '../../src/encoder/trainable.ts';
import { GraphBuilder } from '../../src/onnx/build.ts';
import { growth, steep } from '../helpers/growth.ts';

const numbers = (length: number) => new Float32Array(length).fill(0.1);

/** x · w′, where w′ is w [3, 5] transposed over and over. */
function transposedOver(times: number): GraphBuilder {
  const g = new GraphBuilder('transposed');
  let kernel = g.constant('kernel', numbers(15), [3, 5]);
  for (let i = 0; i < times; i++) kernel = g.node('Transpose', [kernel], { perm: [1, 0] });
  const x = g.input('x', ['N', times % 2 === 0 ? 3 : 5]);
  g.output(g.node('MatMul', [x, kernel], {}, 'product'));
  return g;
}

/** A layer, constants that are added one after the other, and a rectifier. */
function biasedOver(times: number): GraphBuilder {
  const g = new GraphBuilder('biased');
  let last = g.node('MatMul', [g.input('x', ['N', 3]), g.constant('kernel', numbers(6), [3, 2])]);
  const bias = g.constant('bias', numbers(2));
  for (let i = 0; i < times; i++) last = g.node('Add', [last, bias]);
  g.output(g.node('Relu', [last], {}, 'features'));
  return g;
}

describe('a stranger’s network', () => {
  it('may transpose a kernel more often than the stack is deep', () => {
    for (const [times, fanIn] of [
      [100_000, 3],
      [100_001, 5],
    ] as const) {
      const model = transposedOver(times).model();
      expect(trainableOf(model)).toEqual(new Map([['kernel', { kind: 'kernel', fanIn, rectified: false }]]));
      expect(countParameters(model)).toBe(15);
    }
  }, 60_000);

  it('may add more constants than the stack is deep, and still is rectified', () => {
    const model = biasedOver(50_000).model();
    expect(trainableOf(model).get('kernel')).toEqual({ kind: 'kernel', fanIn: 3, rectified: true });
    expect(trainableOf(model).get('bias')).toEqual({ kind: 'bias' });
    expect(countParameters(model)).toBe(8);
  });

  it('may read one tensor several times in each of many nodes', () => {
    const g = new GraphBuilder('repeated');
    let last = g.node('MatMul', [g.input('x', ['N', 3]), g.constant('kernel', numbers(6), [3, 2])]);
    for (let i = 0; i < 60; i++) last = g.node('BatchNormalization', [last, last, last, last, last]);
    g.output(last);
    expect(trainableOf(g.model()).get('kernel')).toEqual({ kind: 'kernel', fanIn: 3, rectified: false });
  });

  it('takes time that grows with its size and not with its square', async () => {
    const ofCopies = await growth(1000, (size) => transposedOver(size).model(), countParameters);
    expect(ofCopies).toBeLessThan(steep);
    const ofSums = await growth(1000, (size) => biasedOver(size).model(), countParameters);
    expect(ofSums).toBeLessThan(steep);
  }, 60_000);

  it('may end in sums of sums, with more ways to their start than could be gone', () => {
    const g = new GraphBuilder('sums');
    let last = g.input('x', ['N', 'D']);
    for (let i = 0; i < 100; i++) last = g.node('Add', [last, last]);
    g.node('Relu', [last], {}, 'features');
    g.output('features');
    expect(chooseFeatures(g.model(), 'features')).toMatchObject({ tensor: 'features', dimension: undefined });
  });

  it('may multiply by a kernel that was transposed more often than the stack is deep, as its classifier', () => {
    const g = transposedOver(100_000);
    expect(chooseFeatures(g.model())).toMatchObject({ how: 'cut', tensor: 'x' });
  }, 60_000);
});

describe('the constant behind a tensor', () => {
  it('is followed through copies, with the shape in which it is read', () => {
    const g = new GraphBuilder('copies');
    const kernel = g.constant('kernel', numbers(24), [2, 3, 4]);
    const turned = g.node('Transpose', [g.node('Identity', [kernel])], { perm: [2, 0, 1] }, 'turned');
    g.node('Transpose', [turned], {}, 'back');
    g.node('Relu', [g.input('x', ['N'])], {}, 'rectified');
    const sources = sourcesOf(g.graph());
    expect(sources.get('turned')).toMatchObject({ name: 'kernel', shape: [4, 2, 3] });
    expect(sources.get('back')).toMatchObject({ name: 'kernel', shape: [3, 2, 4] });
    expect(sources.get('rectified')).toBeUndefined();
  });
});
