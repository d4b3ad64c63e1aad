import { decode } from '../manifest/decode.ts';
import { quote } from '../manifest/path.ts';
import { readYaml } from '../manifest/read.ts';
import { atlasFacts, atlasRoot } from './atlas.ts';
import { croissantFacts, datasetNode } from './croissant.ts';
import type { CardFacts } from './facts.ts';
import { hubFacts, isHubMetadata } from './hugging-face.ts';
import { type Fields, isFields } from './values.ts';

/** Formats that are read, as messages name them. */
const formatNames = 'a Hugging Face card (Markdown with YAML front matter), Croissant or an RSNA ATLAS card (JSON)';

/** A card’s facts, `nothing` for a text without metadata, or why it cannot be read: the end of a sentence after a colon. */
export type Recognised = { facts: CardFacts } | 'nothing' | { why: string };

/**
 * Reads a card in any of its formats, told by its content.
 * @param source the file's bytes, or their beginning
 * @param size of the whole file in bytes
 */
export function recogniseCard(source: Uint8Array, size: number): Recognised {
  const decoded = decode(source, size, 'card');
  if ('code' in decoded) return { why: withoutStop(decoded.message) };
  const { text } = decoded;
  if (text.trim() === '') return { why: 'it is empty' };
  if (/^\s*[{[]/u.test(text)) return fromJson(text);
  const front = frontMatterOf(text);
  if (front === 'unclosed') return { why: 'its front matter has no end: a line with --- alone' };
  if (front !== null) return fromYaml(front, 1);
  // A whole file of metadata; prose reads as one YAML text, or as none.
  const whole = readYaml(text).value;
  return isFields(whole) && isHubMetadata(whole) ? fromYaml(text, 0) : 'nothing';
}

function fromJson(text: string): Recognised {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return { why: `it is no valid JSON (${quote((error as Error).message, 100)})` };
  }
  if (!isFields(document)) return { why: `it holds a list; expected ${formatNames}` };
  const atlas = atlasRoot(document);
  if (atlas !== null) return { facts: atlasFacts(atlas) };
  const dataset = datasetNode(document);
  if (dataset !== null) return { facts: croissantFacts(dataset) };
  return { why: `it is neither Croissant (@type Dataset) nor an RSNA ATLAS card ($schema of atlas.rsna.org)` };
}

/** Text between the first line and the next of three dashes; `null` where the first line is another. */
function frontMatterOf(text: string): string | 'unclosed' | null {
  const opening = /^---[ \t]*\r?\n/u.exec(text);
  if (opening === null) return null;
  const rest = text.slice(opening[0].length);
  const closing = /^---[ \t]*\r?$/mu.exec(rest);
  return closing === null ? 'unclosed' : rest.slice(0, closing.index);
}

/** Refused outright; what else is found in YAML leaves single values out, and the rest is read. */
const fatal: Readonly<Record<string, string>> = {
  'alias-expansion': 'its aliases expand to too many values',
  'too-deep': 'it is nested too deeply',
  'too-large': 'it has too many values',
  'several-documents': 'it holds several YAML documents',
};

/** @param before lines of the file above the text */
function fromYaml(text: string, before: number): Recognised {
  const { value, findings } = readYaml(text);
  const stop = findings.find(({ code }) => fatal[code] !== undefined);
  if (stop) return { why: fatal[stop.code]! };
  if (value === undefined && findings.length > 0)
    return { why: `its YAML is not valid in line ${findings[0]!.line + before}` };
  if (value === undefined) return 'nothing';
  return isFields(value) ? fromFields(value) : { why: 'its front matter is no mapping of keys to values' };
}

function fromFields(metadata: Fields): Recognised {
  return isHubMetadata(metadata) ? { facts: hubFacts(metadata) } : 'nothing';
}

function withoutStop(message: string): string {
  return message[0]!.toLowerCase() + message.slice(1).replace(/\.$/u, '');
}
