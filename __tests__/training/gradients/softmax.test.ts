import { describe, expect, it } from 'vitest';
import { tensorOf } from '../../../src/onnx/build.ts';
import { seededRandom } from '../../../src/random.ts';
import { softmax } from '../../../src/training/gradients/softmax.ts';
import { computed, expectGradients, operatorModel, randomTensor } from '../../helpers/operator-model.ts';

const operators = ['Softmax', 'LogSoftmax'];

describe('gradients of softmax', () => {
  it('have a case for every operator of the family', () => {
    expect(Object.keys(softmax).sort()).toEqual([...operators].sort());
  });

  for (const op of operators) {
    it(`agree with differences along every axis: ${op}`, async () => {
      for (const shape of [[6], [3, 4], [2, 3, 4], [2, 3, 2, 2]])
        for (let axis = -1; axis < shape.length; axis++) {
          const x = randomTensor('x', shape, seededRandom(axis, op));
          await expectGradients(operatorModel({ op, inputs: [x], attributes: { axis } }), { seed: axis + 2 });
        }
    });

    it(`agree where all axes from one on are taken together, as before opset 13: ${op}`, async () => {
      const x = randomTensor('x', [2, 3, 4], seededRandom(1, op));
      for (const attributes of [{}, { axis: 2 }, { axis: 0 }])
        await expectGradients(operatorModel({ op, inputs: [x], attributes, opset: 11 }));
    });

    it(`do not overflow: ${op}`, async () => {
      const x = tensorOf('x', Float32Array.of(1e4, -1e4, 1e4), [1, 3]);
      const { gradients } = await computed(operatorModel({ op, inputs: [x] }), { cotangent: [1, 0, 0] });
      expect([...gradients.get('x')!]).toEqual(op === 'Softmax' ? [0.25, 0, -0.25] : [0.5, 0, -0.5]);
    });
  }
});
