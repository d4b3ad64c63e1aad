import { TransferEvidenceError } from '../../errors.ts';
import { describe } from '../../onnx/check.ts';
import { elements } from '../../onnx/model.ts';
import { type BackwardStep, type Family, intAttribute, type Step, stringAttribute } from '../operator.ts';
import { axisOf, range } from '../shape.ts';
import type { Value } from '../value.ts';
import { fixedInput } from './fixed-input.ts';
import { padding } from './padding.ts';
import { addedAt, placed, type Stride } from './placing.ts';
import { rowsRead } from './rows-read.ts';

/** Operators that join, cut and read at places, and those that write at places. */
export const indexing: Family = {
  Concat: { backward: concat },
  Split: { forward: parts, backward: split },
  Slice: {
    forward: (step) => [sliced(step)],
    backward: (step) => [placed(step.ops, step.grads[0]!, stridesOf(step))],
  },
  Gather: { backward: gather },
  GatherElements: {
    backward: ({ node, inputs: [x, indices], grads: [dy], ops }) => {
      const { shape } = x!;
      const attributes = { axis: axisOf(intAttribute(node, 'axis', 0), shape.length), reduction: 'add' };
      return [ops.node('ScatterElements', [ops.zeros(shape), indices, dy], { shape }, attributes)];
    },
  },
  GatherND: {
    backward: (step) => {
      const { ops, inputs, grads } = step;
      const { count, size, indices } = rowsRead(step);
      const inner = elements(inputs[0]!.shape) / size;
      const rows = addedAt(ops, ops.reshape(grads[0]!, [count, inner]), indices, 0, size);
      return [ops.reshape(rows, inputs[0]!.shape)];
    },
  },
  ScatterElements: {
    backward: (step) =>
      written(step, 'ScatterElements', 'GatherElements', { axis: intAttribute(step.node, 'axis', 0) }),
  },
  ScatterND: { backward: (step) => written(step, 'ScatterND', 'GatherND', {}) },
  Pad: padding,
};

function concat({ node, inputs, grads: [dy], wants, ops }: BackwardStep): (Value | undefined)[] {
  const axis = axisOf(intAttribute(node, 'axis', 0), dy!.shape.length);
  const sizes = inputs.map((x) => x!.shape[axis]!);
  if (wants.filter(Boolean).length > 1) return ops.split(dy!, axis, sizes);
  const only = wants.indexOf(true);
  const start = sizes.slice(0, only).reduce((sum, size) => sum + size, 0);
  return sizes.map((size, i) => (i === only ? ops.slice(dy!, axis, start, start + size) : undefined));
}

/** Into the sizes that are given, or into equal parts of which the last is the smaller. */
function parts({ node, inputs: [x], made, numbers, ops }: Step): readonly Value[] {
  const axis = axisOf(intAttribute(node, 'axis', 0), x!.shape.length);
  const size = x!.shape[axis]!;
  const each = Math.ceil(size / made.length);
  return ops.split(x!, axis, numbers(1) ?? made.map((_, i) => Math.min(each, size - i * each)));
}

function split({ node, inputs: [x], made, grads, ops }: BackwardStep): Value[] {
  const axis = axisOf(intAttribute(node, 'axis', 0), x!.shape.length);
  const known = grads.flatMap((dy, i) => (dy ? [i] : []));
  if (known.length > 1)
    return [
      ops.concat(
        grads.map((dy, i) => dy ?? ops.zeros(made[i]!.shape)),
        axis,
      ),
    ];
  const only = known[0]!;
  const start = made.slice(0, only).reduce((sum, { shape }) => sum + shape[axis]!, 0);
  return [placed(ops, grads[only]!, [{ axis, start, step: 1, size: x!.shape[axis]! }])];
}

/** On graphics devices the runtime (1.30) starts at the wrong element where it steps back by more than one. */
function sliced(step: Step): Value {
  const { inputs, made, ops } = step;
  const steps = inputs[4] ? fixedInput(step, 4, 'steps') : [];
  if (!(ops.portable && steps.some((own) => own < -1))) return ops.node('Slice', inputs, made[0]!);
  return stridesOf(step).reduce((value, { axis, start, step: own }) => {
    const places = range(made[0]!.shape[axis]!).map((i) => start + i * own);
    return ops.gather(value, places, axis);
  }, inputs[0]!);
}

/** Starts count from the end when negative, and those beyond the axis are moved to its ends (ONNX Slice 13). */
function stridesOf(step: Step): Stride[] {
  const { shape } = step.inputs[0]!;
  const starts = fixedInput(step, 1, 'starts');
  const axes = step.inputs[3] ? fixedInput(step, 3, 'axes') : range(starts.length);
  const steps = step.inputs[4] ? fixedInput(step, 4, 'steps') : starts.map(() => 1);
  return axes.map((given, i) => {
    const axis = axisOf(given, shape.length);
    const size = shape[axis]!;
    const start = starts[i]! < 0 ? starts[i]! + size : starts[i]!;
    const last = steps[i]! < 0 ? size - 1 : size;
    return { axis, start: Math.min(Math.max(start, 0), last), step: steps[i]!, size };
  });
}

function gather(step: BackwardStep): Value[] {
  const { node, inputs, grads, ops } = step;
  const { shape } = inputs[0]!;
  const indices = inputs[1]!;
  const axis = axisOf(intAttribute(node, 'axis', 0), shape.length);
  const count = elements(indices.shape);
  const dy = ops.reshape(grads[0]!, shape.with(axis, count));
  return [addedAt(ops, dy, step.numbers(1) ?? ops.reshape(indices, [count]), axis, shape[axis]!)];
}

/** What was written over has no say in the result; what was written has the gradient at its place. */
function written(
  { node, inputs: [, indices, updates], grads: [dy], wants, ops }: BackwardStep,
  write: string,
  read: string,
  attributes: Record<string, number>,
): (Value | undefined)[] {
  const reduction = stringAttribute(node, 'reduction', 'none');
  if (reduction !== 'none' && reduction !== 'add')
    throw new TransferEvidenceError(
      'model-unsupported',
      `Node ${describe(node)} writes with reduction “${reduction}”, for which there is no gradient rule here; “none” and “add” have one. Export the network with other operators, or probe it with frozen features (probe.linear).`,
    );
  const { shape } = dy!;
  const cleared = () => ops.node(write, [dy, indices, ops.zeros(updates!.shape)], { shape }, attributes);
  return [
    wants[0] ? (reduction === 'add' ? dy : cleared()) : undefined,
    undefined,
    wants[2] ? ops.node(read, [dy, indices], { shape: updates!.shape }, attributes) : undefined,
  ];
}
