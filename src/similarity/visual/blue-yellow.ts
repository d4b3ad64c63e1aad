import { blueYellowBins } from './lab.ts';
import { histogramMeasure } from './measure.ts';

/** W1 between the sets' pooled distributions of b*, in ΔE (CIE 1976); 0 … 203, lower is closer. 2.3 is just visible. */
export const blueYellow = histogramMeasure('visual.blue_yellow', '1', blueYellowBins, ({ lab }) => lab.blueYellow);
