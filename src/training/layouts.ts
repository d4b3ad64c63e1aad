import type { Ops } from './ops.ts';
import type { Layout, Value } from './value.ts';

/** The runtime's own operators on blocked tensors. */
export const blockedDomain = 'com.microsoft.nchwc';

/** The same tensor in another layout. */
export function inLayout(ops: Ops, value: Value, to: Layout): Value {
  if (value.layout === to) return value;
  if (to === 'positions-first') return positionsFirst(ops, value);
  if (value.layout === 'plain') return fromPlain(ops, value, to);
  if (value.layout === 'positions-first' && to === 'blocked' && !isPadded(ops, { ...value, layout: to })) {
    // Whole rows of channels move.
    const made = { shape: value.shape, type: value.type, layout: to };
    return ops.raw('ReorderInput', [channelsLast(ops, value)], [made], { channels_last: 1 }, blockedDomain)[0]!;
  }
  const plain = toPlain(ops, value);
  return to === 'plain' ? plain : fromPlain(ops, plain, to);
}

/** [N, C, H, W] in any layout as a plain tensor [N, H, W, C]. */
export function channelsLast(ops: Ops, value: Value): Value {
  const [n, c, h, w] = value.shape as [number, number, number, number];
  if (value.layout === 'blocked') {
    const made = { shape: [n, h, w, c], type: value.type };
    return ops.raw('ReorderOutput', [value], [made], { channels: c, channels_last: 1 }, blockedDomain)[0]!;
  }
  if (value.layout === 'channels-first') return ops.transpose(asItLies(value), [1, 2, 3, 0]);
  if (value.layout === 'positions-first') return ops.transpose(asItLies(value), [2, 0, 1, 3]);
  return ops.transpose(value, [0, 2, 3, 1]);
}

/** The plain tensor that it is in memory: [C, N, …] of [N, C, …] that lies channels first, […, N, C] of what lies positions first. */
export function asItLies(value: Value): Value {
  const [images, channels, ...rest] = value.shape as [number, number, ...number[]];
  const shape = value.layout === 'positions-first' ? [...rest, images, channels] : [channels, images, ...rest];
  return { ...value, shape, layout: 'plain' };
}

/** Whether numbers that fill up the channels lie beside the real ones, so that only operators that keep 0 at 0 may touch them. */
export function isPadded({ block }: Ops, { layout, shape }: Value): boolean {
  return layout === 'blocked' && shape[1]! % block! !== 0;
}

function fromPlain(ops: Ops, value: Value, to: Layout): Value {
  const { shape, type } = value;
  if (to === 'channels-first') {
    const turned = ops.transpose(value, [1, 0, 2, 3]);
    return { ...turned, shape, layout: to };
  }
  return ops.raw('ReorderInput', [padded(ops, value)], [{ shape, type, layout: to }], {}, blockedDomain)[0]!;
}

/** From blocks by way of channels last: whole rows of channels move. */
function positionsFirst(ops: Ops, value: Value): Value {
  const { shape, layout } = value;
  const turned =
    layout === 'blocked'
      ? ops.transpose(channelsLast(ops, value), [1, 2, 0, 3])
      : layout === 'channels-first'
        ? ops.transpose(asItLies(value), [2, 3, 1, 0])
        : ops.transpose(value, [2, 3, 0, 1]);
  return { ...turned, shape, layout: 'positions-first' };
}

function toPlain(ops: Ops, value: Value): Value {
  const { shape, type, layout } = value;
  if (layout === 'channels-first') return ops.transpose(asItLies(value), [1, 0, 2, 3]);
  if (layout === 'positions-first') return ops.transpose(asItLies(value), [2, 3, 0, 1]);
  return ops.raw('ReorderOutput', [value], [{ shape, type }], { channels: shape[1]! }, blockedDomain)[0]!;
}

function padded(ops: Ops, value: Value): Value {
  const missing = -value.shape[1]! % ops.block!;
  return missing === 0 ? value : ops.pad(value, [0, 0, 0, 0], [0, ops.block! + missing, 0, 0]);
}
