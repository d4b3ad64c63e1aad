/**
 * Turns a decoder's samples into 8-bit RGB. Pure arithmetic on whole numbers, so that every machine gets the same bytes.
 */

/** Composites 8- or 16-bit RGBA (straight alpha) over black: colour · alpha / full, to the nearest. In place, then packed. */
export function overBlack<T extends Uint8Array | Uint16Array>(rgba: T): T {
  const full = rgba.BYTES_PER_ELEMENT === 1 ? 255 : 65535;
  const pixels = rgba.length / 4;
  for (let i = 0, from = 0, to = 0; i < pixels; i++, from += 4, to += 3) {
    const alpha = rgba[from + 3]!;
    rgba[to] = (rgba[from]! * alpha) / full + 0.5;
    rgba[to + 1] = (rgba[from + 1]! * alpha) / full + 0.5;
    rgba[to + 2] = (rgba[from + 2]! * alpha) / full + 0.5;
  }
  return rgba.subarray(0, pixels * 3) as T;
}

/** CMYK (0 = no ink) to RGB without a profile: (255 − ink) · (255 − black) / 255, as Pillow converts. */
export function fromCmyk(cmyk: Uint8Array): Uint8Array {
  const pixels = cmyk.length / 4;
  for (let i = 0, from = 0, to = 0; i < pixels; i++, from += 4, to += 3) {
    const light = 255 - cmyk[from + 3]!;
    cmyk[to] = ((255 - cmyk[from]!) * light) / 255 + 0.5;
    cmyk[to + 1] = ((255 - cmyk[from + 1]!) * light) / 255 + 0.5;
    cmyk[to + 2] = ((255 - cmyk[from + 2]!) * light) / 255 + 0.5;
  }
  return cmyk.subarray(0, pixels * 3);
}

/**
 * 16-bit samples linearly to 8 bits. Scanners with 10, 12 or 14 bits store their values unscaled in 16-bit files; read
 * against 65535, a 12-bit film would keep sixteen grey levels and turn black. So white is 2^b − 1 for the smallest
 * depth b of 8, 10, 12, 14, 16 (the depths DICOM devices store) that holds the image's brightest sample. The rule looks
 * at one image alone. Its price: within a 12-bit set, an image whose brightest sample is below 1024 comes out four times
 * brighter than its neighbours; convert such sets to 8 bits with one window for all.
 */
export function toEightBits(samples: Uint16Array): Uint8Array {
  let brightest = 0;
  for (let i = 0; i < samples.length; i++) if (samples[i]! > brightest) brightest = samples[i]!;
  const white = 2 ** [8, 10, 12, 14, 16].find((bits) => brightest < 2 ** bits)! - 1;
  const out = new Uint8Array(samples.length);
  for (let i = 0; i < samples.length; i++) out[i] = (samples[i]! * 255) / white + 0.5;
  return out;
}
