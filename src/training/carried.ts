import type { Tensor } from 'onnxruntime-node';
import { elements } from '../onnx/model.ts';
import type { OnnxRuntime } from '../runtime/require-native.ts';
import { momentsOf, type Optimiser } from './optimisers.ts';
import { type Pack, packed, unpacked } from './parameters.ts';
import { stepNames } from './step-graph.ts';

/**
 * All that is carried from step to step: weights and the optimiser's moments. A run reads and writes the same tensors: its Loop
 * copies what it ends with into them when it has done its last step. So there is one of each, the runtime allocates
 * nothing for them, and memory does not grow however long the training.
 */
export class Carried {
  readonly #packs: readonly Pack[];
  readonly #states: { name: string; newName: string; isWeights: boolean; tensor: Tensor }[];

  constructor({ Tensor }: OnnxRuntime, packs: readonly Pack[], optimiser: Optimiser) {
    this.#packs = packs;
    this.#states = packs.flatMap(({ shape }, i) =>
      (['weights', ...Array(momentsOf(optimiser)).keys()] as const).map((moment) => ({
        name: stepNames.state(i, moment),
        newName: stepNames.newState(i, moment),
        isWeights: moment === 'weights',
        tensor: new Tensor('float32', new Float32Array(elements(shape)), shape),
      })),
    );
  }

  /** Starts from these weights, with moments of zero. */
  reset(weights: ReadonlyMap<string, Float32Array>): void {
    const numbers = packed(this.#packs, weights);
    let pack = 0;
    for (const { isWeights, tensor } of this.#states)
      if (isWeights) (tensor.data as Float32Array).set(numbers[pack++]!);
      else (tensor.data as Float32Array).fill(0);
  }

  /** Copies of the weights, by name. */
  weights(): Map<string, Float32Array> {
    const numbers = this.#states.flatMap(({ isWeights, tensor }) => (isWeights ? [tensor.data as Float32Array] : []));
    return unpacked(this.#packs, numbers);
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
    return Object.fromEntries(this.#states.map(({ newName, tensor }) => [newName, tensor]));
  }
}
