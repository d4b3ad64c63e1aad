import { noReference } from '../reference/built-in.ts';
import { checkUnique, type Refuse } from './names.ts';
import { quote } from './path.ts';
import type { Candidate, DataSource, Manifest, Preprocessing } from './schema.ts';

/** Everything that names files: the target's data, samples, weights, encoders, and how they are read. */
export function checkSources(manifest: Manifest, refuse: Refuse): void {
  checkData(manifest.target.data, 'target.data', refuse);
  checkTargetLabels(manifest, refuse);
  manifest.candidates.forEach((candidate, index) => {
    checkCandidate(candidate, `candidates[${index}]`, refuse);
  });
  const { encoders } = manifest.evidence;
  checkReferenceSet(manifest, refuse);
  const ids = encoders.map((encoder) => (encoder === 'scattering' ? encoder : encoder.id));
  checkUnique(
    ids,
    (index) => (ids[index] === 'scattering' ? `evidence.encoders[${index}]` : `evidence.encoders[${index}].id`),
    'encoders',
    refuse,
  );
  const { text_encoder } = manifest.evidence;
  if (text_encoder) {
    const { weights, sha256, tokenizer, tokenizer_sha256 } = text_encoder;
    const path = 'evidence.text_encoder';
    checkReference(weights, `${path}.weights`, sha256, refuse, { pin: 'sha256' });
    checkReference(tokenizer, `${path}.tokenizer`, tokenizer_sha256, refuse, {
      pin: 'tokenizer_sha256',
      file: 'tokenizer.json',
    });
  }
  encoders.forEach((encoder, index) => {
    if (encoder === 'scattering') return;
    const path = `evidence.encoders[${index}]`;
    if (encoder.id === 'scattering')
      refuse('reserved-id', `${path}.id`, '"scattering" is the name of the built-in encoder. Rename this one.');
    checkReference(encoder.ref, `${path}.ref`, encoder.sha256, refuse);
    checkPreprocessing(encoder.preprocessing, `${path}.preprocessing`, refuse);
  });
}

function checkReferenceSet({ candidates, evidence: { reference } }: Manifest, refuse: Refuse): void {
  const path = 'evidence.reference';
  if (reference === undefined) return;
  if (reference === noReference) {
    if (candidates.some(({ id }) => id === noReference))
      refuse('reserved-id', path, `Here "${noReference}" means no reference. Rename the candidate of that name.`);
    return;
  }
  const sampled = candidates.filter(({ sample }) => sample !== undefined).map(({ id }) => id);
  if (!sampled.includes(reference))
    refuse(
      'unknown-candidate',
      path,
      `The reference is a candidate with a \`sample\`, or ${noReference}; found ${quote(reference)}. ${sampled.length === 0 ? 'No candidate has one.' : `Those that have: ${sampled.join(', ')}.`}`,
    );
}

function checkCandidate(candidate: Candidate, path: string, refuse: Refuse): void {
  const { weights, sample } = candidate;
  if (weights === undefined || weights === 'none') {
    if (sample === undefined)
      refuse(
        'nothing-to-measure',
        path,
        `Candidate ${quote(candidate.id)} has neither \`weights\` (a network, .onnx) nor \`sample\` (images). Add at least one.`,
      );
  } else if (typeof weights === 'string') checkReference(weights, `${path}.weights`, undefined, refuse);
  else checkReference(weights.ref, `${path}.weights.ref`, weights.sha256, refuse);
  if (sample !== undefined) checkData(sample, `${path}.sample`, refuse);
  checkPreprocessing(candidate.preprocessing, `${path}.preprocessing`, refuse);
}

const otherFormats = /\.(pth?|ckpt|safetensors|h5|hdf5|keras|tflite|pb|msgpack|npz|pkl)$/i;

/**
 * A file in the repository, an https URL or a Hugging Face reference; whatever is downloaded is pinned.
 * @param as the key beside it that pins it, where there is one, and what such a file is called
 */
function checkReference(
  ref: string,
  path: string,
  sha256: string | undefined,
  refuse: Refuse,
  as: { pin?: string; file?: string } = {},
): void {
  const { pin = path.endsWith('.ref') ? 'sha256' : undefined, file: expected = 'file.onnx' } = as;
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(ref)?.[1]?.toLowerCase();
  const found = `found ${quote(ref)}`;
  if (scheme === 'http') {
    refuse(
      'insecure-download',
      path,
      `Downloads need https, ${found}. Write https:, or put the file into the repository.`,
    );
    return;
  }
  if (scheme !== undefined && scheme !== 'https' && scheme !== 'hf') {
    refuse(
      'unsupported-reference',
      path,
      `\`${path}\` must be a path in the repository, an https URL or hf:owner/name@revision/${expected}, ${found}.`,
    );
    return;
  }
  if (scheme === 'https' && !URL.canParse(ref)) {
    refuse('unsupported-reference', path, `\`${path}\` is not a URL that can be fetched, ${found}.`);
    return;
  }
  if (scheme === 'hf' && !/^hf:[^/@\s]+\/[^/@\s]+@[^/@\s]+\/[^\s]+$/.test(ref)) {
    const missing = ref.includes('@') ? 'must have the form' : 'names no revision: branches move. Write';
    refuse('unpinned-reference', path, `\`${path}\` ${missing} hf:owner/name@revision/${expected}, ${found}.`);
  }
  const file = scheme === 'https' ? new URL(ref).pathname : ref;
  const other = expected.endsWith('.onnx') ? otherFormats.exec(file)?.[0] : undefined;
  if (other)
    refuse('not-onnx', path, `\`${path}\` must be an ONNX file, found ${other}. Export the network to .onnx first.`);
  if (scheme !== undefined && sha256 === undefined) {
    const where = pin === undefined ? 'Write it as {ref: …, sha256: …}' : `Add \`${pin}:\` beside it`;
    refuse(
      'missing-sha256',
      path,
      `\`${path}\` is downloaded, so its SHA-256 must be stated. ${where} (sha256sum FILE prints it).`,
    );
  }
}

function checkPreprocessing(preprocessing: Preprocessing | undefined, path: string, refuse: Refuse): void {
  if (preprocessing === undefined) return;
  preprocessing.std.forEach((value, index) => {
    if (value <= 0)
      refuse(
        'bad-preprocessing',
        `${path}.std[${index}]`,
        `Pixels are divided by \`std\`: it must be above 0, found ${value}.`,
      );
  });
  const [low, high] = preprocessing.range;
  if (low === high)
    refuse('bad-preprocessing', `${path}.range`, `\`range\` must span something, found ${low} to ${high}.`);
}

const csvKeys = ['image', 'label', 'labels', 'group', 'split'] as const;

function checkData(data: DataSource, path: string, refuse: Refuse): void {
  const file = typeof data === 'string' ? data : data.path;
  const at = typeof data === 'string' ? path : `${path}.path`;
  if (/^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(file) || file.startsWith('hf:')) {
    refuse(
      'data-not-local',
      at,
      `Images are read from disk, found ${quote(file)}. Fetch them in a step before, and name the folder.`,
    );
    return;
  }
  const format = typeof data === 'string' ? 'folder' : data.format;
  if (format === 'folder' && /\.(csv|tsv)$/i.test(file)) {
    refuse(
      'format-mismatch',
      at,
      `${quote(file)} is a table, but without a format a folder is expected. Write {format: csv, path: ${file}, label: …}.`,
    );
    return;
  }
  if (typeof data === 'string') return;
  if (format === 'folder') {
    for (const key of csvKeys)
      if (data[key] !== undefined) {
        const instead = key === 'group' ? 'Use group_pattern, or' : 'Write';
        refuse(
          'key-unused',
          `${path}.${key}`,
          `\`${key}\` names a CSV column, but the format is folder. ${instead} format: csv.`,
        );
      }
    if (data.group_pattern !== undefined) checkPattern(data.group_pattern, `${path}.group_pattern`, refuse);
    return;
  }
  if (data.group_pattern !== undefined)
    refuse(
      'key-unused',
      `${path}.group_pattern`,
      '`group_pattern` is for folders. For a CSV file name its column with `group`.',
    );
  if (data.label !== undefined && data.labels !== undefined)
    refuse(
      'label-and-labels',
      `${path}.labels`,
      'Give `label` (one column with the class) or `labels` (one column of 0 and 1 per label), not both.',
    );
  if (data.labels) checkUnique(data.labels, (index) => `${path}.labels[${index}]`, 'label columns', refuse);
}

function checkPattern(pattern: string, path: string, refuse: Refuse): void {
  let groups: number;
  try {
    // An empty alternative makes every pattern match, so that its groups can be counted.
    groups = new RegExp(`${pattern}|`, 'u').exec('')!.length - 1;
    new RegExp(pattern, 'u');
  } catch (error) {
    refuse(
      'bad-pattern',
      path,
      `\`group_pattern\` is no regular expression: ${(error as Error).message.slice(0, 200)}.`,
    );
    return;
  }
  if (groups === 0)
    refuse(
      'bad-pattern',
      path,
      `\`group_pattern\` needs a group in parentheses that holds the patient or slide, as in ^(p\\d+)_, found ${quote(pattern)}.`,
    );
}

/** The metrics that each task can be scored by. The first is its default. */
export const metricsOf = {
  multiclass: ['balanced_accuracy', 'accuracy', 'macro_auc'],
  binary: ['auc', 'balanced_accuracy', 'accuracy', 'macro_auc'],
  multilabel: ['macro_auc'],
} as const;

function checkTargetLabels({ target }: Manifest, refuse: Refuse): void {
  const { data, task } = target;
  const csv = typeof data === 'object' && data.format === 'csv';
  if (csv && data.label === undefined && data.labels === undefined)
    refuse(
      'no-labels',
      'target.data',
      'A target in a CSV file needs `label` (the column with the class) or `labels` (columns of 0 and 1).',
    );
  const multilabel = csv && data.labels !== undefined;
  const { type, metric } = task ?? {};
  if (
    type !== undefined &&
    (type === 'multilabel') !== multilabel &&
    !(csv && data.label === undefined && !multilabel)
  ) {
    const why = multilabel
      ? '`labels` makes the task multilabel'
      : 'one label per image is not multilabel; that needs a CSV file with `labels`';
    refuse('task-mismatch', 'target.task.type', `\`target.task.type\` is ${type}, but ${why}.`);
    return;
  }
  const actual = type ?? (multilabel ? 'multilabel' : undefined);
  if (metric === undefined) return;
  const allowed: readonly string[] =
    actual === undefined ? [...metricsOf.multiclass, ...metricsOf.binary] : metricsOf[actual];
  if (!allowed.includes(metric))
    refuse(
      'metric-mismatch',
      'target.task.metric',
      `${metric} does not fit a ${actual} task. Allowed: ${allowed.join(', ')}.`,
    );
}
