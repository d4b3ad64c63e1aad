import type { z } from 'zod';
import { isTransferability, measureNames } from '../measures.ts';
import { describeForms, didYouMean, formsAt, keysAt, likely, nearest, otherNames, placesOfKey } from './expected.ts';
import { formatPath, type PathSegment, quote } from './path.ts';

type Issue = z.core.$ZodIssue;

/** A schema problem in words; `atKey` when it is about the key rather than its value. */
export interface Explained {
  code: string;
  path: PathSegment[];
  message: string;
  atKey: boolean;
  /** For an unknown key: the known one that it most likely is. */
  meant?: string;
}

/** The file behind a path: its value, and for scalars how it is written. */
export interface Written {
  value(path: readonly PathSegment[]): unknown;
  source(path: readonly PathSegment[]): string | undefined;
  has(path: readonly PathSegment[]): boolean;
}

/** Zod's issues as problems that say what is allowed, what was found and what to do. */
export function explainIssues(issues: readonly Issue[], written: Written): Explained[] {
  const explained = issues.flatMap((issue) => explain(issue, [], written));
  // A misspelt key would otherwise be told twice: as unknown, and as the one that is missing.
  const misspelt = new Set(
    explained.flatMap(({ path, meant }) => (meant === undefined ? [] : formatPath([...path.slice(0, -1), meant]))),
  );
  return explained.filter(({ code, path }) => code !== 'missing-key' || !misspelt.has(formatPath(path)));
}

function explain(issue: Issue, base: readonly PathSegment[], written: Written): Explained[] {
  const path = [...base, ...(issue.path as PathSegment[])];
  switch (issue.code) {
    case 'invalid_union':
      return explainUnion(issue, path, written);
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(path, key));
    case 'invalid_key':
    case 'invalid_element':
      return explainKey(issue, path);
    default:
      return [explainValue(issue, path, written)];
  }
}

/** The problems of the form that the author meant: the one whose type the value has. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, path: PathSegment[], written: Written): Explained[] {
  const meant = issue.errors.filter(
    (branch) => !branch.some((inner) => inner.path.length === 0 && inner.code === 'invalid_type'),
  );
  const isText = typeof written.value(path) === 'string';
  const literal = (branch: Issue[]) =>
    branch.some((inner) => inner.path.length === 0 && inner.code === 'invalid_value');
  const branch =
    meant.find((candidate) => literal(candidate) === isText) ?? meant.find((candidate) => !literal(candidate));
  if (branch === undefined) return [wrongType(path, written)];
  return branch.flatMap((inner) => explain(inner, path, written));
}

function explainKey(
  issue: z.core.$ZodIssueInvalidKey | z.core.$ZodIssueInvalidElement,
  path: PathSegment[],
): Explained[] {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1);
  if (keysAt(parent).length > 0) return [unknownKey(parent, key)];
  const why = issue.issues[0]?.message ?? 'not allowed here';
  return [
    { code: 'bad-format', path, message: `${at(path)} has a key that is not an id: expected ${why}.`, atKey: true },
  ];
}

function unknownKey(parent: PathSegment[], key: string): Explained {
  const known = keysAt(parent);
  const where = parent.length === 0 ? 'at the top level' : `in \`${formatPath(parent)}\``;
  const other = Object.hasOwn(otherNames, key.toLowerCase()) ? otherNames[key.toLowerCase()]! : key;
  const close = known.includes(other) ? [other] : likely(key, known);
  const elsewhere = placesOfKey(other);
  const closeElsewhere = elsewhere.length > 0 ? elsewhere : placesOfKey(nearest(key, everyKey()) ?? '');
  const belongs = closeElsewhere.map((place) => `\`${place}\``).join(' or ');
  const hint = close.length > 0 ? didYouMean(close) : belongs === '' ? '' : ` It belongs under ${belongs}.`;
  return {
    code: 'unknown-key',
    path: [...parent, key],
    message: `Unknown key ${quote(key)} ${where}.${hint} Allowed here: ${known.join(', ')}.`,
    atKey: true,
    ...(close.length === 1 ? { meant: close[0]! } : {}),
  };
}

let allKeys: string[] | undefined;

function everyKey(): string[] {
  if (allKeys) return allKeys;
  const found = new Set<string>();
  const visit = (schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return;
    for (const [name, value] of Object.entries(schema)) {
      if (name === 'properties') for (const key of Object.keys(value)) found.add(key);
      visit(value);
    }
  };
  visit(formsAt([]));
  allKeys = [...found];
  return allKeys;
}

function explainValue(issue: Issue, path: PathSegment[], written: Written): Explained {
  const value = written.value(path);
  if (value === undefined || value === null) return missing(path, written);
  const found = `found ${show(path, written)}`;
  const value_ = (code: string, message: string): Explained => ({ code, path, message, atKey: false });
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(path, written);
    case 'invalid_value':
      return unknownValue(issue.values.map(String), path, written);
    case 'too_small':
    case 'too_big':
      return value_(typeof value === 'number' ? 'out-of-range' : 'wrong-length', sizeMessage(issue, path, written));
    case 'invalid_format':
      if (issue.format === 'date')
        return value_('bad-date', `${at(path)} must be a date that exists, as in 2026-03-01, ${found}.`);
      return value_('bad-format', `${at(path)} must be ${issue.message}, ${found}.`);
    default:
      return value_('wrong-type', `${at(path)} must be ${describeForms(formsAt(path))}, ${found}.`);
  }
}

function sizeMessage(
  issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig,
  path: PathSegment[],
  written: Written,
): string {
  const value = written.value(path);
  if (typeof value === 'number')
    return `${at(path)} must be ${describeForms(formsAt(path))}, found ${show(path, written)}.`;
  const form = formsAt(path).find((candidate) => candidate.prefixItems);
  if (form?.prefixItems)
    return `${at(path)} must be ${describeForms([form])}, found ${Array.isArray(value) ? value.length : 0}.`;
  const [bound, limit] = issue.code === 'too_small' ? ['at least', issue.minimum] : ['at most', issue.maximum];
  const unit = Array.isArray(value) ? (limit === 1 ? 'entry' : 'entries') : limit === 1 ? 'character' : 'characters';
  const length = Array.isArray(value) ? value.length : String(value).trim().length;
  return `${at(path)} must have ${bound} ${limit} ${unit}, found ${length === 0 ? 'none' : length}.`;
}

function missing(path: PathSegment[], written: Written): Explained {
  const forms = formsAt(path);
  const description = forms[0]?.description;
  const state = written.has(path) ? 'is empty' : 'is missing';
  return {
    code: 'missing-key',
    path,
    message: `${at(path)} ${state}. Expected: ${describeForms(forms)}.${description ? ` ${description}` : ''}`,
    atKey: true,
  };
}

function wrongType(path: PathSegment[], written: Written): Explained {
  const forms = formsAt(path);
  const value = written.value(path);
  if (value === undefined || value === null) return missing(path, written);
  const source = written.source(path) ?? String(value);
  const wantsText = forms.some((form) => form.type === 'string' && form.const === undefined);
  const wantsNumber = forms.some((form) => form.type === 'number' || form.type === 'integer');
  const allowed = describeForms(forms);
  let fix = '';
  if (wantsText && (typeof value === 'number' || typeof value === 'boolean'))
    fix = source.length > 40 ? ' Put quotes around it.' : ` Put quotes around it: ${quote(source)}.`;
  else if (wantsNumber && typeof value === 'string' && /^[-+]?\d+(\.\d+)?$/.test(value))
    fix = ` Take the quotes away: ${value}.`;
  else if (wantsNumber && forms[0]?.description) fix = ` ${forms[0].description}`;
  else if (isPlainMapping(value) && forms.some((form) => form.items?.properties))
    fix = ' Begin each entry with a dash: “- id: …”.';
  else if (forms.some((form) => form.type === 'array') && !Array.isArray(value) && typeof value !== 'object')
    fix = ` For a single entry write [${source.slice(0, 60)}].`;
  return {
    code: 'wrong-type',
    path,
    message: `${at(path)} must be ${allowed}, found ${show(path, written)}.${fix}`,
    atKey: false,
  };
}

function isPlainMapping(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownValue(allowed: string[], path: PathSegment[], written: Written): Explained {
  const value = written.value(path);
  const forms = formsAt(path);
  const close = typeof value === 'string' ? didYouMean(likely(value, allowed)) : '';
  const kind = typeof value === 'object' ? 'wrong-type' : 'unknown-value';
  if (path.length === 1 && path[0] === 'version') {
    const fix =
      String(value) === '1'
        ? 'Take the quotes away: version: 1.'
        : 'This program reads version 1 of the format: write version: 1.';
    return { code: kind, path, message: `\`version\` must be 1, found ${show(path, written)}. ${fix}`, atKey: false };
  }
  const hint = close || measureHint(value);
  return {
    code: kind,
    path,
    message: `${at(path)} must be ${describeForms(forms)}, found ${show(path, written)}.${hint}`,
    atKey: false,
  };
}

/** `visual.kid`, `kid`, `linear`: the right measure in the wrong family. Scores are measured, but no claim is judged by one. */
function measureHint(value: unknown): string {
  const last = typeof value === 'string' ? value.split('.').at(-1) : undefined;
  const found = measureNames.find((measure) => measure.split('.').at(-1) === last?.toLowerCase());
  if (found === undefined) return '';
  return isTransferability(found)
    ? ' A transferability score predicts performance and never decides about it; test the claim with a probe.'
    : ` Did you mean \`${found}\`?`;
}

function at(path: PathSegment[]): string {
  return path.length === 0 ? 'The manifest' : `\`${formatPath(path)}\``;
}

function show(path: PathSegment[], written: Written): string {
  const value = written.value(path);
  if (typeof value === 'string') return value.trim() === '' ? 'empty text' : quote(value);
  if (typeof value === 'number') return `the number ${written.source(path) ?? value}`.slice(0, 80);
  if (typeof value === 'boolean') return `the boolean ${written.source(path) ?? value}`;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  return 'a mapping';
}
