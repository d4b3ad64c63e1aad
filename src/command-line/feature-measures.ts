import {
  isTransferability,
  type MeasureName,
  measureNames,
  measures,
  type TransferabilityMeasure,
} from '../measures.ts';

/** The measures that need nothing but features. */
export type FeatureMeasure = Extract<MeasureName, `embedding.${string}`> | TransferabilityMeasure;

export const featureMeasures = measureNames.filter(
  (measure): measure is FeatureMeasure => measures[measure].family === 'embedding' || isTransferability(measure),
);

export function isScore(measure: FeatureMeasure): measure is TransferabilityMeasure {
  return isTransferability(measure);
}

/** `mmd` of `embedding.mmd`. */
export function shortName(measure: MeasureName): string {
  return measure.slice(measure.indexOf('.') + 1);
}
