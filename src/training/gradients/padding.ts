import { type BackwardStep, type Operator, type Step, stringAttribute } from '../operator.ts';
import { axisOf, range } from '../shape.ts';
import type { Value } from '../value.ts';
import { fixedInput } from './fixed-input.ts';
import { addedAt } from './placing.ts';

/** Pad: with a value of its own, or with what lies near the edge. Negative pads cut off. */
export const padding: Operator = {
  backward: (step) => (stringAttribute(step.node, 'mode', 'constant') === 'constant' ? framed(step) : [copied(step)]),
};

/** By axis. */
function padsOf(step: Step): { before: number[]; after: number[] } {
  const { shape } = step.inputs[0]!;
  const pads = fixedInput(step, 1, 'pads');
  const axes = step.inputs[3] ? fixedInput(step, 3, 'axes') : range(shape.length);
  const before = shape.map(() => 0);
  const after = shape.map(() => 0);
  axes.forEach((given, i) => {
    const axis = axisOf(given, shape.length);
    before[axis] = pads[i]!;
    after[axis] = pads[i + axes.length]!;
  });
  return { before, after };
}

function framed(step: BackwardStep): (Value | undefined)[] {
  const { inputs, grads, wants, ops } = step;
  const { before, after } = padsOf(step);
  const dy = grads[0]!;
  const inside = ops.pad(
    dy,
    before.map((size) => -size),
    after.map((size) => -size),
  );
  if (!wants[2]) return [inside];
  const total = (value: Value) => ops.reduce('ReduceSum', value, range(value.shape.length));
  const frame = ops.sub(total(dy), total(inside));
  return [inside, undefined, ops.reshape(frame, inputs[2]!.shape)];
}

/** The frame repeats elements of the input: it is Gather along each axis. */
function copied(step: BackwardStep): Value {
  const { node, inputs, grads, ops } = step;
  const { before, after } = padsOf(step);
  const isReflected = stringAttribute(node, 'mode', 'constant') === 'reflect';
  return inputs[0]!.shape.reduce((dy, size, axis) => {
    if (before[axis] === 0 && after[axis] === 0) return dy;
    const places = range(dy.shape[axis]!).map((i) =>
      isReflected ? reflected(i - before[axis]!, size) : Math.min(Math.max(i - before[axis]!, 0), size - 1),
    );
    return addedAt(ops, dy, places, axis, size);
  }, grads[0]!);
}

/** The place that a mirror at the first and at the last element shows; these are not repeated. */
function reflected(place: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const within = ((place % period) + period) % period;
  return within < size ? within : period - within;
}
