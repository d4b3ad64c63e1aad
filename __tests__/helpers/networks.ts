import * as ort from 'onnxruntime-node';
import { GraphBuilder } from '../../src/onnx/build.ts';
import { writeModel } from '../../src/onnx/write.ts';

/** Numbers between −1.5 and 1.5 that repeat nothing for a long while. */
export function ramp(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(i * 0.37) + 0.5 * Math.cos(i * 0.0041));
}

/** Runs a model on the processor. */
export async function outputsOf(
  model: Uint8Array,
  feed: Record<string, ort.Tensor>,
  threads = 1,
): Promise<ort.InferenceSession.ReturnType> {
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: threads, logSeverityLevel: 3 });
  try {
    return await session.run(feed);
  } finally {
    await session.release();
  }
}

/** Where a small network ends. */
export type Ending =
  | 'gemm'
  | 'gemm and softmax'
  | 'matmul and add'
  | 'convolution'
  | 'convolution and pooling'
  | 'none';

/**
 * Convolution, batch normalisation, ReLU, convolution, residual sum; then, by `ending`, a classifier of 4 classes on 6 features. The
 * features before it are tensor `embedding` where they are a vector, else `maps`.
 */
export function smallNetwork(ending: Ending = 'gemm', output = 'logits'): Uint8Array {
  const g = new GraphBuilder('small');
  g.input('image', ['N', 3, 8, 8]);
  const weight = (name: string, dims: number[]): string =>
    g.constant(
      name,
      ramp(dims.reduce((a, b) => a * b)).map((x) => x * 0.4),
      dims,
    );
  const first = g.node('Conv', ['image', weight('conv1.weight', [6, 3, 3, 3])], { pads: [1, 1, 1, 1] }, 'conv1');
  const vector = (name: string, value: number): string => g.constant(name, new Float32Array(6).fill(value));
  const normalised = g.node(
    'BatchNormalization',
    [first, vector('bn.weight', 1.2), vector('bn.bias', 0.1), vector('bn.mean', 0.05), vector('bn.var', 0.8)],
    {},
    'bn',
  );
  const rectified = g.node('Relu', [normalised], {}, 'relu1');
  const second = g.node(
    'Conv',
    [rectified, weight('conv2.weight', [6, 6, 3, 3]), vector('conv2.bias', 0.2)],
    { pads: [1, 1, 1, 1] },
    'conv2',
  );
  const maps = g.node('Add', [second, rectified], {}, 'maps');
  const pooled = g.node('GlobalAveragePool', [maps], {}, 'pooled_maps');
  const bias = (): string => g.constant('classifier.bias', Float32Array.of(0.1, -0.2, 0.3, -0.4));
  const embedding = (): string => g.node('Flatten', [pooled], { axis: 1 }, 'embedding');
  if (ending === 'gemm' || ending === 'gemm and softmax') {
    const scores = g.node(
      'Gemm',
      [embedding(), weight('classifier.weight', [4, 6]), bias()],
      { transB: 1 },
      ending === 'gemm' ? output : 'scores',
    );
    if (ending === 'gemm and softmax') g.node('Softmax', [scores], { axis: 1 }, output);
  } else if (ending === 'matmul and add')
    g.node('Add', [g.node('MatMul', [embedding(), weight('classifier.weight', [6, 4])]), bias()], {}, output);
  else if (ending === 'convolution')
    g.node(
      'Flatten',
      [g.node('Conv', [pooled, weight('classifier.weight', [4, 6, 1, 1]), bias()])],
      { axis: 1 },
      output,
    );
  else if (ending === 'convolution and pooling') {
    const scores = g.node('Relu', [g.node('Conv', [maps, weight('classifier.weight', [4, 6, 1, 1]), bias()])]);
    g.node('Flatten', [g.node('GlobalAveragePool', [scores])], { axis: 1 }, output);
  } else g.node('Flatten', [pooled], { axis: 1 }, output);
  g.output(output, ['N', ending === 'none' ? 6 : 4]);
  return writeModel(g.model(13));
}
