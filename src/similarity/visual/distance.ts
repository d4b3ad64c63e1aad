import type { Matrix } from '../../matrix.ts';
import type { MeasureName } from '../../measures.ts';
import type { SetDistance } from '../set-distance.ts';
import { visualColumns, visualMeasureOf, visualSlice } from './index.ts';

/** Fewer images than this do not show a distribution. */
const fewest = 10;

/** A visual measure for the comparison of sets; takes whole descriptions or the measure's own columns. */
export function visualDistance(name: MeasureName): SetDistance {
  const measure = visualMeasureOf(name);
  const sliceOf = (set: Matrix) => (set.columns === visualColumns ? visualSlice(set, name) : set);
  return {
    version: measure.version,
    nullRate: measure.nullRate ?? 0.5,
    ...(measure.biased ? { biased: true } : {}),
    ...(measure.refusal ? { refusalOf: (set) => measure.refusal!(sliceOf(set)) } : {}),
    halves: 100,
    refusal: (source, target) =>
      Math.min(source, target) < fewest
        ? `A distribution over images needs at least ${fewest} images a side; ${source} of the source and ${target} of the target were given.`
        : null,
    ...(measure.standardErrorFloor ? { standardErrorFloor: measure.standardErrorFloor } : {}),
    prepare: (sets) => {
      const slices = sets.map(({ features }) => sliceOf(features));
      return {
        between: (a, rowsA, b, rowsB) => measure.between(slices[a]!, rowsA, slices[b]!, rowsB),
        details: (source) => ({
          ...(measure.mean ? { sourceMean: measure.mean(slices[source]!), targetMean: measure.mean(slices[0]!) } : {}),
          ...measure.details?.(slices[source]!, slices[0]!),
        }),
      };
    },
  };
}
