import type { Tensor } from 'onnxruntime-node';
import { elements } from '../onnx/model.ts';
import type { OnnxRuntime } from '../runtime/require-native.ts';
import { momentsOf, type Optimiser } from './optimisers.ts';
import { type Pack, packed, unpacked } from './parameters.ts';
import { stepNames } from './step-graph.ts';

/**
 * All that is carried from step to step: weights and the optimiser's moments. A run reads and writes the same tensors. A Loop
 * copies what it ends with into them when it has done its last step, and a single step writes to each what it has computed from
 * all (see emitUpdate). So there is one of each, the runtime allocates nothing for them, and memory does not grow however
 * long the training.
 */
export class Carried {
  readonly #packs: readonly Pack[];
  readonly #states: { name: string; isWeights: boolean; tensor: Tensor }[];
  readonly #outputs: readonly string[];

  /** @param outputs names of the states that the training graph ends with */
  constructor({ Tensor }: OnnxRuntime, packs: readonly Pack[], optimiser: Optimiser, outputs: readonly string[]) {
    this.#packs = packs;
    this.#states = packs.flatMap(({ shape }, i) =>
      (['weights', ...Array(momentsOf(optimiser)).keys()] as const).map((moment) => ({
        name: stepNames.state(i, moment),
        isWeights: moment === 'weights',
        tensor: new Tensor('float32', new Float32Array(elements(shape)), shape),
      })),
    );
    this.#outputs = outputs;
  }

  /**
   * Starts with moments of zero.
   * @param bytesOf the weights to start from; see packed
   */
  reset(bytesOf: (name: string) => Uint8Array): void {
    packed(this.#packs, bytesOf, this.#weights());
    for (const { isWeights, tensor } of this.#states) if (!isWeights) (tensor.data as Float32Array).fill(0);
  }

  /** A copy of all there is, weights and moments. */
  state(): Float32Array {
    const all = new Float32Array(this.#states.reduce((sum, { tensor }) => sum + tensor.size, 0));
    let at = 0;
    for (const { tensor } of this.#states) {
      all.set(tensor.data as Float32Array, at);
      at += tensor.size;
    }
    return all;
  }

  /** @returns whether that state is one of this network and optimiser, which it is set to */
  restore(state: Float32Array): boolean {
    if (state.length !== this.#states.reduce((sum, { tensor }) => sum + tensor.size, 0)) return false;
    let at = 0;
    for (const { tensor } of this.#states) {
      (tensor.data as Float32Array).set(state.subarray(at, at + tensor.size));
      at += tensor.size;
    }
    return true;
  }

  /** Copies of the weights, by name. */
  weights(): Map<string, Float32Array> {
    return unpacked(this.#packs, this.#weights());
  }

  #weights(): Float32Array[] {
    return this.#states.flatMap(({ isWeights, tensor }) => (isWeights ? [tensor.data as Float32Array] : []));
  }

  /** What the training graph reads, by its names. */
  feeds(): Record<string, Tensor> {
    return Object.fromEntries(this.#states.map(({ name, tensor }) => [name, tensor]));
  }

  /** What the inference graph reads. */
  weightFeeds(): Record<string, Tensor> {
    return Object.fromEntries(
      this.#states.flatMap(({ name, isWeights, tensor }) => (isWeights ? [[name, tensor]] : [])),
    );
  }

  /** Where the training graph writes. */
  fetches(): Record<string, Tensor> {
    return Object.fromEntries(this.#states.map(({ tensor }, i) => [this.#outputs[i]!, tensor]));
  }
}
