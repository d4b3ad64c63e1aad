import { describe, expect, it } from 'vitest';
import { imageSignature, signatureSide } from '../../src/integrity/image-signature.ts';
import { windowFrequencies, windowMatrix } from '../../src/integrity/picture-window.ts';
import { register } from '../../src/integrity/registration.ts';
import { cropped, scenery } from '../helpers/textures.ts';

describe('the frequencies of a part of a picture', () => {
  it('are those of the picture when the part is all of it', () => {
    const matrix = windowMatrix(0, 1, 5, 8);
    for (let v = 0; v < 5; v++) for (let u = 0; u < 8; u++) expect(matrix[v * 8 + u]).toBeCloseTo(u === v ? 1 : 0, 12);
  });

  it('are what summing the cosines over the part gives', () => {
    const [from, size, steps] = [0.13, 0.5, 20_000];
    const matrix = windowMatrix(from, size, 6, 12);
    const scale = (k: number) => (k === 0 ? 1 : Math.SQRT2);
    for (let v = 0; v < 6; v++)
      for (let u = 0; u < 12; u++) {
        let sum = 0;
        for (let i = 0; i < steps; i++) {
          const x = (i + 0.5) / steps;
          sum += Math.cos(Math.PI * u * (from + size * x)) * Math.cos(Math.PI * v * x);
        }
        // Half of the side makes u · size whole, where the closed form has its poles.
        expect(matrix[v * 12 + u]).toBeCloseTo((scale(u) * scale(v) * sum) / steps, 6);
      }
  });

  it('are nearly those of the pixels that are cut out', () => {
    const picture = scenery(3);
    const part = imageSignature(cropped(picture, { left: 0.125, right: 0.0625, top: 0, bottom: 0.1875 }));
    const window = { left: 0.125, width: 0.8125, top: 0, height: 0.8125 };
    const frequencies = windowFrequencies(imageSignature(picture), window, 8, signatureSide);
    for (let v = 0; v < 8; v++)
      for (let u = 0; u < 8; u++) {
        const difference = frequencies[v * 8 + u]! - part[v * signatureSide + u]!;
        expect(Math.abs(difference)).toBeLessThan(0.35);
      }
  });
});

describe('registration', () => {
  it('finds the edges of a part from a thirtieth off, to a hundredth of a side', () => {
    const picture = scenery(5);
    const part = imageSignature(cropped(picture, { left: 0.125, right: 0.0625, top: 0, bottom: 0.1875 }));
    const lowest = Float64Array.from({ length: 256 }, (_, i) => part[Math.floor(i / 16) * signatureSide + (i % 16)]!);
    const start = { left: 0.0925, width: 0.875, top: 0.03, height: 0.75 };
    const found = register(lowest, imageSignature(picture), start)!;
    expect(found.correlation).toBeGreaterThan(0.99);
    for (const [key, value] of Object.entries({ left: 0.125, width: 0.8125, top: 0, height: 0.8125 }))
      expect(Math.abs(found.window[key as keyof typeof start] - value)).toBeLessThan(0.01);
  });

  it('gives up on another picture', () => {
    const whole = { left: 0, width: 1, top: 0, height: 1 };
    const other = imageSignature(scenery(6));
    const lowest = Float64Array.from({ length: 256 }, (_, i) => other[Math.floor(i / 16) * signatureSide + (i % 16)]!);
    expect(register(lowest, imageSignature(scenery(5)), whole)).toBeUndefined();
  });
});
