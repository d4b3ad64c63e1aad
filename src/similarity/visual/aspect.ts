import { scalarMeasure } from './measure.ts';

/**
 * W1 between the sets' distributions of ln(width / height); lower is closer, and 0.69 is twice as wide. Positive is
 * landscape. Where a network crops its input, what differs here is cut off; where it squashes, it is distorted.
 */
export const aspect = scalarMeasure('visual.aspect', '1', ({ width, height }) => Math.log(width / height));
