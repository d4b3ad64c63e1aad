import { leftOut, measureNotes } from '../measure-notes.ts';
import { type MeasureName, measureNames, measures } from '../measures.ts';
import { featureMeasures } from './feature-measures.ts';

/** What `measure NAME --help` prints: what the measure sees, what it is blind to, and when not to use it. */
export function describeMeasure(measure: MeasureName): string {
  const { title, unit, direction } = measures[measure];
  const { sees, blindTo, notWhen } = measureNotes[measure];
  const of = (featureMeasures as readonly MeasureName[]).includes(measure)
    ? ''
    : '\n  It is read off images or trained networks: transfer-evidence review measures it.\n';
  return `${measure}: ${title}${unit === '' ? '' : `, ${unit}`}; ${direction.replace('_', ' is ')}

  sees         ${sees}
  is blind to  ${blindTo}
  not when     ${notWhen}
${of}`;
}

/** What `measure --help` prints: every measure in one line. */
export function describeMeasures(): string {
  const own: ReadonlySet<MeasureName> = new Set(featureMeasures);
  const lines = (names: readonly MeasureName[]) =>
    names.map((name) => `  ${name}: ${measureNotes[name].sees}`).join('\n');
  return `transfer-evidence measure NAME [options]; NAME without what stands before the dot is enough.
transfer-evidence measure NAME --help says also what it is blind to, and when not to use it.

Of features in .npy files
${lines(featureMeasures)}

Of images and networks, by transfer-evidence review
${lines(measureNames.filter((name) => !own.has(name)))}

Left out
${leftOut.map(({ name, why }) => `  ${name}: ${why}`).join('\n')}
`;
}
