import type { Tensor } from 'onnxruntime-node';
import { elements } from '../onnx/model.ts';
import type { OnnxRuntime } from '../runtime/require-native.ts';
import { momentsOf, type Optimiser } from './optimisers.ts';
import { type Pack, packed, unpacked } from './parameters.ts';
import { stepNames } from './step-graph.ts';

/**
 * All that is carried from step to step: weights and the optimiser's moments. There are two of each tensor, of which a
 * run reads one and writes the other; the runtime allocates nothing, so that memory does not grow however long the
 * training.
 */
export class Carried {
  readonly #packs: readonly Pack[];
  readonly #states: { name: string; newName: string; isWeights: boolean; now: Tensor; next: Tensor }[];

  constructor({ Tensor }: OnnxRuntime, packs: readonly Pack[], optimiser: Optimiser) {
    const empty = (shape: readonly number[]) => new Tensor('float32', new Float32Array(elements(shape)), shape);
    this.#packs = packs;
    this.#states = packs.flatMap(({ shape }, i) =>
      (['weights', ...Array(momentsOf(optimiser)).keys()] as const).map((moment) => ({
        name: stepNames.state(i, moment),
        newName: stepNames.newState(i, moment),
        isWeights: moment === 'weights',
        now: empty(shape),
        next: empty(shape),
      })),
    );
  }

  /** Starts from these weights, with moments of zero. */
  reset(weights: ReadonlyMap<string, Float32Array>): void {
    const numbers = packed(this.#packs, weights);
    let pack = 0;
    for (const { isWeights, now } of this.#states)
      if (isWeights) (now.data as Float32Array).set(numbers[pack++]!);
      else (now.data as Float32Array).fill(0);
  }

  /** Copies of the weights, by name. */
  weights(): Map<string, Float32Array> {
    const numbers = this.#states.flatMap(({ isWeights, now }) => (isWeights ? [now.data as Float32Array] : []));
    return unpacked(this.#packs, numbers);
  }

  /** What the training graph reads, by its names. */
  feeds(): Record<string, Tensor> {
    return Object.fromEntries(this.#states.map(({ name, now }) => [name, now]));
  }

  /** What the inference graph reads. */
  weightFeeds(): Record<string, Tensor> {
    return Object.fromEntries(this.#states.flatMap(({ name, isWeights, now }) => (isWeights ? [[name, now]] : [])));
  }

  /** Where the training graph writes. */
  fetches(): Record<string, Tensor> {
    return Object.fromEntries(this.#states.map(({ newName, next }) => [newName, next]));
  }

  /** What was written is what counts from now on. */
  advance(): void {
    for (const state of this.#states) [state.now, state.next] = [state.next, state.now];
  }
}
