import { GraphBuilder } from '../../onnx/build.ts';
import type { Model } from '../../onnx/model.ts';
import { type BuiltInOptions, InitialWeights, sizeAndSeed } from './weights.ts';

/** Channels of the stages: multiples of 16, so that the processor's blocked convolutions have nothing to pad. */
const channels = [16, 32, 64, 128] as const;
const blocksPerStage = 2;

/**
 * A narrow residual network (He et al. 2016: basic blocks of two 3 × 3 convolutions, projection shortcuts) with random weights, to be
 * trained on small images: ResNet-18 at a quarter of its width, 0.7 million parameters, its stem a 3 × 3 convolution of stride 2 without pooling. Input
 * `input` [batch, 3, height, width], output `features` [batch, 128], the average over space of rectified maps.
 *
 * Nothing is normalised, as statistics of a network that starts from nothing cannot be frozen. Instead each residual branch ends in a factor a
 * channel that starts at 0 (SkipInit, De & Smith 2020): the network starts as its shortcuts and grows no larger with depth.
 * @throws input-invalid when height or width is below 32
 */
export function residualNetwork(options: BuiltInOptions = {}): Model {
  const { height, width, seed } = sizeAndSeed(options);
  const g = new GraphBuilder('residual');
  const weights = new InitialWeights(g, seed);
  g.input('input', ['batch', 3, height, width]);
  let maps = g.node('Relu', [convolution(g, weights, 'stem', 'input', [3, channels[0], 3], 2)]);
  let from: number = channels[0];
  for (const [stage, to] of channels.entries())
    for (let block = 0; block < blocksPerStage; block++) {
      const stride = block === 0 && stage > 0 ? 2 : 1;
      maps = basicBlock(g, weights, `stage${stage + 1}.block${block + 1}`, maps, [from, to], stride);
      from = to;
    }
  g.node('Flatten', [g.node('GlobalAveragePool', [maps])], { axis: 1 }, 'features');
  g.output('features', ['batch', from]);
  return g.model(18);
}

/** relu(shortcut(x) + factor · conv₂(relu(conv₁(x)))). */
function basicBlock(
  g: GraphBuilder,
  weights: InitialWeights,
  name: string,
  maps: string,
  [from, to]: readonly [number, number],
  stride: number,
): string {
  const first = g.node('Relu', [convolution(g, weights, `${name}.conv1`, maps, [from, to, 3], stride)]);
  const second = convolution(g, weights, `${name}.conv2`, first, [to, to, 3], 1);
  const branch = g.node('Mul', [second, weights.filled(`${name}.factor`, [1, to, 1, 1], 0)]);
  const shortcut =
    stride === 1 && from === to ? maps : convolution(g, weights, `${name}.shortcut`, maps, [from, to, 1], stride);
  return g.node('Relu', [g.node('Add', [shortcut, branch])], {}, name);
}

function convolution(
  g: GraphBuilder,
  weights: InitialWeights,
  name: string,
  maps: string,
  [from, to, side]: readonly [number, number, number],
  stride: number,
): string {
  const kernel = weights.kernel(`${name}.weight`, [to, from, side, side], from * side * side, 2);
  const bias = weights.filled(`${name}.bias`, [to], 0);
  const margin = (side - 1) / 2;
  const attributes = {
    kernel_shape: [side, side],
    strides: [stride, stride],
    pads: [margin, margin, margin, margin],
  };
  return g.node('Conv', [maps, kernel, bias], attributes, name);
}
