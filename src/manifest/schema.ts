import { z } from 'zod';
import { claimMeasures } from '../measures.ts';
import { deadLeaves, noReference } from '../reference/built-in.ts';
import { fineTuning, probes } from './fine-tuning-schema.ts';
import {
  candidate,
  coding,
  data,
  duration,
  encoder,
  id,
  isoDate,
  name,
  path,
  preprocessing,
  text,
  textEncoder,
} from './source-schema.ts';

export { preprocessing };

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
  near_duplicates: 'warn',
  group_leak: 'warn',
  weights_saw_target: 'acknowledge',
  preprocessing_mismatch: 'acknowledge',
} as const satisfies Record<string, z.infer<typeof level>>;

/** Images of one dataset that are ever drawn. */
export const mostImages = 2000;

const level = z.enum(['off', 'note', 'warn', 'acknowledge', 'fail']);
const rule = z.enum(Object.keys(defaultPolicy) as [keyof typeof defaultPolicy]);

const factor = z.enum(factors);

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
    .enum(claimMeasures)
    .describe(
      'What is measured. embedding and visual measures compare a sample with the target; probes compare weights: probe.finetune trains the whole network, probe.last_block its last block, probe.linear a head on frozen features.',
    ),
  subject: id.describe('The candidate that the claim is about.'),
  relation: z
    .enum(['greater_than', 'not_worse_than', 'closer_than'])
    .describe(
      'closer_than for embedding and visual measures; greater_than and not_worse_than for probes and embedding.recall.',
    ),
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
      croissant: path
        .optional()
        .describe('Croissant metadata file of the target dataset, in the repository. Fills what is left open here.'),
      card: name
        .optional()
        .describe(
          'Where the target is described: a URL or DOI, or a file in the repository (Hugging Face card, Croissant, RSNA ATLAS), which fills what is left open here.',
        ),
    })
    .describe('The task that the network is wanted for.'),
  candidates: z
    .array(candidate)
    .min(1)
    .max(40)
    .describe('The sources that were considered. Random initialisation is always added as a control.'),
  chosen: id.describe('The id of the candidate that was chosen, or `scratch` for training from random initialisation.'),
  not_considered: z
    .array(
      z.strictObject({
        name: name.describe('The source that was ruled out before any comparison.'),
        because: z
          .strictObject({
            factor: factor.describe('The factor that ruled it out.'),
            text: text.describe('How it ruled the source out.'),
          })
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
      text_encoder: textEncoder.optional(),
      images: z
        .int()
        .min(20)
        .max(mostImages)
        .default(500)
        .describe('At most this many images per dataset, drawn at random by group and class.'),
      seeds: z
        .int()
        .min(3)
        .max(20)
        .default(5)
        .describe('Linear probe: repeats of the five-fold cross-validation, each with its own split.'),
      configurations: z
        .int()
        .min(1)
        .max(9)
        .default(5)
        .describe(
          'Linear probe: regularisation strengths tried for every candidate alike, chosen by inner cross-validation.',
        ),
      reference: z
        .union([z.literal(noReference), id])
        .optional()
        .describe(
          `The far end of the scale on which distances are also shown (gap index: 0 another sample of the target, 1 as far as this): a candidate with sample images, ${noReference} for none. Default: ${deadLeaves.images} images of overlapping discs that the program draws, with the spectrum and the edges of photographs.`,
        ),
      probes,
      finetune: fineTuning,
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
        reason: text.describe('Why the rule does not count here.'),
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
export type TextEncoderChoice = z.infer<typeof textEncoder>;
export type FineTuningWishes = Manifest['evidence']['finetune'];
export type Factor = (typeof factors)[number];
export type Rule = keyof typeof defaultPolicy;
export type Level = z.infer<typeof level>;
