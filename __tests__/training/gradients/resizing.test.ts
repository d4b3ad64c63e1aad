import { describe, expect, it } from 'vitest';
import { type AttributeValue, tensorOf } from '../../../src/onnx/build.ts';
import { seededRandom } from '../../../src/random.ts';
import { resizing } from '../../../src/training/gradients/resizing.ts';
import {
  computed,
  expectGradients,
  type OperatorCase,
  operatorModel,
  randomTensor,
} from '../../helpers/operator-model.ts';

const x = (...shape: number[]) => randomTensor('x', shape, seededRandom(9, shape.join()));

interface Resizing {
  shape: number[];
  scales?: number[];
  sizes?: number[];
  roi?: number[];
  opset?: number;
}

function resize(
  { shape, scales, sizes, roi, opset = 18 }: Resizing,
  attributes: Record<string, AttributeValue>,
): OperatorCase {
  const inputs = [
    x(...shape),
    tensorOf('fixed region', Float32Array.from(roi ?? [])),
    // Before opset 13 the scales had to be there, if empty.
    scales || opset < 13 ? tensorOf('fixed scales', Float32Array.from(scales ?? [])) : undefined,
    sizes && tensorOf('sizes', sizes),
  ];
  return { op: 'Resize', inputs, attributes, opset };
}

const coordinates = ['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric'];
const roundings = ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'];
/** Up and down, by whole factors and by others, with scales that do not come out whole. */
const sizes: Resizing[] = [
  { shape: [2, 3, 3, 4], scales: [1, 1, 2, 3] },
  { shape: [1, 2, 5, 3], scales: [1, 1, 1.7, 2.4] },
  { shape: [1, 2, 8, 6], scales: [1, 1, 0.5, 0.4] },
  { shape: [2, 1, 5, 4], sizes: [2, 1, 7, 4] },
  { shape: [1, 2, 6, 5], sizes: [1, 2, 3, 9] },
  { shape: [1, 1, 4, 3], sizes: [1, 1, 1, 6] },
];

const shuffles: OperatorCase[] = [
  ...[11, 13].flatMap((opset): OperatorCase[] => [
    { op: 'DepthToSpace', inputs: [x(2, 12, 2, 3)], attributes: { blocksize: 2, mode: 'DCR' }, opset },
    { op: 'DepthToSpace', inputs: [x(2, 12, 2, 3)], attributes: { blocksize: 2, mode: 'CRD' }, opset },
    { op: 'SpaceToDepth', inputs: [x(2, 3, 6, 9)], attributes: { blocksize: 3 }, opset },
  ]),
  { op: 'DepthToSpace', inputs: [x(1, 18, 3, 2)], attributes: { blocksize: 3 } },
];

describe('gradients of resizing', () => {
  it('have a case for every operator of the family', () => {
    const covered = new Set(['Resize', ...shuffles.map(({ op }) => op)]);
    expect(Object.keys(resizing).filter((name) => !covered.has(name))).toEqual([]);
  });

  it.each(['DepthToSpace', 'SpaceToDepth'])('agree with differences: %s', async (op) => {
    for (const own of shuffles.filter((other) => other.op === op)) await expectGradients(operatorModel(own));
  });

  for (const mode of coordinates)
    it.each(roundings)(`agree with differences: nearest, ${mode}, %s`, async (rounding) => {
      for (const size of sizes)
        for (const opset of [11, 18]) {
          const attributes = { mode: 'nearest', coordinate_transformation_mode: mode, nearest_mode: rounding };
          await expectGradients(operatorModel(resize({ ...size, opset }, attributes)));
        }
    });

  it('agree with the half pixels that TensorFlow had, which the runtime warns of', async () => {
    const attributes = {
      mode: 'nearest',
      coordinate_transformation_mode: 'tf_half_pixel_for_nn',
      nearest_mode: 'floor',
    };
    for (const size of sizes.slice(0, 2))
      await expectGradients(operatorModel(resize({ ...size, opset: 11 }, attributes)));
  });

  for (const mode of ['linear', 'cubic'])
    it.each(coordinates)(`agree with differences: ${mode}, %s`, async (transformation) => {
      for (const size of sizes)
        for (const opset of [11, 13, 18]) {
          const attributes = { mode, coordinate_transformation_mode: transformation };
          await expectGradients(operatorModel(resize({ ...size, opset }, attributes)));
        }
    });

  it('agree with antialiasing and with other cubic weights', async () => {
    for (const size of sizes)
      for (const transformation of coordinates) {
        const own = { coordinate_transformation_mode: transformation };
        await expectGradients(operatorModel(resize(size, { ...own, mode: 'linear', antialias: 1 })));
        await expectGradients(operatorModel(resize(size, { ...own, mode: 'cubic', antialias: 1 })));
        const weights = { exclude_outside: 1, cubic_coeff_a: { float: -0.5 } };
        await expectGradients(operatorModel(resize(size, { ...own, ...weights, mode: 'cubic' })));
      }
  });

  it('agree where a region is cropped, outside of the image too', async () => {
    const attributes = { coordinate_transformation_mode: 'tf_crop_and_resize', extrapolation_value: { float: 3 } };
    const whole = [0, 0, 1, 1];
    for (const [from, to] of [
      [
        [0.2, 0.1],
        [0.9, 0.7],
      ],
      [
        [-0.3, 0],
        [0.8, 1.4],
      ],
    ] as const)
      for (const mode of ['nearest', 'linear', 'cubic'])
        for (const opset of [11, 18]) {
          const roi = [...whole.slice(0, 2), ...from, ...whole.slice(2), ...to];
          const size = { shape: [1, 2, 5, 6], sizes: [1, 2, 4, 8], roi, opset };
          await expectGradients(operatorModel(resize(size, { ...attributes, mode })));
        }
  });

  it('agree where axes are named', async () => {
    const size = { shape: [2, 3, 4, 3], scales: [2, 1.5], opset: 18 };
    for (const mode of ['nearest', 'linear'])
      await expectGradients(operatorModel(resize(size, { mode, axes: [-1, 2] })));
    const crop = { shape: [2, 3, 4, 3], sizes: [5, 6], roi: [0.1, 0.2, 0.9, 0.8] };
    const cropped = { mode: 'linear', coordinate_transformation_mode: 'tf_crop_and_resize', axes: [3, 2] };
    await expectGradients(operatorModel(resize(crop, cropped)));
  });

  it('agree for rows, volumes and maps with their channels last', async () => {
    for (const mode of ['nearest', 'linear']) {
      await expectGradients(operatorModel(resize({ shape: [2, 3, 5], scales: [1, 1, 2] }, { mode })));
      await expectGradients(operatorModel(resize({ shape: [1, 2, 3, 2, 3], sizes: [1, 2, 6, 4, 5] }, { mode })));
      await expectGradients(operatorModel(resize({ shape: [2, 3, 4, 2], scales: [1, 2, 2, 1] }, { mode })));
    }
  });

  it('agree for maps too large for one matrix', async () => {
    for (const mode of ['nearest', 'linear']) {
      const size = { shape: [1, 2, 12, 14], sizes: [1, 2, 30, 21] };
      await expectGradients(operatorModel(resize(size, { mode })));
    }
  });

  it('agree as Resize was in opset 10, and Upsample before', async () => {
    for (const mode of ['nearest', 'linear'])
      for (const scales of [
        [1, 1, 2, 3],
        [1, 1, 1.7, 2.4],
      ]) {
        const inputs = [x(1, 2, 4, 5), tensorOf('fixed scales', Float32Array.from(scales))];
        await expectGradients(operatorModel({ op: 'Upsample', inputs, attributes: { mode }, opset: 9 }));
        await expectGradients(operatorModel({ op: 'Resize', inputs, attributes: { mode }, opset: 10 }));
      }
  });

  it('are sums over blocks where each pixel becomes a block', async () => {
    const model = operatorModel(resize({ shape: [1, 1, 1, 2], scales: [1, 1, 2, 2] }, { mode: 'nearest' }));
    const { gradients } = await computed(model, { cotangent: [1, 2, 10, 20, 3, 4, 30, 40] });
    expect([...gradients.get('x')!]).toEqual([10, 100]);
  });

  it('refuse sizes that only bound the result', async () => {
    const size = { shape: [1, 1, 4, 6], sizes: [1, 1, 5, 5] };
    const attributes = { mode: 'linear', keep_aspect_ratio_policy: 'not_larger', axes: [2, 3] };
    const model = operatorModel(resize({ ...size, sizes: [5, 5] }, attributes));
    await expect(expectGradients(model)).rejects.toMatchObject({
      code: 'model-unsupported',
      message: expect.stringContaining('not_larger'),
    });
  });
});
