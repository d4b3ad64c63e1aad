import { describe, expect, it } from 'vitest';
import { tensorOf } from '../../../src/onnx/build.ts';
import { seededRandom } from '../../../src/random.ts';
import { reductions } from '../../../src/training/gradients/reductions.ts';
import { awayFrom, computed, expectGradients, operatorModel, randomTensor } from '../../helpers/operator-model.ts';

const shapes: { shape: number[]; axes: number[] | undefined }[] = [
  { shape: [3, 4], axes: [1] },
  { shape: [2, 3, 4], axes: [0, -1] },
  { shape: [2, 3, 4, 2], axes: [2, 3] },
  { shape: [2, 3, 1], axes: [2] },
  { shape: [5], axes: [0] },
  { shape: [2, 3], axes: undefined },
];

const positive = (x: number) => 0.3 + Math.abs(x);
const domains: Record<string, (x: number) => number> = {
  ReduceSum: (x) => x,
  ReduceMean: (x) => x,
  ReduceL1: awayFrom([0]),
  ReduceL2: (x) => x,
  ReduceSumSquare: (x) => x,
  ReduceLogSum: positive,
  ReduceLogSumExp: (x) => x,
  ReduceProd: (x) => Math.sign(x) * (0.5 + 0.3 * Math.abs(x)),
};

/** All numbers from `from` in steps of 0.4, in random order: no two are near each other. */
function distinct(name: string, shape: readonly number[], seed: number) {
  const size = shape.reduce((product, n) => product * n, 1);
  const order = seededRandom(seed, 'distinct').shuffled(Array.from({ length: size }, (_, i) => 0.4 * i - 3));
  return tensorOf(name, Float32Array.from(order), shape);
}

describe('gradients of reductions', () => {
  it('have a case for every operator of the family', () => {
    const covered = new Set([...Object.keys(domains), 'ReduceMax', 'ReduceMin', 'CumSum']);
    expect(Object.keys(reductions).filter((name) => !covered.has(name))).toEqual([]);
  });

  for (const op of [...Object.keys(domains), 'ReduceMax', 'ReduceMin'])
    it(`agree with differences along any axes: ${op}`, async () => {
      for (const [seed, { shape, axes }] of shapes.entries())
        for (const keepdims of [0, 1]) {
          const domain = domains[op];
          const x = domain ? randomTensor('x', shape, seededRandom(seed, op), domain) : distinct('x', shape, seed);
          const inputs = [x, axes && tensorOf('axes', axes)];
          await expectGradients(operatorModel({ op, inputs, attributes: { keepdims } }), { seed });
        }
    });

  it('agree where axes are an attribute, as before opset 13 and 18', async () => {
    const x = distinct('x', [2, 3, 4], 1);
    for (const op of ['ReduceSum', 'ReduceMean', 'ReduceMax'])
      await expectGradients(operatorModel({ op, inputs: [x], attributes: { axes: [1, -1], keepdims: 0 }, opset: 11 }));
  });

  it.each([...Object.keys(domains), 'ReduceMax', 'ReduceMin'])(
    'agree where nothing is to be reduced: %s',
    async (op) => {
      const x = randomTensor('x', [2, 3], seededRandom(2, op), domains[op] ?? ((x) => x));
      for (const axes of [undefined, tensorOf('axes', [])])
        await expectGradients(operatorModel({ op, inputs: [x, axes], attributes: { noop_with_empty_axes: 1 } }));
    },
  );

  it.each([
    { exclusive: 0, reverse: 0 },
    { exclusive: 1, reverse: 0 },
    { exclusive: 0, reverse: 1 },
    { exclusive: 1, reverse: 1 },
  ])('agree for running sums: %o', async (attributes) => {
    const x = randomTensor('x', [3, 4, 2], seededRandom(1, 'running'));
    for (const axis of [1, -1])
      await expectGradients(operatorModel({ op: 'CumSum', inputs: [x, tensorOf('axis', [axis], [])], attributes }));
  });

  it('are shared equally by those that tie', async () => {
    const x = tensorOf('x', Float32Array.of(2, 5, 5, 1, 1, 1), [2, 3]);
    const at = async (op: string) => {
      const model = operatorModel({ op, inputs: [x, tensorOf('axes', [1])] });
      return [...(await computed(model, { cotangent: [6, 6] })).gradients.get('x')!];
    };
    expect(await at('ReduceMax')).toEqual([0, 3, 3, 2, 2, 2]);
    expect(await at('ReduceMin')).toEqual([6, 0, 0, 2, 2, 2]);
  });

  it('are right for products with no, one and two zeros', async () => {
    const x = tensorOf('x', Float32Array.of(2, 3, 4, 2, 0, 4, 0, 3, 0), [3, 3]);
    const model = operatorModel({ op: 'ReduceProd', inputs: [x, tensorOf('axes', [1])] });
    const { gradients } = await computed(model, { cotangent: [1, 1, 1] });
    expect([...gradients.get('x')!]).toEqual([12, 8, 6, 0, 8, 0, 0, 0, 0]);
  });

  it('are 0 at the length of a vector of zeros', async () => {
    const x = tensorOf('x', Float32Array.of(0, 0, 3, 4), [2, 2]);
    const model = operatorModel({ op: 'ReduceL2', inputs: [x, tensorOf('axes', [1])] });
    const found = [...(await computed(model, { cotangent: [5, 5] })).gradients.get('x')!];
    expect(found).toEqual([0, 0, 3, 4]);
  });
});
