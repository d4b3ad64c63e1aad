import { TransferEvidenceError } from '../errors.ts';
import type { Preprocessing } from '../manifest/schema.ts';
import { triangleResize, triangleResizeWindow } from './triangle.ts';
import type { RawImage } from './types.ts';

/**
 * Brings an image to a network's input size with antialiased bilinear filtering (see {@link triangleResize}).
 *
 * - `squash`: both sides to size, the aspect is lost;
 * - `crop`: the short side to size (the long one rounded down), then the centre is cut out, as torchvision's Resize and CenterCrop;
 * - `pad`: the long side to size, then centred on black, as Pillow's ImageOps.pad.
 *
 * @throws shape-mismatch when the size is not whole and positive, or the data is not width × height × 3
 */
export function resize(
  image: RawImage,
  options: { height: number; width: number; mode: Preprocessing['resize'] },
): RawImage {
  const { height, width, mode } = options;
  if (!Number.isInteger(height) || !Number.isInteger(width) || height < 1 || width < 1)
    throw new TransferEvidenceError('shape-mismatch', `An image cannot be resized to ${width} × ${height} pixels.`);
  checkPixels(image);
  switch (mode) {
    case 'squash':
      return triangleResize(image, width, height);
    case 'crop':
      return centreCrop(image, width, height);
    case 'pad':
      return pad(image, width, height);
  }
}

function centreCrop(image: RawImage, width: number, height: number): RawImage {
  const byHeight = width * image.height < height * image.width;
  const scaledWidth = byHeight ? Math.max(width, Math.trunc((height * image.width) / image.height)) : width;
  const scaledHeight = byHeight ? height : Math.max(height, Math.trunc((width * image.height) / image.width));
  return triangleResizeWindow(image, scaledWidth, scaledHeight, {
    left: halfToEven((scaledWidth - width) / 2),
    top: halfToEven((scaledHeight - height) / 2),
    width,
    height,
  });
}

function pad(image: RawImage, width: number, height: number): RawImage {
  const byHeight = width * image.height > height * image.width;
  const scaled = byHeight
    ? triangleResize(image, Math.max(1, halfToEven((image.width / image.height) * height)), height)
    : triangleResize(image, width, Math.max(1, halfToEven((image.height / image.width) * width)));
  const left = halfToEven((width - scaled.width) / 2);
  const top = halfToEven((height - scaled.height) / 2);
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < scaled.height; y++)
    data.set(scaled.data.subarray(y * scaled.width * 3, (y + 1) * scaled.width * 3), ((y + top) * width + left) * 3);
  return { data, width, height };
}

/** Python's round(): ties go to the even neighbour. The reference pipelines place their crops with it. */
function halfToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/**
 * Writes an image into a batch as channels × height × width: x = (low + pixel / 255 · (high − low) − mean) / std, with
 * `mean` and `std` in the order of the written channels. `grey` writes the luma of ITU-R BT.601
 * (0.299 R + 0.587 G + 0.114 B) to all three channels.
 *
 * @param offset where in `out` the image's 3 · height · width numbers begin
 * @throws shape-mismatch when they do not fit
 */
export function toTensor(
  image: RawImage,
  preprocessing: Pick<Preprocessing, 'channels' | 'range' | 'mean' | 'std'>,
  out: Float32Array,
  offset: number,
): void {
  checkPixels(image);
  const { data } = image;
  const plane = image.width * image.height;
  if (!(offset >= 0 && offset + 3 * plane <= out.length))
    throw new TransferEvidenceError(
      'shape-mismatch',
      `An image of ${image.width} × ${image.height} needs ${3 * plane} numbers from ${offset} on; the batch holds ${out.length}.`,
    );
  const { channels, range, mean, std } = preprocessing;
  for (let c = 0; c < 3; c++) {
    const to = offset + c * plane;
    const value = (pixel: number) => (range[0] + (pixel / 255) * (range[1] - range[0]) - mean[c]!) / std[c]!;
    if (channels === 'grey') {
      for (let i = 0; i < plane; i++)
        out[to + i] = value(0.299 * data[3 * i]! + 0.587 * data[3 * i + 1]! + 0.114 * data[3 * i + 2]!);
      continue;
    }
    const table = Float32Array.from({ length: 256 }, (_, pixel) => value(pixel));
    const source = channels === 'rgb' ? c : 2 - c;
    for (let i = 0; i < plane; i++) out[to + i] = table[data[3 * i + source]!]!;
  }
}

function checkPixels({ data, width, height }: RawImage): void {
  if (width < 1 || height < 1 || data.length !== width * height * 3)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `An image of ${width} × ${height} pixels needs ${width * height * 3} samples; ${data.length} were given.`,
    );
}
