import type { Property } from './property.ts';

/** What a reader of a manifest needs of a dataset, by the words of the report. */
const metadata = [
  'licence',
  'modality',
  'body part or domain',
  'number of images',
  'description (card, DOI)',
  'groups (patients, slides)',
  'splits',
] as const;

/** Whether each piece is declared; what does not apply is left out. */
export type DeclaredMetadata = Partial<Record<(typeof metadata)[number], boolean>>;

/** How many pieces of metadata a dataset's declaration lacks. */
export function missingMetadata(declared: DeclaredMetadata): Property {
  const asked = metadata.filter((name) => declared[name] !== undefined);
  const missing = asked.filter((name) => !declared[name]);
  return {
    property: 'missing_metadata',
    value: missing.length,
    unit: `of ${asked.length}`,
    n: asked.length,
    details: { missing: missing.join(', ') || null },
  };
}
