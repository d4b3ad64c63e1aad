import type { MeasureName } from '../../measures.ts';

/** What the visual measures are about, in the order in which they are shown, each measure once. */
export const visualAxes: readonly { axis: string; measures: readonly MeasureName[] }[] = [
  {
    axis: 'colour',
    measures: [
      'visual.lightness',
      'visual.green_red',
      'visual.blue_yellow',
      'visual.colourfulness',
      'visual.grey_share',
    ],
  },
  {
    axis: 'texture',
    measures: [
      'visual.texture',
      'visual.texture_at_input',
      'visual.glcm_contrast',
      'visual.glcm_contrast_at_input',
      'visual.glcm_homogeneity',
      'visual.glcm_homogeneity_at_input',
    ],
  },
  {
    axis: 'frequency',
    measures: [
      'visual.spectrum_slope',
      'visual.spectrum_slope_at_input',
      'visual.high_frequency',
      'visual.high_frequency_at_input',
    ],
  },
  {
    axis: 'sharpness and noise',
    measures: [
      'visual.sharpness',
      'visual.sharpness_at_input',
      'visual.tenengrad',
      'visual.noise',
      'visual.noise_at_input',
    ],
  },
  {
    axis: 'contrast and clipping',
    measures: [
      'visual.contrast',
      'visual.contrast_at_input',
      'visual.clipping',
      'visual.entropy',
      'visual.entropy_at_input',
    ],
  },
  { axis: 'compression', measures: ['visual.blocking', 'visual.jpeg_quality'] },
  { axis: 'size', measures: ['visual.resolution', 'visual.effective_resolution', 'visual.aspect'] },
  { axis: 'layout', measures: ['visual.layout'] },
];

/** The measures of some axes. */
export function measuresOn(...axes: readonly string[]): MeasureName[] {
  return visualAxes.flatMap(({ axis, measures }) => (axes.includes(axis) ? measures : []));
}
