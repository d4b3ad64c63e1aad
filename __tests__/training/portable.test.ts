import { describe, expect, it } from 'vitest';
import { differentiable } from '../../src/training/gradients/index.ts';
import { everyOperator, operatorOfCase } from '../helpers/every-operator.ts';
import { computed, expectClose, expectGradients } from '../helpers/operator-model.ts';

const cases = everyOperator();

describe('in the form for every device', () => {
  it('every operator that has a gradient rule is tried', () => {
    const covered = new Set(cases.map(operatorOfCase));
    expect(differentiable.filter((name) => !covered.has(name))).toEqual([]);
  });

  it.each(cases)('gradients agree with differences and results with the network: $name', async ({ model }) => {
    await expectGradients(model, { portable: true });
    const { outputs, expected } = await computed(model, { portable: true });
    outputs.forEach((output, i) => {
      expectClose(output, expected[i]!, 2e-6);
    });
  });
});
