import type { Preprocessing } from '../manifest/schema.ts';
import type { Augmentation, ImageChange } from '../probe/finetune/order.ts';
import type { Ops } from './ops.ts';
import { range } from './shape.ts';
import type { Value } from './value.ts';

/** How images lie: [N, channels, height, width], or with the channels last. */
export interface ImageShape {
  layout: 'NCHW' | 'NHWC';
  channels: number;
  height: number;
  width: number;
}

/** The shape of one image as the network takes it. */
export function dimsOf({ layout, channels, height, width }: ImageShape): [number, number, number] {
  return layout === 'NCHW' ? [channels, height, width] : [height, width, channels];
}

/** What is drawn for each image of a batch; a part that is off is missing, and costs nothing. */
export interface Draws<T> {
  /** [B, 2]: the source column of column 0, and 1 or, mirrored, −1 to the next. */
  columns?: T;
  /** [B]: the source row of row 0. */
  rows?: T;
  /** [B]: factor on the intensity. */
  brightness?: T;
}

/** The parts that are on, with what one image needs of each. */
export function partsOf({
  flip,
  shift,
  brightness,
}: Augmentation): { name: keyof Draws<unknown>; perImage: number[] }[] {
  return [
    ...(flip || shift > 0 ? [{ name: 'columns', perImage: [2] } as const] : []),
    ...(shift > 0 ? [{ name: 'rows', perImage: [] } as const] : []),
    ...(brightness > 0 ? [{ name: 'brightness', perImage: [] } as const] : []),
  ].map(({ name, perImage }) => ({ name, perImage: [...perImage] }));
}

/**
 * The draws of images as numbers, of the parts that are on; shifts are rounded to whole pixels of this network's input.
 */
export function drawsOf(
  changes: readonly ImageChange[],
  augmentation: Augmentation,
  { height, width }: Pick<ImageShape, 'height' | 'width'>,
): Draws<Float32Array> {
  const draws: Draws<Float32Array> = {};
  for (const { name } of partsOf(augmentation))
    if (name === 'columns') {
      const columns = changes.flatMap(({ flip, right }) => {
        const shift = augmentation.shift > 0 ? Math.round(right * width) : 0;
        // The picture is mirrored first and moved then.
        return augmentation.flip && flip ? [width - 1 + shift, -1] : [-shift, 1];
      });
      draws.columns = Float32Array.from(columns);
    } else if (name === 'rows') draws.rows = Float32Array.from(changes, ({ down }) => -Math.round(down * height));
    else draws.brightness = Float32Array.from(changes, ({ brightness }) => brightness);
  return draws;
}

/**
 * What (mean − low) ÷ std is in each channel: with x = (raw − mean) ÷ std and raw = low + p · (high − low), an
 * intensity p times f is f · x + (f − 1) · offset.
 */
export function brightnessOffset(
  { mean, std, range: [low] }: Pick<Preprocessing, 'mean' | 'std' | 'range'>,
  channels: number,
): Float32Array {
  return Float32Array.from({ length: channels }, (_, c) => (mean[c]! - low) / std[c]!);
}

/**
 * Emits the change of a batch: brightness first, then mirroring and moving. What is moved in from outside is 0, the
 * mean colour after normalisation. Brightness multiplies the intensity 0 … 1 that a pixel had before normalisation;
 * nothing is cut off at white.
 *
 * Rows and columns are chosen by matrix products with one 1 a row, which every device computes fast, and on processors
 * exactly.
 * @param images [B, …] in the given layout
 * @param offset see brightnessOffset; read only where brightness is drawn
 */
export function emitAugmentation(
  ops: Ops,
  images: Value,
  { layout, channels, height, width }: ImageShape,
  { columns, rows, brightness }: Draws<Value>,
  offset: Float32Array,
): Value {
  const batch = images.shape[0]!;
  const first = layout === 'NCHW';
  let changed = images;
  if (brightness) {
    const factor = ops.reshape(brightness, [batch, 1, 1, 1]);
    const brighter = ops.mul(changed, factor);
    const perChannel = ops.constant(offset, first ? [1, channels, 1, 1] : [1, 1, 1, channels]);
    const moved = ops.mul(ops.sub(factor, ops.scalar(1)), perChannel);
    changed = offset.every((value) => value === 0) ? brighter : ops.add(brighter, moved);
  }
  if (rows) {
    // [B, to, from]
    const chosen = selection(ops, ops.reshape(rows, [batch, 1]), ops.scalar(1), height, 'to, from');
    changed = first
      ? ops.matmul(ops.reshape(chosen, [batch, 1, height, height]), changed)
      : ops.reshape(ops.matmul(chosen, ops.reshape(changed, [batch, height, width * channels])), changed.shape);
  }
  if (columns) {
    const [start, direction] = ops.split(columns, 1, [1, 1]) as [Value, Value];
    const chosen = selection(ops, start, direction, width, first ? 'from, to' : 'to, from');
    const spread = ops.reshape(chosen, [batch, 1, width, width]);
    changed = first ? ops.matmul(changed, spread) : ops.matmul(spread, changed);
  }
  return changed;
}

/** 1 where place `to` takes what was at place `from` = start + direction · to; [B, size, size]. */
function selection(ops: Ops, start: Value, direction: Value, size: number, order: 'to, from' | 'from, to'): Value {
  const batch = start.shape[0]!;
  const places = ops.constant(Float32Array.from(range(size)), [1, size], 'places');
  const from = ops.add(start, ops.mul(direction, places));
  const [source, place] =
    order === 'to, from'
      ? [ops.reshape(from, [batch, size, 1]), ops.reshape(places, [1, 1, size])]
      : [ops.reshape(from, [batch, 1, size]), ops.reshape(places, [1, size, 1])];
  return ops.cast(ops.binary('Equal', source, place, 'bool'), 'float32');
}
