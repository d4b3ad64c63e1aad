import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/random.ts';
import { spectrumConflict } from '../../src/semantic/spectrum.ts';
import { highFrequencyShare } from '../../src/similarity/visual/high-frequency.ts';
import { planesOf } from '../../src/similarity/visual/planes.ts';
import { slopeOf } from '../../src/similarity/visual/spectrum-slope.ts';
import { powerLawImage } from '../helpers/power-law.ts';
import { raster } from '../helpers/raster.ts';

/** Images of one exponent, each its own group. */
const of = (exponent: number, count = 40) =>
  Array.from({ length: count }, (_, at) => ({ slope: -exponent, highFrequency: 0.1, group: String(at) }));

describe('a modality and the spectra of its images', () => {
  it.each([
    ['DX', 3.2],
    ['radiograph', 2.4],
    ['MG', 0.8],
    ['MRI', 2.6],
    ['CT', 1.4],
    ['CT', 0.5],
    ['natural photograph', 2.2],
  ])('agree in %s at an exponent of %d', (modality, exponent) => {
    expect(spectrumConflict([modality], of(exponent))).toBeNull();
  });

  it.each(['DX', 'CR', 'MR', 'CT', 'natural images'])('disagree where %s is declared of noise', (modality) => {
    const images = Array.from({ length: 12 }, (_, at) => {
      const random = seededRandom(at, 'noise');
      const { spectrum } = planesOf(
        raster(64, 64, () => {
          const grey = Math.floor(256 * random.next());
          return [grey, grey, grey];
        }),
      );
      return { slope: slopeOf(spectrum!), highFrequency: highFrequencyShare(spectrum!), group: String(at) };
    });
    const found = spectrumConflict([modality], images)!;
    expect(found).toMatchObject({ share: 1, high: 1, images: 12 });
    expect(found.low).toBeGreaterThan(0.7);
    expect(Math.abs(found.exponent)).toBeLessThan(0.1);
  });

  it('agree for drawn images with a spectrum like a radiograph’s', () => {
    const { spectrum } = planesOf(powerLawImage(64, 64, 1, { exponent: 3 }));
    expect(slopeOf(spectrum!)).toBeLessThan(-2.5);
  });

  it('are not compared where nothing is published, or a word is not known', () => {
    for (const modality of [['US'], ['SM'], ['XC'], ['CT', 'US'], ['DX', 'something'], []])
      expect(spectrumConflict(modality, of(0))).toBeNull();
  });

  it('disagree under several modalities of which all have published spectra', () => {
    expect(spectrumConflict(['DX', 'CT'], of(0.31))).toBeNull();
    expect(spectrumConflict(['DX', 'CT', 'CR'], of(0.29))).toMatchObject({
      published: '2.5 to 3.3 in mammograms (Li 2006, Chen 2012), 1.8 to 3 in breast CT (Chen 2011, 2012)',
    });
  });

  it('agree where power that falls meets white noise at a low frequency', () => {
    const power = (ring: number) => (ring / 5) ** -2.5 + 1;
    const radial = { sums: new Float64Array(129), counts: new Float64Array(129).fill(1) };
    for (let ring = 1; ring < 129; ring++) radial.sums[ring] = power(ring);
    const slope = slopeOf({ side: 256, radial, logarithms: new Float64Array(), rounding: 0 });
    expect(slope).toBeCloseTo(-0.32, 2);
    expect(spectrumConflict(['MG'], of(-slope))).toBeNull();
  });

  it('agree while the interval of the share reaches one half', () => {
    const mixed = (flat: number) => [
      ...of(0, flat),
      ...of(3, 40 - flat).map((one) => ({ ...one, group: `s${one.group}` })),
    ];
    expect(spectrumConflict(['DX'], mixed(26))).toBeNull();
    expect(spectrumConflict(['DX'], mixed(27))).toMatchObject({ share: 27 / 40 });
  });

  it('count a patient once, leave blank images out, and need ten groups', () => {
    const onePatient = of(0, 100).map((one) => ({ ...one, group: 'p' }));
    expect(spectrumConflict(['CT'], onePatient)).toBeNull();
    expect(spectrumConflict(['CT'], of(0, 9))).toBeNull();
    expect(spectrumConflict(['CT'], of(0, 10))).toMatchObject({ images: 10 });
    const blank = of(0).map((one) => ({ ...one, highFrequency: 0 }));
    expect(spectrumConflict(['CT'], blank)).toBeNull();
  });
});
