import { join } from 'node:path';
import { fingerprint, readContents } from '../dataset/fingerprint.ts';
import { drawSample } from '../dataset/sample.ts';
import type { Dataset, ImageRecord } from '../dataset/types.ts';

/** Images of the target's declared test split. Only copies of other images are looked for among them: nothing is measured on them. */
export interface TestImages {
  images: ImageRecord[];
  /** SHA-256 of their bytes, by id. */
  contents: ReadonlyMap<string, string>;
  /** Digest of their ids, labels, groups and content. */
  digest: string;
}

/**
 * Draws at most `count` of the images marked `test`, as samples are drawn.
 * @returns null where no image is marked so
 */
export async function drawTestImages(
  whole: Dataset,
  { count, seed, cacheDir }: { count: number; seed: number; cacheDir: string },
): Promise<TestImages | null> {
  const marked = { ...whole, images: whole.images.filter(({ split }) => split === 'test') };
  if (marked.images.length === 0) return null;
  const images = drawSample(marked, { count, seed, purpose: 'test' });
  const drawn = { ...marked, images };
  const contents = await readContents(drawn, { cacheDir: join(cacheDir, 'fingerprints') });
  return { images, contents, digest: fingerprint(drawn, contents) };
}
