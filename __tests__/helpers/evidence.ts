import { fineTuningFindings } from '../../src/evidence/fine-tuning-findings.ts';
import type {
  Comparison,
  Estimate,
  Evidence,
  Finding,
  Measurement,
  Metric,
  ProbeRun,
  Task,
} from '../../src/evidence/schema.ts';
import { type Manifest, manifestSchema } from '../../src/manifest/schema.ts';
import type { MeasureName, ProbeMeasure } from '../../src/measures.ts';
import { deadLeaves } from '../../src/reference/built-in.ts';
import { estimateFrom, tQuantile } from '../../src/statistics/estimate.ts';

const degreesOfFreedom = 24;

/** An estimate whose 95 % interval is value ± halfWidth. */
export function estimateOf(value: number, halfWidth: number, df = degreesOfFreedom): Estimate {
  const standardError = halfWidth / tQuantile(0.975, df);
  return estimateFrom({ value, standardError, degreesOfFreedom: df, method: 'stated' });
}

interface CandidateNumbers {
  id: string;
  /** Score of the linear probe as a fraction, with the half-width of its own interval. */
  probe?: [score: number, halfWidth: number];
  /** The same of fine-tuning. */
  tuned?: [score: number, halfWidth: number];
  /** Fine-tuned from a network that was pretrained here on the candidate's images. */
  proxy?: boolean;
  /** Seeds whose fine-tuning broke down, and how. */
  collapsed?: [kind: string, seeds: number];
  /** Why it could not be fine-tuned. */
  untrainable?: string;
  /** RBF-MMD² to the target, with the half-width of its own interval. */
  mmd?: [distance: number, halfWidth: number];
}

export interface EvidenceNumbers {
  target: string;
  task?: Task;
  metric?: Metric;
  images?: number;
  groups?: number;
  candidates: CandidateNumbers[];
  chance?: number;
  meanColour?: number;
  /** Half-width of every paired difference of probe scores. */
  probeHalfWidth?: number;
  /** Half-width of every paired difference of fine-tuning scores. */
  tunedHalfWidth?: number;
  /** What the plan of fine-tuning was and became; what is not stated is as asked for. */
  training?: Partial<ProbeRun>;
  /** Half-width of every paired difference of distances. */
  mmdHalfWidth?: number;
  /** MMD² between two halves of the target. */
  splitHalf?: number;
  /** The split-half null of a difference. */
  nullHalfWidth?: number;
  /** RBF-MMD² of the built-in reference to the target, with the half-width of its own interval. */
  reference?: [distance: number, halfWidth: number];
  findings?: Finding[];
}

/** Evidence as the program would write it, from a handful of numbers. Every pair is compared once, in list order. */
export function evidenceOf(numbers: EvidenceNumbers): Evidence {
  const { images = 400, groups = images, probeHalfWidth = 0.02, tunedHalfWidth = 0.03, mmdHalfWidth = 0.01 } = numbers;
  const { splitHalf = 0.002, nullHalfWidth = 0.004, chance = 0.5, meanColour = 0.6 } = numbers;
  const n = { target: images, groups };
  const probes = numbers.candidates.filter(({ probe }) => probe !== undefined);
  const tuned = numbers.candidates.filter((candidate) => candidate.tuned ?? candidate.untrainable);
  const training: ProbeRun = {
    measure: 'probe.finetune',
    planned: sizeOf(images),
    run: sizeOf(images),
    budgetSeconds: 900,
    neededSeconds: null,
    runs: 15 * tuned.length,
    ...numbers.training,
  };
  const samples = numbers.candidates.filter(({ mmd }) => mmd !== undefined);
  const distanceComparison = (subject: string, object: string, difference: number): Comparison => ({
    measure: 'embedding.mmd',
    encoder: 'scattering',
    subject,
    object,
    estimate: estimateOf(difference, mmdHalfWidth),
    n,
    seed: 7,
    key: `mmd ${subject} ${object}`,
    nullHalfWidth,
  });
  const visual: MeasureName[] = ['visual.lightness', 'visual.sharpness', 'visual.grey_share'];
  const references = [
    { name: 'chance' as const, value: chance },
    { name: 'mean_colour' as const, value: meanColour, low: meanColour - 0.02, high: meanColour + 0.02 },
  ];
  const evidence: Evidence = {
    schema: 'transfer-evidence/evidence',
    version: 2,
    plan: 'a3f1c2d4'.repeat(8),
    seed: 7,
    target: {
      name: numbers.target,
      task: numbers.task ?? 'multiclass',
      metric: numbers.metric ?? 'balanced_accuracy',
      set: imageSet(images, groups),
    },
    candidates: [
      ...numbers.candidates.map(({ id, probe, mmd }) => ({
        id,
        role: id.startsWith('scratch') ? ('control' as const) : ('candidate' as const),
        weights: probe
          ? {
              digest: 'b'.repeat(64),
              input: [3, 224, 224],
              features: 'features',
              dimension: 1280,
              parameters: 2_223_872,
              notes: ['Features are the output features (1280 numbers an image).'],
            }
          : null,
        sample: mmd ? imageSet(300, 300) : null,
      })),
      ...(probes.length > 0 ? [{ id: 'mean_colour', role: 'control' as const, weights: null, sample: null }] : []),
    ],
    encoders: [
      { id: 'scattering', digest: 'c'.repeat(64), dimension: 724, sees: 'texture and colour, not meaning', notes: [] },
    ],
    measurements: [
      ...probes.map(
        ({ id, probe }): Measurement => ({
          measure: 'probe.linear',
          candidate: id,
          estimate: estimateOf(...probe!),
          n,
          seed: 7,
          key: `probe ${id}`,
          readAgainst: [...references],
          details: { folds: 5, repeats: 5, configurations: 5, converged: true },
        }),
      ),
      ...tuned.map(
        (candidate): Measurement => ({
          measure: training.measure,
          candidate: candidate.id,
          estimate: candidate.tuned ? estimateOf(...candidate.tuned) : null,
          ...(candidate.untrainable === undefined ? {} : { refused: candidate.untrainable }),
          n,
          seed: 7,
          key: `tuned ${candidate.id}`,
          readAgainst: [...references],
          details: candidate.tuned ? trainingDetails(candidate, training) : { proxy: null },
        }),
      ),
      ...samples.flatMap(({ id, mmd }) => [
        distance('embedding.mmd', id, estimateOf(...mmd!), splitHalf, n, 'scattering'),
        distance('embedding.kid', id, estimateOf(mmd![0] * 3, mmd![1] * 3), splitHalf * 3, n, 'scattering'),
        ...visual.map((measure) => distance(measure, id, estimateOf(mmd![0] * 40, mmd![1] * 40), splitHalf * 40, n)),
      ]),
    ],
    comparisons: [
      ...pairs(probes).map(([a, b]) =>
        scoreComparison('probe.linear', a.id, b.id, estimateOf(a.probe![0] - b.probe![0], probeHalfWidth), n),
      ),
      ...pairs(tuned.filter((candidate) => candidate.tuned !== undefined))
        .filter(([a, b]) => (a.proxy ?? false) === (b.proxy ?? false))
        .map(([a, b]) =>
          scoreComparison(training.measure, a.id, b.id, estimateOf(a.tuned![0] - b.tuned![0], tunedHalfWidth), n),
        ),
      ...pairs(samples).map(([a, b]) => distanceComparison(a.id, b.id, a.mmd![0] - b.mmd![0])),
    ],
    reference: numbers.reference
      ? {
          id: deadLeaves.id,
          images: deadLeaves.images,
          digest: deadLeaves.digest,
          measurements: [
            distance('embedding.mmd', deadLeaves.id, estimateOf(...numbers.reference), splitHalf, n, 'scattering'),
          ],
          comparisons: samples.map(({ id, mmd }) =>
            distanceComparison(id, deadLeaves.id, mmd![0] - numbers.reference![0]),
          ),
        }
      : null,
    probes: tuned.length > 0 || numbers.training ? [training] : [],
    findings: [
      ...numbers.candidates
        .filter(({ probe, tuned: score, id }) => !probe && !score && !id.startsWith('scratch'))
        .map(({ id }) => noWeights(id)),
      ...numbers.candidates
        .filter(({ proxy, id }) => proxy && !id.startsWith('scratch'))
        .map(
          ({ id }): Finding => ({
            code: 'proxy',
            about: id,
            text: `${id} has no weights; a proxy stands in for them.`,
          }),
        ),
      ...(numbers.findings ?? []),
    ],
    semantic: [],
    properties: [],
    environment: {
      program: 'transfer-evidence 0.1.0',
      node: '24.21.0',
      onnxruntime: '1.30.0',
      sharp: '0.35.5',
      platform: 'linux-x64',
      cpu: 'a processor',
      cores: 2,
      device: 'cpu',
    },
    timings: { seconds: 41.7, cached: 3, measured: 9 },
  };
  evidence.findings.push(...fineTuningFindings(evidence));
  return evidence;
}

/** Five seeds of three learning rates on all images. */
function sizeOf(images: number): NonNullable<ProbeRun['run']> {
  return { seeds: 5, learningRates: 3, images, steps: Math.round(0.4 * images), seconds: 600 };
}

function trainingDetails({ proxy, collapsed }: CandidateNumbers, { run }: ProbeRun): Measurement['details'] {
  return {
    seeds: run?.seeds ?? 5,
    learningRates: run?.learningRates ?? 3,
    steps: run?.steps ?? 160,
    batch: 16,
    epochs: 10,
    optimiser: 'sgd',
    augmentation: 'flip, crop, brightness',
    strategy: 'all weights',
    formulation: 'standard',
    device: 'cpu',
    proxy: proxy ? 'residual' : null,
    collapsed: collapsed?.[0] ?? null,
    collapsedSeeds: collapsed?.[1] ?? 0,
    chosenLearningRates: '0.01 × 3, 0.003 × 2',
  };
}

function scoreComparison(
  measure: ProbeMeasure,
  subject: string,
  object: string,
  estimate: Estimate,
  n: Comparison['n'],
): Comparison {
  return { measure, subject, object, estimate, n, seed: 7, key: `${measure} ${subject} ${object}` };
}

function imageSet(images: number, groups: number): NonNullable<Evidence['target']['set']> {
  const sampled = Array.from({ length: images }, (_, index) => `image-${index}.png`);
  return { fingerprint: 'd'.repeat(64), images, sampled, classes: ['a', 'b'], groups, unreadable: [] };
}

function distance(
  measure: MeasureName,
  candidate: string,
  estimate: Estimate,
  half: number,
  n: Measurement['n'],
  encoder?: string,
): Measurement {
  return {
    measure,
    ...(encoder === undefined ? {} : { encoder }),
    candidate,
    estimate,
    n: { ...n, source: 300 },
    seed: 7,
    key: `${measure} ${candidate}`,
    readAgainst: [{ name: 'split_half', value: half, low: -half, high: 2 * half }],
    p: 0.005,
    details: {},
  };
}

function pairs<T>(list: readonly T[]): [T, T][] {
  return list.flatMap((a, index) => list.slice(index + 1).map((b): [T, T] => [a, b]));
}

function noWeights(id: string): Finding {
  return {
    code: 'no_weights',
    about: id,
    text: `${id} has no weights, so nothing can be said about its performance. Give candidates a weights file (ONNX).`,
  };
}

/** A manifest with the given candidates and claims; whatever else is stated wins. */
export function manifestOf(
  stated: {
    target?: string;
    chosen: string;
    candidates: string[];
    claims?: unknown[];
    weights?: boolean | string[];
  } & Record<string, unknown>,
): Manifest {
  const { target = 'films', chosen, candidates, claims, weights = true, ...rest } = stated;
  return manifestSchema.parse({
    version: 1,
    target: { name: target, data: 'data/target' },
    candidates: candidates.map((id) => ({
      id,
      ...((Array.isArray(weights) ? weights.includes(id) : weights) ? { weights: `weights/${id}.onnx` } : {}),
      sample: `data/${id}`,
    })),
    chosen,
    justification: claims === undefined ? 'It looks like our films.' : { summary: 'It looks like our films.', claims },
    ...rest,
  });
}

/** A claim with a test on the given measure. */
export function claimOf(
  id: string,
  test: { measure?: MeasureName; subject: string; relation: string; object: string; margin?: number; encoder?: string },
  rest: Record<string, unknown> = {},
): Record<string, unknown> {
  return { id, factor: 'performance', text: `Claim ${id}.`, test: { measure: 'probe.linear', ...test }, ...rest };
}

/** A manifest with the evidence for it. */
export interface Scene {
  manifest: Manifest;
  evidence: Evidence;
}

/**
 * CS-xray (arXiv 2510.00902's companion results): the published scores, and ±1.75 points for a pair. The distances are
 * made up.
 */
export function csXray(claims?: unknown[]): Scene {
  return {
    manifest: manifestOf({
      target: 'cs-xray',
      chosen: 'radimagenet',
      candidates: ['imagenet', 'radimagenet', 'ecoset'],
      claims: claims ?? [
        {
          id: 'C1',
          factor: 'embedding_similarity',
          text: 'RadImageNet looks more like our films than ImageNet does.',
          test: { measure: 'embedding.mmd', subject: 'radimagenet', relation: 'closer_than', object: 'imagenet' },
        },
        {
          id: 'C2',
          factor: 'performance',
          text: 'It will therefore perform clearly better (3 AUC points or more).',
          depends_on: ['C1'],
          test: {
            measure: 'probe.linear',
            subject: 'radimagenet',
            relation: 'greater_than',
            object: 'imagenet',
            margin: 0.03,
          },
        },
        {
          id: 'C3',
          factor: 'robustness',
          text: 'At least as good as Ecoset, give or take a point.',
          test: {
            measure: 'probe.linear',
            subject: 'radimagenet',
            relation: 'not_worse_than',
            object: 'ecoset',
            margin: 0.01,
          },
        },
        { id: 'C4', factor: 'community_norm', text: 'Reviewers expect an ImageNet baseline.', test: 'untestable' },
      ],
    }),
    evidence: evidenceOf({
      target: 'cs-xray',
      task: 'multilabel',
      metric: 'macro_auc',
      images: 834,
      groups: 333,
      candidates: [
        { id: 'imagenet', probe: [0.7245, 0.0165], mmd: [0.112, 0.012] },
        { id: 'radimagenet', probe: [0.7323, 0.0114], mmd: [0.031, 0.008] },
        { id: 'ecoset', probe: [0.7359, 0.0185], mmd: [0.118, 0.013] },
        { id: 'scratch', probe: [0.717, 0.0148] },
      ],
      meanColour: 0.561,
      probeHalfWidth: 0.0175,
    }),
  };
}

/** Photographs of clothing: the published-backbone accuracies .691, .335, .360 with ±4 points for a pair. */
export function clothing(): Scene {
  return {
    manifest: manifestOf({
      target: 'clothing',
      chosen: 'imagenet',
      candidates: ['imagenet', 'birds', 'insects'],
      claims: [
        {
          id: 'C1',
          factor: 'performance',
          text: 'ImageNet transfers better than birds by 10 points.',
          test: {
            measure: 'probe.linear',
            subject: 'imagenet',
            relation: 'greater_than',
            object: 'birds',
            margin: 0.1,
          },
        },
      ],
    }),
    evidence: evidenceOf({
      target: 'clothing',
      images: 600,
      chance: 0.1,
      meanColour: 0.19,
      candidates: [
        { id: 'imagenet', probe: [0.691, 0.031], mmd: [0.061, 0.01] },
        { id: 'birds', probe: [0.335, 0.035], mmd: [0.142, 0.014] },
        { id: 'insects', probe: [0.36, 0.034], mmd: [0.151, 0.015] },
        { id: 'scratch', probe: [0.248, 0.03] },
      ],
      probeHalfWidth: 0.04,
    }),
  };
}

/**
 * Cats, not CAT scans (arXiv 2107.05940): mean AUC on chest X-ray, and the experts' distances (0 = same) as hundredths.
 * The closest source is the worst. ±0.8 points for a pair is made up.
 */
export function catsNotScans(response?: string): Scene {
  const published: [string, number, number][] = [
    ['imagenet', 0.987, 6],
    ['dtd', 0.982, 6],
    ['stl10', 0.967, 6],
    ['pcam-middle', 0.962, 4],
    ['sti10', 0.957, 6],
    ['pcam-small', 0.949, 4],
    ['isic', 0.914, 2],
  ];
  return {
    manifest: manifestOf({
      target: 'chest-xray',
      chosen: 'isic',
      candidates: published.map(([id]) => id),
      claims: [
        {
          id: 'C1',
          factor: 'visual_similarity',
          text: 'ISIC is medical, so it is closer to X-rays than ImageNet.',
          test: { measure: 'embedding.mmd', subject: 'isic', relation: 'closer_than', object: 'imagenet' },
        },
        {
          id: 'C2',
          factor: 'performance',
          text: 'Therefore it transfers better.',
          depends_on: ['C1'],
          ...(response === undefined ? {} : { response }),
          test: { measure: 'probe.linear', subject: 'isic', relation: 'greater_than', object: 'imagenet' },
        },
      ],
    }),
    evidence: evidenceOf({
      target: 'chest-xray',
      task: 'binary',
      metric: 'auc',
      images: 500,
      candidates: [
        ...published.map(
          ([id, score, far]): CandidateNumbers => ({ id, probe: [score, 0.007], mmd: [far / 100, 0.006] }),
        ),
        { id: 'scratch', probe: [0.905, 0.012] },
      ],
      probeHalfWidth: 0.008,
    }),
  };
}

/** Candidates with images and no weights, as in the demo. */
export function imagesOnly(): Scene {
  return {
    manifest: manifestOf({
      target: 'films',
      chosen: 'tissue',
      candidates: ['tissue', 'photographs', 'textures'],
      weights: false,
      claims: [
        {
          id: 'C1',
          factor: 'embedding_similarity',
          text: 'Tissue is closer to films than photographs are.',
          test: { measure: 'embedding.mmd', subject: 'tissue', relation: 'closer_than', object: 'photographs' },
        },
        {
          id: 'C2',
          factor: 'performance',
          text: 'So it will transfer better.',
          depends_on: ['C1'],
          test: { measure: 'probe.linear', subject: 'tissue', relation: 'greater_than', object: 'photographs' },
        },
      ],
    }),
    evidence: evidenceOf({
      target: 'films',
      images: 240,
      candidates: [
        { id: 'tissue', mmd: [0.041, 0.009] },
        { id: 'photographs', mmd: [0.103, 0.011] },
        { id: 'textures', mmd: [0.048, 0.01] },
      ],
    }),
  };
}

/** Thyroid ultrasound (arXiv 2302.08272), frozen: 58.5 against 49.4, random 52.9, nobody above chance. Intervals made up. */
export function atChance(): Scene {
  return {
    manifest: manifestOf({
      target: 'thyroid',
      chosen: 'radimagenet',
      candidates: ['imagenet', 'radimagenet'],
      claims: [claimOf('C1', { subject: 'radimagenet', relation: 'greater_than', object: 'imagenet', margin: 0.05 })],
    }),
    evidence: evidenceOf({
      target: 'thyroid',
      task: 'binary',
      metric: 'auc',
      images: 349,
      meanColour: 0.52,
      candidates: [
        { id: 'imagenet', probe: [0.585, 0.12] },
        { id: 'radimagenet', probe: [0.494, 0.1] },
        { id: 'scratch', probe: [0.529, 0.1] },
      ],
      probeHalfWidth: 0.09,
      findings: [
        {
          code: 'target_at_chance',
          about: 'target',
          measure: 'probe.linear',
          text: 'No candidate does better than chance on this target, so their order says nothing.',
        },
      ],
    }),
  };
}

/** One network under two names: every difference is exactly 0. */
export function sameTwice(claims?: unknown[]): Scene {
  const evidence = evidenceOf({
    target: 'films',
    candidates: [
      { id: 'one', probe: [0.8, 0.03], mmd: [0.05, 0.01] },
      { id: 'two', probe: [0.8, 0.03], mmd: [0.05, 0.01] },
    ],
    probeHalfWidth: 0,
    mmdHalfWidth: 0,
  });
  return {
    manifest: manifestOf({ chosen: 'two', candidates: ['one', 'two'], ...(claims ? { claims } : {}) }),
    evidence,
  };
}

const tunedClaims = (subject: string, object: string) => [
  claimOf('C1', { measure: 'probe.finetune', subject, relation: 'greater_than', object }),
  claimOf('C2', { measure: 'probe.linear', subject, relation: 'greater_than', object }),
];

/** Clothing with fine-tuning beside the linear probe; both put ImageNet first. The fine-tuning scores are made up. */
export function probesAgree(): Scene {
  return {
    manifest: manifestOf({
      target: 'clothing',
      chosen: 'imagenet',
      candidates: ['imagenet', 'birds', 'insects'],
      claims: tunedClaims('imagenet', 'birds'),
    }),
    evidence: evidenceOf({
      target: 'clothing',
      images: 600,
      chance: 0.1,
      meanColour: 0.19,
      candidates: [
        { id: 'imagenet', probe: [0.691, 0.031], tuned: [0.742, 0.035], mmd: [0.061, 0.01] },
        { id: 'birds', probe: [0.335, 0.035], tuned: [0.512, 0.04], mmd: [0.142, 0.014] },
        { id: 'insects', probe: [0.36, 0.034], tuned: [0.497, 0.04], mmd: [0.151, 0.015] },
        { id: 'scratch', probe: [0.248, 0.03], tuned: [0.41, 0.05] },
      ],
      probeHalfWidth: 0.04,
      tunedHalfWidth: 0.045,
    }),
  };
}

/** Frozen features put one source ahead, training the other, both told apart. Made up. */
export function probesDisagree(): Scene {
  return {
    manifest: manifestOf({
      target: 'films',
      chosen: 'frozen-best',
      candidates: ['frozen-best', 'tuned-best'],
      claims: tunedClaims('frozen-best', 'tuned-best'),
    }),
    evidence: evidenceOf({
      target: 'films',
      candidates: [
        { id: 'frozen-best', probe: [0.8, 0.03], tuned: [0.78, 0.03], mmd: [0.05, 0.01] },
        { id: 'tuned-best', probe: [0.7, 0.03], tuned: [0.88, 0.03], mmd: [0.1, 0.01] },
        { id: 'scratch', probe: [0.6, 0.03], tuned: [0.65, 0.03] },
      ],
    }),
  };
}

/**
 * Breast ultrasound (arXiv 2302.08272): fine-tuned 90.5 against 88.2, frozen 89.8 against 72.4. The collapsed seeds, the intervals
 * and random initialisation are made up.
 */
export function tuningCollapsed(): Scene {
  return {
    manifest: manifestOf({
      target: 'breast',
      chosen: 'imagenet',
      candidates: ['imagenet', 'radimagenet'],
      claims: tunedClaims('imagenet', 'radimagenet'),
    }),
    evidence: evidenceOf({
      target: 'breast',
      task: 'binary',
      metric: 'auc',
      candidates: [
        { id: 'imagenet', probe: [0.898, 0.02], tuned: [0.905, 0.02] },
        { id: 'radimagenet', probe: [0.724, 0.03], tuned: [0.882, 0.03], collapsed: ['one class', 2] },
        { id: 'scratch', probe: [0.6, 0.03], tuned: [0.7, 0.03], collapsed: ['below chance', 1] },
      ],
      probeHalfWidth: 0.03,
      tunedHalfWidth: 0.02,
    }),
  };
}

/** CS-xray, where no fair fine-tuning fits into the budget. */
export function budgetTooSmall(): Scene {
  const { manifest, evidence } = csXray([
    claimOf('C1', { measure: 'probe.finetune', subject: 'radimagenet', relation: 'greater_than', object: 'imagenet' }),
  ]);
  evidence.probes = [
    {
      measure: 'probe.finetune',
      planned: sizeOf(834),
      run: null,
      budgetSeconds: 900,
      neededSeconds: 2500,
      runs: 0,
    },
  ];
  evidence.findings.push(...fineTuningFindings(evidence));
  return { manifest, evidence };
}

/** Candidates with labelled images and no weights, each fine-tuned from a proxy. Made up. */
export function proxiesOnly(): Scene {
  return {
    manifest: manifestOf({
      target: 'films',
      chosen: 'tissue',
      candidates: ['tissue', 'photographs', 'textures'],
      weights: false,
      claims: tunedClaims('tissue', 'photographs'),
    }),
    evidence: evidenceOf({
      target: 'films',
      images: 240,
      candidates: [
        { id: 'tissue', tuned: [0.86, 0.03], proxy: true, mmd: [0.041, 0.009] },
        { id: 'photographs', tuned: [0.74, 0.04], proxy: true, mmd: [0.103, 0.011] },
        { id: 'textures', tuned: [0.76, 0.04], proxy: true, mmd: [0.048, 0.01] },
        { id: 'scratch', tuned: [0.7, 0.04], proxy: true },
      ],
    }),
  };
}

/** Two candidates with weights, and one that has images only and scores higher as a proxy. Made up. */
export function weightsAndProxy(chosen = 'imagenet'): Scene {
  return {
    manifest: manifestOf({
      target: 'films',
      chosen,
      candidates: ['imagenet', 'radimagenet', 'tissue'],
      weights: ['imagenet', 'radimagenet'],
      claims: tunedClaims('imagenet', 'tissue'),
    }),
    evidence: evidenceOf({
      target: 'films',
      candidates: [
        { id: 'imagenet', probe: [0.8, 0.02], tuned: [0.82, 0.02], mmd: [0.06, 0.01] },
        { id: 'radimagenet', probe: [0.7, 0.02], tuned: [0.72, 0.02], mmd: [0.04, 0.01] },
        { id: 'tissue', tuned: [0.93, 0.02], proxy: true, mmd: [0.02, 0.01] },
        { id: 'scratch of imagenet', probe: [0.6, 0.02], tuned: [0.65, 0.02] },
        { id: 'scratch of tissue', tuned: [0.7, 0.02], proxy: true },
      ],
    }),
  };
}
