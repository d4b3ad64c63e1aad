import { describe, expect, it } from 'vitest';
import { awaitedLbfgs, lbfgs, type Objective } from '../../../src/probe/linear/lbfgs.ts';

/** Minimum 0 at (1, 1), at the end of a curved valley (Rosenbrock 1960). */
const rosenbrock: Objective = {
  evaluate(at, gradient) {
    const [x, y] = [at[0]!, at[1]!];
    gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
    gradient[1] = 200 * (y - x * x);
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
  },
};

const scales = Float64Array.from({ length: 20 }, (_, i) => 10 ** (i / 6));
/** ½ Σ scale · (x − 1)² + 1: condition number 1,500. */
const bowl: Objective = {
  evaluate(at, gradient) {
    let value = 1;
    scales.forEach((scale, i) => {
      gradient[i] = scale * (at[i]! - 1);
      value += (scale * (at[i]! - 1) ** 2) / 2;
    });
    return value;
  },
};

describe('L-BFGS', () => {
  it('finds the end of Rosenbrock’s valley', () => {
    const found = lbfgs(rosenbrock, Float64Array.of(-1.2, 1), { tolerance: 1e-12, maxIterations: 200 });
    expect(found.converged).toBe(true);
    expect(found.position[0]).toBeCloseTo(1, 6);
    expect(found.position[1]).toBeCloseTo(1, 6);
  });

  it('finds the same minimum of an ill-conditioned bowl with and without a preconditioner, and faster with', () => {
    const options = { tolerance: 1e-11, maxIterations: 1000 };
    const plain = lbfgs(bowl, new Float64Array(20), options);
    const precondition = (gradient: Float64Array, out: Float64Array) =>
      gradient.forEach((g, i) => {
        out[i] = g / scales[i]!;
      });
    const quick = lbfgs({ ...bowl, precondition }, new Float64Array(20), options);
    expect(plain.converged && quick.converged).toBe(true);
    expect(plain.value).toBeCloseTo(1, 8);
    expect(quick.value).toBeCloseTo(1, 10);
    expect(quick.iterations).toBe(1);
    expect(plain.iterations).toBeGreaterThan(5);
  });

  it('rescales a first guess of the wrong size where it is told to', () => {
    const options = { tolerance: 1e-11, maxIterations: 1000 };
    // The right proportions but for one in two, and far too careful.
    const precondition = (gradient: Float64Array, out: Float64Array) =>
      gradient.forEach((g, i) => {
        out[i] = g / scales[i]! / (i % 2 ? 1000 : 1500);
      });
    const asItIs = lbfgs({ ...bowl, precondition }, new Float64Array(20), options);
    const rescaled = lbfgs({ ...bowl, precondition, rescaled: true }, new Float64Array(20), options);
    expect(rescaled.converged).toBe(true);
    expect(rescaled.value).toBeCloseTo(1, 10);
    expect(rescaled.iterations).toBeLessThan(10);
    expect(rescaled.iterations).toBeLessThanOrEqual(asItIs.iterations);
  });

  it('takes the same steps to the bit when numbers are waited for', async () => {
    const options = { tolerance: 1e-12, maxIterations: 200 };
    const precondition = (gradient: Float64Array, out: Float64Array) => out.set(gradient.map((g) => g / 100));
    for (const rescaled of [false, true])
      expect(
        await awaitedLbfgs(
          {
            rescaled,
            evaluate: async (at, gradient) => rosenbrock.evaluate(at, gradient),
            precondition: async (gradient, out) => precondition(gradient, out),
          },
          Float64Array.of(-1.2, 1),
          options,
        ),
      ).toEqual(lbfgs({ ...rosenbrock, precondition, rescaled }, Float64Array.of(-1.2, 1), options));
  });

  it('says so when it stopped at its limit', () => {
    const found = lbfgs(rosenbrock, Float64Array.of(-1.2, 1), { tolerance: 1e-12, maxIterations: 5 });
    expect(found).toMatchObject({ converged: false, iterations: 5 });
    expect(found.value).toBeGreaterThan(0.01);
  });

  it('says so when the gradient is wrong and no step helps', () => {
    const uphill: Objective = {
      evaluate(at, gradient) {
        gradient[0] = -2 * at[0]!;
        return at[0]! ** 2;
      },
    };
    expect(lbfgs(uphill, Float64Array.of(1), { tolerance: 1e-9, maxIterations: 50 }).converged).toBe(false);
  });

  it('does not move from a minimum', () => {
    const found = lbfgs(bowl, new Float64Array(20).fill(1), { tolerance: 1e-12, maxIterations: 10 });
    expect(found).toMatchObject({ converged: true, iterations: 0, value: 1 });
  });

  it('leaves its start as it was', () => {
    const start = new Float64Array(20);
    lbfgs(bowl, start, { tolerance: 1e-12, maxIterations: 10 });
    expect(start.every((x) => x === 0)).toBe(true);
  });
});
