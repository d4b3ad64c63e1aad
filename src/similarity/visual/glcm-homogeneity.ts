import { atInput, scalarMeasure } from './measure.ts';

/**
 * W1 between the sets' distributions of GLCM homogeneity at 16 grey levels, on native pixels; 0 … 1, lower is closer. A set
 * further up has larger areas of one level, a dark background included. See {@link import('./glcm.ts')}.
 */
export const glcmHomogeneity = scalarMeasure(
  'visual.glcm_homogeneity',
  '1',
  ({ neighbours }) => neighbours.homogeneity,
);

/** The same at the network's input size. */
export const glcmHomogeneityAtInput = atInput(glcmHomogeneity, 'visual.glcm_homogeneity_at_input');
