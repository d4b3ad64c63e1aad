import { GraphBuilder } from '../onnx/build.ts';
import { canonicalOpset } from '../onnx/upgrade.ts';
import { writeModel } from '../onnx/write.ts';
import { seededRandom } from '../random.ts';
import type { OnnxRuntime } from '../runtime/require-native.ts';
import {
  biasGradientBlocked,
  convolveBlocked,
  depthwiseWeightGradientBlocked,
  inputGradientBlocked,
} from './convolution/blocked.ts';
import { biasGradient, convolve, inputGradientTransposed, weightGradientSwapped } from './convolution/general.ts';
import { canBlockImages, imageWeightGradientBlocked } from './convolution/image-gradient.ts';
import { weightGradientByTaps } from './convolution/products.ts';
import type { ConvolutionShape } from './convolution/shape.ts';
import { blockedDomain } from './layouts.ts';
import { Ops } from './ops.ts';
import type { Value } from './value.ts';

let known: Promise<number | undefined> | undefined;

/**
 * Channels in a block of the runtime's own layout on this processor, once for the process; undefined where the layout must not be
 * used. The operators are the runtime's private ones and a wrong block would give wrong numbers in silence, so the block is
 * asked for and then every kind of convolution is computed both ways: a difference, a refusal or a block that is not known rules
 * the layout out.
 */
export function blockOfThisProcessor(runtime: OnnxRuntime): Promise<number | undefined> {
  known ??= findBlock(runtime);
  return known;
}

async function findBlock(runtime: OnnxRuntime): Promise<number | undefined> {
  try {
    const block = await askForBlock(runtime);
    if (block !== 8 && block !== 16) return undefined;
    for (const shape of checked) if (!(await computesAlike(runtime, block, shape))) return undefined;
    return block;
  } catch {
    return undefined;
  }
}

/** One channel brought to the layout comes back as a whole block. */
async function askForBlock(runtime: OnnxRuntime): Promise<number> {
  const g = new GraphBuilder('block');
  g.input('x', [1, 4, 1, 1]);
  const [y] = g.nodes('ReorderInput', ['x'], {}, ['y'], blockedDomain);
  g.output(y!);
  const found = await run(runtime, g, { x: [1, 4, 1, 1] });
  return found.y!.dims[1]!;
}

const square = { strides: [1, 1], dilations: [1, 1], before: [1, 1], after: [1, 1], kernel: [3, 3], images: 2 };

/** Two stems, one of as many images as any block holds, a dense and a pointwise one whose channels fill no block, depthwise ones with and without stride. */
const checked: readonly ConvolutionShape[] = [
  { ...square, channels: 3, outputs: 24, groups: 1, input: [7, 6], strides: [2, 2], output: [4, 3] },
  { ...square, images: 16, channels: 3, outputs: 24, groups: 1, input: [7, 6], strides: [2, 2], output: [4, 3] },
  { ...square, channels: 40, outputs: 24, groups: 1, input: [5, 6], output: [5, 6] },
  {
    ...square,
    channels: 24,
    outputs: 40,
    groups: 1,
    input: [5, 4],
    kernel: [1, 1],
    before: [0, 0],
    after: [0, 0],
    output: [5, 4],
  },
  { ...square, channels: 24, outputs: 24, groups: 24, input: [5, 7], output: [5, 7] },
  { ...square, channels: 32, outputs: 32, groups: 32, input: [6, 7], strides: [2, 2], output: [3, 4] },
];

async function computesAlike(runtime: OnnxRuntime, block: number, shape: ConvolutionShape): Promise<boolean> {
  const { images, channels, outputs, groups, input, kernel, output, strides } = shape;
  const g = new GraphBuilder('self-check');
  const ops = new Ops(g, { block });
  const dims = {
    x: [images, channels, ...input],
    w: [outputs, channels / groups, ...kernel],
    b: [outputs],
    dy: [images, outputs, ...output],
  };
  const given = (name: keyof typeof dims): Value => ({
    name: g.input(name, dims[name]),
    shape: dims[name],
    type: 'float32',
    layout: 'plain',
  });
  const [x, w, b, dy] = [given('x'), given('w'), given('b'), given('dy')];
  const pairs: [Value, Value][] = [
    [convolveBlocked(ops, shape, x, w, b), convolve(ops, shape, x, w, b)],
    [biasGradientBlocked(ops, ops.as('blocked', dy)), biasGradient(ops, dy)],
  ];
  if (strides[0] === 1 && channels >= block)
    pairs.push([inputGradientBlocked(ops, shape, dy, w), inputGradientTransposed(ops, shape, dy, w)]);
  if (canBlockImages(ops, shape))
    pairs.push([imageWeightGradientBlocked(ops, shape, x, dy), weightGradientSwapped(ops, shape, x, dy)]);
  if (groups === 1) {
    const [seen, errors] = [ops.as('blocked', x), ops.as('blocked', dy)];
    pairs.push([weightGradientByTaps(ops, shape, seen, errors), weightGradientSwapped(ops, shape, x, dy)]);
  }
  if (groups > 1)
    pairs.push([depthwiseWeightGradientBlocked(ops, shape, x, dy), weightGradientSwapped(ops, shape, x, dy)]);
  const named = pairs.map(([one, other]) => [ops.plain(one).name, other.name] as const);
  for (const name of new Set(named.flat())) g.output(name);
  const found = await run(runtime, g, dims);
  return named.every(([one, other]) => alike(found[one]!.data as Float32Array, found[other]!.data as Float32Array));
}

function alike(values: Float32Array, expected: Float32Array): boolean {
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return (
    values.length === expected.length && values.every((value, i) => Math.abs(value - expected[i]!) <= 1e-5 * scale)
  );
}

async function run(runtime: OnnxRuntime, g: GraphBuilder, shapes: Readonly<Record<string, number[]>>) {
  const random = seededRandom(0, 'blocked self-check');
  const model = writeModel(g.model(canonicalOpset, [blockedDomain]));
  const session = await runtime.InferenceSession.create(model, { logSeverityLevel: 4 });
  try {
    const feeds = Object.entries(shapes).map(([name, dims]) => {
      const length = dims.reduce((a, b) => a * b, 1);
      return [
        name,
        new runtime.Tensor(
          'float32',
          Float32Array.from({ length }, () => random.normal()),
          dims,
        ),
      ] as const;
    });
    return await session.run(Object.fromEntries(feeds));
  } finally {
    await session.release();
  }
}
