import { scalarMeasure } from './measure.ts';

/** W1 between the sets' distributions of log₂ of the short side, in doublings of pixels; lower is closer. */
export const resolution = scalarMeasure('visual.resolution', '1', ({ width, height }) =>
  Math.log2(Math.min(width, height)),
);
