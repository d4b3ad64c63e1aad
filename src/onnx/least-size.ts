import { intAttribute, intsAttribute } from './constants.ts';
import { elements, float32Of, integersOf, type Node, type Tensor } from './model.ts';
import { stringAttribute } from './upgrade/rewriting.ts';

/** A lower bound on a tensor's size, whatever the image: unknown dimensions count as 1. */
export interface LeastSize {
  count: number;
  /** Lower bounds of the dimensions, where their number is known. */
  dims?: readonly number[];
}

/** What is known of a node's inputs. */
export interface Known {
  size(input: number): LeastSize;
  /** A constant input; undefined for anything computed, left out, or longer than a list of dimensions is. */
  constant(input: number): Tensor | undefined;
}

/** Tensors of more dimensions are nobody's: their dimensions are not followed, so that each step stays cheap. */
export const mostDimensions = 64;

type Rule = (node: Node, known: Known) => LeastSize;

const unknown: LeastSize = { count: 1 };

export function sized(dims: readonly number[]): LeastSize {
  const clean = dims.map((size) => Math.max(0, Math.floor(size)));
  const count = clean.includes(0) ? 0 : elements(clean);
  return clean.length > mostDimensions || Number.isNaN(count) ? { count: count || 1 } : { count, dims: clean };
}

/** A lower bound for every output of a standard operator; 1 element where nothing better is known. */
export function leastSizeOf(node: Node, known: Known): LeastSize {
  return rules.get(node.op)?.(node, known) ?? unknown;
}

const same: Rule = (_, known) => known.size(0);

/** Another arrangement of the same elements. */
const rearranged: Rule = (_, known) => ({ count: known.size(0).count });

const broadcast: Rule = (node, known) => together(node.inputs.map((_, i) => known.size(i)));

/** Not Math.max(…values): a stranger's node may have more inputs than a call has arguments. At least 1. */
const largest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 1);

function together(sizes: readonly LeastSize[]): LeastSize {
  const lists = sizes.map(({ dims }) => dims);
  if (!lists.every((dims) => dims !== undefined)) return { count: largest(sizes.map(({ count }) => count)) };
  const rank = lists.reduce((most, dims) => Math.max(most, dims.length), 0);
  return sized(Array.from({ length: rank }, (_, i) => largest(lists.map((dims) => dims[i - rank + dims.length] ?? 1))));
}

const integers = (known: Known, input: number): number[] | undefined => {
  const tensor = known.constant(input);
  return tensor && integersOf(tensor);
};

const floats = (known: Known, input: number): number[] | undefined => {
  const tensor = known.constant(input);
  return tensor?.type === 'float32' ? [...float32Of(tensor)] : undefined;
};

/** An output whose shape, or a part of it, is the constant at `input`. */
const shapedBy =
  (input: number): Rule =>
  (_, known) => {
    const shape = integers(known, input);
    return shape ? { count: sized(shape).count } : unknown;
  };

const concat: Rule = (node, known) => {
  const sizes = node.inputs.map((_, i) => known.size(i));
  const count = sizes.reduce((sum, size) => sum + size.count, 0);
  const axis = intAttribute(node, 'axis', 0);
  const [first, ...others] = sizes.map(({ dims }) => dims);
  if (!first || !others.every((dims) => dims?.length === first.length)) return { count };
  const along = axis < 0 ? axis + first.length : axis;
  const all = [first, ...others] as (readonly number[])[];
  return sized(
    first.map((_, i) =>
      i === along ? all.reduce((sum, dims) => sum + dims[i]!, 0) : largest(all.map((dims) => dims[i]!)),
    ),
  );
};

const tile: Rule = (_, known) => {
  const { dims, count } = known.size(0);
  const repeats = integers(known, 1);
  if (!repeats) return unknown;
  return dims ? sized(dims.map((size, i) => size * (repeats[i] ?? 1))) : { count: count * sized(repeats).count };
};

const expand: Rule = (_, known) => {
  const shape = integers(known, 1);
  return shape ? together([known.size(0), sized(shape)]) : known.size(0);
};

const reshape: Rule = (_, known) => {
  const { count, dims = [] } = known.size(0);
  const shape = integers(known, 1);
  if (!shape) return { count };
  const fixed = shape.map((size, i) => (size === 0 ? (dims[i] ?? 1) : size));
  const rest = Math.floor(count / elements(fixed.filter((size) => size > 0)));
  return sized(fixed.map((size) => (size < 0 ? Math.max(1, rest) : size)));
};

const pad: Rule = (node, known) => {
  const pads = intsAttribute(node, 'pads') ?? integers(known, 1);
  if (!pads) return unknown;
  const half = pads.length >> 1;
  const amounts = pads.slice(0, half).map((before, i) => before + pads[i + half]!);
  const { dims } = known.size(0);
  const axes = (node.inputs[3] ?? '') === '' ? amounts.map((_, i) => i) : integers(known, 3);
  if (!dims || !axes) return { count: sized(amounts.map((amount) => Math.max(1, amount + 1))).count };
  const padded = [...dims];
  axes.forEach((axis, i) => {
    const at = axis < 0 ? axis + dims.length : axis;
    if (at in padded) padded[at] = Math.max(1, padded[at]! + (amounts[i] ?? 0));
  });
  return sized(padded);
};

const resize: Rule = (node, known) => {
  const { dims, count } = known.size(0);
  if (stringAttribute(node, 'keep_aspect_ratio_policy', 'stretch') !== 'stretch') return unknown;
  const sizes = integers(known, 3);
  // Upsample and Resize 10 take the scales second, later ones third.
  const scales = floats(known, node.inputs.length === 2 ? 1 : 2);
  const axes = intsAttribute(node, 'axes') ?? (sizes ?? scales ?? []).map((_, i) => i);
  const along = (change: (size: number, i: number) => number): LeastSize => {
    const all = [...dims!];
    axes.forEach((axis, i) => {
      const at = axis < 0 ? axis + all.length : axis;
      if (at in all) all[at] = Math.max(1, change(all[at]!, i));
    });
    return sized(all);
  };
  if (sizes && sizes.length > 0) return dims ? along((_, i) => sizes[i] ?? 1) : { count: sized(sizes).count };
  if (!scales || scales.length === 0) return unknown;
  return dims
    ? along((size, i) => size * (scales[i] ?? 1))
    : { count: Math.max(1, Math.floor(count * elements(scales))) };
};

const range: Rule = (_, known) => {
  const [start, limit, step] = [0, 1, 2].map((i) => (integers(known, i) ?? floats(known, i))?.[0]);
  if (start === undefined || limit === undefined || !step) return unknown;
  return sized([Math.ceil((limit - start) / step)]);
};

const oneHot: Rule = (_, known) => {
  const depth = (integers(known, 1) ?? floats(known, 1))?.[0];
  return depth === undefined ? unknown : { count: known.size(0).count * Math.max(0, depth) };
};

const transpose: Rule = (node, known) => {
  const { dims, count } = known.size(0);
  if (!dims) return { count };
  const perm = intsAttribute(node, 'perm') ?? dims.map((_, i) => dims.length - 1 - i);
  return sized(perm.map((axis) => dims[axis] ?? 1));
};

const matMul: Rule = (_, known) => {
  const [a, b] = [known.size(0).dims, known.size(1).dims];
  if (!a || !b || a.length < 2 || b.length < 2) return unknown;
  const batch = together([sized(a.slice(0, -2)), sized(b.slice(0, -2))]).dims ?? [];
  return sized([...batch, a.at(-2)!, b.at(-1)!]);
};

const gemm: Rule = (node, known) => {
  const [a, b] = [known.size(0).dims, known.size(1).dims];
  if (a?.length !== 2 || b?.length !== 2) return unknown;
  return sized([a[intAttribute(node, 'transA', 0) === 1 ? 1 : 0]!, b[intAttribute(node, 'transB', 0) === 1 ? 0 : 1]!]);
};

const gather: Rule = (node, known) => {
  const [data, indices] = [known.size(0).dims, known.size(1).dims];
  if (!data || !indices) return { count: known.size(1).count };
  const axis = intAttribute(node, 'axis', 0);
  const at = axis < 0 ? axis + data.length : axis;
  return sized([...data.slice(0, at), ...indices, ...data.slice(at + 1)]);
};

/** Convolutions and pooling: `channels` of the output from those of the input. */
function windowed(node: Node, known: Known, channels: (input: number, weight: readonly number[]) => number): LeastSize {
  const { dims } = known.size(0);
  const weight = known.size(1).dims ?? [];
  if (!dims || dims.length < 3) return unknown;
  const spatial = dims.slice(2);
  const kernel = intsAttribute(node, 'kernel_shape') ?? weight.slice(2);
  const pads = intsAttribute(node, 'pads') ?? [];
  const auto = stringAttribute(node, 'auto_pad', 'NOTSET');
  const out = spatial.map((size, i) => {
    const stride = intsAttribute(node, 'strides')?.[i] ?? 1;
    const reach = ((kernel[i] ?? 1) - 1) * (intsAttribute(node, 'dilations')?.[i] ?? 1) + 1;
    const padding = auto === 'NOTSET' ? (pads[i] ?? 0) + (pads[i + spatial.length] ?? 0) : 0;
    if (node.op !== 'ConvTranspose')
      return auto.startsWith('SAME') ? size / stride : (size + padding - reach) / stride + 1;
    const asked = intsAttribute(node, 'output_shape');
    if (asked) return asked.at(i - spatial.length) ?? 1;
    if (auto.startsWith('SAME')) return size * stride;
    return stride * (size - 1) + (intsAttribute(node, 'output_padding')?.[i] ?? 0) + reach - padding;
  });
  return sized([dims[0]!, channels(dims[1]!, weight), ...out.map((size) => Math.max(1, size))]);
}

const conv: Rule = (node, known) => windowed(node, known, (_, weight) => weight[0] ?? 1);
const convTranspose: Rule = (node, known) =>
  windowed(node, known, (_, weight) => (weight[1] ?? 1) * intAttribute(node, 'group', 1));
const pool: Rule = (node, known) => windowed(node, known, (channels) => channels);

const named = (names: string, rule: Rule): [string, Rule][] => names.split(' ').map((name) => [name, rule]);

const rules: ReadonlyMap<string, Rule> = new Map([
  ...named(
    'Relu LeakyRelu Elu Selu Celu ThresholdedRelu HardSigmoid HardSwish Sigmoid Tanh Softplus Softsign Gelu Mish Erf Exp Log Sqrt Neg Abs ' +
      'Reciprocal Floor Ceil Round Clip Softmax LogSoftmax Hardmax Identity Dropout Cast CastLike BatchNormalization InstanceNormalization ' +
      'LayerNormalization GroupNormalization LpNormalization LRN CumSum Not Sign RandomNormalLike RandomUniformLike EyeLike',
    same,
  ),
  ...named('Add Sub Mul Div Pow Min Max Sum Mean Where Equal Less Greater And Or Xor PRelu', broadcast),
  ...named('Flatten Squeeze Unsqueeze DepthToSpace SpaceToDepth', rearranged),
  ...named('HannWindow HammingWindow BlackmanWindow ConstantOfShape', shapedBy(0)),
  ...named('Col2Im CenterCropPad', shapedBy(1)),
  ...named('MaxUnpool', shapedBy(2)),
  ...named('MaxPool AveragePool LpPool', pool),
  ...named('RandomNormal RandomUniform', (node) => sized(intsAttribute(node, 'shape') ?? [])),
  ...named('Upsample Resize', resize),
  ['Concat', concat],
  ['Tile', tile],
  ['Expand', expand],
  ['Reshape', reshape],
  ['Pad', pad],
  ['Range', range],
  ['OneHot', oneHot],
  ['Transpose', transpose],
  ['MatMul', matMul],
  ['Gemm', gemm],
  ['Gather', gather],
  ['Conv', conv],
  ['ConvTranspose', convTranspose],
]);
