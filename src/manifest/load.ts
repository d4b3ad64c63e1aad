import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { sha256 } from '../digest.ts';
import { type Location, TransferEvidenceError } from '../errors.ts';
import { checkManifest } from './check.ts';
import { decode, sizeLimit } from './decode.ts';
import { formsAt } from './expected.ts';
import { explainIssues, type Written } from './explain.ts';
import { formatPath, type PathSegment, parentPath, quote } from './path.ts';
import type { Problem } from './problem.ts';
import { type ReadYaml, readYaml } from './read.ts';
import { readBytes } from './read-bytes.ts';
import { absenceCodes, salvage } from './salvage.ts';
import { type Manifest, manifestSchema } from './schema.ts';

export interface LoadedManifest {
  /** Null when any problem is an error. */
  manifest: Manifest | null;
  /** The file as it is shown to people: relative to the workspace, with forward slashes. */
  file: string;
  /** Absolute directory of the file. */
  directory: string;
  /** Hex SHA-256 of the file's bytes. */
  digest: string;
  /** Everything that is wrong, in the order of the file. All of level `error`. */
  problems: Problem[];
  /** Where a dotted path stands in the file; for a path that is not there, the nearest one above it. */
  locate(path: string): Location;
}

/**
 * Reads and checks a manifest file.
 * @param options.base directory that `file` and the name shown are relative to; default: the working directory
 * @param options.displayName name to show instead
 * @throws TransferEvidenceError `manifest-missing`, `manifest-unreadable`; whatever is wrong inside is in `problems`
 */
export async function loadManifest(
  file: string,
  options: { base?: string; displayName?: string } = {},
): Promise<LoadedManifest> {
  const base = resolve(options.base ?? '.');
  const absolute = resolve(base, file);
  const inside = relative(base, absolute);
  const shown =
    options.displayName ?? (inside.startsWith('..') || isAbsolute(inside) ? absolute : inside).split(sep).join('/');
  const { bytes, size } = await readManifest(absolute, shown);
  return { ...parse(bytes, size, shown), directory: dirname(absolute) };
}

/** Reads and checks a manifest's content. Throws nothing: whatever is wrong is in `problems`. */
export function parseManifest(source: Uint8Array | string, displayName: string): LoadedManifest {
  return parse(source, typeof source === 'string' ? Buffer.byteLength(source) : source.byteLength, displayName);
}

async function readManifest(absolute: string, shown: string): Promise<{ bytes: Uint8Array; size: number }> {
  try {
    return await readBytes(absolute, sizeLimit);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const location = { file: shown };
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new TransferEvidenceError('manifest-missing', `There is no manifest at ${shown}. Name the file itself.`, {
        location,
        cause,
      });
    const why =
      code === 'EISDIR'
        ? 'it is a directory; name the file in it, as in transfer.yml'
        : code === 'EACCES'
          ? 'permission was denied'
          : (code ?? cause);
    throw new TransferEvidenceError('manifest-unreadable', `${shown} cannot be read: ${why}.`, { location, cause });
  }
}

function parse(source: Uint8Array | string, size: number, file: string): LoadedManifest {
  const common = { file, directory: resolve(dirname(file)), digest: sha256(source) };
  const refused = (problem: Omit<Problem, 'level' | 'path' | 'location'>, location: Location): LoadedManifest => ({
    ...common,
    manifest: null,
    problems: [{ level: 'error', path: '', location, ...problem }],
    locate: () => ({ file, line: 1, column: 1 }),
  });

  const decoded = decode(source, size);
  if ('code' in decoded) {
    const before = decoded.text.slice(0, decoded.offset).split('\n');
    const location = { file, line: before.length, column: before.at(-1)!.length + 1 };
    return refused({ code: decoded.code, message: decoded.message }, location);
  }
  const read = readYaml(decoded.text);
  const locate = locator(read, file);
  const problems: Problem[] = read.findings.map(({ code, path, message, line, column }) => ({
    level: 'error',
    code,
    path,
    location: { file, line, column },
    message,
  }));
  const unusable = read.places.size === 0 || problems.some(({ code }) => code === 'too-deep');
  if (unusable && problems.length > 0) return { ...common, manifest: null, problems, locate };

  const shape = describeRoot(read.value);
  if (shape) return refused(shape, { file, line: 1, column: 1 });

  const parsed = manifestSchema.safeParse(read.value);
  const add = (code: string, path: string, message: string, location: Location) =>
    problems.push({ level: 'error', code, path, location, message });
  const unread = new Set(problems.map((problem) => problem.path));
  const explained = parsed.success ? [] : explainIssues(parsed.error.issues, written(read));
  for (const { code, path: segments, message, atKey } of explained) {
    const path = formatPath(segments);
    // What could not be read at all was told already, and better.
    if (code !== 'missing-key' || !unread.has(path)) add(code, path, message, locate(path, atKey));
  }
  for (const { path: segments, source: word, reads } of read.ambiguous) {
    if (!expectsFreeText(segments, word)) continue;
    const path = formatPath(segments);
    const message = `\`${path}\` is text, but many YAML readers take ${word} for ${reads}. Put quotes around it: ${quote(word)}.`;
    add('needs-quotes', path, message, locate(path));
  }
  const complete = parsed.data ? (withoutUndefined(parsed.data) as Manifest) : null;
  const checkable = complete ?? salvage(read.value, explained);
  const told = new Set(problems.map((problem) => problem.path));
  for (const problem of checkable ? checkManifest(checkable, locate) : [])
    if (!told.has(problem.path) && (complete || !absenceCodes.has(problem.code))) problems.push(problem);
  problems.sort((a, b) => a.location.line! - b.location.line! || a.location.column! - b.location.column!);
  return {
    ...common,
    manifest: problems.length === 0 ? complete : null,
    problems: atMost(problems, file),
    locate,
  };
}

function describeRoot(value: unknown): { code: string; message: string } | null {
  const write = 'Write a mapping that begins with version: 1.';
  if (value === undefined) return { code: 'empty', message: `The manifest is empty. ${write}` };
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return null;
  const found = Array.isArray(value) ? 'a list' : `a single ${typeof value === 'string' ? 'text' : typeof value}`;
  return { code: 'wrong-type', message: `The manifest must be a mapping of keys to values, found ${found}. ${write}` };
}

const most = 100;

/** More would bury the first ones; the last line says how many were left out. */
function atMost(problems: Problem[], file: string): Problem[] {
  if (problems.length <= most) return problems;
  const rest = problems.length - most;
  const message = `${rest} more problems are not shown. Mend these first.`;
  return [
    ...problems.slice(0, most),
    { level: 'error', code: 'more', path: '', location: problems[most]?.location ?? { file }, message },
  ];
}

function locator(read: ReadYaml, file: string): (path: string, atKey?: boolean) => Location {
  return (path, atKey = false) => {
    for (let at: string | null = path; at !== null; at = parentPath(at)) {
      const place = read.places.get(at);
      if (place === undefined) continue;
      // A block under a key is found by its key; a value that stands beside it, by itself.
      const key = place.key === undefined ? undefined : read.position(place.key);
      const value = read.position(place.value ?? place.key ?? 0);
      const position =
        key && (atKey || at !== path || key.line !== value.line || place.source === undefined) ? key : value;
      return { file, ...position };
    }
    return { file, line: 1, column: 1 };
  };
}

function written(read: ReadYaml): Written {
  return {
    value: (path) =>
      path.reduce<unknown>(
        (value, segment) =>
          typeof value === 'object' && value !== null && Object.hasOwn(value, segment)
            ? (value as Record<PathSegment, unknown>)[segment]
            : undefined,
        read.value,
      ),
    source: (path) => read.places.get(formatPath(path))?.source,
    has: (path) => read.places.has(formatPath(path)),
  };
}

/** Free text, as against a choice, a word that has its own meaning there, a date or something that is no text at all. */
function expectsFreeText(path: readonly PathSegment[], word: string): boolean {
  const forms = formsAt(path);
  return (
    forms.every((form) => form.const !== word) &&
    forms.some(
      (form) =>
        form.type === 'string' && form.enum === undefined && form.const === undefined && form.format === undefined,
    )
  );
}

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, withoutUndefined(item)]),
  );
}
