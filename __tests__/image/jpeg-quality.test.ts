import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode } from '../../src/image/decode.ts';
import { jpegQualityOf } from '../../src/image/jpeg-quality.ts';
import { matrix } from '../../src/matrix.ts';
import { visualDistance } from '../../src/similarity/visual/distance.ts';
import { describeVisually, visualColumns } from '../../src/similarity/visual/index.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'jpeg-quality-'));
});
afterAll(() => rm(directory, { recursive: true }));

const picture = () =>
  sharp(Buffer.from(Array.from({ length: 32 * 32 * 3 }, (_, i) => (i * i * 31 + i * 7) % 256)), {
    raw: { width: 32, height: 32, channels: 3 },
  });

async function decoded(name: string, bytes: Uint8Array) {
  const file = join(directory, name);
  await writeFile(file, bytes);
  return decode(sharp, file);
}

describe('jpegQualityOf', () => {
  it.each([1, 2, 5, 10, 25, 49, 50, 51, 75, 90, 95, 100])(
    'reads quality %i from what libjpeg wrote',
    async (quality) => {
      for (const options of [{}, { progressive: true }, { chromaSubsampling: '4:4:4' }])
        expect(
          jpegQualityOf(
            await picture()
              .jpeg({ quality, ...options })
              .toBuffer(),
          ),
        ).toBe(quality);
    },
  );

  it('reads it from grey files, and behind metadata', async () => {
    expect(jpegQualityOf(await picture().greyscale().jpeg({ quality: 40 }).toBuffer())).toBe(40);
    const tagged = picture().withExif({ IFD0: { Copyright: 'x'.repeat(3000) } });
    expect(jpegQualityOf(await tagged.jpeg({ quality: 60 }).toBuffer())).toBe(60);
  });

  it('gives the nearest setting for tables of another maker', async () => {
    const foreign = await picture().jpeg({ quality: 80, quantisationTable: 3 }).toBuffer();
    const found = jpegQualityOf(foreign)!;
    expect(found).toBeGreaterThan(50);
    expect(found).toBeLessThan(95);
  });

  it('takes the table of the first component, in one or two bytes a step', () => {
    const fine = Array(64).fill(1);
    const coarse = Array(64).fill(255);
    const segment = (marker: number, body: number[]) => [
      0xff,
      marker,
      (body.length + 2) >> 8,
      (body.length + 2) & 255,
      ...body,
    ];
    const frame = (first: number) => segment(0xc0, [8, 0, 8, 0, 8, 3, 1, 0x11, first, 2, 0x11, 1 - first, 3, 0x11, 0]);
    const both = segment(0xdb, [0, ...fine, 0x11, ...coarse.flatMap((step) => [0, step])]);
    const file = (first: number) => Uint8Array.from([0xff, 0xd8, ...both, 0xff, ...frame(first), 0xff, 0xda, 0, 2]);
    expect(jpegQualityOf(file(0))).toBe(100);
    expect(jpegQualityOf(file(1))).toBe(1);
    // The frame names a table that was not given.
    expect(jpegQualityOf(Uint8Array.from([0xff, 0xd8, ...frame(0)]))).toBeUndefined();
  });

  it('reads any bytes to the end and no further', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const quality = jpegQualityOf(Uint8Array.from([0xff, 0xd8, 0xff, ...bytes]));
        expect(quality === undefined || (quality >= 1 && quality <= 100)).toBe(true);
      }),
    );
  });
});

describe('the quality of an image', () => {
  it('is what the file tells: its tables, 100 where every sample is kept, nothing else', async () => {
    expect((await decoded('a.jpg', await picture().jpeg({ quality: 30 }).toBuffer())).jpegQuality).toBe(30);
    expect((await decoded('a.png', await picture().png().toBuffer())).jpegQuality).toBe(100);
    expect((await decoded('a.gif', await picture().gif().toBuffer())).jpegQuality).toBe(100);
    expect(await decoded('a.webp', await picture().webp().toBuffer())).not.toHaveProperty('jpegQuality');
    expect(await decoded('a.tif', await picture().tiff().toBuffer())).not.toHaveProperty('jpegQuality');
  });

  it('refuses a set in which a file does not tell, and says how many', async () => {
    const rows = async (encode: (index: number) => Promise<Buffer>) => {
      const images = await Promise.all(Array.from({ length: 3 }, async (_, i) => decoded(`r${i}`, await encode(i))));
      return matrix(Float64Array.from(images.flatMap((one) => [...describeVisually(one)])), 3, visualColumns);
    };
    const { refusalOf } = visualDistance('visual.jpeg_quality');
    expect(refusalOf!(await rows(() => picture().jpeg().toBuffer()))).toBeNull();
    expect(refusalOf!(await rows((i) => (i === 1 ? picture().webp() : picture().png()).toBuffer()))).toMatch(
      /1 of 3 images are of another kind/,
    );
    expect(visualDistance('visual.noise').refusalOf).toBeUndefined();
  });
});
