import { describe, expect, it } from 'vitest';
import { describeVisually } from '../../../src/similarity/visual/index.ts';
import { labHistograms } from '../../../src/similarity/visual/lab.ts';
import { PlaneMemory } from '../../../src/similarity/visual/plane-memory.ts';
import { Planes } from '../../../src/similarity/visual/planes.ts';
import { powerLawImage } from '../../helpers/power-law.ts';
import { raster } from '../../helpers/raster.ts';

describe('planes in memory that is used again', () => {
  it('describe each image as planes of their own do, whatever came before', () => {
    const memory = new PlaneMemory();
    const images = [
      powerLawImage(96, 64, 1),
      raster(5, 3, (x, y) => [40 * x, 60 * y, 9]),
      powerLawImage(224, 224, 2),
      raster(1, 1, () => [1, 2, 3]),
      powerLawImage(300, 250, 3),
      powerLawImage(96, 64, 1),
    ];
    for (const image of images) expect(describeVisually(new Planes(image, memory))).toEqual(describeVisually(image));
  });
});

describe('L*a*b* histograms', () => {
  it('of grey and coloured pixels together are the mean of both, by their numbers', () => {
    const colours = raster(8, 8, (x, y) => [20 * x, 30 * y, 128]);
    const greys = raster(8, 4, (x, y) => [30 * x + y, 30 * x + y, 30 * x + y]);
    const [both, coloured, grey] = [Uint8Array.from([...colours.data, ...greys.data]), colours.data, greys.data].map(
      labHistograms,
    );
    for (const axis of ['lightness', 'greenRed', 'blueYellow'] as const)
      both![axis].forEach((mass, bin) => {
        expect(mass).toBeCloseTo((2 * coloured![axis][bin]! + grey![axis][bin]!) / 3, 12);
      });
  });
});
