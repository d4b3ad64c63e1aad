import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as onnxruntime from 'onnxruntime-node';
import { afterAll, describe, expect, it } from 'vitest';
import { embedTexts } from '../../src/text-encoder/embed.ts';
import { readTextNetwork } from '../../src/text-encoder/network.ts';
import { readTokenizer } from '../../src/text-encoder/tokenizer.ts';
import { type TokenRows, textNetwork, wholeWords, wordPieces } from '../helpers/text-network.ts';

const scratch = await mkdtemp(join(tmpdir(), 'text-'));
afterAll(() => rm(scratch, { recursive: true }));

const rows: TokenRows = {
  '[PAD]': [90, 90, 90],
  '[UNK]': [0, 0, 1],
  '[CLS]': [0, 0, 2],
  '[SEP]': [0, 0, 0],
  pleural: [3, 0, 0],
  effusion: [0, 4, 0],
  '##s': [1, 0, 0],
};
const bytes = (text: string) => new TextEncoder().encode(text);
const pieces = readTokenizer(bytes(wordPieces(rows)), 'tokenizer.json');
const names = ['Pleural Éffusion', 'effusion', 'EFFUSIONS', 'tumour', 'effusion tumour', '—'];

async function read(network: Uint8Array) {
  const file = join(scratch, 'text.onnx');
  await writeFile(file, network);
  return readTextNetwork(file, 'text.onnx');
}

/** Sums of the tokens' rows, [CLS] among them: pleural effusion 3, 4, 2; effusion 0, 4, 2; effusion ##s 1, 4, 2. */
const expected = [
  [3 / Math.sqrt(29), 4 / Math.sqrt(29), 2 / Math.sqrt(29)],
  [0, 4 / Math.sqrt(20), 2 / Math.sqrt(20)],
  [1 / Math.sqrt(21), 4 / Math.sqrt(21), 2 / Math.sqrt(21)],
  [0, 0, 0],
  [0, 0, 0],
  [0, 0, 0],
].flat();

describe('the tokenizer', () => {
  it('normalises, splits into pieces and frames as BERT does', () => {
    expect(pieces(['Pleural Éffusions'])).toEqual([{ ids: [2, 4, 5, 6, 3], types: [0, 0, 0, 0, 0] }]);
  });

  it('takes a list of whole words', () => {
    const whole = readTokenizer(bytes(wholeWords(rows)), 'tokenizer.json');
    expect(whole(['Pleural effusion', 'pleural effusions'])).toEqual([{ ids: [4, 5], types: [0, 0] }, null]);
  });

  it('gives nothing for a name with a part it does not know: such names would all be one', () => {
    expect(pieces(names).map((tokens) => tokens === null)).toEqual([false, false, false, true, true, true]);
  });

  it.each(['{', '{"model": {"type": "Other"}}', '[]'])('refuses what is no tokenizer.json: %s', (text) => {
    expect(() => readTokenizer(bytes(text), 'tok.json')).toThrow(
      expect.objectContaining({
        code: 'model-invalid',
        message: expect.stringContaining('tok.json was expected to be'),
      }),
    );
  });
});

describe('a tokenizer that runs away', () => {
  it('is stopped', () => {
    const file = JSON.parse(wholeWords(rows));
    file.pre_tokenizer = { type: 'Split', pattern: { Regex: '(a+)+$' }, behavior: 'Removed', invert: false };
    const tokenize = readTokenizer(bytes(JSON.stringify(file)), 'tok.json', 200);
    const started = performance.now();
    expect(() => tokenize([`${'a'.repeat(60)}b`])).toThrow(
      expect.objectContaining({ code: 'model-invalid', message: expect.stringContaining('timed out after 200ms') }),
    );
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('rows of texts', () => {
  it.each([
    ['the mean of the last hidden state', {}],
    ['the network’s own mean over the mask', { output: 'sentence_embedding' }],
    ['padded to a fixed length, the padding masked', { dims: ['N', 9] }],
    ['padded, pooled by the network', { dims: ['N', 9], output: 'sentence_embedding' }],
    ['one text at a time', { dims: [1, 'T'] }],
    ['two at a time, one place left over', { dims: [2, 9] }],
    // Type 0 adds nothing; type 1 would.
    [
      'with token types',
      {
        types: [
          [0, 0, 0],
          [7, 7, 7],
        ],
      },
    ],
  ] as const)('are %s', async (_, choices) => {
    const network = await read(textNetwork(rows, choices as Parameters<typeof textNetwork>[1]));
    const made = await embedTexts(names, { network, tokenize: pieces, onnxruntime });
    expect([made.rows, made.columns]).toEqual([6, 3]);
    made.data.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 6);
    });
  });

  it('do not depend on their neighbours', async () => {
    const network = await read(textNetwork(rows));
    const alone = await embedTexts(['effusion'], { network, tokenize: pieces, onnxruntime });
    const many = await embedTexts([...Array(40).fill('pleural'), 'effusion'], {
      network,
      tokenize: pieces,
      onnxruntime,
    });
    expect([...many.data.subarray(120)]).toEqual([...alone.data]);
  });

  it('are refused where a name has more tokens than the network takes', async () => {
    const network = await read(textNetwork(rows, { dims: ['N', 3] }));
    await expect(embedTexts(names, { network, tokenize: pieces, onnxruntime })).rejects.toMatchObject({
      code: 'model-unsupported',
      message: expect.stringContaining('takes 3 tokens, and a class name has 4'),
    });
  });

  it('are refused where the network knows fewer tokens than the tokenizer', async () => {
    const { '##s': _, effusion: __, ...fewer } = rows;
    const network = await read(textNetwork(fewer));
    await expect(embedTexts(['effusion'], { network, tokenize: pieces, onnxruntime })).rejects.toMatchObject({
      code: 'model-unsupported',
      message: expect.stringContaining('Does the tokenizer belong to it?'),
    });
  });

  it('are refused where they have no direction', async () => {
    const network = await read(textNetwork(Object.fromEntries(Object.keys(rows).map((token) => [token, [0, 0]]))));
    await expect(embedTexts(['effusion'], { network, tokenize: pieces, onnxruntime })).rejects.toMatchObject({
      code: 'model-unsupported',
      message: expect.stringContaining('zero or not finite'),
    });
  });
});
