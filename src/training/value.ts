import type { ElementType } from '../onnx/model.ts';

/**
 * How a tensor lies in memory. `plain`: row-major, as its shape says. `channels-first`: [N, C, H, W] kept as [C, N, H, W], in
 * which a convolution is one matrix product without a transposed weight. `positions-first`: kept as [H, W, N, C], of which what a
 * kernel position sees is a few large pieces. `blocked`: kept as [N, C/B, H, W, B], the layout in which the runtime's own convolutions
 * on processors compute; C is filled up with zeros to a multiple of B.
 */
export type Layout = 'plain' | 'channels-first' | 'positions-first' | 'blocked';

/** A tensor of the graph that is being built. */
export interface Value {
  readonly name: string;
  /** Logical: what the network's author would see, whatever the layout. */
  readonly shape: readonly number[];
  readonly type: ElementType;
  readonly layout: Layout;
}
