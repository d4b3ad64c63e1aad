import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decode } from '../../src/image/decode.ts';
import { resize } from '../../src/image/preprocess.ts';
import type { RawImage } from '../../src/image/types.ts';
import { imageSignature, signatureColumns } from '../../src/integrity/image-signature.ts';
import { copiesBetween, copiesWithin } from '../../src/integrity/near-duplicates.ts';
import { matrix } from '../../src/matrix.ts';
import { seededRandom } from '../../src/random.ts';
import { mapped, mirror, texture } from '../helpers/textures.ts';

const signatures = (images: readonly RawImage[]) => {
  const data = new Float32Array(images.length * signatureColumns);
  for (const [row, image] of images.entries()) data.set(imageSignature(image), row * signatureColumns);
  return matrix(data, images.length, signatureColumns);
};
const smaller = (image: RawImage, part: number) =>
  resize(image, { height: Math.round(image.height * part), width: Math.round(image.width * part), mode: 'squash' });

describe('the signature of an image', () => {
  it('changes the sign of odd horizontal frequencies in the mirror, and nothing else', () => {
    const [own, other] = [imageSignature(texture(1)), imageSignature(mirror(texture(1)))];
    for (const [at, value] of own.entries()) expect(other[at]! - (at % 2 === 0 ? value : -value)).toBeCloseTo(0, 3);
  });

  it('holds the mean grey level in its first number and nothing else of a flat image', () => {
    const [first, ...rest] = imageSignature(mapped(texture(1), () => 100));
    expect(first).toBeCloseTo(32 * 100, 1);
    for (const value of rest) expect(value).toBeCloseTo(0, 3);
  });
});

describe('copies', () => {
  const pictures = Array.from({ length: 30 }, (_, seed) => texture(seed));
  const source = signatures(pictures);
  const copiesOf = (image: RawImage) =>
    copiesBetween(source, signatures([image])).map(({ of, mirrored }) => [of, mirrored]);

  it('are found when resized, noisy, brightened, of less contrast, or mirrored', () => {
    const noise = seededRandom(0, 'noise');
    expect(copiesOf(smaller(pictures[4]!, 0.6))).toEqual([[4, false]]);
    expect(copiesOf(mapped(pictures[5]!, (sample) => sample + 5 * noise.normal()))).toEqual([[5, false]]);
    expect(copiesOf(mapped(pictures[6]!, (sample) => 0.6 * sample + 70))).toEqual([[6, false]]);
    expect(copiesOf(mirror(pictures[7]!))).toEqual([[7, true]]);
    expect(copiesOf(smaller(mirror(pictures[8]!), 0.6))).toEqual([[8, true]]);
  });

  it('are no two different pictures', () => {
    expect(copiesBetween(source, signatures(Array.from({ length: 30 }, (_, i) => texture(100 + i))))).toEqual([]);
    expect(copiesWithin(source)).toEqual([]);
  });

  it('are no flat images, however equal', () => {
    const flat = [90, 90, 200].map((grey) => mapped(pictures[0]!, () => grey));
    expect(copiesWithin(signatures(flat))).toEqual([]);
  });

  it('are no two pictures of the same stripes with noise of their own, only the very same picture', () => {
    const noise = seededRandom(0, 'stripes');
    const striped = () =>
      mapped(texture(0, 32), (_, at) => (Math.floor(at / 3 / 32) % 8 < 4 ? 170 : 90) + 6 * noise.normal());
    const [one, two] = [striped(), striped()];
    expect(copiesWithin(signatures([one, two]))).toEqual([]);
    expect(copiesWithin(signatures([one, one]))).toMatchObject([{ row: 1, of: 0 }]);
  });

  it('do not chain: each stands beside a picture that it was compared with', () => {
    // From one picture to another in steps that are copies one by one.
    const steps = 40;
    const blend = (i: number) =>
      mapped(pictures[0]!, (sample, at) => sample + (i / steps) * (pictures[1]!.data[at]! - sample));
    const row = signatures(Array.from({ length: steps + 1 }, (_, i) => blend(i)));
    const found = copiesWithin(row);
    const heads = new Set(found.map(({ of }) => of));
    expect(heads.size).toBeGreaterThan(3);
    expect(found.some((copy) => heads.has(copy.row))).toBe(false);
    expect(found.every(({ correlation }) => correlation >= 0.975)).toBe(true);
    expect(found.filter(({ of }) => of === 0).every((copy) => copy.row < steps / 2)).toBe(true);
  });

  it('among 20,000 pictures are looked for in seconds', () => {
    const random = seededRandom(1, 'many');
    const [rows, asked] = [20_000, 2000];
    const data = new Float32Array(rows * signatureColumns);
    for (let i = 0; i < data.length; i++) data[i] = (400 * (random.next() - 0.5)) / (1 + (i % 16) + ((i >> 4) % 16));
    const few = data.slice(0, asked * signatureColumns).map((value) => value * 1.1);
    const started = performance.now();
    const found = copiesBetween(matrix(data, rows, signatureColumns), matrix(few, asked, signatureColumns));
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(found.map(({ row, of }) => row === of)).toEqual(new Array(asked).fill(true));
  });
});

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

describe.skipIf(!present)(title, { timeout: 120_000 }, () => {
  it.each(['nih_cxr', 'lc25000_lung', 'clothing', 'cifar10'])(
    'of %s are all found that were planted, and no others',
    async (set) => {
      const files = filesOf(`${data}/datasets/${set}`);
      const source = signatures(await read(files));
      expect(copiesWithin(source)).toEqual([]);
      expect(copiesBetween(source, signatures(await read(filesOf(`${data}/datasets-extra/${set}`))))).toEqual([]);
      const chosen = files.flatMap((file, row) => (row % Math.ceil(files.length / 25) === 0 ? [{ file, row }] : []));
      const planted: RawImage[] = [];
      const expected: number[] = [];
      for (const { file, row } of chosen) {
        const { width, height } = await sharp(file).metadata();
        const forms = [
          sharp(file).jpeg({ quality: 60 }),
          sharp(file)
            .resize(Math.round(0.6 * width), Math.round(0.6 * height))
            .png(),
          sharp(file).flop().png(),
        ];
        for (const form of forms) {
          const { data: pixels, info } = await sharp(await form.toBuffer())
            .toColourspace('srgb')
            .removeAlpha()
            .raw()
            .toBuffer({ resolveWithObject: true });
          planted.push({ data: new Uint8Array(pixels), width: info.width, height: info.height });
          expected.push(row);
        }
      }
      expect(copiesBetween(source, signatures(planted)).map(({ of }) => of)).toEqual(expected);
    },
  );

  it('finds a film of the NIH’s that MedNIST took over, and calls no other chest X-ray a copy', async () => {
    const both = (set: string) => ['datasets', 'datasets-extra'].flatMap((part) => filesOf(`${data}/${part}/${set}`));
    const [films, mednist] = [both('nih_cxr'), both('mednist')];
    const found = copiesBetween(signatures(await read(films)), signatures(await read(mednist)));
    const name = (file: string) => file.slice(file.lastIndexOf('/') + 1);
    expect(found.map(({ row, of }) => `${name(mednist[row]!)} ${name(films[of]!)}`)).toEqual([
      '009354.jpg 00010531_073.jpg',
    ]);
  });
});
