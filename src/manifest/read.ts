import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { formatPath, harmless, type PathSegment, quote } from './path.ts';
import { depthLimit, excessOf, explainSyntax, tooDeep } from './syntax.ts';

/** Something wrong with the file, at a place in it. */
export interface Finding {
  code: string;
  path: string;
  message: string;
  line: number;
  column: number;
}

/** Where a key and its value stand, as offsets into the text. */
interface Place {
  key?: number;
  value?: number;
  /** How a scalar is written in the file, and whether without quotes. */
  source?: string;
  plain?: boolean;
}

/** A YAML file as plain values, with the place of each. */
export interface ReadYaml {
  value: unknown;
  places: ReadonlyMap<string, Place>;
  /** Unquoted texts that YAML 1.1 readers take for a date or a boolean. */
  ambiguous: { path: PathSegment[]; source: string; reads: 'a date' | 'a boolean' }[];
  findings: Finding[];
  /** Line and column of an offset, both from 1. */
  position(offset: number): { line: number; column: number };
}

const limits = { aliased: 5_000, findings: 100 };

/**
 * Reads YAML 1.2 (so JSON as well) into plain values. A key without a value counts as left out. Nothing in the file is
 * executed, expanded beyond bounds or merged; whatever is refused comes back as findings, never as an exception.
 */
export function readYaml(text: string): ReadYaml {
  const lines = new LineCounter();
  const position = (offset: number) => {
    const { line, col } = lines.linePos(Math.min(Math.max(0, offset), text.length));
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const findings: Finding[] = [];
  const report = (code: string, offset: number, message: string, path = '') => {
    if (findings.length < limits.findings) findings.push({ code, path, message, ...position(offset) });
  };
  const nothing = { value: undefined, places: new Map<string, Place>(), ambiguous: [], findings, position };

  const excess = excessOf(text);
  if (excess) {
    lines.addNewLine(0);
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
    report(excess.code, excess.offset, excess.message);
    return nothing;
  }
  // Duplicate keys are looked for below: the library's own search takes time quadratic in the number of keys.
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  });
  if (document.errors.length > 0) {
    const told = new Set<number>();
    for (const error of document.errors) {
      const { line } = position(error.pos[0]);
      // One mistake in YAML brings several errors on its line; the first one is about the mistake.
      if (told.has(line)) continue;
      told.add(line);
      const { code, message } = explainSyntax(error.code, harmless(error.message));
      report(code, error.pos[0], message);
      if (told.size === 10 || code === 'too-deep' || code === 'several-documents') break;
    }
    return nothing;
  }
  return { ...convert(document.contents, report), findings, position };
}

type Report = (code: string, offset: number, message: string, path?: string) => void;

function convert(root: Node | null, report: Report): Pick<ReadYaml, 'value' | 'places' | 'ambiguous'> {
  const places = new Map<string, Place>();
  const ambiguous: ReadYaml['ambiguous'] = [];
  const anchors = new Map<string, Node>();
  const open = new Set<Node>();
  let aliased = 0;
  let aliasDepth = 0;

  function read(node: Node | null, path: PathSegment[], keyOffset?: number): unknown {
    const at = formatPath(path);
    const offset = node?.range?.[0] ?? keyOffset ?? 0;
    // Inside an alias, what is wrong is told where the alias stands.
    const place: Place = { ...(keyOffset === undefined ? {} : { key: keyOffset }), value: offset };
    if (aliasDepth === 0) places.set(at, place);
    if (node === null) return undefined;
    if (path.length > depthLimit) {
      report('too-deep', offset, tooDeep, at);
      return undefined;
    }
    if (aliasDepth > 0 && ++aliased > limits.aliased) {
      if (aliased === limits.aliased + 1)
        report(
          'alias-expansion',
          offset,
          `Aliases expand to more than ${limits.aliased} values. Write the values out.`,
          at,
        );
      return undefined;
    }
    if (isAlias(node)) return readAlias(node, path, offset);
    if (node.anchor) anchors.set(node.anchor, node);
    if (node.tag !== undefined && !plainTags.has(node.tag)) {
      report('tag-refused', offset, `The tag ${quote(shortTag(node.tag))} is not read. Write a plain value.`, at);
      return undefined;
    }
    if (isScalar(node)) return readScalar(node, path, at, place);
    open.add(node);
    const value = isMap(node)
      ? readMap(node, path)
      : isSeq(node)
        ? readItems(node.items as (Node | null)[], path)
        : undefined;
    open.delete(node);
    return value;
  }

  function readItems(items: (Node | null)[], path: PathSegment[]): unknown[] {
    // A null in a list is kept: the place of the others must not move.
    return items.map((item, index) => read(item, [...path, index]) ?? null);
  }

  function readAlias(alias: Alias, path: PathSegment[], offset: number): unknown {
    const at = formatPath(path);
    const target = anchors.get(alias.source);
    if (target === undefined) {
      report(
        'unknown-alias',
        offset,
        `The alias ${quote(`*${alias.source}`)} has no anchor of that name before it.`,
        at,
      );
      return undefined;
    }
    if (open.has(target)) {
      report('alias-expansion', offset, `The alias ${quote(`*${alias.source}`)} contains itself.`, at);
      return undefined;
    }
    aliasDepth += 1;
    const value = read(target, path);
    aliasDepth -= 1;
    return value;
  }

  function readScalar(node: Scalar, path: PathSegment[], at: string, place: Place): unknown {
    const plain = node.type === 'PLAIN' || node.type === undefined;
    const source = node.source ?? String(node.value);
    Object.assign(place, { source, plain });
    if (node.value === null) return undefined;
    if (typeof node.value === 'string') {
      if (!node.value.isWellFormed()) {
        report(
          'wrong-encoding',
          place.value ?? 0,
          'The text holds half of a surrogate pair (\\ud800 to \\udfff alone).',
          at,
        );
        return undefined;
      }
      if (plain && /^(?:yes|no|on|off)$/i.test(source)) ambiguous.push({ path, source, reads: 'a boolean' });
      if (plain && /^\d{4}-\d{1,2}-\d{1,2}(?:$|[Tt ])/.test(source)) ambiguous.push({ path, source, reads: 'a date' });
    }
    return node.value;
  }

  function readMap(map: YAMLMap, path: PathSegment[]): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    const seen = new Map<string, number>();
    for (const pair of map.items as Pair<Node | null, Node | null>[]) {
      const key = readKey(pair.key, map, path);
      if (key === null) continue;
      const keyOffset = pair.key?.range?.[0] ?? 0;
      const keyPath = [...path, key];
      const first = seen.get(key);
      if (first !== undefined) {
        report(
          'duplicate-key',
          keyOffset,
          `The key ${quote(key)} stands twice in the same mapping. Keep one.`,
          formatPath(keyPath),
        );
        continue;
      }
      seen.set(key, keyOffset);
      const item = read(pair.value, keyPath, keyOffset);
      // A plain assignment of this one name would set the prototype.
      Object.defineProperty(value, key, { value: item, enumerable: true, configurable: true, writable: true });
    }
    return value;
  }

  function readKey(key: Node | null, map: YAMLMap, path: PathSegment[]): string | null {
    const at = formatPath(path);
    const offset = key?.range?.[0] ?? map.range?.[0] ?? 0;
    if (!isScalar(key) || key.value === null) {
      report('bad-key', offset, 'A key must be a word. Is a colon or a quote out of place?', at);
      return null;
    }
    const word = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
    if (word === '<<') {
      report('merge-key', offset, 'Merge keys (<<) are not part of YAML 1.2 and are not read. Write the keys out.', at);
      return null;
    }
    if (!word.isWellFormed()) {
      report('wrong-encoding', offset, 'The key holds half of a surrogate pair (\\ud800 to \\udfff alone).', at);
      return null;
    }
    return word;
  }

  return { value: read(root, []), places, ambiguous };
}

const yamlTag = 'tag:yaml.org,2002:';
const plainTags = new Set(['str', 'map', 'seq', 'int', 'float', 'bool', 'null'].map((name) => yamlTag + name));

function shortTag(tag: string): string {
  return tag.startsWith(yamlTag) ? `!!${tag.slice(yamlTag.length)}` : tag;
}
