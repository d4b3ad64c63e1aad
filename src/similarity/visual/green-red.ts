import { greenRedBins } from './lab.ts';
import { histogramMeasure } from './measure.ts';

/** W1 between the sets' pooled distributions of a*, in ΔE (CIE 1976); 0 … 186, lower is closer. 2.3 is just visible. */
export const greenRed = histogramMeasure('visual.green_red', '1', greenRedBins, ({ lab }) => lab.greenRed);
