import { describe, expect, it } from 'vitest';
import { tensorOf } from '../../../src/onnx/build.ts';
import type { Tensor } from '../../../src/onnx/model.ts';
import { type Random, seededRandom } from '../../../src/random.ts';
import { arithmetic } from '../../../src/training/gradients/arithmetic.ts';
import {
  awayFrom,
  computed,
  expectClose,
  expectGradients,
  operatorModel,
  randomTensor,
} from '../../helpers/operator-model.ts';

/** Shapes that are broadcast against each other in every way: not at all, a scalar, lower rank, ones on either side. */
const pairs: [number[], number[]][] = [
  [
    [3, 4],
    [3, 4],
  ],
  [[2, 3, 4], []],
  [[], [3]],
  [[2, 3, 4], [4]],
  [
    [3, 1],
    [2, 1, 5],
  ],
  [
    [2, 3, 4, 5],
    [3, 1, 1],
  ],
  [
    [1, 3, 1, 2],
    [4, 1, 2, 2],
  ],
  [[1], [1, 1]],
];

const signed = (x: number) => Math.sign(x) * (0.4 + Math.abs(x));
const positive = (x: number) => 0.3 + Math.abs(x);

/** What brings numbers into the domain of each operand. */
const domains: Record<string, [(x: number) => number, (x: number) => number]> = {
  Add: [(x) => x, (x) => x],
  Sub: [(x) => x, (x) => x],
  Mul: [(x) => x, (x) => x],
  Div: [(x) => x, signed],
  Pow: [positive, (x) => x],
};
const variadic = ['Max', 'Min', 'Sum', 'Mean'];

/** Numbers that differ by at least 0.4 from all of another list, element by element, however they are broadcast. */
function apart(shapes: readonly number[][], random: Random): Tensor[] {
  return shapes.map((shape, i) =>
    randomTensor(`x${i}`, shape, random, (x) => Math.round(x * 2) * 0.5 * shapes.length + 0.5 * i),
  );
}

describe('gradients of arithmetic', () => {
  it('have a case for every operator of the family', () => {
    const covered = new Set([...Object.keys(domains), ...variadic, 'Where']);
    expect(Object.keys(arithmetic).filter((name) => !covered.has(name))).toEqual([]);
  });

  for (const [op, [left, right]] of Object.entries(domains))
    it(`agree with differences however operands are broadcast: ${op}`, async () => {
      for (const [seed, [a, b]] of pairs.entries()) {
        const random = seededRandom(seed, op);
        const inputs = [randomTensor('a', a, random, left), randomTensor('b', b, random, right)];
        await expectGradients(operatorModel({ op, inputs }), { seed });
      }
    });

  for (const op of variadic)
    it(`agree for one, two and three operands: ${op}`, async () => {
      for (const [seed, [a, b]] of pairs.entries())
        for (const shapes of [[a], [a, b], [b, a, b]]) {
          const model = operatorModel({ op, inputs: apart(shapes, seededRandom(seed, op)) });
          await expectGradients(model, { seed });
          const { outputs, expected } = await computed(model);
          expectClose(outputs[0]!, expected[0]!, 1e-6);
        }
    });

  it('agree for constant operands', async () => {
    const random = seededRandom(2, 'constant');
    for (const op of Object.keys(domains))
      for (const fixed of [0, 1]) {
        const inputs = ['a', 'b'].map((name, i) =>
          randomTensor(i === fixed ? `fixed ${name}` : name, i === 0 ? [3, 4] : [4], random, domains[op]![i]!),
        );
        await expectGradients(operatorModel({ op, inputs }));
      }
  });

  it.each([0.5, -1, 1, 2, 3, -0.5, 2.7])('agree for the constant power %d', async (power) => {
    const random = seededRandom(4, 'power');
    const whole = Number.isInteger(power);
    const x = randomTensor('x', [3, 5], random, whole ? signed : positive);
    await expectGradients(operatorModel({ op: 'Pow', inputs: [x, tensorOf('fixed', Float32Array.of(power), [])] }));
    if (whole) await expectGradients(operatorModel({ op: 'Pow', inputs: [x, tensorOf('n', [power], [1])] }));
  });

  it('agree for constant powers that differ', async () => {
    const random = seededRandom(4, 'powers');
    const x = randomTensor('x', [3, 2], random, positive);
    await expectGradients(operatorModel({ op: 'Pow', inputs: [x, tensorOf('n', [3, 2])] }));
    await expectGradients(operatorModel({ op: 'Pow', inputs: [x, tensorOf('fixed', Float32Array.of(0, -1.5))] }));
  });

  it('are zero for the power 0, and finite for bases and powers of 0', async () => {
    const x = tensorOf('x', Float32Array.of(0, 2, -3, 0));
    const zeroth = await computed(operatorModel({ op: 'Pow', inputs: [x, tensorOf('fixed', Float32Array.of(0))] }));
    expect(zeroth.gradients.size).toBe(0);
    const powers = tensorOf('p', Float32Array.of(2, 0, 2, 0));
    const { gradients } = await computed(operatorModel({ op: 'Pow', inputs: [x, powers] }), {
      cotangent: [1, 1, 1, 1],
    });
    expect([...gradients.get('x')!]).toEqual([0, 0, -6, 0]);
    expectClose(gradients.get('p')!, Float32Array.of(0, Math.log(2), 0, 0), 1e-6);
  });

  it('go where the condition points', async () => {
    for (const [seed, [a, b]] of pairs.entries()) {
      const random = seededRandom(seed, 'where');
      const shape = a.length > b.length ? a : b;
      const size = shape.reduce((product, n) => product * n, 1);
      const data = Uint8Array.from({ length: size }, (_, i) => (i === 0 || random.next() < 0.5 ? 1 : 0));
      const condition: Tensor = { name: 'condition', type: 'bool', dims: shape, data };
      for (const names of [
        ['a', 'b'],
        ['a', 'fixed b'],
        ['fixed a', 'b'],
      ]) {
        const inputs = [condition, randomTensor(names[0]!, a, random), randomTensor(names[1]!, b, random)];
        if (names[1] === 'b' && data.every((bit) => bit === 1) && names[0] !== 'a') continue;
        await expectGradients(operatorModel({ op: 'Where', inputs }), { seed });
      }
    }
  });

  it('are shared by operands that tie', async () => {
    const at = async (op: string, ...values: number[][]) => {
      const inputs = values.map((numbers, i) => tensorOf(`x${i}`, Float32Array.from(numbers)));
      const { gradients } = await computed(operatorModel({ op, inputs }), { cotangent: values[0]!.map(() => 6) });
      return [...gradients.values()].map((gradient) => [...gradient]);
    };
    expect(await at('Max', [1, 2, 3, 1e-20], [1, 3, 2, 0])).toEqual([
      [3, 0, 6, 6],
      [3, 6, 0, 0],
    ]);
    expect(await at('Min', [1, 2, 3], [1, 3, 2])).toEqual([
      [3, 6, 0],
      [3, 0, 6],
    ]);
    expect(await at('Max', [1, 2], [1, 2], [1, 0])).toEqual([
      [2, 3],
      [2, 3],
      [2, 0],
    ]);
  });

  it('add up for a tensor that is used twice', async () => {
    const x = randomTensor('x', [2, 3], seededRandom(1, 'twice'), awayFrom([0]));
    for (const op of ['Mul', 'Add', 'Mean'])
      await expectGradients(operatorModel({ op, inputs: [x, { ...x }].slice(0, 2) }));
  });
});
