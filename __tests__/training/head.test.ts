import { describe, expect, it } from 'vitest';
import { emitHead, headParameters, standardisationOf } from '../../src/training/head.ts';
import { compiled, deviation, randomNumbers } from '../helpers/training.ts';

const [images, dimension, outputs] = [5, 4, 3];
const shapes = {
  features: [images, dimension],
  mean: [1, dimension],
  scale: [1, dimension],
  kernel: [dimension, outputs],
  bias: [outputs],
  gradient: [images, outputs],
};
type Name = keyof typeof shapes;
const given = Object.fromEntries(
  Object.entries(shapes).map(([name, shape]) => [name, randomNumbers(shape, 'head', name).data]),
) as Record<Name, Float32Array>;

/** ⟨gradient, logits⟩ in float64. */
function scalar(values: Record<Name, ArrayLike<number>>): number {
  let sum = 0;
  for (let n = 0; n < images; n++)
    for (let k = 0; k < outputs; k++) {
      let logit = values.bias[k]!;
      for (let d = 0; d < dimension; d++)
        logit +=
          (values.features[n * dimension + d]! - values.mean[d]!) * values.scale[d]! * values.kernel[d * outputs + k]!;
      sum += values.gradient[n * outputs + k]! * logit;
    }
  return sum;
}

describe('the head', () => {
  it('has the logits and the gradients of a linear layer on standardised features', async () => {
    const graph = await compiled(shapes, (ops, { features, mean, scale, kernel, bias, gradient }) => {
      const head = emitHead(ops, features, { mean, scale }, { kernel, bias });
      return { logits: head.logits, ...head.backward(gradient) };
    });
    const found = await graph.run(given);
    await graph.close();
    let total = 0;
    found.logits.forEach((logit, i) => {
      total += logit * given.gradient[i]!;
    });
    expect(total).toBeCloseTo(scalar(given), 4);
    for (const name of ['features', 'kernel', 'bias'] as const) {
      const slopes = Array.from(given[name], (_, i) => {
        const moved = (step: number) => Float64Array.from(given[name], (x, j) => (i === j ? x + step : x));
        // Linear in each: a difference of any size is exact.
        return (scalar({ ...given, [name]: moved(1) }) - scalar({ ...given, [name]: moved(-1) })) / 2;
      });
      expect(deviation(found[name], slopes)).toBeLessThan(1e-5);
    }
  });

  it('lets the kernel decay and the bias be, both at its own rate', () => {
    expect(headParameters(4, 3, 10)).toMatchObject([
      { shape: [4, 3], decays: true, rate: 10 },
      { shape: [3], decays: false, rate: 10 },
    ]);
  });
});

describe('standardising features', () => {
  it('brings each to mean 0 and variance 1', () => {
    const { data } = randomNumbers([50, 3], 'features');
    const features = data.map((x, i) => [1000, 0, -5][i % 3]! + [2, 1, 0.5][i % 3]! * x);
    const { mean, scale } = standardisationOf(features, 3);
    for (let d = 0; d < 3; d++) {
      const own = Array.from({ length: 50 }, (_, i) => (features[3 * i + d]! - mean[d]!) * scale[d]!);
      expect(own.reduce((a, b) => a + b) / 50).toBeCloseTo(0, 3);
      expect(own.reduce((a, b) => a + b * b, 0) / 50).toBeCloseTo(1, 3);
    }
  });

  it('takes one that hardly varies, or not at all, to vary a tenth of what is usual', () => {
    // Deviations 4, 3, 0.001 and 0: 2.5 as root mean square.
    const features = Float32Array.from([4, 0, 9, 7, -4, 0, 9, 7, 4, 6, 9.002, 7, -4, 6, 9.002, 7]);
    const { scale } = standardisationOf(features, 4);
    expect(deviation(scale, [1 / 4, 1 / 3, 1 / 0.25, 1 / 0.25])).toBeLessThan(1e-6);
  });

  it('makes the same of features that are a thousand times as large', () => {
    const { data } = randomNumbers([9, 4], 'sizes');
    const scaled = (factor: number) => {
      const features = data.map((x, i) => (i % 4 === 0 ? 0 : x * factor));
      const { mean, scale } = standardisationOf(features, 4);
      return features.map((x, i) => (x - mean[i % 4]!) * scale[i % 4]!);
    };
    expect(deviation(scaled(1000), scaled(1))).toBeLessThan(1e-5);
  });

  it('leaves the size alone where all are dead, but for rounding', () => {
    const features = Float32Array.from([0, 3, 1e6, 0, 3, 1e6 + 0.0625, 0, 3, 1e6]);
    expect([...standardisationOf(features, 3).scale]).toEqual([1, 1, 1]);
    expect([...standardisationOf(new Float32Array(6), 3).scale]).toEqual([1, 1, 1]);
  });

  it('refuses rows that are not whole, and none', () => {
    for (const length of [7, 0])
      expect(() => standardisationOf(new Float32Array(length), 3)).toThrow(
        expect.objectContaining({ code: 'shape-mismatch' }),
      );
  });
});
