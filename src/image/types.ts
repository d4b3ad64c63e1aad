/** Decoded pixels: 8-bit RGB, row by row, `data[(y · width + x) · 3 + channel]`, upright (EXIF orientation applied). */
export interface RawImage {
  data: Uint8Array;
  width: number;
  height: number;
}
