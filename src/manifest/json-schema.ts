import { z } from 'zod';
import { manifestSchema } from './schema.ts';
import { factorMeanings, ruleMeanings } from './vocabulary.ts';

/** The parts of JSON Schema (draft 2020-12) that a manifest's schema is made of. */
export interface JsonSchema {
  $schema?: string;
  title?: string;
  description?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  anyOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  propertyNames?: JsonSchema;
  additionalProperties?: JsonSchema | false;
}

const meanings: Record<string, string> = { ...factorMeanings, ...ruleMeanings };

/**
 * The manifest as a file holds it (defaults may be left out), for editors: JSON Schema, draft 2020-12. Cross-references
 * between ids are beyond it; the program checks those.
 */
export function manifestJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(manifestSchema, {
    io: 'input',
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => spellOutKeys(jsonSchema as JsonSchema),
  }) as JsonSchema;
  const { $schema, ...rest } = schema;
  return {
    $schema: $schema ?? 'https://json-schema.org/draft/2020-12/schema',
    title: 'Transfer-learning manifest',
    description: 'Which pretraining source was chosen for a target task, among which candidates, and why.',
    ...rest,
  };
}

/** Editors complete and explain `properties`, but not keys that only `propertyNames` lists. */
function spellOutKeys(schema: JsonSchema): void {
  const keys = schema.propertyNames?.enum;
  const value = schema.additionalProperties;
  if (keys === undefined || !value) return;
  schema.properties = Object.fromEntries(
    keys.map((key) => [String(key), { ...value, description: meanings[String(key)] ?? String(key) }]),
  );
  schema.additionalProperties = false;
  delete schema.propertyNames;
}
