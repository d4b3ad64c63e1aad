import { z } from 'zod';

export const id = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'letters, digits, dot, dash and underscore, at most 64, starting with a letter or digit',
  );
export const text = z
  .string()
  .trim()
  .min(1)
  .max(4000)
  .regex(/^(?:\P{Cc}|[\t\n\r])*$/u, 'text without control characters');
export const name = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u, 'one line without control characters');
export const path = z
  .string()
  .min(1)
  .max(1000)
  .regex(/^\P{Cc}*$/u, 'one line without control characters');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits');
export const isoDate = z.iso.date();
export const duration = z.string().regex(/^[1-9]\d{0,5}(s|m|h)$/, 'a whole number from 1 and s, m or h, as in 15m');
const triple = z.tuple([z.number(), z.number(), z.number()]);
const pixels = z.int().min(8).max(2048);

export const data = z.union([
  path.describe('A folder with one sub-folder per class.'),
  z.strictObject({
    format: z
      .enum(['folder', 'csv'])
      .default('folder')
      .describe('folder: one sub-folder per class. csv: a table with one row per image.'),
    path: path.describe('The folder or the CSV file, relative to the repository.'),
    image: name.optional().describe('CSV column with the image path, relative to the CSV file. Default: path.'),
    label: name.optional().describe('CSV column with the class.'),
    labels: z.array(name).min(1).optional().describe('CSV columns with 0 or 1, one per label (multi-label).'),
    group: name
      .optional()
      .describe('CSV column with what must stay together: patient, slide, site. For folders: see group_pattern.'),
    group_pattern: z
      .string()
      .max(200)
      .optional()
      .describe('Folders: a regular expression whose first group, matched on the file name, is the patient or slide.'),
    split: name.optional().describe('CSV column with train, validation or test.'),
  }),
]);

export const coding = z.strictObject({
  modality: z
    .union([name, z.array(name).min(1)])
    .optional()
    .describe('DICOM modality codes (CR, DX, CT, MR, US, OP, SM, XC, …).'),
  body_part: z
    .union([name, z.array(name).min(1)])
    .optional()
    .describe('DICOM body part examined, e.g. CHEST.'),
  domain: name.optional().describe('What the images show, in the field’s words, e.g. natural photographs.'),
  acquisition: name.optional().describe('How they were acquired: scanner, view, stain, magnification.'),
});

/** How pixels become a network's input: x = (scaled − mean) / std, scaled to `range` first. */
export const preprocessing = z.strictObject({
  size: z
    .union([pixels, z.tuple([pixels, pixels])])
    .optional()
    .describe('Input height and width in pixels. Default: what the network declares.'),
  resize: z
    .enum(['squash', 'crop', 'pad'])
    .default('squash')
    .describe(
      'squash ignores the aspect; crop scales the short side and takes the centre; pad scales the long side and fills with black.',
    ),
  channels: z.enum(['rgb', 'bgr', 'grey']).default('rgb').describe('Channel order that the network was trained with.'),
  range: z
    .tuple([z.number(), z.number()])
    .default([0, 1])
    .describe('What pixel values 0 and 255 become, before mean and std.'),
  mean: triple.default([0, 0, 0]).describe('Subtracted from each channel, in the units of `range`.'),
  std: triple.default([1, 1, 1]).describe('Divides each channel, in the units of `range`.'),
});

const weights = z.union([
  path.describe('An ONNX file in the repository, an https URL, or hf:owner/name@revision/file.onnx.'),
  z.strictObject({
    ref: path.describe('An ONNX file in the repository, an https URL, or hf:owner/name@revision/file.onnx.'),
    sha256: sha256.optional().describe('SHA-256 of the file. Required for anything that is downloaded.'),
    license: name.optional().describe('Licence of the weights: an SPDX id, or LicenseRef-… with a name.'),
    input: name.optional().describe('Name of the input tensor. Default: the only one.'),
    features: name
      .optional()
      .describe(
        'Name of the tensor that holds the features. Default: an output named features, else the classifier’s input.',
      ),
  }),
]);

const card = z.strictObject({
  name: name.optional().describe('Name of the dataset that the network was trained on.'),
  images: z.int().positive().optional().describe('Number of images.'),
  classes: z.int().positive().optional().describe('Number of classes.'),
  labels: z
    .array(name)
    .min(1)
    .max(2000)
    .optional()
    .describe('Names of the classes. Default: those of the sample, where it has any.'),
  task: z
    .enum(['multiclass', 'binary', 'multilabel'])
    .optional()
    .describe('What the labels are: one of several classes, one of two, or any number.'),
  patients: z.int().positive().optional().describe('Number of patients.'),
  doi: name.optional().describe('DOI of the dataset.'),
  license: name.optional().describe('Licence of the dataset: an SPDX id, or LicenseRef-… with a name.'),
});

export const candidate = z.strictObject({
  id: id.describe('Short name by which claims and rankings refer to this source.'),
  weights: weights
    .optional()
    .describe(
      'The pretrained network: an ONNX file in the repository, an https URL, or hf:owner/name@revision/file.onnx. A candidate has weights, a sample, or both; `none` is the same as leaving it out.',
    ),
  preprocessing: preprocessing
    .optional()
    .describe('How this network wants its input. A wrong one silently handicaps it.'),
  data: card.optional().describe('What the source dataset is.'),
  sample: data.optional().describe('Images of the source, labelled or not.'),
  coding: coding.optional().describe('What the source’s images show, in a controlled vocabulary.'),
  license: name.optional().describe('Licence of the source as a whole: an SPDX id, or LicenseRef-… with a name.'),
  card: name
    .optional()
    .describe(
      'Where the source or its network is described: a URL or DOI, or a file in the repository (Hugging Face card, Croissant, RSNA ATLAS), which fills what is left open here.',
    ),
});

export const encoder = z.union([
  z.literal('scattering').describe('The built-in wavelet scattering network.'),
  z.strictObject({
    id: id.describe('Short name by which claims refer to this encoder.'),
    ref: path.describe('An ONNX file in the repository, an https URL, or hf:owner/name@revision/file.onnx.'),
    sha256: sha256.optional().describe('SHA-256 of the file. Required for anything that is downloaded.'),
    input: name.optional().describe('Name of the input tensor. Default: the only one.'),
    features: name.optional().describe('Name of the tensor that holds the features.'),
    preprocessing: preprocessing.optional().describe('How this network wants its input.'),
  }),
]);

export const textEncoder = z
  .strictObject({
    weights: path.describe(
      'An ONNX file in the repository, an https URL, or hf:owner/name@revision/file.onnx. It takes int64 input_ids and attention_mask (and token_type_ids) and gives sentence_embedding, or last_hidden_state, which is averaged over the mask.',
    ),
    sha256: sha256.optional().describe('SHA-256 of the weights. Required when they are downloaded.'),
    tokenizer: path.describe('The tokenizer.json that belongs to it: a file, an https URL or an hf: reference.'),
    tokenizer_sha256: sha256.optional().describe('SHA-256 of the tokenizer. Required when it is downloaded.'),
  })
  .describe(
    'A network in which class names are compared: for each class of the target the nearest one of the source, read against names of everyday things. Moves no verdict.',
  );
