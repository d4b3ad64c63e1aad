import { describe, expect, it } from 'vitest';
import { tensorOf } from '../../../src/onnx/build.ts';
import { seededRandom } from '../../../src/random.ts';
import { reshaping } from '../../../src/training/gradients/reshaping.ts';
import { expectGradients, type OperatorCase, operatorModel, randomTensor } from '../../helpers/operator-model.ts';

const x = (...shape: number[]) => randomTensor('x', shape, seededRandom(3, shape.join()));
const ints = (name: string, values: number[]) => tensorOf(name, values);

const cases: OperatorCase[] = [
  { op: 'Reshape', inputs: [x(2, 3, 4), ints('shape', [4, -1])] },
  { op: 'Reshape', inputs: [x(2, 3, 4), ints('shape', [0, 2, -1, 1])], opset: 9 },
  { op: 'Flatten', inputs: [x(2, 3, 4)], attributes: { axis: 2 } },
  { op: 'Flatten', inputs: [x(2, 3, 4)], attributes: { axis: -2 }, opset: 11 },
  { op: 'Flatten', inputs: [x(2, 3, 4)], attributes: { axis: 0 }, opset: 21 },
  { op: 'Squeeze', inputs: [x(1, 3, 1, 4)], attributes: { axes: [0, -2] }, opset: 11 },
  { op: 'Squeeze', inputs: [x(1, 3, 1, 4), ints('axes', [2])], opset: 13 },
  { op: 'Squeeze', inputs: [x(1, 3, 1, 4)] },
  { op: 'Unsqueeze', inputs: [x(3, 4)], attributes: { axes: [0, 3] }, opset: 11 },
  { op: 'Unsqueeze', inputs: [x(3, 4), ints('axes', [-1, 1])], opset: 13 },
  { op: 'Transpose', inputs: [x(2, 3, 4)] },
  { op: 'Transpose', inputs: [x(2, 3, 4, 5)], attributes: { perm: [2, 0, 3, 1] } },
  { op: 'Transpose', inputs: [x(2, 1, 4)], attributes: { perm: [1, 0, 2] }, opset: 11 },
  { op: 'Expand', inputs: [x(1, 3, 1), ints('shape', [2, 1, 4])] },
  { op: 'Expand', inputs: [x(3, 1), ints('shape', [2, 2, 3, 4])], opset: 11 },
  { op: 'Expand', inputs: [x(2, 3), ints('shape', [1, 1])] },
  { op: 'Tile', inputs: [x(2, 3), ints('repeats', [3, 2])] },
  { op: 'Tile', inputs: [x(2, 1, 3), ints('repeats', [1, 4, 2])], opset: 11 },
  { op: 'Tile', inputs: [x(2, 3), ints('repeats', [1, 1])] },
];

describe('gradients of reshaping', () => {
  it('have a case for every operator of the family', () => {
    const covered = new Set(cases.map(({ op }) => op));
    expect(Object.keys(reshaping).filter((name) => !covered.has(name))).toEqual([]);
  });

  it.each(Object.keys(reshaping))('agree with differences: %s', async (op) => {
    for (const own of cases.filter((other) => other.op === op)) await expectGradients(operatorModel(own));
  });
});
