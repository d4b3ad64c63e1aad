import type { Preprocessing } from '../manifest/schema.ts';
import { GraphBuilder } from '../onnx/build.ts';
import { writeModel } from '../onnx/write.ts';
import { appendScattering, paths, size } from './scattering-graph.ts';

const channels = 3;

/** The features' number: each path of each colour channel. */
export const scatteringDimension = paths * channels;

/** Keeps the logarithm finite where a path is silent. */
const floor = 1e-3;

/**
 * The built-in encoder: a wavelet scattering network (Bruna & Mallat 2013, second order, J = 3, 8 orientations) as an ONNX model
 * of standard operators, made on the spot. Input `input` [N, 3, 64, 64] RGB in [0, 1]; output `features` [N, 651] =
 * log(mean over the image of each path's coefficients + 0.001).
 */
export function scatteringModel(): Uint8Array {
  const g = new GraphBuilder('scattering');
  const image = g.input('input', ['N', channels, size, size]);
  const coefficients = appendScattering(g, image, channels);
  const mean = g.node('ReduceMean', [coefficients], { axes: [0], keepdims: 0 });
  const log = g.node('Log', [g.node('Add', [mean, g.constant('floor', Float32Array.of(floor), [])])]);
  const last = g.node('Transpose', [log], { perm: [2, 1, 0] });
  g.node('Flatten', [last], { axis: 1 }, 'features');
  g.output('features', ['N', scatteringDimension]);
  return writeModel(g.model());
}

const preprocessing: Preprocessing = {
  size,
  resize: 'squash',
  channels: 'rgb',
  range: [0, 1],
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

/** How the built-in encoder presents itself. */
export const scatteringEncoder = {
  id: 'scattering',
  sees: 'texture and contrast at scales up to 8 of 64 pixels, per colour channel; no shapes, objects or meaning: nothing in it was learnt',
  model: scatteringModel,
  preprocessing,
  output: 'features',
  dimension: scatteringDimension,
} as const;
