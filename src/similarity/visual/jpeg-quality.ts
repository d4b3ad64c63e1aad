import { scalarMeasure, type VisualMeasure } from './measure.ts';

/** Stands for a file that does not tell. */
const unknown = -1;

/**
 * W1 between the sets' distributions of the files' JPEG quality, 0 … 99 points; lower is closer. Read from the
 * quantisation tables ({@link import('../../image/jpeg-quality.ts')}); a PNG or GIF counts as 100, which says nothing of
 * what its pixels went through before: `visual.blocking` may. Refused where some files do not tell.
 */
export const jpegQuality: VisualMeasure = {
  ...scalarMeasure('visual.jpeg_quality', '1', (image) => image.jpegQuality ?? unknown),
  refusal: ({ data, rows }) => {
    let silent = 0;
    for (const quality of data) if (quality === unknown) silent++;
    return silent === 0
      ? null
      : `The JPEG quality can be read from JPEG files and is 100 for PNG and GIF; ${silent} of ${rows} images are of another kind. Give the files as they were first saved, or as PNG.`;
  },
};
