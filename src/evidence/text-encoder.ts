import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { digestOf } from '../digest.ts';
import type { LocatedWeights } from '../encoder/weights.ts';
import { isInfrastructure, TransferEvidenceError } from '../errors.ts';
import type { TextEncoderChoice } from '../manifest/schema.ts';
import { type Matrix, selectRows } from '../matrix.ts';
import type { Natives } from '../runtime/natives.ts';
import { everydayWords } from '../semantic/everyday-words.ts';
import { saysNothing } from '../semantic/labels.ts';
import { indexOfForms, positionOf } from '../semantic/names.ts';
import { type EmbeddedNames, nearestNames } from '../semantic/nearest-names.ts';
import { embedTexts } from '../text-encoder/embed.ts';
import { type Pooling, poolings, readTextNetwork } from '../text-encoder/network.ts';
import { readTokenizer } from '../text-encoder/tokenizer.ts';
import type { Evidence, Finding, LabelNames, SemanticTable } from './schema.ts';
import type { Store } from './store.ts';

/** Raised when the same files give other rows. */
const embeddingVersion = 1;

/** More than any tokenizer.json in use; the largest, of a million words, take some 20 MB. */
const mostTokenizerBytes = 100_000_000;

/** The manifest's text encoder: its files, found, or why they cannot be had. */
export type PlannedTextEncoder = { weights: LocatedWeights; tokenizer: LocatedWeights } | { refused: string };

/** What tells one planned text encoder from another. */
export function textEncoderKey(planned: PlannedTextEncoder): Record<string, string> {
  return 'refused' in planned ? planned : { weights: planned.weights.digest, tokenizer: planned.tokenizer.digest };
}

/**
 * Finds the files. One that cannot be had is told beside the measurements, which do without.
 * @param locate by reference, digest and file name ending
 * @throws download-failed, cancelled
 */
export async function planTextEncoder(
  choice: TextEncoderChoice,
  locate: (ref: string, sha256: string | undefined, extension: string) => Promise<LocatedWeights>,
): Promise<PlannedTextEncoder> {
  try {
    const weights = await locate(choice.weights, choice.sha256, 'onnx');
    const tokenizer = await locate(choice.tokenizer, choice.tokenizer_sha256, 'json');
    return { weights, tokenizer };
  } catch (error) {
    return { refused: reasonOf(error) };
  }
}

interface Means {
  store: Store;
  natives: Natives;
  signal?: AbortSignal | undefined;
}

interface ComparedNames {
  textEncoder?: NonNullable<Evidence['textEncoder']>;
  /** By candidate. */
  names: Map<string, LabelNames>;
  findings: Finding[];
}

/**
 * The nearest source name of each target name, for every candidate with class names (see semantic/nearest-names.ts). The
 * embeddings are kept by weights, tokenizer and names: what was embedded before loads no network. Nothing leaves the machine.
 * @param tables what is declared of each candidate beside the target
 */
export async function compareLabelNames(
  planned: PlannedTextEncoder,
  tables: readonly SemanticTable[],
  means: Means,
): Promise<ComparedNames> {
  const pairs = tables.flatMap(({ candidate, rows }) => {
    const row = rows.find(({ aspect }) => aspect === 'labels');
    return row && row.target.length > 0 && row.source.length > 0 ? [{ candidate, ...row }] : [];
  });
  const names = new Map<string, LabelNames>();
  try {
    if ('refused' in planned) throw new TransferEvidenceError('weights-missing', planned.refused);
    if (pairs.length === 0) return { names, findings: [] };
    const texts = [...everydayWords, ...pairs.flatMap(({ target, source }) => [...target, ...source])].map(spelled);
    const embedded = await embeddings(planned, [...new Set(texts)].sort(), means);
    for (const { candidate, target, source } of pairs) names.set(candidate, comparedNames(target, source, embedded));
    const { weights, tokenizer } = planned;
    const textEncoder = {
      weights: weights.digest,
      tokenizer: tokenizer.digest,
      pooling: embedded.pooling,
      dimension: embedded.rows.columns,
    };
    return { textEncoder, names, findings: [] };
  } catch (error) {
    const text = `Class names were not compared by the text encoder: ${reasonOf(error)}`;
    return { names: new Map(), findings: [{ code: 'text_encoder_unusable', about: 'run', text }] };
  }
}

/** @throws whatever is nobody's mistake in the manifest or its files */
function reasonOf(error: unknown): string {
  if (!(error instanceof TransferEvidenceError) || isInfrastructure(error)) throw error;
  return error.message;
}

/** Folders join words by underscores. */
function spelled(name: string): string {
  return name.replace(/[_\s]+/g, ' ').trim();
}

interface Embeddings {
  /** Row by text. */
  places: ReadonlyMap<string, number>;
  rows: Matrix<Float64Array>;
  pooling: Pooling;
}

async function embeddings(
  { weights, tokenizer }: Exclude<PlannedTextEncoder, { refused: string }>,
  texts: readonly string[],
  { store, natives, signal }: Means,
): Promise<Embeddings> {
  const key = digestOf({ embeddingVersion, weights: weights.digest, tokenizer: tokenizer.digest, texts });
  const places = new Map(texts.map((text, row) => [text, row]));
  const about = (await store.readJson('names', key)) as { pooling?: Pooling } | undefined;
  const kept = about && (await store.readMatrix(key, 'names'));
  if (kept?.data instanceof Float64Array && kept.rows === texts.length && poolings.includes(about!.pooling!))
    return { places, rows: kept as Matrix<Float64Array>, pooling: about!.pooling! };
  const { size } = await stat(tokenizer.file);
  if (size > mostTokenizerBytes)
    throw new TransferEvidenceError(
      'model-invalid',
      `The tokenizer has ${size} bytes; at most ${mostTokenizerBytes} are taken. Is it a tokenizer.json?`,
    );
  const tokenize = readTokenizer(await readFile(tokenizer.file), basename(tokenizer.file));
  const network = await readTextNetwork(weights.file, basename(weights.file));
  const rows = await embedTexts(texts, { network, tokenize, onnxruntime: natives.onnxruntime!, signal });
  await store.writeMatrix(key, rows, 'names');
  await store.writeJson('names', key, { pooling: network.pooling });
  return { places, rows, pooling: network.pooling };
}

function comparedNames(target: readonly string[], source: readonly string[], embedded: Embeddings): LabelNames {
  const isKnown = (name: string) => embedded.rows.columns > 0 && !isZero(embedded.rows, placeOf(name, embedded));
  const compared = (names: readonly string[]) => names.filter((name) => !saysNothing(name) && isKnown(name));
  const all = [...new Set([...target, ...source])];
  const index = indexOfForms(all);
  const [mine, theirs] = [compared(target), compared(source)];
  const unrelated = everydayWords.filter((word) => positionOf(word, index) === undefined && isKnown(word));
  const common = {
    compared: { target: mine.length, source: theirs.length, unrelated: unrelated.length },
    empty: all.filter(saysNothing),
    unknown: all.filter((name) => !saysNothing(name) && !isKnown(name)),
  };
  const of = (names: readonly string[]): EmbeddedNames => ({
    names,
    rows: selectRows(
      embedded.rows,
      names.map((name) => placeOf(name, embedded)),
    ),
  });
  try {
    return { ...common, nearest: nearestNames(of(mine), of(theirs), of(unrelated)) };
  } catch (error) {
    return { ...common, nearest: [], refused: reasonOf(error) };
  }
}

function placeOf(name: string, { places }: Embeddings): number {
  return places.get(spelled(name))!;
}

function isZero({ data, columns }: Matrix, row: number): boolean {
  return data.subarray(row * columns, (row + 1) * columns).every((value) => value === 0);
}
