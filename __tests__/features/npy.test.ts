import { describe, expect, it } from 'vitest';
import { matrixOf, readNpy } from '../../src/features/npy.ts';
import { bytesOf, npy } from '../helpers/npy.ts';

describe('reading .npy', () => {
  it.each([1, 2, 3])('reads float32 as it is, format version %i', (version) => {
    const file = npy('<f4', '(2, 3)', bytesOf(Float32Array.of(1, 2, 3, 4, 5, 6.5)), { version });
    expect(readNpy(file, 'a.npy')).toEqual({ shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6.5) });
  });

  it.each([
    ['<f8', Float64Array.of(-1.5, 2, 3)],
    ['<i8', BigInt64Array.of(-1n, 0n, 2n ** 53n - 1n)],
    ['<u8', BigUint64Array.of(1n, 0n, 7n)],
    ['<i4', Int32Array.of(-4, 5, 6)],
    ['<u4', Uint32Array.of(4, 5, 2 ** 32 - 1)],
    ['<i2', Int16Array.of(-4, 5, 6)],
    ['<u2', Uint16Array.of(4, 5, 65535)],
    ['|i1', Int8Array.of(-4, 5, 6)],
    ['|u1', Uint8Array.of(4, 5, 255)],
    ['|b1', Uint8Array.of(1, 0, 1)],
  ] as const)('reads %s exactly, into float64', (descr, numbers) => {
    const { shape, data } = readNpy(npy(descr, '(3,)', bytesOf(numbers)), 'y.npy');
    expect(shape).toEqual([3]);
    expect(data).toEqual(Float64Array.from(numbers as ArrayLike<number | bigint>, Number));
  });

  it('reads what lies anywhere in memory', () => {
    const file = npy('<f8', '(1, 2)', bytesOf(Float64Array.of(3, 4)));
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    expect(readNpy(shifted.subarray(3), 'a').data).toEqual(Float64Array.of(3, 4));
  });

  it('turns column-major arrays', () => {
    const file = npy('<f4', '(2, 3)', bytesOf(Float32Array.of(1, 4, 2, 5, 3, 6)), { fortran: true });
    expect(readNpy(file, 'a').data).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['another file', Buffer.from('PK\u0003\u0004 an archive of arrays'), /does not begin as one/],
    ['an empty file', new Uint8Array(0), /does not begin as one/],
    ['a later version', npy('<f4', '(1,)', new Uint8Array(4), { version: 9 }), /format version is 9/],
    ['objects', npy('|O', '(1,)', new Uint8Array(8)), /type is '\|O'/],
    ['half precision', npy('<f2', '(1,)', new Uint8Array(2)), /type is '<f2'/],
    ['big-endian numbers', npy('>f4', '(1,)', new Uint8Array(4)), /big-endian/],
    ['three dimensions', npy('<f4', '(1, 1, 1)', new Uint8Array(4)), /3 dimensions/],
    ['one number', npy('<f4', '()', new Uint8Array(4)), /0 dimensions/],
    ['too few bytes', npy('<f4', '(4, 4)', new Uint8Array(60)), /4 × 4 numbers of 4 bytes.*60 bytes do/],
    ['absurd shapes', npy('<f4', '(99999999999, 99999999999)', new Uint8Array(4)), /4 bytes do/],
    ['large integers', npy('<i8', '(1,)', bytesOf(BigInt64Array.of(2n ** 60n))), /beyond 2⁵³/],
    ['a header cut off', npy('<f4', '(1,)', new Uint8Array(4)).subarray(0, 40), /header is cut off/],
  ])('refuses %s and says what to do', (_, file, message) => {
    expect(() => readNpy(file, 'a.npy')).toThrow(message);
    expect(() => readNpy(file, 'a.npy')).toThrow(/^a\.npy is not.*numpy\.save/);
  });

  it('ends with an error wherever a file is cut off', () => {
    const file = npy('<f4', '(2, 2)', new Uint8Array(16), { version: 2 });
    for (let length = 0; length < file.length; length++)
      expect(() => readNpy(file.subarray(0, length), 'a'), String(length)).toThrow('a is not');
  });
});

describe('features', () => {
  it('are a matrix', () => {
    expect(matrixOf({ shape: [2, 1], data: Float32Array.of(1, 2) }, 'a')).toEqual({
      data: Float32Array.of(1, 2),
      rows: 2,
      columns: 1,
    });
    expect(() => matrixOf({ shape: [2], data: Float32Array.of(1, 2) }, 'a')).toThrow(/one row an image/);
  });
});
