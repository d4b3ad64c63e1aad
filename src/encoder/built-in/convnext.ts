import { GraphBuilder } from '../../onnx/build.ts';
import type { Model } from '../../onnx/model.ts';
import { type BuiltInOptions, InitialWeights, sizeAndSeed } from './weights.ts';

const stages = [
  { channels: 32, blocks: 2 },
  { channels: 64, blocks: 2 },
  { channels: 128, blocks: 2 },
] as const;

/** Pixels of a patch of the stem. */
const patch = 4;
/** Width of a block's hidden layer in widths of the block. */
const expansion = 4;
/**
 * Where the factors of the residual branches start. Liu et al. take 10⁻⁶ for deep networks and 300 epochs; the value that Touvron et al. 2021
 * (Going deeper with image transformers) take for up to 18 blocks lets few steps move a branch.
 */
const layerScale = 0.1;

/**
 * A small network after ConvNeXt (Liu et al. 2022) with random weights, to be trained on small images: patches of 4 × 4 pixels, three stages
 * of blocks of a depthwise 7 × 7 convolution, layer normalisation over channels and two linear layers with GELU between, 0.4 million parameters.
 * Input `input` [batch, 3, height, width], output `features` [batch, 128], normalised averages over space.
 * @throws input-invalid when height or width is below 32
 */
export function convnextNetwork(options: BuiltInOptions = {}): Model {
  const { height, width, seed } = sizeAndSeed(options);
  const g = new GraphBuilder('convnext');
  const weights = new InitialWeights(g, seed);
  g.input('input', ['batch', 3, height, width]);
  let from: number = stages[0].channels;
  let maps = normalisedMaps(g, weights, 'stem.norm', patches(g, weights, 'stem', 'input', 3, from, patch), from);
  for (const [i, { channels, blocks }] of stages.entries()) {
    const name = `stage${i + 1}`;
    if (i > 0)
      maps = patches(
        g,
        weights,
        `${name}.reduction`,
        normalisedMaps(g, weights, `${name}.reduction.norm`, maps, from),
        from,
        channels,
        2,
      );
    from = channels;
    for (let block = 0; block < blocks; block++)
      maps = convnextBlock(g, weights, `${name}.block${block + 1}`, maps, channels);
  }
  const averages = g.node('Flatten', [g.node('GlobalAveragePool', [maps])], { axis: 1 });
  normalised(g, weights, 'norm', averages, from, 'features');
  g.output('features', ['batch', from]);
  return g.model(18);
}

/** x + factor · linear₂(gelu(linear₁(norm(depthwise(x))))), the layers after the convolution with the channels last. */
function convnextBlock(g: GraphBuilder, weights: InitialWeights, name: string, maps: string, channels: number): string {
  const kernel = weights.kernel(`${name}.depthwise.weight`, [channels, 1, 7, 7], 49, 1);
  const mixed = g.node(
    'Conv',
    [maps, kernel, weights.filled(`${name}.depthwise.bias`, [channels], 0)],
    { group: channels, kernel_shape: [7, 7], pads: [3, 3, 3, 3] },
    `${name}.depthwise`,
  );
  const rows = normalised(g, weights, `${name}.norm`, channelsLast(g, mixed), channels);
  const hidden = gelu(g, linear(g, weights, `${name}.linear1`, rows, [channels, expansion * channels], 1));
  const back = linear(g, weights, `${name}.linear2`, hidden, [expansion * channels, channels], 2);
  const branch = g.node('Mul', [back, weights.filled(`${name}.factor`, [channels], layerScale)]);
  return g.node('Add', [maps, channelsFirst(g, branch)], {}, name);
}

/** A convolution of patches that do not overlap. */
function patches(
  g: GraphBuilder,
  weights: InitialWeights,
  name: string,
  maps: string,
  from: number,
  to: number,
  side: number,
): string {
  const kernel = weights.kernel(`${name}.weight`, [to, from, side, side], from * side * side, 1);
  const bias = weights.filled(`${name}.bias`, [to], 0);
  return g.node('Conv', [maps, kernel, bias], { kernel_shape: [side, side], strides: [side, side] }, name);
}

function linear(
  g: GraphBuilder,
  weights: InitialWeights,
  name: string,
  rows: string,
  [from, to]: readonly [number, number],
  gain: 1 | 2,
): string {
  const product = g.node('MatMul', [rows, weights.kernel(`${name}.weight`, [from, to], from, gain)]);
  return g.node('Add', [product, weights.filled(`${name}.bias`, [to], 0)], {}, name);
}

/** Hendrycks & Gimpel 2016: x · ½ (1 + erf(x / √2)). The operator Gelu exists from opset 20 on; the runtime fuses these five. */
function gelu(g: GraphBuilder, x: string): string {
  const scalar = (name: string, value: number): string => g.constant(name, Float32Array.of(value), []);
  const erf = g.node('Erf', [g.node('Div', [x, scalar('sqrt2', Math.SQRT2)])]);
  const twice = g.node('Mul', [x, g.node('Add', [erf, scalar('one', 1)])]);
  return g.node('Mul', [twice, scalar('half', 0.5)], {}, 'Gelu');
}

/** Layer normalisation of each position's channels in maps [N, C, H, W]. */
function normalisedMaps(
  g: GraphBuilder,
  weights: InitialWeights,
  name: string,
  maps: string,
  channels: number,
): string {
  return channelsFirst(g, normalised(g, weights, name, channelsLast(g, maps), channels));
}

/** Layer normalisation (Ba et al. 2016) over the last axis. */
function normalised(
  g: GraphBuilder,
  weights: InitialWeights,
  name: string,
  rows: string,
  channels: number,
  output = name,
): string {
  const scale = weights.filled(`${name}.weight`, [channels], 1);
  const shift = weights.filled(`${name}.bias`, [channels], 0);
  return g.node('LayerNormalization', [rows, scale, shift], { axis: -1, epsilon: { float: 1e-6 } }, output);
}

function channelsLast(g: GraphBuilder, maps: string): string {
  return g.node('Transpose', [maps], { perm: [0, 2, 3, 1] });
}

function channelsFirst(g: GraphBuilder, rows: string): string {
  return g.node('Transpose', [rows], { perm: [0, 3, 1, 2] });
}
