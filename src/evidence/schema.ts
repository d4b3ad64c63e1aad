import { z } from 'zod';
import { propertyNames } from '../dataset/properties/property.ts';
import { measureNames, trainedProbes } from '../measures.ts';
import { origins } from '../semantic/card.ts';
import { aspects, outcomes } from '../semantic/compare.ts';
import { poolings } from '../text-encoder/network.ts';

/**
 * A number with its uncertainty. `low` and `high` are the interval at `level`; a wider or narrower one follows from
 * `value ± t(degreesOfFreedom) · standardError`, which is how verdicts correct for several claims.
 */
const estimate = z.strictObject({
  value: z.number(),
  standardError: z.number().min(0),
  degreesOfFreedom: z.number().positive(),
  low: z.number(),
  high: z.number(),
  level: z.number().gt(0).lt(1),
  method: z.string(),
});

/** What a number is read against: a null (split-half, permutation), a trivial baseline or a control. */
const reference = z.strictObject({
  name: z.enum(['split_half', 'chance', 'mean_colour', 'scratch', 'label_shuffled']),
  value: z.number(),
  low: z.number().optional(),
  high: z.number().optional(),
});

const counts = z.strictObject({
  target: z.int().min(0),
  source: z.int().min(0).optional(),
  groups: z.int().min(0).optional(),
});

const common = {
  measure: z.enum(measureNames),
  /** Embedding measures: in which encoder. */
  encoder: z.string().optional(),
  /** `null` when the measure refused; `refused` then says why and what would do. */
  estimate: estimate.nullable(),
  refused: z.string().optional(),
  n: counts,
  seed: z.int(),
  /** Digest of everything that determines the number: images, sample, weights, preprocessing, measure version, options. */
  key: z.string(),
};

/**
 * One measure of one candidate. For a distance: between its sample and the target. For a probe: its score on the target.
 * For a transferability score: of its features on the target.
 * `details` of LEEP and NCE hold `sourceClasses`, how many the network's source head tells apart, or null where it has no head.
 * `details` of a probe that trains say how: `seeds`, `learningRates` (how many), `steps`, `batch`, `epochs`, `optimiser`,
 * `augmentation`, `strategy`, `formulation`, `device`, `chosenLearningRates`; `proxy` (the built-in network whose pretraining on
 * the candidate's images stands in for weights, or null); `collapsed` (what broke down, or null) and `collapsedSeeds` (in how many).
 */
const measurement = z.strictObject({
  ...common,
  candidate: z.string(),
  readAgainst: z.array(reference).default([]),
  /** Distances: permutation p of “source and target are one distribution”. Scores: of “labels are dealt at random”. */
  p: z.number().min(0).max(1).optional(),
  details: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])).default({}),
});

/**
 * A paired difference of two candidates on the same target images: value = subject − object, in the measure's unit.
 * For distances negative means that the subject is closer, and positive where higher is closer (precision, density,
 * coverage); for probes positive means that the subject is better.
 */
const comparison = z.strictObject({
  ...common,
  subject: z.string(),
  object: z.string(),
  /** The own name of the random initialisation that is called `scratch` here, where there are several architectures. */
  twin: z.string().optional(),
  /** Distances: half-width within which two random halves of the target differ from each other (95 %). */
  nullHalfWidth: z.number().min(0).optional(),
  /** k-NN: mid-p of McNemar's test of “both are right equally often”. */
  p: z.number().min(0).max(1).optional(),
});

export const findingCodes = [
  'no_weights',
  'no_sample',
  'unlabelled_target',
  'images_unreadable',
  'few_groups',
  'target_at_chance',
  'solved_by_mean_colour',
  'collapsed',
  'not_converged',
  'few_seeds',
  'proxy',
  'pretraining_gains_nothing',
  'plan_reduced',
  'budget_too_small',
  'probes_disagree',
  'not_confirmed',
  'measure_refused',
  'card_unreadable',
  'card_contradictory',
  'modality_and_colour_disagree',
  'modality_and_spectrum_disagree',
  'text_encoder_unusable',
  'near_duplicates',
  'group_leak',
  'weights_saw_target',
  'preprocessing_mismatch',
  'infrastructure',
] as const;

/** Something a reader must know beside the numbers. Some findings cap verdicts (see verdict/judge). */
const finding = z.strictObject({
  code: z.enum(findingCodes),
  /** `target`, a candidate's id, or `run`. */
  about: z.string(),
  measure: z.enum(measureNames).optional(),
  text: z.string(),
});

/** What every subject of a probe that trains gets alike. Seconds are those expected when the size was chosen, pretraining of proxies included. */
const probeSize = z.strictObject({
  seeds: z.int().min(1),
  learningRates: z.int().min(1),
  images: z.int().min(1),
  /** Training steps of one run. */
  steps: z.int().min(1),
  seconds: z.number().min(0),
});

/** How much was to be trained and how much was. */
const probeRun = z.strictObject({
  measure: z.enum(trainedProbes),
  planned: probeSize,
  /** `null` when no fair comparison fits into the budget. */
  run: probeSize.nullable(),
  budgetSeconds: z.number().min(0),
  /** The budget that the smallest fair comparison takes, pretraining included; `null` when the one there was sufficed. */
  neededSeconds: z.number().min(0).nullable(),
  /** Training runs behind the scores, those of an earlier start of the program among them. */
  runs: z.int().min(0),
});

const imageSet = z.strictObject({
  fingerprint: z.string(),
  images: z.int().min(0),
  /** Ids (paths relative to the dataset) of the images drawn, in the order of the feature rows. */
  sampled: z.array(z.string()),
  classes: z.array(z.string()),
  groups: z.int().min(0),
  unreadable: z.array(z.string()),
});

/**
 * One property of a dataset. `details` hold what the number was drawn from, by names that the property's file in
 * dataset/properties explains.
 */
const property = z.strictObject({
  /** `target` or a candidate's id. */
  about: z.string(),
  property: z.enum(propertyNames),
  value: z.number().nullable(),
  unit: z.string(),
  n: z.int().min(0),
  low: z.number().optional(),
  high: z.number().optional(),
  refused: z.string().optional(),
  details: z.record(z.string(), z.union([z.number(), z.string(), z.boolean(), z.null()])),
});

/** Class names by the text encoder: see semantic/nearest-names.ts, which `nearest` and `refused` come from. */
const labelNames = z.strictObject({
  /** How many names were compared, and with how many everyday words. */
  compared: z.strictObject({ target: z.int().min(0), source: z.int().min(0), unrelated: z.int().min(0) }),
  nearest: z.array(
    z.strictObject({
      target: z.string(),
      source: z.string(),
      cosine: z.number().min(-1).max(1),
      unrelated: z.strictObject({
        mean: z.number(),
        standardDeviation: z.number().min(0),
        highest: z.number(),
        word: z.string(),
      }),
      bar: z.number(),
      standsOut: z.boolean(),
    }),
  ),
  refused: z.string().optional(),
  /** Names of either side that were left out: those that say nothing of what is shown, and those the tokenizer does not know. */
  empty: z.array(z.string()),
  unknown: z.array(z.string()),
});

/** What a source and the target declare of themselves, side by side: see semantic/compare.ts. */
const semanticTable = z.strictObject({
  candidate: z.string(),
  rows: z.array(
    z.strictObject({
      aspect: z.enum(aspects),
      target: z.array(z.string()),
      source: z.array(z.string()),
      outcome: z.enum(outcomes),
      paths: z.array(
        z.strictObject({
          target: z.string(),
          source: z.string(),
          ancestor: z.string(),
          up: z.int().min(0),
          down: z.int().min(0),
        }),
      ),
      unknown: z.array(z.string()),
      shared: z.array(z.string()),
      jaccard: z.number().min(0).max(1).optional(),
      empty: z.array(z.string()).optional(),
      /** Where each side's words stand, for sides that say something. */
      from: z.strictObject({ target: z.enum(origins).optional(), source: z.enum(origins).optional() }).optional(),
    }),
  ),
  /** Where the manifest names a text encoder and both sides have class names. */
  names: labelNames.optional(),
});

/** What was decided for the user about a network: the tensor taken as features, an input size assumed. */
const notes = z.array(z.string());

export const evidenceSchema = z.strictObject({
  schema: z.literal('transfer-evidence/evidence'),
  version: z.literal(2),
  /** Digest of the manifest fields that were measured, not of its words. */
  plan: z.string(),
  seed: z.int(),
  target: z.strictObject({
    name: z.string(),
    task: z.enum(['multiclass', 'binary', 'multilabel', 'unlabelled']),
    metric: z.enum(['balanced_accuracy', 'accuracy', 'auc', 'macro_auc']).nullable(),
    set: imageSet.nullable(),
  }),
  candidates: z.array(
    z.strictObject({
      id: z.string(),
      /** `control` for the ones the program adds: random initialisation, mean colour. */
      role: z.enum(['candidate', 'control']),
      weights: z
        .strictObject({
          digest: z.string(),
          input: z.array(z.int()),
          features: z.string(),
          dimension: z.int(),
          parameters: z.int(),
          notes,
        })
        .nullable(),
      sample: imageSet.nullable(),
    }),
  ),
  encoders: z.array(
    z.strictObject({ id: z.string(), digest: z.string(), dimension: z.int(), sees: z.string(), notes }),
  ),
  measurements: z.array(measurement),
  comparisons: z.array(comparison),
  /**
   * A fixed image set (reference/built-in.ts) as the far end of the gap index: its RBF-MMD² to the target in each encoder, under
   * the set's id as `candidate`, and each source's minus its own. It is no candidate: nothing else is measured of it. `null` where there is none.
   */
  reference: z
    .strictObject({
      id: z.string(),
      images: z.int().min(0),
      /** Of all that determines its images. */
      digest: z.string(),
      measurements: z.array(measurement),
      comparisons: z.array(comparison),
    })
    .nullable()
    .default(null),
  /** One entry for each probe that trains; empty when there is none. */
  probes: z.array(probeRun),
  /**
   * How the candidates did on other targets, by earlier evidence in the same store (see other-targets): their mean rank, 1
   * the best of those named. `fineTuned` of the `targets` ranked them by fine-tuning, the others by the linear probe.
   * Absent where the store holds no such target. Which targets they are is not told.
   */
  otherTargets: z
    .strictObject({
      targets: z.int().min(1),
      fineTuned: z.int().min(0),
      ranks: z.array(z.strictObject({ candidate: z.string(), meanRank: z.number().min(1) })),
    })
    .optional(),
  findings: z.array(finding),
  /** One for each candidate; empty in evidence of programs that did not compare declarations. */
  semantic: z.array(semanticTable).default([]),
  /** The network that compared class names: digests of its file and its tokenizer's, and how it makes one row of a name. */
  textEncoder: z
    .strictObject({
      weights: z.string(),
      tokenizer: z.string(),
      pooling: z.enum(poolings),
      dimension: z.int().positive(),
    })
    .optional(),
  /** Empty in evidence of programs that did not look at them. */
  properties: z.array(property).default([]),
  environment: z.strictObject({
    program: z.string(),
    node: z.string(),
    onnxruntime: z.string().nullable(),
    sharp: z.string().nullable(),
    platform: z.string(),
    cpu: z.string(),
    cores: z.int(),
    /** The device that really ran, not the one asked for. */
    device: z.string(),
  }),
  /** The only part that differs between identical runs, beside the seconds that `probes` were expected to take. */
  timings: z.strictObject({ seconds: z.number(), cached: z.int(), measured: z.int() }),
});

export type Estimate = z.infer<typeof estimate>;
export type Reference = z.infer<typeof reference>;
export type Measurement = z.infer<typeof measurement>;
export type Comparison = z.infer<typeof comparison>;
export type Finding = z.infer<typeof finding>;
export type FindingCode = Finding['code'];
export type ProbeSize = z.infer<typeof probeSize>;
export type ProbeRun = z.infer<typeof probeRun>;
export type ImageSet = z.infer<typeof imageSet>;
export type SemanticTable = z.infer<typeof semanticTable>;
export type LabelNames = z.infer<typeof labelNames>;
export type DatasetProperty = z.infer<typeof property>;
export type Evidence = z.infer<typeof evidenceSchema>;
export type Task = Evidence['target']['task'];
export type Metric = NonNullable<Evidence['target']['metric']>;
