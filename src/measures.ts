/**
 * Which way a measure points: distances and likenesses between a source and the target, how much of the target a source
 * reaches over, and scores of performance.
 */
export type Direction = 'lower_closer' | 'higher_closer' | 'higher_broader' | 'higher_better';

/** What a reader needs to know of a measure wherever its numbers stand. */
export interface MeasureInfo {
  title: string;
  unit: string;
  direction: Direction;
  family: 'visual' | 'embedding' | 'probe' | 'transferability';
  /** What the number itself, not a difference of two, can be. An interval by standard errors may reach beyond. */
  range?: readonly [low: number, high: number];
}

/**
 * Every measure by the name it has in the manifest and the evidence. A distance is between a source and the target; a
 * probe's or a transferability score belongs to a candidate.
 */
export const measures = {
  'embedding.mmd': { title: 'RBF-MMD²', unit: '', direction: 'lower_closer', family: 'embedding' },
  'embedding.kid': { title: 'KID', unit: 'feature³', direction: 'lower_closer', family: 'embedding' },
  'embedding.fid': { title: 'FID', unit: 'feature²', direction: 'lower_closer', family: 'embedding' },
  'embedding.mind': { title: 'MIND', unit: 'feature²', direction: 'lower_closer', family: 'embedding' },
  'embedding.cmmd': { title: 'centroid distance (CMMD)', unit: '', direction: 'lower_closer', family: 'embedding' },
  'embedding.domain_classifier': {
    title: 'domain classifier AUC',
    unit: '',
    range: [0, 1],
    direction: 'lower_closer',
    family: 'embedding',
  },
  'embedding.precision': {
    title: 'precision',
    unit: 'share',
    range: [0, 1],
    direction: 'higher_closer',
    family: 'embedding',
  },
  'embedding.recall': {
    title: 'recall',
    unit: 'share',
    range: [0, 1],
    direction: 'higher_broader',
    family: 'embedding',
  },
  'embedding.density': { title: 'density', unit: '', direction: 'higher_closer', family: 'embedding' },
  'embedding.coverage': {
    title: 'coverage',
    unit: 'share',
    range: [0, 1],
    direction: 'higher_closer',
    family: 'embedding',
  },
  'visual.lightness': { title: 'lightness L*', unit: 'ΔE', direction: 'lower_closer', family: 'visual' },
  'visual.green_red': { title: 'green–red a*', unit: 'ΔE', direction: 'lower_closer', family: 'visual' },
  'visual.blue_yellow': { title: 'blue–yellow b*', unit: 'ΔE', direction: 'lower_closer', family: 'visual' },
  'visual.colourfulness': { title: 'colourfulness', unit: '', direction: 'lower_closer', family: 'visual' },
  'visual.grey_share': {
    title: 'share of grey images',
    unit: 'share',
    range: [0, 1],
    direction: 'lower_closer',
    family: 'visual',
  },
  'visual.texture': { title: 'texture (LBP)', unit: 'bits', direction: 'lower_closer', family: 'visual' },
  'visual.texture_at_input': {
    title: 'texture (LBP) at 224 px',
    unit: 'bits',
    direction: 'lower_closer',
    family: 'visual',
  },
  'visual.glcm_contrast': {
    title: 'texture contrast (GLCM)',
    unit: 'levels²',
    direction: 'lower_closer',
    family: 'visual',
  },
  'visual.glcm_contrast_at_input': {
    title: 'texture contrast (GLCM) at 224 px',
    unit: 'levels²',
    direction: 'lower_closer',
    family: 'visual',
  },
  'visual.glcm_homogeneity': { title: 'homogeneity (GLCM)', unit: '', direction: 'lower_closer', family: 'visual' },
  'visual.glcm_homogeneity_at_input': {
    title: 'homogeneity (GLCM) at 224 px',
    unit: '',
    direction: 'lower_closer',
    family: 'visual',
  },
  'visual.spectrum_slope': { title: 'spectrum slope', unit: '', direction: 'lower_closer', family: 'visual' },
  'visual.spectrum_slope_at_input': {
    title: 'spectrum slope at 224 px',
    unit: '',
    direction: 'lower_closer',
    family: 'visual',
  },
  'visual.high_frequency': {
    title: 'high-frequency share',
    unit: 'share',
    direction: 'lower_closer',
    family: 'visual',
  },
  'visual.high_frequency_at_input': {
    title: 'high-frequency share at 224 px',
    unit: 'share',
    direction: 'lower_closer',
    family: 'visual',
  },
  'visual.sharpness': { title: 'sharpness', unit: 'ln grey²', direction: 'lower_closer', family: 'visual' },
  'visual.sharpness_at_input': {
    title: 'sharpness at 224 px',
    unit: 'ln grey²',
    direction: 'lower_closer',
    family: 'visual',
  },
  'visual.tenengrad': {
    title: 'edge strength (Tenengrad)',
    unit: 'ln grey²',
    direction: 'lower_closer',
    family: 'visual',
  },
  'visual.noise': { title: 'noise', unit: 'grey levels', direction: 'lower_closer', family: 'visual' },
  'visual.noise_at_input': {
    title: 'noise at 224 px',
    unit: 'grey levels',
    direction: 'lower_closer',
    family: 'visual',
  },
  'visual.contrast': { title: 'contrast', unit: 'RMS', direction: 'lower_closer', family: 'visual' },
  'visual.contrast_at_input': { title: 'contrast at 224 px', unit: 'RMS', direction: 'lower_closer', family: 'visual' },
  'visual.clipping': { title: 'clipped pixels', unit: 'share', direction: 'lower_closer', family: 'visual' },
  'visual.entropy': { title: 'entropy', unit: 'bits', direction: 'lower_closer', family: 'visual' },
  'visual.entropy_at_input': { title: 'entropy at 224 px', unit: 'bits', direction: 'lower_closer', family: 'visual' },
  'visual.blocking': { title: 'JPEG blocking', unit: 'ln ratio', direction: 'lower_closer', family: 'visual' },
  'visual.jpeg_quality': { title: 'JPEG quality', unit: 'quality points', direction: 'lower_closer', family: 'visual' },
  'visual.resolution': { title: 'resolution', unit: 'log₂ px', direction: 'lower_closer', family: 'visual' },
  'visual.effective_resolution': {
    title: 'effective resolution',
    unit: 'log₂ px',
    direction: 'lower_closer',
    family: 'visual',
  },
  'visual.aspect': { title: 'aspect ratio', unit: 'ln ratio', direction: 'lower_closer', family: 'visual' },
  'visual.layout': { title: 'layout (mean image)', unit: 'grey²', direction: 'lower_closer', family: 'visual' },
  'probe.linear': { title: 'linear probe', unit: 'points', direction: 'higher_better', family: 'probe' },
  'probe.finetune': { title: 'fine-tuning probe', unit: 'points', direction: 'higher_better', family: 'probe' },
  'probe.last_block': { title: 'last-block probe', unit: 'points', direction: 'higher_better', family: 'probe' },
  'transferability.knn': { title: '5-NN', unit: 'points', direction: 'higher_better', family: 'transferability' },
  'transferability.logme': { title: 'LogME', unit: 'nats', direction: 'higher_better', family: 'transferability' },
  'transferability.parc': { title: 'PARC', unit: '', direction: 'higher_better', family: 'transferability' },
  'transferability.nleep': {
    title: 'NLEEP',
    unit: 'nats',
    direction: 'higher_better',
    range: [-Infinity, 0],
    family: 'transferability',
  },
  'transferability.leep': {
    title: 'LEEP',
    unit: 'nats',
    direction: 'higher_better',
    range: [-Infinity, 0],
    family: 'transferability',
  },
  'transferability.nce': {
    title: 'NCE',
    unit: 'nats',
    direction: 'higher_better',
    range: [-Infinity, 0],
    family: 'transferability',
  },
  'transferability.h_score': { title: 'H-score', unit: '', direction: 'higher_better', family: 'transferability' },
  'transferability.gbc': {
    title: 'GBC',
    unit: '',
    direction: 'higher_better',
    range: [-Infinity, 0],
    family: 'transferability',
  },
} as const satisfies Record<string, MeasureInfo>;

export type MeasureName = keyof typeof measures;

export const measureNames = Object.keys(measures) as [MeasureName, ...MeasureName[]];

/** Scores that predict performance from features: evidence beside a probe, never in its place, so no claim is judged by one. */
export type TransferabilityMeasure = Extract<MeasureName, `transferability.${string}`>;

/** The measures that a claim can name. */
export type ClaimMeasure = Exclude<MeasureName, TransferabilityMeasure>;

export const transferabilityMeasures = measureNames.filter(isTransferability);

export const claimMeasures = measureNames.filter((name) => !isTransferability(name)) as [
  ClaimMeasure,
  ...ClaimMeasure[],
];

/** What a manifest calls the probes that it asks for. */
export const probeNames = ['finetune', 'last_block', 'linear'] as const;

type ProbeName = (typeof probeNames)[number];
export type ProbeMeasure = `probe.${ProbeName}`;

/** The probes that train a network rather than a head on frozen features. */
export type TrainedProbe = Exclude<ProbeMeasure, 'probe.linear'>;

/** The measures of performance. The first is the nearest to how a network is used, so it decides where there are several. */
export const probeMeasures: readonly ProbeMeasure[] = probeNames.map((name): ProbeMeasure => `probe.${name}`);

export const trainedProbes = ['probe.finetune', 'probe.last_block'] as const satisfies readonly TrainedProbe[];

/** Whether a measure says how close a source is to the target, so that `closer_than` can be claimed of it. */
export function isCloseness(measure: MeasureName): boolean {
  const { direction }: MeasureInfo = measures[measure];
  return direction === 'lower_closer' || direction === 'higher_closer';
}

/** Whether a higher number is the one ahead: closer, broader or better. */
export function isHigherAhead(measure: MeasureName): boolean {
  return measures[measure].direction !== 'lower_closer';
}

export function isProbe(measure: MeasureName): measure is ProbeMeasure {
  return measures[measure].family === 'probe';
}

export function isTrainedProbe(measure: MeasureName): measure is TrainedProbe {
  return (trainedProbes as readonly MeasureName[]).includes(measure);
}

export function isTransferability(measure: MeasureName): measure is TransferabilityMeasure {
  return measures[measure].family === 'transferability';
}
