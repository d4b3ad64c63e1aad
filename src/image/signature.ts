/** What the first bytes of a file say it is: a format that is read, or why it is not. */
export type Signature = { format: ImageFormat } | { format: undefined; found: string };

export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'tiff' | 'gif';

/** File extensions, lower case, that are listed as images. The content decides in the end, see {@link signatureOf}. */
export const imageExtensions: ReadonlySet<string> = new Set([
  '.png',
  '.jpg',
  '.jpeg',
  '.jpe',
  '.jfif',
  '.webp',
  '.tif',
  '.tiff',
  '.gif',
]);

/**
 * Recognises a format by its magic number, never by its name. Only these five reach the decoder: libvips itself would
 * also open formats that run code or follow references (SVG, PDF).
 */
export function signatureOf(bytes: Uint8Array): Signature {
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return { format: 'png' };
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return { format: 'jpeg' };
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return { format: 'webp' };
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(text(0, 4))) return { format: 'tiff' };
  if (['GIF87a', 'GIF89a'].includes(text(0, 6))) return { format: 'gif' };
  return { format: undefined, found: describe(text, bytes.length) };
}

function describe(text: (from: number, to: number) => string, length: number): string {
  if (length === 0) return 'an empty file (0 bytes)';
  if (text(0, 40).startsWith('version https://git-lfs'))
    return 'a Git LFS pointer instead of the image; fetch the content (`lfs: true` in actions/checkout, or `git lfs pull`)';
  if (text(128, 132) === 'DICM') return 'a DICOM file; export it as PNG (8 or 16 bit) first';
  if (text(0, 2) === 'BM') return 'a BMP file; convert it to PNG';
  if (text(0, 5) === '%PDF-') return 'a PDF; export the image as PNG';
  if (['ftypavif', 'ftypheic', 'ftypmif1'].includes(text(4, 12)))
    return 'an AVIF or HEIC file; convert it to PNG or JPEG';
  if (text(0, 12).startsWith('\0\0\0\x0cjP  ') || text(0, 4) === '\xff\x4f\xff\x51')
    return 'a JPEG 2000 file; convert it to PNG';
  const start = text(0, 200).trimStart().toLowerCase();
  if (start.startsWith('<svg') || (start.startsWith('<?xml') && start.includes('<svg')))
    return 'an SVG drawing; export it as PNG';
  if (start.startsWith('<!doctype html') || start.startsWith('<html')) return 'an HTML page, perhaps a failed download';
  const hex = Array.from(text(0, 8), (c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join(' ');
  return `a file that begins with the bytes ${hex}`;
}
