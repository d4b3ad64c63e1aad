import { describe, expect, it } from 'vitest';
import { resize } from '../../src/image/preprocess.ts';
import type { RawImage } from '../../src/image/types.ts';
import { imageSignature, signatureColumns } from '../../src/integrity/image-signature.ts';
import { copiesBetween, copiesWithin } from '../../src/integrity/near-duplicates.ts';
import { matrix } from '../../src/matrix.ts';
import { seededRandom } from '../../src/random.ts';
import { signatures } from '../helpers/signatures.ts';
import { cropped, mapped, mirror, scenery, texture, transposed } from '../helpers/textures.ts';

const smaller = (image: RawImage, part: number) =>
  resize(image, { height: Math.round(image.height * part), width: Math.round(image.width * part), mode: 'squash' });

describe('the signature of an image', () => {
  it('changes the sign of odd horizontal frequencies in the mirror, and nothing else', () => {
    const [own, other] = [imageSignature(texture(1)), imageSignature(mirror(texture(1)))];
    for (const [at, value] of own.entries()) expect(other[at]! - (at % 2 === 0 ? value : -value)).toBeCloseTo(0, 4);
  });

  it('holds the mean grey level in its first number and nothing else of a flat image', () => {
    const [first, ...rest] = imageSignature(mapped(texture(1), () => 100));
    expect(first).toBeCloseTo(100, 3);
    for (const value of rest) expect(value).toBeCloseTo(0, 4);
  });
});

describe('copies', () => {
  const pictures = Array.from({ length: 30 }, (_, seed) => texture(seed));
  const source = signatures(pictures);
  const copiesOf = (image: RawImage) =>
    copiesBetween(source, signatures([image])).map(({ of, change, cropped }) => [
      of,
      cropped ? `${change}, cropped` : change,
    ]);

  it('are found when resized, noisy, brightened, of less contrast, or mirrored', () => {
    const noise = seededRandom(0, 'noise');
    expect(copiesOf(smaller(pictures[4]!, 0.6))).toEqual([[4, 'as it is']]);
    expect(copiesOf(mapped(pictures[5]!, (sample) => sample + 5 * noise.normal()))).toEqual([[5, 'as it is']]);
    expect(copiesOf(mapped(pictures[6]!, (sample) => 0.6 * sample + 70))).toEqual([[6, 'as it is']]);
    expect(copiesOf(mirror(pictures[7]!))).toEqual([[7, 'mirrored']]);
    expect(copiesOf(smaller(mirror(pictures[8]!), 0.6))).toEqual([[8, 'mirrored']]);
  });

  it('are found in all eight ways to lay a square on itself, and what was done is named', () => {
    const turned = (image: RawImage) => mirror(transposed(image));
    const ways: [RawImage, string][] = [
      [transposed(pictures[9]!), 'mirrored along the diagonal'],
      [turned(pictures[9]!), 'turned by 90°'],
      [turned(turned(pictures[9]!)), 'turned by 180°'],
      [turned(turned(turned(pictures[9]!))), 'turned by 270°'],
      [turned(turned(mirror(pictures[9]!))), 'mirrored top to bottom'],
      [turned(turned(transposed(pictures[9]!))), 'mirrored along the other diagonal'],
    ];
    for (const [image, way] of ways) expect(copiesOf(image)).toEqual([[9, way]]);
  });

  it('are found when cropped, also turned, and whichever of the two is the part', () => {
    const views = Array.from({ length: 8 }, (_, seed) => scenery(seed));
    const whole = signatures(views);
    const copied = (image: RawImage) =>
      copiesBetween(whole, signatures([image])).map(({ of, change, cropped }) => [of, change, cropped]);
    const part = cropped(views[4]!, { left: 0.17, right: 0.04, top: 0, bottom: 0.11 });
    expect(copied(part)).toEqual([[4, 'as it is', true]]);
    expect(copied(mirror(transposed(part)))).toEqual([[4, 'turned by 90°', true]]);
    expect(copied(smaller(part, 0.7))).toEqual([[4, 'as it is', true]]);
    expect(copied(cropped(views[5]!, { left: 0.2, right: 0.2, top: 0.2, bottom: 0.2 }))).toEqual([
      [5, 'as it is', true],
    ]);
    expect(copied(cropped(views[6]!, { left: 0.4, right: 0.1, top: 0, bottom: 0 }))).toEqual([]);
    expect(copiesBetween(signatures([part]), signatures([mirror(transposed(views[4]!))]))).toMatchObject([
      { row: 0, of: 0, change: 'turned by 90°', cropped: true },
    ]);
    expect(copiesWithin(signatures([part, views[7]!, mirror(views[4]!)]))).toMatchObject([
      { row: 2, of: 0, change: 'mirrored', cropped: true },
    ]);
  });

  it('are no ovals, though any of them can be made of another by moving four edges', () => {
    const oval = (wide: number, high: number) =>
      mapped(texture(0), (_, at) => {
        const [x, y] = [(Math.floor(at / 3) % 64) - 32, Math.floor(at / 192) - 32];
        return (x / wide) ** 2 + (y / high) ** 2 < 1 ? 240 : 30;
      });
    expect(copiesWithin(signatures([oval(14, 18), oval(17, 23), oval(15, 21), oval(18, 20)]))).toEqual([]);
  });

  it('with the same bytes are named first, unless they are flat', () => {
    const twice = signatures([pictures[1]!, pictures[1]!, pictures[2]!, pictures[2]!]);
    expect(copiesBetween(twice, signatures([pictures[1]!]), new Map([[0, 1]]))).toMatchObject([
      { row: 0, of: 1, exact: true, correlation: 1 },
    ]);
    expect(copiesWithin(twice, new Map([[3, 2]]))).toMatchObject([
      { row: 1, of: 0, exact: false },
      { row: 3, of: 2, exact: true },
    ]);
    const flat = signatures([90, 90].map((grey) => mapped(pictures[0]!, () => grey)));
    expect(copiesWithin(flat, new Map([[1, 0]]))).toEqual([]);
    expect(copiesBetween(flat, flat, new Map([[0, 0]]))).toEqual([]);
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
    for (let i = 0; i < data.length; i++) data[i] = (12 * (random.next() - 0.5)) / (1 + (i % 32) + ((i >> 5) % 32));
    const few = data.slice(0, asked * signatureColumns).map((value) => value * 1.1);
    const started = performance.now();
    const found = copiesBetween(matrix(data, rows, signatureColumns), matrix(few, asked, signatureColumns));
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(found.map(({ row, of }) => row === of)).toEqual(new Array(asked).fill(true));
  });
});
