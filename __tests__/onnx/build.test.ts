import { describe, expect, it } from 'vitest';
import { GraphBuilder, tensorOf } from '../../src/onnx/build.ts';
import { integersOf } from '../../src/onnx/model.ts';
import { growth, steep } from '../helpers/growth.ts';

describe('names of tensors', () => {
  it('are the wished ones and, where these are taken, numbered from 2 on', () => {
    const g = new GraphBuilder('names');
    const x = g.input('x', [1]);
    const names = [g.node('Relu', [x], {}, 'Relu_3'), ...Array.from({ length: 4 }, () => g.node('Relu', [x]))];
    expect(names).toEqual(['Relu_3', 'Relu', 'Relu_2', 'Relu_4', 'Relu_5']);
    expect(g.node('Relu', [x], {}, 'Relu_3')).toBe('Relu_3_2');
  });

  it('are found in time that grows with their number and not with its square', async () => {
    const repeated = (count: number) => {
      const g = new GraphBuilder('repeated');
      let last = g.input('x', [1]);
      for (let i = 0; i < count; i++) last = g.node('Relu', [last]);
      return last;
    };
    expect(repeated(3000)).toBe('Relu_3000');
    expect(await growth(3000, (count) => count, repeated)).toBeLessThan(steep);
  }, 60_000);
});

describe('constants of whole numbers', () => {
  it('end at the ends of int64: “to the end” stays so', () => {
    const bounds = [2 ** 63, -(2 ** 63), 2 ** 64, Number.MAX_SAFE_INTEGER, -1];
    const { data } = tensorOf('ends', bounds);
    expect([...new BigInt64Array(data.buffer)]).toEqual([
      2n ** 63n - 1n,
      -(2n ** 63n),
      2n ** 63n - 1n,
      2n ** 53n - 1n,
      -1n,
    ]);
    expect(integersOf(tensorOf('one', [2 ** 63]))![0]).toBeGreaterThan(0);
  });
});
