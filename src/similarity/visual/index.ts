import { TransferEvidenceError } from '../../errors.ts';
import type { RawImage } from '../../image/types.ts';
import { type Matrix, matrix } from '../../matrix.ts';
import type { MeasureName } from '../../measures.ts';
import { aspect } from './aspect.ts';
import { blocking } from './blocking.ts';
import { blueYellow } from './blue-yellow.ts';
import { clipping } from './clipping.ts';
import { colourfulness } from './colourfulness.ts';
import { contrast, contrastAtInput } from './contrast.ts';
import { effectiveResolution } from './effective-resolution.ts';
import { entropy, entropyAtInput } from './entropy.ts';
import { glcmContrast, glcmContrastAtInput } from './glcm-contrast.ts';
import { glcmHomogeneity, glcmHomogeneityAtInput } from './glcm-homogeneity.ts';
import { greenRed } from './green-red.ts';
import { greyShare } from './grey-share.ts';
import { highFrequency, highFrequencyAtInput } from './high-frequency.ts';
import { jpegQuality } from './jpeg-quality.ts';
import { layout } from './layout.ts';
import { lightness } from './lightness.ts';
import type { VisualMeasure } from './measure.ts';
import { noise, noiseAtInput } from './noise.ts';
import { planesOf } from './planes.ts';
import { resolution } from './resolution.ts';
import { sharpness, sharpnessAtInput } from './sharpness.ts';
import { spectrumSlope, spectrumSlopeAtInput } from './spectrum-slope.ts';
import { tenengrad } from './tenengrad.ts';
import { texture, textureAtInput } from './texture.ts';

/** Every visual measure, in the order of their columns in a description. */
export const visualMeasures: readonly VisualMeasure[] = [
  lightness,
  greenRed,
  blueYellow,
  colourfulness,
  greyShare,
  texture,
  textureAtInput,
  glcmContrast,
  glcmContrastAtInput,
  glcmHomogeneity,
  glcmHomogeneityAtInput,
  spectrumSlope,
  spectrumSlopeAtInput,
  highFrequency,
  highFrequencyAtInput,
  sharpness,
  sharpnessAtInput,
  tenengrad,
  noise,
  noiseAtInput,
  contrast,
  contrastAtInput,
  clipping,
  entropy,
  entropyAtInput,
  blocking,
  jpegQuality,
  resolution,
  effectiveResolution,
  aspect,
  layout,
];

/** Names and versions of all measures in the order of their columns: what stored descriptions are keyed by. */
export const visualVersion: string = visualMeasures.map(({ name, version }) => `${name} ${version}`).join();

/** Numbers that all measures together describe an image by. */
export const visualColumns: number = visualMeasures.reduce((sum, { columns }) => sum + columns, 0);

/**
 * All measures' descriptions of one image, on its native pixels and at the network's input size; {@link visualColumns} numbers.
 * @throws shape-mismatch when the image's data are not width × height × 3
 */
export function describeVisually(image: RawImage): Float64Array {
  const planes = planesOf(image);
  const description = new Float64Array(visualColumns);
  let at = 0;
  for (const measure of visualMeasures) {
    description.set(measure.describe(planes), at);
    at += measure.columns;
  }
  return description;
}

/**
 * One measure's columns of described images.
 * @param set images × {@link visualColumns}
 * @throws shape-mismatch when the matrix has other columns, measure-refused when the measure is not a visual one
 */
export function visualSlice(set: Matrix, name: MeasureName): Matrix<Float64Array> {
  if (set.columns !== visualColumns)
    throw new TransferEvidenceError(
      'shape-mismatch',
      `A visual description has ${visualColumns} columns; ${set.columns} were given.`,
    );
  const measure = visualMeasureOf(name);
  const first = visualMeasures.slice(0, visualMeasures.indexOf(measure)).reduce((sum, { columns }) => sum + columns, 0);
  const data = new Float64Array(set.rows * measure.columns);
  for (let row = 0; row < set.rows; row++) {
    const from = row * visualColumns + first;
    data.set(set.data.subarray(from, from + measure.columns), row * measure.columns);
  }
  return matrix(data, set.rows, measure.columns);
}

/** @throws measure-refused when the measure is not a visual one */
export function visualMeasureOf(name: MeasureName): VisualMeasure {
  const measure = visualMeasures.find((one) => one.name === name);
  if (!measure) throw new TransferEvidenceError('measure-refused', `${name} is not read off an image's pixels.`);
  return measure;
}
