import { exactDuplicates } from '../dataset/properties/exact-duplicates.ts';
import { missingMetadata } from '../dataset/properties/missing-metadata.ts';
import type { Property } from '../dataset/properties/property.ts';
import { shortSide } from '../dataset/properties/short-side.ts';
import { visualSlice } from '../similarity/visual/index.ts';
import type { ReadSet } from './describe-sets.ts';
import type { Plan, PlannedSet } from './plan.ts';
import type { DatasetProperty } from './schema.ts';

interface ReadSets {
  target: ReadSet | null;
  /** By candidate id. */
  sources: ReadonlyMap<string, ReadSet>;
}

/** What can be told of each dataset without training: from the list of its images, their bytes, size and features. */
export function collectProperties(plan: Plan, { target, sources }: ReadSets): DatasetProperty[] {
  const { declared, candidates } = plan;
  return [
    ...propertiesOf('target', plan.target, target),
    { about: 'target', ...missingMetadata(declared.target.metadata) },
    ...candidates.flatMap(({ id, sample }, index) => [
      ...(sample ? propertiesOf(id, sample, sources.get(id) ?? null) : []),
      { about: id, ...missingMetadata(declared.candidates[index]!.metadata) },
    ]),
  ];
}

function propertiesOf(
  about: string,
  { listed, sample, contents }: PlannedSet,
  read: ReadSet | null,
): DatasetProperty[] {
  const properties: Property[] = [...listed, exactDuplicates(sample, contents)];
  if (read?.visual)
    properties.push(
      shortSide(Array.from(visualSlice(read.visual, 'visual.resolution').data, (side) => Math.round(2 ** side))),
    );
  return properties.map((property) => ({ about, ...property }));
}
