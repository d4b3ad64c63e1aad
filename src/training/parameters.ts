import { elements } from '../onnx/model.ts';
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
}

/** Elements up to which a parameter shares a pack: the cost of copying it is below the cost of a few operators. */
const smallest = 4096;

export function packsOf(parameters: readonly Parameter[]): Pack[] {
  const small = parameters.filter(({ shape }) => elements(shape) <= smallest);
  const own = parameters.filter(({ shape }) => elements(shape) > smallest || small.length === 1);
  const packs = own.map(
    (parameter): Pack => ({ name: parameter.name, shape: withoutOnes(parameter.shape), members: [parameter] }),
  );
  if (small.length <= 1) return packs;
  const length = small.reduce((sum, { shape }) => sum + elements(shape), 0);
  return [...packs, { name: 'small weights', shape: [length], members: small }];
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
  for (const [i, { members }] of packs.entries()) {
    const parts = ops.split(values[i]!, 0, members.length === 1 ? [1] : members.map(({ shape }) => elements(shape)));
    for (const [j, { name, shape }] of members.entries()) found.set(name, ops.reshape(parts[j]!, shape));
  }
  return found;
}

/** Gradients put together as the packs are; zeros where the loss does not depend on a parameter. */
export function emitPacked(ops: Ops, packs: readonly Pack[], gradients: ReadonlyMap<string, Value>): Value[] {
  return packs.map(({ shape: packed, members }) => {
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
  for (const [i, { members }] of packs.entries()) {
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
  for (const [i, { members }] of packs.entries()) {
    let offset = 0;
    for (const { name, shape } of members) {
      const length = elements(shape);
      weights.set(name, numbers[i]!.slice(offset, offset + length));
      offset += length;
    }
  }
  return weights;
}
