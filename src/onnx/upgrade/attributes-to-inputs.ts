import { intAttribute, intsAttribute } from '../constants.ts';
import { changed, floatAttribute, type Rule, stringAttribute, without } from './rewriting.ts';

/** Squeeze and Unsqueeze since 13, ReduceSum since 13, the other reductions since 18: `axes` is an input. */
export const axesAsInput: Rule = (node, to) => {
  if (!('axes' in node.attributes)) return [node];
  const axes = intsAttribute(node, 'axes') ?? [];
  const attributes = without(node.attributes, 'axes');
  const data = node.inputs[0] ?? '';
  // No axes mean all of them in either form: `noop_with_empty_axes` is 0 unless said.
  return [changed(node, axes.length === 0 ? [data] : [data, to.integers(node, 'axes', axes)], attributes)];
};

/** Clip since 11: the bounds are inputs. */
export const clip: Rule = (node, to) => {
  const bounds = (['min', 'max'] as const).map((name) => {
    const value = floatAttribute(node, name);
    return value === undefined ? '' : to.scalar(node, name, value);
  });
  if (!('min' in node.attributes || 'max' in node.attributes)) return [node];
  return [changed(node, [node.inputs[0] ?? '', ...bounds], without(node.attributes, 'min', 'max'))];
};

/** Slice since 10: starts, ends and axes are inputs. */
export const slice: Rule = (node, to) => {
  const starts = intsAttribute(node, 'starts');
  const ends = intsAttribute(node, 'ends');
  if (starts === undefined || ends === undefined) return [node];
  const axes = intsAttribute(node, 'axes');
  const inputs = [node.inputs[0] ?? '', to.integers(node, 'starts', starts), to.integers(node, 'ends', ends)];
  if (axes) inputs.push(to.integers(node, 'axes', axes));
  return [changed(node, inputs, without(node.attributes, 'starts', 'ends', 'axes'))];
};

/** TopK since 10: k is an input. */
export const topK: Rule = (node, to) => {
  if (!('k' in node.attributes)) return [node];
  const k = to.integers(node, 'k', [intAttribute(node, 'k', 1)]);
  return [changed(node, [node.inputs[0] ?? '', k], without(node.attributes, 'k'))];
};

/** Split's sizes: an attribute before 13, then an input; where neither is given (and since 18 `num_outputs` may be) they are written out. */
export const split: Rule = (node, to) => {
  if (to.opset >= 13 && (node.inputs[1] ?? '') !== '') return [node];
  const shape = to.shape(node);
  const size = shape.at(intAttribute(node, 'axis', 0)) ?? to.refuse(node, 'its axis does not exist');
  const count = node.outputs.length;
  const chunk = Math.ceil(size / count);
  const sizes =
    intsAttribute(node, 'split') ?? node.outputs.map((_, i) => Math.max(0, Math.min(chunk, size - i * chunk)));
  const inputs = [node.inputs[0] ?? '', to.integers(node, 'split', sizes)];
  return [changed(node, inputs, without(node.attributes, 'split', 'num_outputs'))];
};

/** Pad since 11: pads and the value are inputs. 19 brought mode `wrap`, which is written as slices put side by side. */
export const pad: Rule = (node, to) => {
  if (to.opset >= 11) return stringAttribute(node, 'mode', 'constant') === 'wrap' ? wrap(node, to) : [node];
  const pads = intsAttribute(node, 'pads') ?? to.refuse(node, 'it does not say how much to pad');
  const inputs = [node.inputs[0] ?? '', to.integers(node, 'pads', pads)];
  const value = floatAttribute(node, 'value');
  if (value !== undefined) inputs.push(to.scalar(node, 'value', value));
  return [changed(node, inputs, without(node.attributes, 'pads', 'value'))];
};

const wrap: Rule = (node, to) => {
  const shape = to.shape(node);
  const pads = to.whole(node, 1);
  const axes = (node.inputs[3] ?? '') === '' ? shape.map((_, i) => i) : to.whole(node, 3);
  const nodes: ReturnType<Rule> = [];
  const part = (data: string, axis: number, start: number, end: number): string => {
    const bounds = [start, end, axis].map((value, i) => to.integers(node, ['start', 'end', 'axis'][i]!, [value]));
    const cut = to.node(node, 'Slice', [data, ...bounds]);
    nodes.push(cut);
    return cut.outputs[0]!;
  };
  let data = node.inputs[0] ?? '';
  axes.forEach((axis, i) => {
    const size = shape.at(axis) ?? 0;
    const before = pads[i] ?? 0;
    const after = pads[i + axes.length] ?? 0;
    if (before < 0 || after < 0 || before > size || after > size)
      to.refuse(node, `it wraps ${before} and ${after} elements around an axis of ${size}`);
    if (before === 0 && after === 0) return;
    const parts = [data];
    if (before > 0) parts.unshift(part(data, axis, size - before, size));
    if (after > 0) parts.push(part(data, axis, 0, after));
    const joined = to.node(node, 'Concat', parts, { axis: { kind: 'int', value: axis } });
    nodes.push(joined);
    data = joined.outputs[0]!;
  });
  return [...nodes, { ...node, op: 'Identity', inputs: [data], attributes: {} }];
};
