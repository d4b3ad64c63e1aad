import { elements } from '../onnx/model.ts';
import { fromPositions, positionsFirst } from './convolution/taps.ts';
import type { Ops } from './ops.ts';
import type { Value } from './value.ts';

/** A weight that training changes. */
export interface Parameter {
  name: string;
  shape: readonly number[];
  /**
   * Whether weight decay pulls it to zero: kernels and embeddings; not biases, scales and slopes, which say where and
   * how far.
   */
  decays: boolean;
  /** Its learning rate as a multiple of the step's. */
  rate: number;
}

/**
 * A tensor in which parameters travel from step to step: one large parameter, or all small ones one after the other,
 * row-major. A network has hundreds of biases and scales; updated one by one they would cost more than the kernels.
 */
export interface Pack {
  name: string;
  shape: readonly number[];
  members: readonly Parameter[];
  /** Whether it is one kernel [O, C, …] that travels as [kernel positions · O, C]. */
  turned: boolean;
}

/** Elements up to which a parameter shares a pack: the cost of copying it is below the cost of a few operators. */
const smallest = 4096;

/**
 * Whether a kernel [O, C, h, w] travels as [h · w · O, C]: products take one kernel position at a time, and what brings kernels to
 * the blocked layout or back moves larger pieces.
 */
function travelsPositionsFirst([, channels = 1, ...kernel]: readonly number[]): boolean {
  return kernel.length === 2 && channels > 1 && elements(kernel) > 1;
}

export function packsOf(parameters: readonly Parameter[]): Pack[] {
  const small = parameters.filter(({ shape }) => elements(shape) <= smallest);
  const own = parameters.filter(({ shape }) => elements(shape) > smallest || small.length === 1);
  const packs = own.map((parameter): Pack => {
    const { name, shape } = parameter;
    const turned = travelsPositionsFirst(shape);
    const [outputs, channels, ...kernel] = shape as [number, number, ...number[]];
    const packed = turned ? [elements(kernel) * outputs, channels] : withoutOnes(shape);
    return { name, shape: packed, members: [parameter], turned };
  });
  if (small.length <= 1) return packs;
  const length = small.reduce((sum, { shape }) => sum + elements(shape), 0);
  return [...packs, { name: 'small weights', shape: [length], members: small, turned: false }];
}

/**
 * Multiplied by a scalar, [1280, 320, 1, 1] takes the runtime's kernel for processors ten times as long as [1280, 320].
 */
function withoutOnes(shape: readonly number[]): number[] {
  return shape.filter((size) => size !== 1);
}

/** The parameters out of their packs, by name. */
export function emitUnpacked(ops: Ops, packs: readonly Pack[], values: readonly Value[]): Map<string, Value> {
  const found = new Map<string, Value>();
  for (const [i, { members, turned }] of packs.entries()) {
    if (turned) {
      const [{ name, shape }] = members as [Parameter];
      found.set(name, fromPositions(ops, values[i]!, shape));
      continue;
    }
    const parts = ops.split(values[i]!, 0, members.length === 1 ? [1] : members.map(({ shape }) => elements(shape)));
    for (const [j, { name, shape }] of members.entries()) found.set(name, ops.reshape(parts[j]!, shape));
  }
  return found;
}

/** Gradients put together as the packs are; zeros where the loss does not depend on a parameter. */
export function emitPacked(ops: Ops, packs: readonly Pack[], gradients: ReadonlyMap<string, Value>): Value[] {
  return packs.map(({ shape: packed, members, turned }) => {
    if (turned) {
      const gradient = gradients.get(members[0]!.name);
      if (!gradient) return ops.zeros(packed);
      return ops.reshape(positionsFirst(ops, gradient), packed);
    }
    const parts = members.map(({ name, shape }) => {
      const gradient = gradients.get(name);
      const plain = gradient ? ops.plain(gradient) : ops.zeros(shape);
      return members.length === 1 ? plain : ops.reshape(plain, [elements(shape)]);
    });
    return members.length === 1 ? ops.reshape(parts[0]!, packed) : ops.concat(parts, 0);
  });
}

/**
 * The numbers of each pack, copied once: a network's weights are the largest thing that a process holds.
 * @param bytesOf the bytes of any parameter's numbers, float32
 * @param into where they go; default: new arrays
 */
export function packed(
  packs: readonly Pack[],
  bytesOf: (name: string) => Uint8Array,
  into: readonly Float32Array[] = packs.map(({ shape }) => new Float32Array(elements(shape))),
): readonly Float32Array[] {
  for (const [i, { members, turned }] of packs.entries()) {
    if (turned) {
      const { buffer, byteOffset, byteLength } = bytesOf(members[0]!.name);
      const view = new DataView(buffer, byteOffset, byteLength);
      const number = (index: number) => view.getFloat32(Float32Array.BYTES_PER_ELEMENT * index, true);
      transpose(number, into[i]!, into[i]!.length / kernelSize(members[0]!));
      continue;
    }
    const bytes = bytesIn(into[i]!);
    let offset = 0;
    for (const { name, shape } of members) {
      bytes.set(bytesOf(name), offset);
      offset += Float32Array.BYTES_PER_ELEMENT * elements(shape);
    }
  }
  return into;
}

/** The same memory, seen as bytes. */
export function bytesIn({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Copies of the parameters' numbers, by name. */
export function unpacked(packs: readonly Pack[], numbers: readonly Float32Array[]): Map<string, Float32Array> {
  const weights = new Map<string, Float32Array>();
  for (const [i, { members, turned }] of packs.entries()) {
    if (turned) {
      const kernel = new Float32Array(numbers[i]!.length);
      const own = numbers[i]!;
      transpose((index) => own[index]!, kernel, kernelSize(members[0]!));
      weights.set(members[0]!.name, kernel);
      continue;
    }
    let offset = 0;
    for (const { name, shape } of members) {
      const length = elements(shape);
      weights.set(name, numbers[i]!.slice(offset, offset + length));
      offset += length;
    }
  }
  return weights;
}

function kernelSize({ shape }: Parameter): number {
  return elements(shape.slice(2));
}

/** Writes the transpose of a row-major matrix with so many rows. */
function transpose(numberAt: (index: number) => number, to: Float32Array, rows: number): void {
  const columns = to.length / rows;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) to[column * rows + row] = numberAt(row * columns + column);
}
