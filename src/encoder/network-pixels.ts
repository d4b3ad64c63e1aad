import type { ImageRecord } from '../dataset/types.ts';
import { TransferEvidenceError } from '../errors.ts';
import { decode } from '../image/decode.ts';
import { resize, toTensor } from '../image/preprocess.ts';
import type { RawImage } from '../image/types.ts';
import type { Sharp } from '../runtime/require-native.ts';
import { inputLength } from './describe-protocol.ts';
import type { Encoder } from './encoder.ts';

/** How a network wants its image. */
export type PixelDemand = Pick<Encoder, 'channels' | 'layout' | 'height' | 'width' | 'preprocessing'>;

/**
 * A resized image as the network's input.
 * @param planes memory for three planes; what is returned may lie in it
 */
export function networkInput(
  image: RawImage,
  { channels, layout, preprocessing }: PixelDemand,
  planes: Float32Array,
): Float32Array {
  const plane = image.height * image.width;
  toTensor(image, preprocessing, planes, 0);
  // Grey fills three equal planes; one is enough for a network that takes one.
  if (channels === 1) return planes.slice(0, plane);
  if (layout === 'NCHW') return planes;
  const interleaved = new Float32Array(3 * plane);
  for (let c = 0; c < 3; c++) for (let i = 0; i < plane; i++) interleaved[3 * i + c] = planes[c * plane + i]!;
  return interleaved;
}

/** Files that are decoded at once: decoding happens on threads of its own. */
const atOnce = 8;

/**
 * Images as one network takes them, one after the other, in memory that threads can share.
 * @throws dataset-unreadable when an image that was read before cannot be read now
 */
export async function readNetworkImages(
  images: readonly ImageRecord[],
  demand: PixelDemand,
  sharp: Sharp,
  options: { onProgress?: (done: number, total: number) => void; signal?: AbortSignal | undefined } = {},
): Promise<Float32Array> {
  const { height, width } = demand;
  const length = inputLength(demand);
  const all = new Float32Array(new SharedArrayBuffer(4 * length * images.length));
  const planes = new Float32Array(3 * height * width);
  let next = 0;
  let done = 0;
  const readOn = async (): Promise<void> => {
    for (let index = next++; index < images.length; index = next++) {
      options.signal?.throwIfAborted();
      const decoded = await readOne(sharp, images[index]!);
      const scaled = resize(decoded, { height, width, mode: demand.preprocessing.resize });
      all.set(networkInput(scaled, demand, planes), index * length);
      options.onProgress?.(++done, images.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, images.length) }, readOn));
  return all;
}

async function readOne(sharp: Sharp, { file, id }: ImageRecord): Promise<RawImage> {
  try {
    return await decode(sharp, file);
  } catch (cause) {
    throw new TransferEvidenceError(
      'dataset-unreadable',
      `The image ${id} could be read a moment ago and cannot now: ${(cause as Error).message} Keep the images as they are during a run.`,
      { cause },
    );
  }
}
