import { scalarMeasure } from './measure.ts';
import type { Planes } from './planes.ts';
import type { Spectrum } from './spectrum.ts';

/** Share of the detail that the effective resolution has to hold. */
const held = 0.95;

/** The mean of ln of an exponential variable with mean 1 is −γ (Euler); a periodogram scatters like one. */
const gamma = 0.5772156649015329;

/**
 * W1 between the sets' distributions of log₂ of the effective short side, in doublings of pixels; lower is closer. Beside
 * `visual.resolution` it shows enlarged images, whose files have more pixels than detail.
 */
export const effectiveResolution = scalarMeasure('visual.effective_resolution', '1', (planes) =>
  Math.log2(effectiveShortSide(planes)),
);

/**
 * The short side, in pixels, that would hold the detail that an image really has: 1 … its own short side.
 *
 * Photographs and radiographs have power that falls about as frequency⁻² (Field 1987, J. Opt. Soc. Am. A 4:2379), so that
 * power × frequency² is level up to the highest frequency that was sampled. An image enlarged f times has almost none
 * beyond 1 / f of it. The estimate is where 95 % of that whitened power is reached, counted in square rings as resizing
 * works along rows and columns, over where a level spectrum would reach it. Rings are averaged as logarithms, since
 * enlarging leaves sharp mirror images of a few strong frequencies that would carry a mean, and what rounding to whole
 * grey levels makes is taken off.
 *
 * An own estimator, good for factors and not for percents: on photographs, histology, radiographs and slices enlarged 2 to
 * 4 times, linearly and cubically, the median was 0.7 to 1.35 of the true size, and 0.86 to 1 of images as they were. It
 * cannot tell enlarging from an unsharp lens, and noise added afterwards hides both. Images below 6 px are taken as they
 * are.
 */
export function effectiveShortSide({ width, height, spectrum }: Pick<Planes, 'width' | 'height' | 'spectrum'>): number {
  const shortSide = Math.min(width, height);
  return spectrum === null ? shortSide : Math.max(1, shortSide * detailedShare(spectrum));
}

/** Share of the frequency range that holds detail, 0 … 1; 0 for an image of one colour. */
function detailedShare({ side, logarithms, rounding }: Spectrum): number {
  const half = side / 2;
  const whitened = logarithms.map((log, ring) =>
    ring === 0 ? 0 : Math.max(0, Math.exp(log + gamma) - rounding) * ring ** 3,
  );
  const wanted = held * whitened.reduce((sum, detail) => sum + detail, 0);
  if (wanted === 0) return 0;
  let reached = 0;
  let ring = 1;
  while (ring < half && reached + whitened[ring]! < wanted) reached += whitened[ring++]!;
  const within = Math.min(1, (wanted - reached) / whitened[ring]!);
  return Math.min(1, (ring - 0.5 + within) / (half * Math.sqrt(held)));
}
