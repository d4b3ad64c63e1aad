import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type Sharp from 'sharp';
import { TransferEvidenceError } from '../errors.ts';
import { jpegQualityOf } from './jpeg-quality.ts';
import { fromCmyk, overBlack, toEightBits } from './samples.ts';
import { type ImageFormat, signatureOf } from './signature.ts';
import type { RawImage } from './types.ts';

/** Larger than any radiograph or photograph; smaller than what a decompression bomb or a whole slide unpacks to. */
const defaultPixelLimit = 100_000_000;

/**
 * Reads PNG, JPEG, WebP, TIFF (first page) or GIF (first frame) into upright 8-bit RGB.
 *
 * Grey is written to all three channels; palettes are resolved; transparency is composited over black; 16-bit samples
 * are scaled linearly (see {@link toEightBits}); CMYK is converted without a profile; embedded ICC profiles and gamma
 * are ignored, as they were when the usual networks were trained; the EXIF orientation is applied.
 *
 * @param sharp the loaded library: `src/runtime` owns finding it
 * @param options.pixelLimit width × height beyond which the image is refused before decoding; default 100 million
 * @throws image-unreadable (missing, empty, truncated, damaged, another format, signed or floating-point samples),
 *   image-too-large
 */
export async function decode(
  sharp: typeof Sharp,
  file: string,
  options: { pixelLimit?: number } = {},
): Promise<RawImage> {
  const pixelLimit = options.pixelLimit ?? defaultPixelLimit;
  const bytes = await read(file);
  const signature = signatureOf(bytes);
  if (signature.format === undefined)
    throw unreadable(file, `expected PNG, JPEG, WebP, TIFF or GIF; found ${signature.found}`);

  try {
    const { width, height, depth, space } = await sharp(bytes, { limitInputPixels: false }).metadata();
    if (width * height > pixelLimit) throw tooLarge(file, width, height, pixelLimit);
    if (depth !== 'uchar' && depth !== 'ushort')
      throw unreadable(file, `expected 8- or 16-bit unsigned samples; found ${depth}. Export it as 8- or 16-bit PNG`);

    const image = sharp(bytes, { failOn: 'error', ignoreIcc: true, limitInputPixels: pixelLimit }).autoOrient();
    if (space === 'cmyk') image.pipelineColourspace('cmyk').toColourspace('cmyk');
    else if (depth === 'ushort') image.pipelineColourspace('rgb16').toColourspace('rgb16');
    const { data, info } = await image.raw({ depth }).toBuffer({ resolveWithObject: true });
    if (info.channels > 4 || (space === 'cmyk' && info.channels !== 4))
      throw unreadable(file, `expected grey, RGB or CMYK; found ${info.channels} channels`);
    const quality = qualityOf(signature.format, bytes);
    return {
      data: toRgb(data, info.channels, depth, space === 'cmyk'),
      width: info.width,
      height: info.height,
      ...(quality === undefined ? {} : { jpegQuality: quality }),
    };
  } catch (error) {
    if (error instanceof TransferEvidenceError) throw error;
    throw unreadable(
      file,
      `the ${signature.format.toUpperCase()} data is damaged or cut short (${reason(error)})`,
      error,
    );
  }
}

/** PNG and GIF keep every sample that they were given; WebP and TIFF may or may not. */
function qualityOf(format: ImageFormat, bytes: Uint8Array): number | undefined {
  if (format === 'jpeg') return jpegQualityOf(bytes);
  return format === 'png' || format === 'gif' ? 100 : undefined;
}

function toRgb(data: Buffer, channels: number, depth: 'uchar' | 'ushort', cmyk: boolean): Uint8Array {
  if (depth === 'uchar') {
    const samples = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    if (channels === 3) return samples;
    return cmyk ? fromCmyk(samples) : overBlack(samples);
  }
  const samples = new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2);
  return toEightBits(channels === 3 ? samples : overBlack(samples));
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw unreadable(file, 'the file does not exist', error);
    if (code === 'ERR_FS_FILE_TOO_LARGE')
      throw new TransferEvidenceError(
        'image-too-large',
        `Image ${basename(file)} is a file of more than 2 GiB. Cut it into tiles.`,
        { cause: error },
      );
    throw unreadable(file, `the file cannot be opened (${code})`, error);
  }
}

function unreadable(file: string, why: string, cause?: unknown): TransferEvidenceError {
  return new TransferEvidenceError('image-unreadable', `Image ${basename(file)} cannot be read: ${why}.`, { cause });
}

function tooLarge(file: string, width: number, height: number, limit: number): TransferEvidenceError {
  const millions = (pixels: number) => `${Number((pixels / 1e6).toPrecision(3))} million`;
  return new TransferEvidenceError(
    'image-too-large',
    `Image ${basename(file)} is ${width} × ${height} pixels (${millions(width * height)}); at most ${millions(limit)} are read. ` +
      'Scale it down or cut it into tiles.',
  );
}

function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().split('\n')[0]!;
}
