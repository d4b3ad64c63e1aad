import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TransferEvidenceError } from '../errors.ts';
import { withExternalData } from '../onnx/external-data.ts';
import { refuseAbsurdShapes } from '../onnx/limits.ts';
import type { Model, ValueInfo } from '../onnx/model.ts';
import { readModel } from '../onnx/read.ts';
import { writeModel } from '../onnx/write.ts';

/** How the tokens of a text become one row: by the network itself, or by the mean over those that the mask leaves in. */
export const poolings = ['network', 'mean_of_tokens'] as const;

export type Pooling = (typeof poolings)[number];

/** An ONNX network that turns tokens into numbers, read but not yet running. */
export interface TextNetwork {
  name: string;
  model: Uint8Array;
  /** Which of the three inputs it takes. */
  inputs: readonly TextInput[];
  output: 'sentence_embedding' | 'last_hidden_state';
  pooling: Pooling;
  /** Texts at a time and tokens a text, where it takes no other number. */
  fixedBatch: number | null;
  fixedLength: number | null;
}

const known = ['input_ids', 'attention_mask', 'token_type_ids'] as const;

export type TextInput = (typeof known)[number];

/**
 * Reads a text encoder as optimum and sentence-transformers export it: int64 `input_ids` and `attention_mask` [N, T],
 * `token_type_ids` where it asks for them; `sentence_embedding` [N, D], else `last_hidden_state` [N, T, D], which is then
 * averaged over the mask. Weights of any precision are taken.
 * @throws model-invalid when the file is no ONNX model; model-unsupported when its inputs or outputs are others
 */
export async function readTextNetwork(file: string, name: string): Promise<TextNetwork> {
  const model = await withExternalData(readModel(await readFile(file)), dirname(file));
  refuseAbsurdShapes(model);
  const inputs = inputsOf(model, name);
  const [batch, length] = inputs[0]!.tensor?.dims ?? [];
  const outputs = model.graph.outputs.map((output) => output.name);
  const output = (['sentence_embedding', 'last_hidden_state'] as const).find((wanted) => outputs.includes(wanted));
  if (output === undefined)
    throw new TransferEvidenceError(
      'model-unsupported',
      `The text encoder ${name} gives ${list(outputs)}, and not one row a text: an output sentence_embedding [N, D], or last_hidden_state [N, T, D] to average, was expected. Export it for feature extraction.`,
    );
  return {
    name,
    model: writeModel(model),
    inputs: inputs.map((input) => input.name as TextInput),
    output,
    pooling: output === 'sentence_embedding' ? 'network' : 'mean_of_tokens',
    fixedBatch: fixed(batch),
    fixedLength: fixed(length),
  };
}

/** `input_ids` first. */
function inputsOf({ graph }: Model, name: string): ValueInfo[] {
  const constants = new Set(graph.initializers.map((tensor) => tensor.name));
  const inputs = graph.inputs.filter((input) => !constants.has(input.name));
  const found = inputs.map((input) => `${input.name} (${input.tensor?.type ?? 'no tensor'})`);
  const taken = known.flatMap((wanted) => inputs.find((input) => input.name === wanted) ?? []);
  const fits =
    taken.length === inputs.length &&
    taken.every(({ tensor }) => tensor?.type === 'int64') &&
    known.slice(0, 2).every((wanted) => taken.some((input) => input.name === wanted));
  if (fits) return taken;
  throw new TransferEvidenceError(
    'model-unsupported',
    `The text encoder ${name} takes ${list(found)}; int64 input_ids and attention_mask were expected, and token_type_ids at most beside them. Export it for feature extraction.`,
  );
}

function fixed(size: number | string | undefined): number | null {
  return typeof size === 'number' && size > 0 ? size : null;
}

/** At most eight: a stranger's network may have thousands. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => name.slice(0, 60));
  return `${shown.join(', ') || 'nothing'}${names.length > 8 ? ` and ${names.length - 8} more` : ''}`;
}
