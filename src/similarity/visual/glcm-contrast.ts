import { atInput, scalarMeasure } from './measure.ts';

/**
 * W1 between the sets' distributions of GLCM contrast at 16 grey levels, on native pixels; 0 … 225, lower is closer. A set
 * further up has coarser steps between neighbours. Falls when an image is enlarged. See {@link import('./glcm.ts')}.
 */
export const glcmContrast = scalarMeasure('visual.glcm_contrast', '1', ({ neighbours }) => neighbours.contrast);

/** The same at the network's input size. */
export const glcmContrastAtInput = atInput(glcmContrast, 'visual.glcm_contrast_at_input');
