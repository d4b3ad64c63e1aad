import type { ElementType, Tensor } from './model.ts';

/** What is known of one tensor of a graph once the size of its input is fixed. */
export interface TensorFacts {
  type: ElementType;
  shape: readonly number[];
  /** Its elements, where they depend on neither the image nor a weight that is trained: shapes, axes, masks, frozen constants. */
  value?: Tensor;
}

/** By tensor name, inputs and initialisers included. */
export type Facts = ReadonlyMap<string, TensorFacts>;
