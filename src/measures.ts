/** Which way a measure points. */
export type Direction = 'lower_closer' | 'higher_better';

/** What a reader needs to know of a measure wherever its numbers stand. */
export interface MeasureInfo {
  title: string;
  unit: string;
  direction: Direction;
  family: 'visual' | 'embedding' | 'probe';
}

/**
 * Every measure that a claim can name, by the name it has in the manifest and the evidence.
 * A distance is between a source and the target; a probe score belongs to a candidate.
 */
export const measures = {
  'embedding.mmd': { title: 'RBF-MMD²', unit: '', direction: 'lower_closer', family: 'embedding' },
  'embedding.kid': { title: 'KID', unit: 'feature³', direction: 'lower_closer', family: 'embedding' },
  'embedding.fid': { title: 'FID', unit: 'feature²', direction: 'lower_closer', family: 'embedding' },
  'visual.lightness': { title: 'lightness L*', unit: 'ΔE', direction: 'lower_closer', family: 'visual' },
  'visual.green_red': { title: 'green–red a*', unit: 'ΔE', direction: 'lower_closer', family: 'visual' },
  'visual.blue_yellow': { title: 'blue–yellow b*', unit: 'ΔE', direction: 'lower_closer', family: 'visual' },
  'visual.grey_share': { title: 'share of grey images', unit: 'share', direction: 'lower_closer', family: 'visual' },
  'visual.sharpness': { title: 'sharpness', unit: 'ln grey²', direction: 'lower_closer', family: 'visual' },
  'visual.noise': { title: 'noise', unit: 'grey levels', direction: 'lower_closer', family: 'visual' },
  'visual.contrast': { title: 'contrast', unit: 'RMS', direction: 'lower_closer', family: 'visual' },
  'visual.entropy': { title: 'entropy', unit: 'bits', direction: 'lower_closer', family: 'visual' },
  'visual.resolution': { title: 'resolution', unit: 'log₂ px', direction: 'lower_closer', family: 'visual' },
  'probe.linear': { title: 'linear probe', unit: 'points', direction: 'higher_better', family: 'probe' },
  'probe.finetune': { title: 'fine-tuning probe', unit: 'points', direction: 'higher_better', family: 'probe' },
  'probe.last_block': { title: 'last-block probe', unit: 'points', direction: 'higher_better', family: 'probe' },
} as const satisfies Record<string, MeasureInfo>;

export type MeasureName = keyof typeof measures;

export const measureNames = Object.keys(measures) as [MeasureName, ...MeasureName[]];

/** What a manifest calls the probes that it asks for. */
export const probeNames = ['finetune', 'last_block', 'linear'] as const;

type ProbeName = (typeof probeNames)[number];
export type ProbeMeasure = `probe.${ProbeName}`;

/** The probes that train a network rather than a head on frozen features. */
export type TrainedProbe = Exclude<ProbeMeasure, 'probe.linear'>;

/** The measures of performance. The first is the nearest to how a network is used, so it decides where there are several. */
export const probeMeasures: readonly ProbeMeasure[] = probeNames.map((name): ProbeMeasure => `probe.${name}`);

export const trainedProbes = ['probe.finetune', 'probe.last_block'] as const satisfies readonly TrainedProbe[];

export function isProbe(measure: MeasureName): measure is ProbeMeasure {
  return measures[measure].family === 'probe';
}

export function isTrainedProbe(measure: MeasureName): measure is TrainedProbe {
  return (trainedProbes as readonly MeasureName[]).includes(measure);
}
