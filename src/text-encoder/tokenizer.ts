import { runInNewContext } from 'node:vm';
import { Tokenizer } from '@huggingface/tokenizers';
import { TransferEvidenceError } from '../errors.ts';

/** A text as a text encoder takes it. */
export interface Tokens {
  /** Positions in the vocabulary, the tokens that frame a text (`[CLS]`, `[SEP]`) among them. */
  ids: number[];
  /** 0 or 1 for each: which of two texts a token is of, as the tokenizer says of a single one. */
  types: number[];
}

/** For each text its tokens; `null` for one with a part that the vocabulary lacks, or without any part: they would all be one to the network. */
export type Tokenize = (texts: readonly string[]) => (Tokens | null)[];

/** Far above what the largest vocabulary or thousands of names take, far below a job's patience. */
const mostMilliseconds = 20_000;

/**
 * Reads a tokenizer.json as the Hugging Face libraries write it (WordPiece, WordLevel, BPE or Unigram, with its
 * normaliser). Truncation and padding that it asks for are not applied: nothing is cut.
 * @param name that messages call it by
 * @throws model-invalid when it is no such file, of a kind that cannot be run here, or runs away (a file may bring its own
 *   regular expressions): it is stopped after `limit` milliseconds
 */
export function readTokenizer(json: Uint8Array, name: string, limit = mostMilliseconds): Tokenize {
  const tokenizer = attempt({ name, limit }, () => {
    const content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
    // For a list of whole words the package looks for the unknown word in another file, tokenizer_config.json.
    const unknown: unknown = content?.model?.unk_token;
    return new Tokenizer(content, typeof unknown === 'string' ? { unk_token: unknown } : {});
  });
  const unknownId = tokenizer.model?.unk_token_id;
  const isKnown = (id: number | undefined) => Number.isInteger(id) && id !== unknownId;
  const tokensOf = (text: string): Tokens | null => {
    const bare = tokenizer.encode(text, { add_special_tokens: false }).ids;
    if (bare.length === 0 || !bare.every(isKnown)) return null;
    const { ids, token_type_ids: types } = tokenizer.encode(text, { return_token_type_ids: true });
    if (!ids.every(Number.isInteger)) throw new Error('the tokens that frame a text are not in its vocabulary');
    return { ids, types: types ?? ids.map(() => 0) };
  };
  return (texts) => attempt({ name, limit }, () => texts.map(tokensOf));
}

/** In a context of its own, because that is what a time limit can be put on. */
function attempt<T>({ name, limit }: { name: string; limit: number }, work: () => T): T {
  try {
    return runInNewContext('work()', { work }, { timeout: limit });
  } catch (cause) {
    throw new TransferEvidenceError(
      'model-invalid',
      `${name} was expected to be the tokenizer.json of a text encoder and cannot be read: ${String(
        (cause as Error).message,
      )
        .split('\n')[0]!
        .slice(0, 200)}. Export it again with the network.`,
      { cause },
    );
  }
}
