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
const rule = z.enum(Object.keys(defaultPolicy) as [keyof typeof defaultPolicy]);

const id = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'letters, digits, dot, dash and underscore, at most 64, starting with a letter or digit',
  );
const text = z
  .string()
  .trim()
  .min(1)
  .max(4000)
  .regex(/^(?:\P{Cc}|[\t\n\r])*$/u, 'text without control characters');
const name = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u, 'one line without control characters');
const path = z
  .string()
  .min(1)
  .max(1000)
  .regex(/^\P{Cc}*$/u, 'one line without control characters');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits');
const isoDate = z.iso.date();
const factor = z.enum(factors);
const triple = z.tuple([z.number(), z.number(), z.number()]);
const pixels = z.int().min(8).max(2048);

const data = z.union([
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

const coding = z.strictObject({
  modality: z
    .union([name, z.array(name).min(1)])
    .optional()
    .describe('DICOM modality codes (CR, DX, CT, MR, US, OP, SM, XC, …).'),
  body_part: name.optional().describe('DICOM body part examined, e.g. CHEST.'),
  domain: name.optional().describe('What the images show, in the field’s words, e.g. natural photographs.'),
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
  patients: z.int().positive().optional().describe('Number of patients.'),
  doi: name.optional().describe('DOI of the dataset.'),
  license: name.optional().describe('Licence of the dataset: an SPDX id, or LicenseRef-… with a name.'),
});

const candidate = z.strictObject({
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
  card: name.optional().describe('Where the source is described: a URL, DOI or path.'),
});

const factorStatement = z.strictObject({
  text: text.optional().describe('The reason, in words.'),
  rank: z.array(id).min(1).optional().describe('Candidates from best to worst on this factor.'),
  refs: z.array(name).optional().describe('Sources for the statement: DOIs, URLs.'),
  define: text
    .optional()
    .describe('What the words in `text` mean here: a measure, a direction and a threshold, or one line.'),
  not_considered: text.optional().describe('Why this factor played no part. An honest answer, never punished.'),
});

const test = z.strictObject({
  measure: z
    .enum(measureNames)
    .describe(
      'What is measured. embedding and visual measures compare a sample with the target; probe.linear compares weights.',
    ),
  subject: id.describe('The candidate that the claim is about.'),
  relation: z
    .enum(['greater_than', 'not_worse_than', 'closer_than'])
    .describe('closer_than for embedding and visual measures; greater_than and not_worse_than for probes.'),
  object: id.describe('Another candidate, or `scratch` (random initialisation).'),
  margin: z.number().min(0).default(0).describe('In the measure’s own unit: 0.1 is ten points of accuracy or AUC.'),
  encoder: id.optional().describe('For embedding measures: which encoder. Default: the first.'),
});

const claim = z.strictObject({
  id: id.describe('Short name of the claim, e.g. C1.'),
  factor: factor.describe('The reason that the claim appeals to.'),
  text: text.describe('The claim, in words.'),
  test: z
    .union([z.literal('untestable'), test])
    .describe('What would show it, or `untestable` (counted, never failed).'),
  depends_on: z.array(id).optional().describe('Claims this one is drawn from: “more similar, therefore better”.'),
  response: text.optional().describe('The authors’ answer when the evidence contradicts the claim.'),
});

const justification = z.union([
  text.describe('Why this source and not the others, in a sentence or two.'),
  z.strictObject({
    summary: text.describe('Why this source and not the others, in a sentence or two.'),
    factors: z
      .partialRecord(factor, factorStatement)
      .optional()
      .describe('The reasons one by one; for each what was thought, or why it was not considered.'),
    claims: z.array(claim).max(50).optional().describe('Statements that evidence can support or contradict.'),
  }),
]);

const rater = z.strictObject({
  id: id.describe('A pseudonym, not a name.'),
  role: name.optional().describe('What this person does, e.g. radiologist.'),
  years: z.number().min(0).max(80).optional().describe('Years of experience.'),
  at: isoDate.optional().describe('When the rating was written down: before the evidence, or it is no intuition.'),
  expected_rank: z
    .array(id)
    .min(1)
    .describe('Candidates from best to worst expected performance; may include `scratch`.'),
  confidence: z.number().min(0).max(1).optional().describe('0 a guess, 1 certain.'),
  ratings: z
    .record(id, z.partialRecord(factor, z.number().min(1).max(7)))
    .optional()
    .describe('Per candidate and factor: 1 (least) to 7 (most).'),
});

const encoder = z.union([
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

const duration = z.string().regex(/^[1-9]\d{0,5}(s|m|h)$/, 'a whole number from 1 and s, m or h, as in 15m');

export const manifestSchema = z.strictObject({
  version: z.literal(1).describe('Version of this format.'),
  decision: z
    .strictObject({
      id: id.optional().describe('Identifier of this decision, e.g. TL-0007.'),
      status: z
        .enum(['proposed', 'accepted', 'rejected', 'superseded'])
        .optional()
        .describe('Where the decision stands.'),
      date: isoDate.optional().describe('When it was last updated.'),
      deciders: z.array(name).optional().describe('Who decides.'),
      consulted: z.array(name).optional().describe('Whose opinion was sought.'),
      question: text.optional().describe('The question that the decision answers.'),
      supersedes: id.optional().describe('Identifier of the decision that this one replaces.'),
    })
    .optional()
    .describe('The decision record, in the words of MADR (Markdown Any Decision Records).'),
  target: z
    .strictObject({
      name: name.describe('Name of the target task, as the report shows it.'),
      data: data.describe('The target’s images: a folder with one sub-folder per class, or a CSV file.'),
      task: z
        .strictObject({
          type: z.enum(['multiclass', 'binary', 'multilabel']).optional().describe('Default: read off the labels.'),
          metric: z
            .enum(['balanced_accuracy', 'accuracy', 'auc', 'macro_auc'])
            .optional()
            .describe('Default: balanced_accuracy, auc or macro_auc by task type.'),
        })
        .optional()
        .describe('What is predicted and how it is scored.'),
      coding: coding.optional().describe('What the target’s images show, in a controlled vocabulary.'),
      license: name.optional().describe('Licence of the target’s data: an SPDX id, or LicenseRef-… with a name.'),
      subgroups: z.array(name).optional().describe('Subgroups that must not be served worse, e.g. sex.'),
      deployment_shift: text
        .optional()
        .describe('How the images in use will differ from these: other hospitals, other scanners.'),
      croissant: path.optional().describe('Croissant metadata file of the target dataset.'),
      card: name.optional().describe('Where the target is described: a URL, DOI or path.'),
    })
    .describe('The task that the network is wanted for.'),
  candidates: z
    .array(candidate)
    .min(1)
    .max(40)
    .describe('The sources that were considered. Random initialisation is always added as a control.'),
  chosen: id.describe('The id of the candidate that was chosen.'),
  not_considered: z
    .array(
      z.strictObject({
        name: name.describe('The source that was ruled out before any comparison.'),
        because: z
          .strictObject({ factor: factor.describe('The factor that ruled it out.'), text: text.describe('How.') })
          .describe('What ruled it out.'),
      }),
    )
    .optional()
    .describe('Other sources, each with what ruled it out. Never punished.'),
  justification: justification
    .optional()
    .describe('Why this source and not the others: a text, or a summary with factors and claims.'),
  intuition: z
    .strictObject({ raters: z.array(rater).min(1).max(100).describe('One entry per person.') })
    .optional()
    .describe('What people expect before anything is measured; compared with the evidence afterwards.'),
  evidence: z
    .strictObject({
      encoders: z
        .array(encoder)
        .min(1)
        .max(5)
        .default(['scattering'])
        .describe('Networks in whose features datasets are compared. The first is the default of claims.'),
      images: z
        .int()
        .min(20)
        .max(2000)
        .default(500)
        .describe('At most this many images per dataset, drawn at random by group and class.'),
      seeds: z
        .int()
        .min(3)
        .max(20)
        .default(5)
        .describe('Repeats of the five-fold cross-validation, each with its own split.'),
      configurations: z
        .int()
        .min(1)
        .max(9)
        .default(5)
        .describe('Regularisation strengths tried for every candidate alike, chosen by inner cross-validation.'),
      budget: duration.default('30m').describe('Time limit for measuring; what is not done by then is “no evidence”.'),
    })
    .prefault({})
    .describe('How much is measured.'),
  policy: z
    .partialRecord(rule, level)
    .default({})
    .describe('Rule → off, note, warn, acknowledge (merge needs an answer in the manifest) or fail.'),
  waivers: z
    .array(
      z.strictObject({
        rule: rule.describe('The rule that is waived.'),
        claim: id.optional().describe('Only for this claim. Default: wherever the rule fires.'),
        reason: text.describe('Why.'),
        by: name.describe('Who answers for it.'),
        expires: isoDate.describe('Last day on which the waiver holds.'),
      }),
    )
    .default([])
    .describe('Rules that are told but do not count, each with a reason, a name and an end.'),
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
