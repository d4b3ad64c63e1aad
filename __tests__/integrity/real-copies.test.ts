import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decode } from '../../src/image/decode.ts';
import type { RawImage } from '../../src/image/types.ts';
import { copiesBetween, copiesWithin } from '../../src/integrity/near-duplicates.ts';
import { signatures } from '../helpers/signatures.ts';

const data = fileURLToPath(new URL('../../../shared/data', import.meta.url));
const present = existsSync(data);
const title = present ? 'copies among real images' : 'copies among real images (left out: ../shared/data is not there)';

const filesOf = (set: string) =>
  readdirSync(set, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`)
    .sort();

async function read(files: readonly string[]): Promise<RawImage[]> {
  const images: RawImage[] = [];
  for (const file of files) images.push(await decode(sharp, file));
  return images;
}

/** Pairs of the sets that are parts of one picture, as a look at them shows. */
const partsOfOnePicture: Record<string, string[]> = {
  clothing: ['e6a8b33f-279c-4072-8dba-229d94205e55 b59e4d4a-a283-4868-8a81-2f24d8b9c8d8'],
  cifar10: ['train_3624 train_2580'],
};
/** Likewise, of the further images that are looked at. */
const sharedParts: Record<string, string[]> = { cifar10: ['train_1336 train_2580'] };

/** Changed copies of images, with the row of each one's original. */
async function planted(
  originals: readonly { file: string; row: number }[],
  change: (image: Sharp, size: { width: number; height: number }) => Sharp[],
) {
  const images: RawImage[] = [];
  const rows: number[] = [];
  for (const { file, row } of originals)
    for (const copy of change(sharp(file), await sharp(file).metadata())) {
      const { data: pixels, info } = await sharp(await copy.toBuffer())
        .toColourspace('srgb')
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      images.push({ data: new Uint8Array(pixels), width: info.width, height: info.height });
      rows.push(row);
    }
  return { signatures: signatures(images), rows };
}

describe.skipIf(!present)(title, { timeout: 120_000 }, () => {
  it.each(['nih_cxr', 'lc25000_lung', 'clothing', 'cifar10'])(
    'of %s are all found that were planted, and no others',
    async (set) => {
      const files = filesOf(`${data}/datasets/${set}`);
      const source = signatures(await read(files));
      const name = (file: string) => file.slice(file.lastIndexOf('/') + 1, file.lastIndexOf('.'));
      const pairs = copiesWithin(source).map(({ row, of }) => [files[row]!, files[of]!].map(name).join(' '));
      expect(pairs).toEqual(partsOfOnePicture[set] ?? []);
      const others = filesOf(`${data}/datasets-extra/${set}`).filter((_, at) => at % 16 === 0);
      const shared = copiesBetween(source, signatures(await read(others)));
      expect(shared.map(({ row, of }) => [others[row]!, files[of]!].map(name).join(' '))).toEqual(
        sharedParts[set] ?? [],
      );
      const chosen = files.flatMap((file, row) => (row % Math.ceil(files.length / 20) === 0 ? [{ file, row }] : []));
      const copies = await planted(chosen, (image, { width, height }) => [
        image.clone().jpeg({ quality: 60 }),
        image.clone().resize(Math.round(0.6 * width), Math.round(0.6 * height)),
        image.clone().flop(),
        image.clone().rotate(90),
      ]);
      expect(copiesBetween(source, copies.signatures).map(({ of }) => of)).toEqual(copies.rows);
    },
  );

  it.each(['nih_cxr', 'cifar10'])(
    'of %s are found when cropped and encoded anew, mostly, and none wrongly',
    async (set) => {
      const files = filesOf(`${data}/datasets/${set}`).slice(0, 40);
      const source = signatures(await read(files));
      const parts = await planted(
        files.map((file, row) => ({ file, row })),
        (image, { width, height }) => {
          const cut = (left: number, top: number, across: number, down: number) => {
            const [x, y] = [Math.round(left * width), Math.round(top * height)];
            const size = { width: Math.round(across * width), height: Math.round(down * height) };
            return image
              .clone()
              .extract({ left: x, top: y, ...size })
              .resize(width, height, { fit: 'fill' })
              .jpeg({ quality: 60 });
          };
          return [cut(0.05, 0.05, 0.9, 0.9), cut(0, 0, 0.9, 1), cut(0, 0.2, 1, 0.8), cut(0.12, 0.03, 0.8, 0.81)];
        },
      );
      const found = copiesBetween(source, parts.signatures);
      expect(found.every(({ row, of }) => of === parts.rows[row])).toBe(true);
      expect(found.length).toBeGreaterThan(0.85 * parts.rows.length);
    },
  );

  it('finds two films of the NIH’s that MedNIST took over, one of them windowed differently, and calls no other chest X-ray a copy', async () => {
    const both = (set: string) => ['datasets', 'datasets-extra'].flatMap((part) => filesOf(`${data}/${part}/${set}`));
    const [films, mednist] = [both('nih_cxr'), both('mednist/CXR')];
    const found = copiesBetween(signatures(await read(films)), signatures(await read(mednist)));
    const name = (file: string) => file.slice(file.lastIndexOf('/') + 1);
    expect(found.map(({ row, of }) => `${name(mednist[row]!)} ${name(films[of]!)}`)).toEqual([
      '009354.jpg 00010531_073.jpg',
      '009368.jpg 00003541_000.jpg',
    ]);
  });
});
