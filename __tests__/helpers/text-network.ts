import { GraphBuilder } from '../../src/onnx/build.ts';
import { writeModel } from '../../src/onnx/write.ts';
import { everydayWords } from '../../src/semantic/everyday-words.ts';

/** Tokens with what the network makes of each: whole numbers, so that cosines are known in closed form. */
export type TokenRows = Record<string, readonly number[]>;

interface TextNetworkChoices {
  /** Default last_hidden_state; sentence_embedding averages over the mask in the network. */
  output?: 'last_hidden_state' | 'sentence_embedding' | 'logits';
  /** Of tokens of the first text and of the second; the network then asks for token_type_ids. */
  types?: readonly [readonly number[], readonly number[]];
  dims?: [number | string, number | string];
}

/** An ONNX text encoder that looks its tokens up in a table. */
export function textNetwork(rows: TokenRows, choices: TextNetworkChoices = {}): Uint8Array {
  const { output = 'last_hidden_state', types, dims = ['N', 'T'] } = choices;
  const graph = new GraphBuilder('text');
  const table = Object.values(rows);
  const width = table[0]!.length;
  const lookedUp = (name: string, values: readonly (readonly number[])[], ids: string) =>
    graph.node('Gather', [graph.constant(name, Float32Array.from(values.flat()), [values.length, width]), ids]);
  const ids = graph.input('input_ids', dims, 'int64');
  const mask = graph.input('attention_mask', dims, 'int64');
  let tokens = lookedUp('words', table, ids);
  if (types) {
    const typeIds = graph.input('token_type_ids', dims, 'int64');
    tokens = graph.node('Add', [tokens, lookedUp('types', types, typeIds)]);
  }
  if (output === 'sentence_embedding') {
    const last = graph.constant('last', [2]);
    const weights = graph.node('Unsqueeze', [graph.node('Cast', [mask], { to: 1 }), last]);
    const along = graph.constant('along', [1]);
    const sum = (of: string) => graph.node('ReduceSum', [of, along], { keepdims: 0 });
    graph.node('Div', [sum(graph.node('Mul', [tokens, weights])), sum(weights)], {}, output);
    graph.output(output, ['N', width]);
  } else {
    graph.node('Identity', [tokens], {}, output);
    graph.output(output, ['N', 'T', width]);
  }
  return writeModel(graph.model());
}

const vocabularyOf = (rows: TokenRows) => Object.fromEntries(Object.keys(rows).map((token, id) => [token, id]));
const special = (content: string, id: number) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
});

/** A tokenizer.json of word pieces with BERT's normaliser and frame; `rows` begin with [PAD], [UNK], [CLS], [SEP]. */
export function wordPieces(rows: TokenRows): string {
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: ['[PAD]', '[UNK]', '[CLS]', '[SEP]'].map(special),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        { SpecialToken: { id: '[CLS]', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '[SEP]', type_id: 0 } },
      ],
      pair: [],
      special_tokens: {
        '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
        '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
      },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: vocabularyOf(rows),
    },
  });
}

/** A tokenizer.json of whole words, without a frame; `rows` hold [UNK]. */
export function wholeWords(rows: TokenRows): string {
  return JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: null,
    model: { type: 'WordLevel', unk_token: '[UNK]', vocab: vocabularyOf(rows) },
  });
}

/** The four tokens that every vocabulary of word pieces begins with, without a direction. */
export const frame = (width: number): TokenRows =>
  Object.fromEntries(['[PAD]', '[UNK]', '[CLS]', '[SEP]'].map((token) => [token, Array<number>(width).fill(0)]));

/** Each word and sign of the everyday names, all of one direction. */
export const everydayRows = (row: readonly number[]): TokenRows =>
  Object.fromEntries(
    everydayWords.flatMap((name) => name.split(/\b/).filter((part) => part.trim() !== '')).map((part) => [part, row]),
  );
