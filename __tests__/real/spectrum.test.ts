import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type Sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decode } from '../../src/image/decode.ts';
import type { RawImage } from '../../src/image/types.ts';
import { seededRandom } from '../../src/random.ts';
import { spectrumConflict } from '../../src/semantic/spectrum.ts';
import { highFrequencyShare } from '../../src/similarity/visual/high-frequency.ts';
import { planesOf } from '../../src/similarity/visual/planes.ts';
import { slopeOf } from '../../src/similarity/visual/spectrum-slope.ts';

const folder = fileURLToPath(new URL('../../../shared/data/datasets', import.meta.url));
const present = existsSync(folder);
const title = present ? 'on real images' : 'on real images (left out: ../shared/data is not there)';
const sharp = createRequire(import.meta.url)('sharp') as typeof Sharp;

/** Every set that is there, with what it is; null where nothing is published of it. */
const sets: [set: string, classes: string[], modality: string, said: boolean][] = [
  ['nih_cxr', ['no_findings', 'pneumonia'], 'DX', true],
  ['mednist', ['CXR', 'Hand'], 'CR', true],
  ['mednist', ['AbdomenCT', 'ChestCT', 'HeadCT'], 'CT', true],
  ['mednist', ['BreastMRI'], 'MR', true],
  ['clothing', ['dress', 'shirt', 'shoes'], 'natural images', true],
  ['cifar10', ['airplane', 'frog', 'ship'], 'natural images', true],
  ['lc25000_lung', ['lung_aca', 'lung_n'], 'SM', false],
];

const files = (set: string, classes: string[]) =>
  classes.flatMap((name) =>
    readdirSync(join(folder, set, name))
      .slice(0, 12)
      .map((file) => join(folder, set, name, file)),
  );

function spectrumOf(image: RawImage, group: string) {
  const { spectrum } = planesOf(image);
  return { slope: slopeOf(spectrum!), highFrequency: highFrequencyShare(spectrum!), group };
}

/** The image in white noise of the given deviation; without the image where there is none. */
function noisy(image: RawImage, deviation: number, kept: 0 | 1): RawImage {
  const random = seededRandom(1, 'noise');
  const data = new Uint8Array(image.data.length);
  for (let at = 0; at < data.length; at += 3) {
    const noise = deviation * Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
    for (let channel = 0; channel < 3; channel++)
      data[at + channel] = Math.min(255, Math.max(0, Math.round((kept ? image.data[at + channel]! : 128) + noise)));
  }
  return { ...image, data };
}

describe.skipIf(!present)(title, { timeout: 120_000 }, () => {
  it('raises no alarm about a modality that is rightly declared, as it is or with noise', async () => {
    for (const [set, classes, modality] of sets) {
      const images = await Promise.all(files(set, classes).map((file) => decode(sharp, file)));
      const asTheyAre = images.map((image, at) => spectrumOf(image, String(at)));
      const withNoise = images.map((image, at) => spectrumOf(noisy(image, 10, 1), String(at)));
      expect(spectrumConflict([modality], asTheyAre), `${set} ${modality}`).toBeNull();
      expect(spectrumConflict([modality], withNoise), `${set} ${modality}, with noise`).toBeNull();
    }
  });

  it('finds noise of the same size under every modality that has a published spectrum', async () => {
    for (const [set, classes, modality, said] of sets) {
      const images = await Promise.all(files(set, classes).map((file) => decode(sharp, file)));
      const found = spectrumConflict(
        [modality],
        images.map((image, at) => spectrumOf(noisy(image, 30, 0), String(at))),
      );
      if (said) expect(found, `${set} ${modality}`).toMatchObject({ share: 1 });
      else expect(found).toBeNull();
    }
  });
});
