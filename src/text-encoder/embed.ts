import { availableParallelism } from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';
import { TransferEvidenceError } from '../errors.ts';
import { type Matrix, matrix } from '../matrix.ts';
import { openSession } from '../runtime/device.ts';
import type { OnnxRuntime } from '../runtime/require-native.ts';
import type { TextInput, TextNetwork } from './network.ts';
import type { Tokenize, Tokens } from './tokenizer.ts';

/** Texts at a time where the network takes any number. */
const batch = 32;

export interface EmbedOptions {
  network: TextNetwork;
  tokenize: Tokenize;
  onnxruntime: OnnxRuntime;
  signal?: AbortSignal | undefined;
}

/**
 * Rows of length 1 (Euclid), one for each text; a text that the tokenizer does not know has a row of zeros. Texts of as
 * many tokens are encoded together, so that none is padded: a row does not depend on its neighbours. A network of a fixed
 * length gets its texts padded and masked.
 * @throws model-unsupported when the network fails, answers with other shapes, with numbers that are not finite or with a
 *   row of zeros, or has no room for a text
 */
export async function embedTexts(
  texts: readonly string[],
  { network, tokenize, onnxruntime, signal }: EmbedOptions,
): Promise<Matrix<Float64Array>> {
  const { session } = await openSession(onnxruntime, network.model, {
    device: 'cpu',
    threads: availableParallelism(),
    name: network.name,
  });
  try {
    const rows: (Float64Array | null)[] = texts.map(() => null);
    for (const group of ofOneLength(tokenize(texts))) {
      signal?.throwIfAborted();
      const made = await encode(
        group.map(({ tokens }) => tokens),
        { network, session, onnxruntime },
      );
      group.forEach(({ at }, row) => {
        rows[at] = made[row]!;
      });
    }
    const columns = rows.find((row) => row !== null)?.length ?? 0;
    const data = new Float64Array(rows.length * columns);
    rows.forEach((row, at) => {
      if (row !== null && row.length !== columns)
        unsupported(network, `gives rows of ${columns} and of ${row.length} numbers`);
      if (row !== null) data.set(row, at * columns);
    });
    return matrix(data, rows.length, columns);
  } finally {
    await session.release();
  }
}

/** Texts of as many tokens, with their places, in groups that are small enough to run at once. */
function ofOneLength(all: readonly (Tokens | null)[]): { at: number; tokens: Tokens }[][] {
  const byLength = new Map<number, { at: number; tokens: Tokens }[]>();
  all.forEach((tokens, at) => {
    if (tokens === null) return;
    const { length } = tokens.ids;
    byLength.set(length, [...(byLength.get(length) ?? []), { at, tokens }]);
  });
  return [...byLength.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / batch) }, (_, i) => group.slice(i * batch, (i + 1) * batch)),
  );
}

interface Running {
  network: TextNetwork;
  session: InferenceSession;
  onnxruntime: OnnxRuntime;
}

async function encode(texts: readonly Tokens[], running: Running): Promise<Float64Array[]> {
  const { network, session, onnxruntime } = running;
  const { fixedBatch, fixedLength, inputs, output } = network;
  const length = fixedLength ?? texts[0]!.ids.length;
  if (texts[0]!.ids.length > length)
    unsupported(network, `takes ${length} tokens, and a class name has ${texts[0]!.ids.length}`);
  if (fixedBatch !== null && fixedBatch < texts.length)
    return [
      ...(await encode(texts.slice(0, fixedBatch), running)),
      ...(await encode(texts.slice(fixedBatch), running)),
    ];
  const count = fixedBatch ?? texts.length;
  const tokenValue = (input: TextInput, { ids, types }: Tokens, place: number): number => {
    if (place >= ids.length) return 0;
    return input === 'attention_mask' ? 1 : (input === 'input_ids' ? ids : types)[place]!;
  };
  const feeds = Object.fromEntries(
    inputs.map((input) => {
      const data = new BigInt64Array(count * length);
      // A network of a fixed number of texts gets the last one again in the places that are left.
      for (let i = 0; i < data.length; i++) {
        const text = texts[Math.min(Math.floor(i / length), texts.length - 1)]!;
        data[i] = BigInt(tokenValue(input, text, i % length));
      }
      return [input, new onnxruntime.Tensor('int64', data, [count, length])];
    }),
  );
  const results = await session.run(feeds, [output]).catch((cause: unknown) => {
    throw new TransferEvidenceError(
      'model-unsupported',
      `The text encoder ${network.name} cannot be run: ${String((cause as Error).message).split('\n')[0]}. Does the tokenizer belong to it?`,
      { cause },
    );
  });
  const { data, dims } = results[output]!;
  const perToken = output === 'last_hidden_state';
  const width = dims.at(-1) ?? 0;
  const expected = perToken ? [count, length, width] : [count, width];
  if (!(data instanceof Float32Array) || width === 0 || dims.join() !== expected.join())
    unsupported(network, `gives ${output} as ${results[output]!.type} [${dims.join(', ')}]`);
  return texts.map(({ ids }, text) => {
    // The mask is 1 for the text's own tokens, which come first.
    const from = text * (perToken ? length : 1);
    return unit(meanOf(data, from, perToken ? ids.length : 1, width), network);
  });
}

function meanOf(data: Float32Array, from: number, count: number, width: number): Float64Array {
  const mean = new Float64Array(width);
  for (let row = from; row < from + count; row++)
    for (let k = 0; k < width; k++) mean[k]! += data[row * width + k]! / count;
  return mean;
}

function unit(row: Float64Array, network: TextNetwork): Float64Array {
  const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
  if (!(length > 0 && length < Infinity)) unsupported(network, 'gives rows that are zero or not finite');
  return row.map((value) => value / length);
}

function unsupported({ name }: TextNetwork, found: string): never {
  throw new TransferEvidenceError(
    'model-unsupported',
    `The text encoder ${name} ${found}; float32 sentence_embedding [N, D] or last_hidden_state [N, T, D] of int64 tokens [N, T] was expected. Export it for feature extraction, with axes of any size.`,
  );
}
