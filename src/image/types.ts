/** Decoded pixels: 8-bit RGB, row by row, `data[(y · width + x) · 3 + channel]`, upright (EXIF orientation applied). */
export interface RawImage {
  data: Uint8Array;
  width: number;
  height: number;
  /** What its file was compressed with, see {@link import('./jpeg-quality.ts')}; 100 for PNG and GIF, absent where the file does not tell. */
  jpegQuality?: number;
}
