import { Tokenizer } from '@huggingface/tokenizers';
import { TransferEvidenceError } from '../errors.ts';

/** A text as a text encoder takes it. */
export interface Tokens {
  /** Positions in the vocabulary, the tokens that frame a text (`[CLS]`, `[SEP]`) among them. */
  ids: number[];
  /** 0 or 1 for each: which of two texts a token is of, as the tokenizer says of a single one. */
  types: number[];
}

/** `null` for a text with a part that the vocabulary lacks, or without any part: such texts would all be one to the network. */
export type Tokenize = (text: string) => Tokens | null;

/**
 * Reads a tokenizer.json as the Hugging Face libraries write it (WordPiece, WordLevel, BPE or Unigram, with its
 * normaliser). Truncation and padding that it asks for are not applied: nothing is cut.
 * @param name that messages call it by
 * @throws model-invalid when it is no such file, or of a kind that cannot be run here
 */
export function readTokenizer(json: Uint8Array, name: string): Tokenize {
  const tokenizer = attempt(name, () => {
    const content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
    // For a list of whole words the package looks for the unknown word in another file, tokenizer_config.json.
    const unknown: unknown = content?.model?.unk_token;
    return new Tokenizer(content, typeof unknown === 'string' ? { unk_token: unknown } : {});
  });
  const unknownId = tokenizer.model?.unk_token_id;
  const isKnown = (id: number | undefined) => Number.isInteger(id) && id !== unknownId;
  return (text) =>
    attempt(name, () => {
      const bare = tokenizer.encode(text, { add_special_tokens: false }).ids;
      if (bare.length === 0 || !bare.every(isKnown)) return null;
      const { ids, token_type_ids: types } = tokenizer.encode(text, { return_token_type_ids: true });
      if (!ids.every(Number.isInteger)) throw new Error('the tokens that frame a text are not in its vocabulary');
      return { ids, types: types ?? ids.map(() => 0) };
    });
}

function attempt<T>(name: string, work: () => T): T {
  try {
    return work();
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
