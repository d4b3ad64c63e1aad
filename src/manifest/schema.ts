import { z } from 'zod';
import { measureNames } from '../measures.ts';

/** The reasons a source can be chosen for: the manifest's vocabulary. */
export const factors = [
  'semantic_similarity',
  'visual_similarity',
  'embedding_similarity',
  'dataset_size',
  'diversity',
  'image_quality',
  'label_quality',
  'availability',
  'license',
  'community_norm',
  'prior_experience',
  'prior_evidence',
  'ethics_fairness',
  'robustness',
  'performance',
] as const;

/** Policy rules with the level each has when the manifest does not say otherwise. */
export const defaultPolicy = {
  undocumented: 'fail',
  contradicted: 'acknowledge',
  inconclusive: 'note',
  no_evidence: 'note',
  untestable: 'note',
  vague_term: 'warn',
  only_winner: 'warn',
  norm_only: 'warn',
  unmeasured_quantity: 'warn',
  similarity_as_performance: 'warn',
  ethics_missing: 'warn',
  license_unknown: 'note',
  unreadable_images: 'warn',
} as const satisfies Record<string, z.infer<typeof level>>;

const level = z.enum(['off', 'note', 'warn', 'acknowledge', 'fail']);

const id = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, dot, dash and underscore, at most 64, starting with a letter or digit');
const text = z.string().trim().min(1).max(4000);
const name = z.string().trim().min(1).max(200);
const path = z.string().min(1).max(1000);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits');
const isoDate = z.iso.date();
const factor = z.enum(factors);
const triple = z.tuple([z.number(), z.number(), z.number()]);

const data = z.union([
  path.describe('A folder with one sub-folder per class.'),
  z.strictObject({
    format: z.enum(['folder', 'csv']).default('folder'),
    path,
    image: name.optional().describe('CSV column with the image path, relative to the CSV file. Default: path.'),
    label: name.optional().describe('CSV column with the class.'),
    labels: z.array(name).min(1).optional().describe('CSV columns with 0 or 1, one per label (multi-label).'),
    group: name.optional().describe('CSV column with what must stay together: patient, slide, site. For folders: a pattern, see group_pattern.'),
    group_pattern: z.string().max(200).optional().describe('Folders: a regular expression whose first group, matched on the file name, is the group.'),
    split: name.optional().describe('CSV column with train, validation or test.'),
  }),
]);

const coding = z.strictObject({
  modality: z.union([name, z.array(name).min(1)]).optional().describe('DICOM modality codes (CR, DX, CT, MR, US, OP, SM, XC, …).'),
  body_part: name.optional(),
  domain: name.optional(),
});

/** How pixels become a network's input: x = (scaled − mean) / std, scaled to `range` first. */
export const preprocessing = z.strictObject({
  size: z.union([z.int().min(8).max(2048), z.tuple([z.int().min(8).max(2048), z.int().min(8).max(2048)])]).optional().describe('Input height and width in pixels. Default: what the network declares.'),
  resize: z.enum(['squash', 'crop', 'pad']).default('squash').describe('squash ignores the aspect; crop scales the short side and takes the centre; pad scales the long side and fills with black.'),
  channels: z.enum(['rgb', 'bgr', 'grey']).default('rgb'),
  range: z.tuple([z.number(), z.number()]).default([0, 1]).describe('What pixel values 0 and 255 become, before mean and std.'),
  mean: triple.default([0, 0, 0]),
  std: triple.default([1, 1, 1]),
});

const weights = z.union([
  path.describe('An ONNX file in the repository, an https URL, or hf:owner/name@revision/file.onnx.'),
  z.strictObject({
    ref: path,
    sha256: sha256.optional().describe('Required for anything that is downloaded.'),
    license: name.optional(),
    input: name.optional().describe('Name of the input tensor. Default: the only one.'),
    features: name.optional().describe('Name of the tensor that holds the features. Default: an output named features, else the classifier’s input.'),
  }),
]);

const card = z.strictObject({
  name: name.optional(),
  images: z.int().positive().optional(),
  classes: z.int().positive().optional(),
  patients: z.int().positive().optional(),
  doi: name.optional(),
  license: name.optional(),
});

const candidate = z.strictObject({
  id,
  weights: weights.optional().describe('The pretrained network. A candidate has weights, a sample, or both; `none` is the same as leaving it out.'),
  preprocessing: preprocessing.optional(),
  data: card.optional(),
  sample: data.optional().describe('Images of the source, labelled or not.'),
  coding: coding.optional(),
  license: name.optional(),
  card: name.optional().describe('Where the source is described: a URL, DOI or path.'),
});

const factorStatement = z.strictObject({
  text: text.optional(),
  rank: z.array(id).min(1).optional().describe('Candidates from best to worst on this factor.'),
  refs: z.array(name).optional(),
  define: text.optional().describe('What the words in `text` mean here.'),
  not_considered: text.optional().describe('Why this factor played no part. An honest answer, never punished.'),
});

const test = z.strictObject({
  measure: z.enum(measureNames),
  subject: id,
  relation: z.enum(['greater_than', 'not_worse_than', 'closer_than']),
  object: id.describe('Another candidate, or `scratch` (random initialisation).'),
  margin: z.number().min(0).default(0).describe('In the measure’s own unit: 0.1 is ten points of accuracy or AUC.'),
  encoder: id.optional().describe('For embedding measures: which encoder. Default: the first.'),
});

const claim = z.strictObject({
  id,
  factor,
  text,
  test: z.union([z.literal('untestable'), test]),
  depends_on: z.array(id).optional().describe('Claims this one is drawn from: “more similar, therefore better”.'),
  response: text.optional().describe('The authors’ answer when the evidence contradicts the claim.'),
});

const justification = z.union([
  text,
  z.strictObject({
    summary: text,
    factors: z.partialRecord(factor, factorStatement).optional(),
    claims: z.array(claim).max(50).optional(),
  }),
]);

const rater = z.strictObject({
  id,
  role: name.optional(),
  years: z.number().min(0).max(80).optional(),
  at: isoDate.optional(),
  expected_rank: z.array(id).min(1),
  confidence: z.number().min(0).max(1).optional(),
  ratings: z.record(id, z.partialRecord(factor, z.number().min(1).max(7))).optional(),
});

const encoder = z.union([
  z.literal('scattering').describe('The built-in wavelet scattering network.'),
  z.strictObject({ id, ref: path, sha256: sha256.optional(), input: name.optional(), features: name.optional(), preprocessing: preprocessing.optional() }),
]);

const duration = z.string().regex(/^\d+(s|m|h)$/, 'a whole number and s, m or h, as in 15m');

export const manifestSchema = z.strictObject({
  version: z.literal(1),
  decision: z
    .strictObject({
      id: id.optional(),
      status: z.enum(['proposed', 'accepted', 'rejected', 'superseded']).optional(),
      date: isoDate.optional(),
      deciders: z.array(name).optional(),
      consulted: z.array(name).optional(),
      question: text.optional(),
      supersedes: id.optional(),
    })
    .optional(),
  target: z.strictObject({
    name,
    data,
    task: z
      .strictObject({
        type: z.enum(['multiclass', 'binary', 'multilabel']).optional().describe('Default: read off the labels.'),
        metric: z.enum(['balanced_accuracy', 'accuracy', 'auc', 'macro_auc']).optional().describe('Default: balanced_accuracy, auc or macro_auc by task type.'),
      })
      .optional(),
    coding: coding.optional(),
    license: name.optional(),
    subgroups: z.array(name).optional(),
    deployment_shift: text.optional(),
    croissant: path.optional(),
    card: name.optional(),
  }),
  candidates: z.array(candidate).min(1).max(40),
  chosen: id,
  not_considered: z.array(z.strictObject({ name, because: z.strictObject({ factor, text }) })).optional(),
  justification: justification.optional(),
  intuition: z.strictObject({ raters: z.array(rater).min(1).max(100) }).optional(),
  evidence: z
    .strictObject({
      encoders: z.array(encoder).min(1).max(5).default(['scattering']),
      images: z.int().min(20).max(2000).default(500).describe('At most this many images per dataset, drawn at random by group and class.'),
      seeds: z.int().min(3).max(20).default(5).describe('Repeats of the five-fold cross-validation, each with its own split.'),
      configurations: z.int().min(1).max(9).default(5).describe('Regularisation strengths tried for every candidate alike, chosen by inner cross-validation.'),
      budget: duration.default('30m').describe('Time limit for measuring; what is not done by then is “no evidence”.'),
    })
    .prefault({}),
  policy: z.partialRecord(z.enum(Object.keys(defaultPolicy) as [keyof typeof defaultPolicy]), level).default({}),
  waivers: z
    .array(z.strictObject({ rule: z.enum(Object.keys(defaultPolicy) as [keyof typeof defaultPolicy]), claim: id.optional(), reason: text, by: name, expires: isoDate }))
    .default([]),
});

/** A manifest that passed the schema, defaults filled in. */
export type Manifest = z.infer<typeof manifestSchema>;
export type Candidate = Manifest['candidates'][number];
export type Claim = z.infer<typeof claim>;
export type ClaimTest = z.infer<typeof test>;
export type DataSource = z.infer<typeof data>;
export type Preprocessing = z.infer<typeof preprocessing>;
export type EncoderChoice = z.infer<typeof encoder>;
export type Factor = (typeof factors)[number];
export type Rule = keyof typeof defaultPolicy;
export type Level = z.infer<typeof level>;
