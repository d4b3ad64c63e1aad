import { describe, expect, it } from 'vitest';
import { sample, told } from './sample.ts';

const digest = 'a'.repeat(64);
const withEncoder = (keys: string) => told(sample(`evidence: {text_encoder: {${keys}}}\n`));

describe('evidence.text_encoder', () => {
  it.each([
    'weights: text.onnx, tokenizer: tokenizer.json',
    `weights: "hf:o/n@1/model.onnx", sha256: ${digest}, tokenizer: "hf:o/n@1/tokenizer.json", tokenizer_sha256: ${digest}`,
  ])('is taken: %s', (keys) => {
    expect(withEncoder(keys)).toEqual([]);
  });

  it.each([
    ['weights: text.onnx', 'missing-key evidence.text_encoder.tokenizer'],
    ['weights: text.safetensors, tokenizer: tokenizer.json', 'not-onnx evidence.text_encoder.weights'],
    [
      `weights: "https://example.org/text.onnx", sha256: ${digest}, tokenizer: "https://example.org/tokenizer.json"`,
      'missing-sha256 evidence.text_encoder.tokenizer',
    ],
    ['weights: "hf:o/n@1/m.onnx", tokenizer: tokenizer.json', 'missing-sha256 evidence.text_encoder.weights'],
    [`weights: text.onnx, tokenizer: "hf:o/n/tokenizer.json"`, 'unpinned-reference evidence.text_encoder.tokenizer'],
  ])('is refused: %s', (keys, said) => {
    expect(withEncoder(keys).map(String)).toContainEqual(expect.stringContaining(said));
  });
});
