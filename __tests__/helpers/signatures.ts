import type { RawImage } from '../../src/image/types.ts';
import { imageSignature, signatureColumns } from '../../src/integrity/image-signature.ts';
import { matrix } from '../../src/matrix.ts';

/** The signatures of images, one a row. */
export function signatures(images: readonly RawImage[]) {
  const data = new Float32Array(images.length * signatureColumns);
  for (const [row, image] of images.entries()) data.set(imageSignature(image), row * signatureColumns);
  return matrix(data, images.length, signatureColumns);
}
