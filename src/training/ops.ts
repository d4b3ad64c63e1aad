import { TransferEvidenceError } from '../errors.ts';
import type { AttributeValue, GraphBuilder } from '../onnx/build.ts';
import { type ElementType, elements, type Tensor } from '../onnx/model.ts';
import { inLayout, isPadded } from './layouts.ts';
import { broadcastShape, isScalarLike } from './shape.ts';
import type { Layout, Value } from './value.ts';

/** What is told of a tensor that a node makes; float32 and plain unless said otherwise. */
export interface Made {
  shape: readonly number[];
  type?: ElementType;
  layout?: Layout;
  name?: string;
}

type Attributes = Record<string, AttributeValue>;

/** Operators for which f(0, 0) = 0. */
const keepsZeroPairs = new Set(['Add', 'Sub', 'Mul', 'Max', 'Min']);

/** Operators for which f(0) = 0, so that channels filled up with zeros stay zero. */
const keepsZero = new Set([
  'Relu',
  'LeakyRelu',
  'Elu',
  'HardSwish',
  'Tanh',
  'Erf',
  'Abs',
  'Neg',
  'Sqrt',
  'Identity',
  'Sign',
]);

/** WebGPU lets a program of a graphics device see 8 tensors at least, and the runtime splits in one program: the whole and so many parts. */
const mostParts = 7;

/**
 * Emits operators (opset 18) with the shapes of what they make known as they are emitted. Asking for the same node twice gives the
 * same tensor, so that whoever writes a rule need not think of what others have computed already.
 */
export class Ops {
  readonly builder: GraphBuilder;
  /** Only operators that every device computes, and what is fast on graphics devices rather than on processors. */
  readonly portable: boolean;
  /** Channels in a block of the runtime's own layout on this processor; undefined where it must not be used. */
  readonly block: number | undefined;
  readonly #made = new Map<string, Value[]>();
  readonly #shared = new Map<string, Value>();
  readonly #numbers = new Map<string, Float32Array | readonly number[]>();
  /** What a Reshape or a Transpose was made from. */
  readonly #reshaped = new Map<string, Value>();
  readonly #transposed = new Map<string, { from: Value; perm: readonly number[] }>();

  constructor(
    builder: GraphBuilder,
    { portable = false, block }: { portable?: boolean; block?: number | undefined } = {},
  ) {
    this.builder = builder;
    this.portable = portable;
    this.block = block;
  }

  // ── any operator ──────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** A node with one output. Inputs are brought to the plain layout. */
  node(op: string, inputs: readonly (Value | undefined)[], made: Made, attributes: Attributes = {}): Value {
    return this.nodes(op, inputs, [made], attributes)[0]!;
  }

  /** A node with several outputs. */
  nodes(
    op: string,
    inputs: readonly (Value | undefined)[],
    made: readonly Made[],
    attributes: Attributes = {},
  ): Value[] {
    return this.raw(
      op,
      inputs.map((value) => value && this.plain(value)),
      made,
      attributes,
    );
  }

  /** A node as it stands: inputs in whatever layout they are. */
  raw(
    op: string,
    inputs: readonly (Value | undefined)[],
    made: readonly Made[],
    attributes: Attributes = {},
    domain = '',
  ): Value[] {
    const names = inputs.map((value) => value?.name ?? '');
    while (names.at(-1) === '') names.pop();
    const hasGraph = Object.values(attributes).some(
      (value) => typeof value === 'object' && ('graph' in value || 'tensor' in value),
    );
    const key = hasGraph ? undefined : JSON.stringify([domain, op, names, attributes, made.length, made[0]?.layout]);
    const known = key === undefined ? undefined : this.#made.get(key);
    if (known) return known;
    const outputs = this.builder.nodes(
      op,
      names,
      attributes,
      made.map(({ name }) => name ?? op),
      domain,
    );
    const values = outputs.map((name, i): Value => {
      const { shape, type = 'float32', layout = 'plain' } = made[i]!;
      return { name, shape, type, layout };
    });
    if (key !== undefined) this.#made.set(key, values);
    return values;
  }

  // ── constants ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

  constant(data: Float32Array | readonly number[], shape: readonly number[] = [data.length], name = 'constant'): Value {
    // Small ones are shared; large ones are made once anyway.
    const key =
      data.length <= 64 ? `${data instanceof Float32Array ? 'f' : 'i'}${[...data].join()}|${shape.join()}` : undefined;
    const known = key === undefined ? undefined : this.#shared.get(key);
    if (known) return known;
    const value: Value = {
      name: this.builder.constant(name, data, shape),
      shape,
      type: data instanceof Float32Array ? 'float32' : 'int64',
      layout: 'plain',
    };
    if (key !== undefined) this.#shared.set(key, value);
    this.#numbers.set(value.name, data);
    return value;
  }

  /** A constant of the network. */
  tensor(tensor: Tensor): Value {
    return { name: this.builder.tensor(tensor), shape: tensor.dims, type: tensor.type, layout: 'plain' };
  }

  /** A large constant that several nodes of the network need alike: made once under that name. */
  shared(name: string, make: () => Value): Value {
    const known = this.#shared.get(name);
    if (known) return known;
    const value = make();
    this.#shared.set(name, value);
    return value;
  }

  /** The numbers of a constant made here; undefined for anything else. */
  numbersOf(value: Value | undefined): Float32Array | readonly number[] | undefined {
    return value && this.#numbers.get(value.name);
  }

  scalar(value: number): Value {
    return this.constant(Float32Array.of(value), [], 'scalar');
  }

  /** A vector of int64: axes, shapes, starts, … */
  ints(values: readonly number[]): Value {
    return this.constant(values, [values.length], 'ints');
  }

  zeros(shape: readonly number[]): Value {
    return this.full(shape, 0);
  }

  full(shape: readonly number[], value: number): Value {
    if (elements(shape) <= 64) return this.constant(new Float32Array(elements(shape)).fill(value), shape);
    return this.node(
      'ConstantOfShape',
      [this.ints(shape)],
      { shape },
      {
        value: {
          tensor: { name: '', type: 'float32', dims: [1], data: new Uint8Array(Float32Array.of(value).buffer) },
        },
      },
    );
  }

  // ── layouts ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

  plain(value: Value): Value {
    return inLayout(this, value, 'plain');
  }

  /** The same tensor in another layout. */
  as(layout: Layout, value: Value): Value {
    return inLayout(this, value, layout);
  }

  // ── number by number ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** y = f(x), in the layout that x has. `inputs` beyond x are scalars. */
  unary(op: string, x: Value, attributes: Attributes = {}, inputs: readonly (Value | undefined)[] = []): Value {
    const keeps = keepsZero.has(op) || (op === 'Clip' && this.#boundsHoldZero(inputs));
    const own = keeps || !isPadded(this, x) ? x : this.plain(x);
    return this.raw(op, [own, ...inputs], [{ shape: x.shape, type: x.type, layout: own.layout }], attributes)[0]!;
  }

  /**
   * f(x) as a factor of something: stays in the layout of x even where f(0) is not 0, because what it is multiplied with holds zeros
   * where channels are filled up. f(0) must be finite.
   */
  factor(op: string, x: Value, attributes: Attributes = {}, inputs: readonly (Value | undefined)[] = []): Value {
    return this.raw(op, [x, ...inputs], [{ shape: x.shape, type: x.type, layout: x.layout }], attributes)[0]!;
  }

  #boundsHoldZero([low, high]: readonly (Value | undefined)[]): boolean {
    const [least, most] = [low, high].map((bound) => (bound ? this.numbersOf(bound)?.[0] : 0));
    return least !== undefined && most !== undefined && least <= 0 && most >= 0;
  }

  add(a: Value, b: Value): Value {
    return this.binary('Add', a, b);
  }

  sub(a: Value, b: Value): Value {
    return this.binary('Sub', a, b);
  }

  mul(a: Value, b: Value): Value {
    return this.binary('Mul', a, b);
  }

  div(a: Value, b: Value): Value {
    return this.binary('Div', a, b);
  }

  neg(x: Value): Value {
    return this.unary('Neg', x);
  }

  /** x · factor. */
  scale(x: Value, factor: number): Value {
    return factor === 1 ? x : this.mul(x, this.scalar(factor));
  }

  square(x: Value): Value {
    return this.mul(x, x);
  }

  /** The sum of several tensors of one shape. */
  sum(values: readonly Value[]): Value {
    return values.reduce((total, value) => this.add(total, value));
  }

  /** Add, Sub, Mul, Div, Pow, Max, Min, Equal, Greater, …, broadcast; blocked where both sides allow it. */
  binary(op: string, a: Value, b: Value, type: ElementType = 'float32'): Value {
    const [x, y, layout] = this.#aligned(op, a, b);
    return this.raw(op, [x, y], [{ shape: broadcastShape(a.shape, b.shape), type, layout }])[0]!;
  }

  #aligned(op: string, a: Value, b: Value): [Value, Value, Layout] {
    const layout = a.layout === 'plain' ? b.layout : a.layout;
    if (layout === 'plain') return [a, b, 'plain'];
    const same = a.shape.length === b.shape.length && a.shape.every((size, i) => size === b.shape[i]);
    const padded = isPadded(this, a) || isPadded(this, b);
    if (same && (!padded || keepsZeroPairs.has(op))) return [this.as(layout, a), this.as(layout, b), layout];
    if (isScalarLike(b.shape) && (!padded || op === 'Mul' || op === 'Div')) return [a, this.plain(b), layout];
    if (isScalarLike(a.shape) && (!padded || op === 'Mul')) return [this.plain(a), b, layout];
    // Broadcast along any axes: the smaller operand is turned the same way.
    if (layout !== 'blocked' && a.shape.length <= 4 && b.shape.length <= 4)
      return [this.as(layout, this.#rank4(a)), this.as(layout, this.#rank4(b)), layout];
    return [this.plain(a), this.plain(b), 'plain'];
  }

  #rank4(value: Value): Value {
    return value.shape.length === 4 ? value : this.reshape(value, [1, 1, 1, 1, ...value.shape].slice(-4));
  }

  /** condition ? a : b. */
  where(condition: Value, a: Value, b: Value): Value {
    const shape = broadcastShape(broadcastShape(condition.shape, a.shape), b.shape);
    return this.node('Where', [condition, a, b], { shape, type: a.type });
  }

  cast(x: Value, type: 'float32' | 'bool' | 'int64'): Value {
    const to = { float32: 1, int64: 7, bool: 9 }[type];
    return x.type === type ? x : this.raw('Cast', [x], [{ shape: x.shape, type, layout: x.layout }], { to })[0]!;
  }

  // ── shapes ────────────────────────────────────────────────────────────────────────────────────────────────────────────────

  reshape(x: Value, shape: readonly number[]): Value {
    if (elements(x.shape) !== elements(shape))
      throw new TransferEvidenceError('shape-mismatch', `[${x.shape.join()}] cannot be seen as [${shape.join()}].`);
    if (shape.length === x.shape.length && shape.every((size, i) => size === x.shape[i])) return x;
    const plain = this.plain(x);
    const before = this.#reshaped.get(plain.name);
    if (before) return this.reshape(before, shape);
    const made = this.node('Reshape', [plain, this.ints(shape)], { shape, type: x.type });
    this.#reshaped.set(made.name, plain);
    return made;
  }

  transpose(x: Value, perm: readonly number[]): Value {
    if (perm.every((axis, i) => axis === i)) return x;
    const shape = perm.map((axis) => x.shape[axis]!);
    // Moving only axes of size 1 moves nothing in memory.
    const moved = perm.filter((axis) => x.shape[axis]! > 1);
    if (moved.every((axis, i) => i === 0 || axis > moved[i - 1]!)) return this.reshape(x, shape);
    const plain = this.plain(x);
    const before = this.#transposed.get(plain.name);
    if (before)
      return this.transpose(
        before.from,
        perm.map((axis) => before.perm[axis]!),
      );
    const made = this.node('Transpose', [plain], { shape, type: x.type }, { perm: [...perm] });
    this.#transposed.set(made.name, { from: plain, perm });
    return made;
  }

  expand(x: Value, shape: readonly number[]): Value {
    if (x.shape.length === shape.length && shape.every((size, i) => size === x.shape[i])) return x;
    return this.node('Expand', [x, this.ints(shape)], { shape, type: x.type });
  }

  concat(values: readonly Value[], axis: number): Value {
    if (values.length === 1) return values[0]!;
    const shape = [...values[0]!.shape];
    shape[axis] = values.reduce((sum, value) => sum + value.shape[axis]!, 0);
    return this.node('Concat', values, { shape, type: values[0]!.type }, { axis });
  }

  split(x: Value, axis: number, sizes: readonly number[]): Value[] {
    if (sizes.length === 1) return [x];
    if (this.portable && sizes.length > mostParts) {
      const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0));
      return sizes.map((size, i) => this.slice(x, axis, starts[i]!, starts[i]! + size));
    }
    const made = sizes.map((size) => ({ shape: x.shape.map((own, i) => (i === axis ? size : own)), type: x.type }));
    return this.nodes('Split', [x, this.ints(sizes)], made, { axis });
  }

  /** x[start : end : step] along one axis; `start` may be anything from 0 to the size, `step` positive or −1 (the whole axis reversed). */
  slice(x: Value, axis: number, start: number, end: number, step = 1): Value {
    const size = step > 0 ? Math.max(0, Math.ceil((end - start) / step)) : x.shape[axis]!;
    if (step === 1 && start === 0 && end === x.shape[axis]) return x;
    const [from, to] = step > 0 ? [start, end] : [-1, -(2 ** 31)];
    const shape = x.shape.map((own, i) => (i === axis ? size : own));
    const inputs = [x, this.ints([from]), this.ints([to]), this.ints([axis]), this.ints([step])];
    return this.node('Slice', inputs, { shape, type: x.type });
  }

  /** Several axes cut at once: x[…, starts[i] : ends[i] : steps[i], …], steps positive. */
  slices(
    x: Value,
    axes: readonly number[],
    starts: readonly number[],
    ends: readonly number[],
    steps: readonly number[],
  ): Value {
    const shape = x.shape.map((size, axis) => {
      const i = axes.indexOf(axis);
      return i < 0 ? size : Math.ceil((ends[i]! - starts[i]!) / steps[i]!);
    });
    if (shape.every((size, axis) => size === x.shape[axis])) return x;
    const inputs = [x, this.ints(starts), this.ints(ends), this.ints(axes), this.ints(steps)];
    return this.node('Slice', inputs, { shape, type: x.type });
  }

  /** Zeros around: `before` and `after` by axis; negative ones cut off. */
  pad(x: Value, before: readonly number[], after: readonly number[]): Value {
    if ([...before, ...after].every((size) => size === 0)) return x;
    const shape = x.shape.map((size, i) => size + before[i]! + after[i]!);
    return this.node('Pad', [x, this.ints([...before, ...after])], { shape, type: x.type });
  }

  /** Elements of x at constant places along one axis. */
  gather(x: Value, indices: readonly number[], axis: number): Value {
    const shape = x.shape.map((size, i) => (i === axis ? indices.length : size));
    return this.node('Gather', [x, this.ints(indices)], { shape, type: x.type }, { axis });
  }

  // ── sums and products ─────────────────────────────────────────────────────────────────────────────────────────────────────

  reduce(op: 'ReduceSum' | 'ReduceMean' | 'ReduceMax', x: Value, axes: readonly number[], keep = true): Value {
    if (axes.length === 0) return x;
    const shape = x.shape.flatMap((size, i) => (axes.includes(i) ? (keep ? [1] : []) : [size]));
    if (axes.every((axis) => x.shape[axis] === 1)) return this.reshape(x, shape);
    return this.node(op, [x, this.ints(axes)], { shape }, { keepdims: keep ? 1 : 0 });
  }

  /** The gradient of a broadcast: x summed down to `shape`. */
  sumTo(x: Value, shape: readonly number[]): Value {
    const lead = x.shape.length - shape.length;
    const axes = x.shape.flatMap((size, i) => (i < lead || (shape[i - lead] === 1 && size !== 1) ? [i] : []));
    return this.reshape(this.reduce('ReduceSum', x, axes), shape);
  }

  /** Matrix product over the last two axes, the others broadcast. Both have at least two. */
  matmul(a: Value, b: Value): Value {
    const lead = broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    return this.node('MatMul', [a, b], { shape: [...lead, a.shape.at(-2)!, b.shape.at(-1)!] });
  }

  /** A · Bᵀ over the last two axes, the others equal. */
  matmulTransposed(a: Value, b: Value): Value {
    const shape = [...a.shape.slice(0, -1), b.shape.at(-2)!];
    if (!this.portable) {
      const [x, y] = [this.plain(a), this.plain(b)];
      return this.raw('FusedMatMul', [x, y], [{ shape }], { transB: 1 }, 'com.microsoft')[0]!;
    }
    const axes = b.shape.map((_, i) => i);
    return this.matmul(a, this.transpose(b, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]));
  }

  /** Aᵀ · B over the last two axes, the others equal. */
  matmulTransposedFirst(a: Value, b: Value): Value {
    const shape = [...a.shape.slice(0, -2), a.shape.at(-1)!, b.shape.at(-1)!];
    if (!this.portable) {
      const [x, y] = [this.plain(a), this.plain(b)];
      return this.raw('FusedMatMul', [x, y], [{ shape }], { transA: 1 }, 'com.microsoft')[0]!;
    }
    const axes = a.shape.map((_, i) => i);
    return this.matmul(this.transpose(a, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]), b);
  }

  /** alpha · A·B + beta · C of matrices, either transposed. */
  gemm(
    a: Value,
    b: Value,
    options: { transA?: boolean; transB?: boolean; c?: Value; alpha?: number; beta?: number } = {},
  ): Value {
    const { transA = false, transB = false, c, alpha = 1, beta = 1 } = options;
    const shape = [a.shape[transA ? 1 : 0]!, b.shape[transB ? 0 : 1]!];
    return this.node(
      'Gemm',
      [a, b, c],
      { shape },
      {
        transA: transA ? 1 : 0,
        transB: transB ? 1 : 0,
        alpha: { float: alpha },
        beta: { float: beta },
      },
    );
  }
}
