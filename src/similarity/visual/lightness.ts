import { lightnessBins } from './lab.ts';
import { histogramMeasure } from './measure.ts';

/** W1 between the sets' pooled distributions of L*, in ΔE (CIE 1976); 0 … 100, lower is closer. 2.3 is just visible. */
export const lightness = histogramMeasure('visual.lightness', '1', lightnessBins, ({ lab }) => lab.lightness);
