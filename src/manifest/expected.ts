import { distance } from 'fastest-levenshtein';
import { type JsonSchema, manifestJsonSchema } from './json-schema.ts';
import type { PathSegment } from './path.ts';

let root: JsonSchema | undefined;

/** What the schema allows at a path, one entry for each form; empty when the path leads nowhere. */
export function formsAt(path: readonly PathSegment[]): JsonSchema[] {
  root ??= manifestJsonSchema();
  let forms = [root];
  for (const segment of path)
    forms = forms.flatMap(branches).flatMap((form) => {
      if (typeof segment === 'number') return form.prefixItems?.[segment] ?? form.items ?? [];
      return (
        (Object.hasOwn(form.properties ?? {}, segment) && form.properties?.[segment]) || form.additionalProperties || []
      );
    });
  return forms.flatMap(branches);
}

function branches(schema: JsonSchema): JsonSchema[] {
  if (schema.anyOf === undefined) return [schema];
  const { description } = schema;
  return schema.anyOf
    .flatMap(branches)
    .map((branch) => ({ ...branch, ...(description === undefined ? {} : { description }) }));
}

/** The forms in words: `text`, `a whole number from 3 to 20`, `one of folder, csv`. */
export function describeForms(forms: readonly JsonSchema[]): string {
  return [...new Set(forms.map(describe))].join(', or ') || 'nothing';
}

function describe(form: JsonSchema): string {
  if (form.const !== undefined) return `\`${form.const}\``;
  if (form.enum) return `one of ${form.enum.join(', ')}`;
  if (form.format === 'date') return 'a date as in 2026-03-01';
  if (form.type === 'string')
    return form.maxLength === undefined || form.maxLength > 200
      ? 'text'
      : `text of at most ${form.maxLength} characters`;
  if (form.type === 'integer' || form.type === 'number') {
    const number = form.type === 'integer' ? 'a whole number' : 'a number';
    const low = form.minimum ?? (form as { exclusiveMinimum?: number }).exclusiveMinimum;
    const high = form.maximum === undefined || form.maximum >= Number.MAX_SAFE_INTEGER ? undefined : form.maximum;
    if (low !== undefined && low > Number.MIN_SAFE_INTEGER && high !== undefined)
      return `${number} from ${low} to ${high}`;
    return low !== undefined && low > Number.MIN_SAFE_INTEGER
      ? `${number} ${form.minimum === undefined ? 'above' : 'from'} ${low}`
      : number;
  }
  if (form.prefixItems) return `a list of ${form.prefixItems.length} numbers`;
  if (form.type === 'array') return 'a list';
  const required = form.required ?? [];
  return required.length > 0 ? `a mapping with ${required.join(', ')}` : 'a mapping';
}

/** The keys that a mapping at this path may have. */
export function keysAt(path: readonly PathSegment[]): string[] {
  return [...new Set(formsAt(path).flatMap((form) => Object.keys(form.properties ?? {})))];
}

/** The one known word that a misspelt one most likely stands for, or null. */
export function nearest(word: string, known: readonly string[]): string | null {
  const wanted = bare(word).slice(0, 200);
  if (wanted === '') return null;
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const apart = distance(wanted, bare(candidate));
    // Two letters changed places count as two edits, so that a word of four needs two.
    const bound = Math.max(1, Math.round(0.4 * Math.max(wanted.length, bare(candidate).length)));
    if (apart <= bound && apart < least) {
      best = candidate;
      least = apart;
    }
  }
  return best;
}

function bare(text: string): string {
  return text.toLowerCase().replace(/[\s._-]/g, '');
}

/** Known words of which this one is a part (`similarity` may be any of three), else the nearest, else by beginning. */
export function likely(word: string, known: readonly string[]): string[] {
  const wanted = bare(word);
  if (wanted === '') return [];
  const withPart = (test: (part: string) => boolean) =>
    known.filter((candidate) => candidate.split(/[._]/).some(test)).slice(0, 4);
  const whole = withPart((part) => part === wanted);
  if (whole.length > 0) return whole;
  const close = nearest(word, known);
  if (close !== null) return [close];
  return wanted.length < 3 ? [] : withPart((part) => part.startsWith(wanted));
}

/** ` Did you mean \`a\` or \`b\`?`, or nothing. */
export function didYouMean(words: readonly string[]): string {
  return words.length === 0 ? '' : ` Did you mean ${words.map((word) => `\`${word}\``).join(' or ')}?`;
}

/** Where else in a manifest a key stands, as `justification.claims`; at most three places. */
export function placesOfKey(key: string): string[] {
  root ??= manifestJsonSchema();
  const places = new Set<string>();
  const walk = (schema: JsonSchema, path: string) => {
    for (const form of branches(schema)) {
      if (form.items) walk(form.items, `${path}[]`);
      for (const [name, value] of Object.entries(form.properties ?? {})) {
        const at = path === '' ? name : `${path}.${name}`;
        if (name === key) places.add(at);
        walk(value, at);
      }
    }
  };
  walk(root, '');
  return [...places].sort((a, b) => a.length - b.length).slice(0, 3);
}

/** Words that people write for a key of this format. */
export const otherNames: Readonly<Record<string, string>> = {
  rationale: 'justification',
  reason: 'justification',
  reasons: 'justification',
  reasoning: 'justification',
  why: 'justification',
  sources: 'candidates',
  source: 'candidates',
  options: 'candidates',
  alternatives: 'candidates',
  choice: 'chosen',
  selected: 'chosen',
  model: 'weights',
  checkpoint: 'weights',
  network: 'weights',
  onnx: 'weights',
  url: 'ref',
  file: 'ref',
  hash: 'sha256',
  checksum: 'sha256',
  digest: 'sha256',
  dataset: 'data',
  images: 'sample',
  folder: 'path',
  classes: 'label',
  target_column: 'label',
  patient: 'group',
  patients: 'group',
  threshold: 'margin',
  convention: 'community_norm',
  practice: 'community_norm',
  fine_tuning: 'finetune',
  finetuning: 'finetune',
  learning_rate: 'learning_rates',
  lr: 'learning_rates',
  batch_size: 'batch',
  optimizer: 'optimiser',
  augmentation: 'augment',
};
