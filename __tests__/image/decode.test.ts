import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode } from '../../src/image/decode.ts';

const fixtures = new URL('../fixtures/image/', import.meta.url);
const fixture = (name: string) => fileURLToPath(new URL(`decode/${name}`, fixtures));
const expected: Record<string, { width: number; height: number; rgb: string }> = JSON.parse(
  await readFile(new URL('decode.json', fixtures), 'utf8'),
);

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'decode-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function written(name: string, content: Uint8Array | string): Promise<string> {
  const file = join(directory, name);
  await writeFile(file, content);
  return file;
}

/** 64 × 64 of hard-to-compress colour. */
const noisy = () =>
  sharp(Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * i * 31 + i * 7) % 256)), {
    raw: { width: 64, height: 64, channels: 3 },
  });

describe('decode', () => {
  // Lossless formats leave no freedom. Another build of the JPEG library may round its cosine transform otherwise.
  it.each(Object.keys(expected))('reads %s as Pillow and NumPy do', async (name) => {
    const { width, height, rgb } = expected[name]!;
    const image = await decode(sharp, fixture(name));
    expect([image.width, image.height]).toEqual([width, height]);
    const truth = Buffer.from(rgb, 'base64');
    expect(image.data).toHaveLength(truth.length);
    const differences = Array.from(truth, (value, i) => Math.abs(value - image.data[i]!));
    expect(Math.max(...differences)).toBeLessThanOrEqual(/\.jpg$|^jpeg-/.test(name) ? 2 : 0);
  });

  it('scales each 16-bit image by itself: one that holds 12 bits does not turn black', async () => {
    const { data } = await decode(sharp, fixture('grey16-holding-12.png'));
    expect(Math.max(...data)).toBe(255);
    expect(new Set(data).size).toBeGreaterThan(100);
  });

  it('takes the pixels as they are when a colour profile is embedded', async () => {
    const pixels = Buffer.from([200, 30, 60]);
    const file = await written(
      'p3.png',
      await sharp(pixels, { raw: { width: 1, height: 1, channels: 3 } })
        .withIccProfile('p3')
        .png()
        .toBuffer(),
    );
    expect((await sharp(file).metadata()).hasProfile).toBe(true);
    const stored = await sharp(file, { ignoreIcc: true }).raw().toBuffer();
    expect([...(await decode(sharp, file)).data]).toEqual([...stored]);
  });

  it.each(['png', 'jpeg', 'webp', 'tiff', 'gif'] as const)('finds a %s that is cut short anywhere', async (format) => {
    const whole = await noisy().toFormat(format).toBuffer();
    for (const share of [0.1, 0.5, 0.97]) {
      const file = await written(`cut.${format}`, whole.subarray(0, Math.floor(whole.length * share)));
      await expect(decode(sharp, file)).rejects.toMatchObject({ code: 'image-unreadable' });
    }
    await expect(decode(sharp, await written(`whole.${format}`, whole))).resolves.toMatchObject({
      width: 64,
      height: 64,
    });
  });

  it('goes by the content, not by the name', async () => {
    const file = await written('photo.png', await noisy().jpeg().toBuffer());
    await expect(decode(sharp, file)).resolves.toMatchObject({ width: 64, height: 64 });
  });

  it.each([
    ['an empty file', '', /empty file/],
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n',
      /Git LFS pointer.*lfs: true/,
    ],
    ['a drawing', '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>', /SVG/],
    ['a web page', '<!DOCTYPE html><title>404</title>', /HTML/],
    ['a DICOM file', `${'\0'.repeat(128)}DICM`, /DICOM/],
    ['anything else', 'hello', /68 65 6c 6c 6f/],
  ])('names what it found instead of an image: %s', async (_, content, message) => {
    const file = await written('not-an-image.png', content);
    await expect(decode(sharp, file)).rejects.toMatchObject({ code: 'image-unreadable', message });
  });

  it('names a file that is not there by its name, not by its place', async () => {
    const error = await decode(sharp, join(directory, 'gone.png')).catch((e) => e);
    expect(error).toMatchObject({ code: 'image-unreadable', message: expect.stringContaining('gone.png') });
    expect(error.message).not.toContain(directory);
  });

  it.each(['float.tif', 'signed.tif'])('refuses samples whose white is unknown: %s', async (name) => {
    await expect(decode(sharp, fixture(name))).rejects.toMatchObject({
      code: 'image-unreadable',
      message: /8- or 16-bit unsigned/,
    });
  });

  it('refuses a bomb by its header', async () => {
    await expect(decode(sharp, fixture('bomb.png'))).rejects.toMatchObject({
      code: 'image-too-large',
      message: /60000 × 60000.*3600 million.*100 million/,
    });
  });

  it('keeps to the limit it is given, to the pixel', async () => {
    const file = fixture('rgb.png');
    await expect(decode(sharp, file, { pixelLimit: 21 * 13 - 1 })).rejects.toMatchObject({ code: 'image-too-large' });
    await expect(decode(sharp, file, { pixelLimit: 21 * 13 })).resolves.toMatchObject({ width: 21 });
  });
});
