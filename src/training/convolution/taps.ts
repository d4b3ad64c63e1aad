import { elements } from '../../onnx/model.ts';
import type { Ops } from '../ops.ts';
import { range } from '../shape.ts';
import type { Value } from '../value.ts';
import { type ConvolutionShape, positions } from './shape.ts';

/** Offsets of the kernel's positions, in the order in which it lies. */
export function tapsOf({ kernel }: Pick<ConvolutionShape, 'kernel'>): number[][] {
  return kernel.reduce<number[][]>(
    (taps, size) => taps.flatMap((tap) => range(size).map((offset) => [...tap, offset])),
    [[]],
  );
}

/**
 * [taps, pixels · positions], or turned [taps, positions · pixels]: 1 where a kernel position takes a pixel to a result, of a
 * convolution over two axes.
 */
export function tapMask(ops: Ops, shape: ConvolutionShape, { turned }: { turned: boolean } = { turned: false }): Value {
  const { input, kernel } = shape;
  const results = positions(shape);
  const pixels = elements(input);
  return ops.shared(`taps ${nameOf(shape)}${turned ? ' turned' : ''}`, () => {
    const numbers = new Float32Array(elements(kernel) * pixels * results);
    tapsOf(shape).forEach((tap, i) => {
      const start = i * pixels * results;
      for (const { pixel, position } of pairsOf(shape, tap))
        numbers[start + (turned ? position * pixels + pixel : pixel * results + position)] = 1;
    });
    return ops.constant(numbers, [elements(kernel), pixels * results], 'taps');
  });
}

/** The positions whose window holds a pixel, and no pad, at that kernel position. */
export function pairsOf(
  { input, strides, dilations, before, output }: ConvolutionShape,
  tap: readonly number[],
): { pixel: number; position: number }[] {
  const [rows, columns] = [0, 1].map((axis) =>
    range(output[axis]!).flatMap((position) => {
      const pixel = position * strides[axis]! + tap[axis]! * dilations[axis]! - before[axis]!;
      return pixel >= 0 && pixel < input[axis]! ? [{ pixel, position }] : [];
    }),
  ) as [{ pixel: number; position: number }[], { pixel: number; position: number }[]];
  return rows.flatMap((row) =>
    columns.map((column) => ({
      pixel: row.pixel * input[1]! + column.pixel,
      position: row.position * output[1]! + column.position,
    })),
  );
}

/** What sets the geometry of a convolution apart from others'. */
export function nameOf({ input, kernel, strides, dilations, before, output }: ConvolutionShape): string {
  return [input, kernel, strides, dilations, before, output].map((list) => list.join('x')).join(' ');
}

/** A kernel [O, C, …] as [positions, O, C]. */
export function positionsFirst(ops: Ops, w: Value): Value {
  const [outputs, channels, ...kernel] = w.shape as [number, number, ...number[]];
  return ops.transpose(ops.reshape(w, [outputs, channels, elements(kernel)]), [2, 0, 1]);
}

/** The matrix [O, C] of each position of a kernel [O, C, …]. */
export function matricesOf(ops: Ops, w: Value): Value[] {
  const [outputs, channels, ...kernel] = w.shape as [number, number, ...number[]];
  const count = elements(kernel);
  const together = ops.reshape(positionsFirst(ops, w), [count * outputs, channels]);
  return ops.split(together, 0, new Array(count).fill(outputs));
}

/** Likewise, each made when it is read. */
export function matricesOneByOne(ops: Ops, w: Value): Value[] {
  const [outputs, channels, ...kernel] = w.shape as [number, number, ...number[]];
  const count = elements(kernel);
  if (count === 1) return matricesOf(ops, w);
  const together = ops.reshape(positionsFirst(ops, w), [count * outputs, channels]);
  return range(count).map((position) => ops.slice(together, 0, position * outputs, (position + 1) * outputs));
}

/** The kernel of that shape, [O, C, …], of which `matrices` holds [O, C] of each position, one after the other. */
export function fromPositions(ops: Ops, matrices: Value, shape: readonly number[]): Value {
  const [outputs, channels, ...kernel] = shape as [number, number, ...number[]];
  const together = ops.reshape(matrices, [elements(kernel), outputs, channels]);
  return ops.reshape(ops.transpose(together, [1, 2, 0]), shape);
}
