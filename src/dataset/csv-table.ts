import { CsvError, parse } from 'csv-parse/sync';
import { TransferEvidenceError } from '../errors.ts';

/** A CSV file's fields, trimmed, with the line each row came from. */
export interface CsvTable {
  header: string[];
  column(index: number): string[];
  /** Line in the file, from 1, of row `row` (from 0, the header not counted). */
  line(row: number): number;
}

/**
 * Parses comma-, semicolon- or tab-separated text (RFC 4180 quoting) with a header line. UTF-8 or UTF-16 with or without
 * a byte-order mark; any line ending.
 * @throws dataset-invalid for another encoding, no header, no rows, rows of another length or broken quoting
 */
export function readTable(bytes: Uint8Array, name: string): CsvTable {
  const text = decodeText(bytes, name);
  const delimiter = delimiterOf(text);
  let rows: { record: string[]; info: { lines: number } }[];
  try {
    rows = parse(text, { delimiter, trim: true, skip_empty_lines: true, info: true }) as never;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw invalid(name, `${error.message}. Separator found: ${delimiter === '\t' ? 'tab' : delimiter}`, error);
  }
  const [header, ...body] = rows;
  if (header === undefined) throw invalid(name, 'the file is empty; expected a header line and one row per image');
  if (body.length === 0) throw invalid(name, `there is a header (${header.record.slice(0, 5).join(', ')}) but no row`);
  return {
    header: header.record,
    column: (index) => body.map(({ record }) => record[index]!),
    line: (row) => body[row]!.info.lines,
  };
}

function decodeText(bytes: Uint8Array, name: string): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw invalid(name, `the text is not ${encoding.toUpperCase()}. Save the file as UTF-8`, error);
  }
}

/** The most frequent separator of the header line outside quotes; a file of one column has none, and comma will do. */
function delimiterOf(text: string): ',' | ';' | '\t' {
  const header = /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text.trimStart())![0].replace(/"(?:[^"]|"")*"/g, '');
  const count = (separator: string) => header.split(separator).length;
  return ([',', ';', '\t'] as const).reduce((best, next) => (count(next) > count(best) ? next : best));
}

function invalid(name: string, message: string, cause?: unknown): TransferEvidenceError {
  return new TransferEvidenceError('dataset-invalid', `${name}: ${message}.`, { cause });
}
