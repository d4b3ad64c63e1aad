import { biasGradientBlocked, convolveBlocked } from '../convolution/blocked.ts';
import { biasGradientByRows } from '../convolution/rows.ts';
import { asItLies } from '../layouts.ts';
import type { Ops } from '../ops.ts';
import { range } from '../shape.ts';
import type { Value } from '../value.ts';

/** [C] as [C, 1, …], to be broadcast against [N, C, …]. */
export function alongChannels(ops: Ops, perChannel: Value, rank: number): Value {
  return ops.reshape(perChannel, [...perChannel.shape, ...range(rank - 2).map(() => 1)]);
}

/**
 * scale · x + shift, channel by channel, in the layout of x.
 * @param x [N, C, …]
 * @param scale [C]
 * @param shift [C]
 */
export function affine(ops: Ops, x: Value, scale: Value, shift?: Value): Value {
  if (x.layout === 'blocked' && x.shape[1]! > 1) {
    // The runtime's blocked layout broadcasts nothing, but a depthwise convolution with one tap is this very map, in one pass.
    const [images, channels, ...input] = x.shape as [number, number, number, number];
    const still = { strides: [1, 1], dilations: [1, 1], before: [0, 0], after: [0, 0], kernel: [1, 1] };
    const shape = { ...still, images, channels, outputs: channels, groups: channels, input, output: input };
    return convolveBlocked(ops, shape, x, ops.reshape(scale, [channels, 1, 1, 1]), shift);
  }
  const rank = x.shape.length;
  const scaled = ops.mul(x, alongChannels(ops, scale, rank));
  return shift ? ops.add(scaled, alongChannels(ops, shift, rank)) : scaled;
}

/** The sum over images and positions: [C]. */
export function channelSums(ops: Ops, x: Value): Value {
  if (x.layout === 'blocked') return biasGradientBlocked(ops, x);
  if (x.layout === 'channels-first') return ops.reduce('ReduceSum', asItLies(x), range(x.shape.length).slice(1), false);
  if (x.layout === 'positions-first') return biasGradientByRows(ops, x);
  const axes = range(x.shape.length).filter((axis) => axis !== 1);
  return ops.reduce('ReduceSum', x, axes, false);
}
