import type { Preprocessing } from '../manifest/schema.ts';
import { GraphBuilder } from '../onnx/build.ts';
import { writeModel } from '../onnx/write.ts';
import { appendScattering, grid, J, L, paths, size } from './scattering-graph.ts';

const channels = 3;

/** First-order paths. */
const firstOrder = J * L;

/** Side of the coarse grid of the layout. */
const layoutGrid = 4;

/** 651 means, 25 deviations, 48 of the layout. */
export const scatteringDimension = paths * channels + (1 + firstOrder) + J * layoutGrid * layoutGrid;

/** Keeps the logarithm finite where a path is silent. */
const floor = 1e-3;

/** ITU-R BT.601. */
const luma = Float32Array.of(0.299, 0.587, 0.114);

/**
 * The built-in encoder: a wavelet scattering network (Bruna & Mallat 2013, second order, J = 3, 8 orientations) as an ONNX model
 * of standard operators, made on the spot. Input `input` [N, 3, 64, 64] RGB in [0, 1]; output `features` [N, 724], each the
 * logarithm of a non-negative number plus 0.001:
 * - 651 means over the image, of 217 paths in each colour channel, channel by channel;
 * - 25 deviations over the image of the paths of order 0 and 1, averaged over colours by luma;
 * - 48 means over the orientations of the first order, in luma, of each scale on a grid of 4 × 4.
 * The means are the usual scattering features; the rest is what texture alone misses, how it varies and roughly where it lies. Memory
 * for intermediate maps is about 25 MB an image: batches of 8 to 16 are fastest.
 */
export function scatteringModel(): Uint8Array {
  const g = new GraphBuilder('scattering');
  const image = g.input('input', ['N', channels, size, size]);
  const coefficients = appendScattering(g, image, channels);
  const low = slicePaths(g, coefficients, 0, 1 + firstOrder);
  const features = [
    meansOfPaths(g, coefficients),
    deviations(g, low),
    layout(g, slicePaths(g, coefficients, 1, 1 + firstOrder)),
  ];
  g.node('Concat', features, { axis: 1 }, 'features');
  g.output('features', ['N', scatteringDimension]);
  return writeModel(g.model());
}

/** Paths from..to of [64, paths, C, N]. */
function slicePaths(g: GraphBuilder, coefficients: string, from: number, to: number): string {
  return g.node('Slice', [
    coefficients,
    g.constant('from', [from]),
    g.constant('to', [to]),
    g.constant('path_axis', [1]),
  ]);
}

/** [64, P, C, N] → [N, C · P]. */
function meansOfPaths(g: GraphBuilder, coefficients: string): string {
  return rows(g, logarithm(g, g.node('ReduceMean', [coefficients], { axes: [0], keepdims: 0 })), [2, 1, 0]);
}

/** [64, P, C, N] → [N, P]. */
function deviations(g: GraphBuilder, coefficients: string): string {
  const mean = g.node('ReduceMean', [coefficients], { axes: [0], keepdims: 1 });
  const centred = g.node('Sub', [coefficients, mean]);
  const variance = g.node('ReduceMean', [g.node('Mul', [centred, centred])], { axes: [0], keepdims: 0 });
  const deviation = inLuma(g, g.node('Sqrt', [variance]), 1);
  return rows(g, logarithm(g, deviation), [1, 0]);
}

/** [64, J · L, C, N] → [N, J · 16]. */
function layout(g: GraphBuilder, firstOrderPaths: string): string {
  const orientations = flat(g, firstOrderPaths, [grid * grid, J, L, -1]);
  const scales = g.node('ReduceMean', [orientations], { axes: [2], keepdims: 0 });
  const pooled = g.node('MatMul', [pooling(g, layoutGrid), flat(g, scales, [grid * grid, -1])]);
  const energy = inLuma(g, flat(g, pooled, [layoutGrid * layoutGrid, J, channels, -1]), 2);
  return rows(g, logarithm(g, energy), [2, 1, 0]);
}

/** The weighted mean over colour channels, which lie on `axis`. */
function inLuma(g: GraphBuilder, values: string, axis: number): string {
  const weighted = g.node('Mul', [values, g.constant('luma', luma, [channels, 1])]);
  return g.node('ReduceSum', [weighted, g.constant('channel_axis', [axis])], { keepdims: 0 });
}

/** Averages of the 8 × 8 positions on a side × side grid. */
function pooling(g: GraphBuilder, side: number): string {
  const cell = grid / side;
  const weights = new Float32Array(side * side * grid * grid);
  for (let row = 0; row < grid; row++)
    for (let column = 0; column < grid; column++) {
      const target = Math.floor(row / cell) * side + Math.floor(column / cell);
      weights[target * grid * grid + row * grid + column] = 1 / (cell * cell);
    }
  return g.constant('pooling', weights, [side * side, grid * grid]);
}

function logarithm(g: GraphBuilder, values: string): string {
  return g.node('Log', [g.node('Add', [values, g.constant('floor', Float32Array.of(floor), [])])]);
}

function flat(g: GraphBuilder, values: string, dims: number[]): string {
  return g.node('Reshape', [values, g.constant('shape', dims)]);
}

/** Brings the images, which lie last, to the front. */
function rows(g: GraphBuilder, values: string, perm: number[]): string {
  return g.node('Flatten', [g.node('Transpose', [values], { perm })], { axis: 1 });
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
  sees: 'texture, contrast and colour at scales up to 8 of 64 pixels, and their coarse layout; no objects or meaning: nothing in it was learnt',
  model: scatteringModel,
  preprocessing,
  output: 'features',
  dimension: scatteringDimension,
} as const;
