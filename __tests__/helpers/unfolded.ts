import * as onnxruntime from 'onnxruntime-node';
import { tensorOf } from '../../src/onnx/build.ts';
import { float32Of, type Model, type Node } from '../../src/onnx/model.ts';
import { pruned } from '../../src/onnx/prune.ts';
import { writeModel } from '../../src/onnx/write.ts';

const epsilon = 1e-5;

/**
 * A network whose batch normalisations were folded into its convolutions, with one behind its first convolution again: it computes the same,
 * and its running statistics are those that the given inputs have there.
 * @param inputs each [1, channels, height, width]
 */
export async function unfolded(model: Model, inputs: readonly onnxruntime.Tensor[]): Promise<Model> {
  const { graph } = model;
  const first = graph.nodes.find(({ op }) => op === 'Conv')!;
  const [result = ''] = first.outputs;
  const cut = { ...model, graph: pruned(graph, [{ name: result, tensor: { type: 'float32' }, rest: [] }]) };
  const session = await onnxruntime.InferenceSession.create(writeModel(cut));
  const bias = float32Of(graph.initializers.find(({ name }) => name === first.inputs[2])!);
  const channels = bias.length;
  const [sums, squares] = [new Float64Array(channels), new Float64Array(channels)];
  let positions = 0;
  for (const input of inputs) {
    const maps = (await session.run({ [graph.inputs[0]!.name]: input }))[result]!.data as Float32Array;
    const each = maps.length / channels;
    for (const [at, value] of maps.entries()) {
      const channel = Math.floor(at / each);
      sums[channel]! += value;
      squares[channel]! += value * value;
    }
    positions += each;
  }
  const means = Float32Array.from(sums, (sum) => sum / positions);
  const variances = squares.map((square, channel) =>
    Math.max(0, square / positions - (sums[channel]! / positions) ** 2),
  );
  const constants = {
    scale: Float32Array.from(variances, (variance) => Math.sqrt(variance + epsilon)),
    shift: means,
    // Of what comes before the bias.
    mean: means.map((mean, channel) => mean - bias[channel]!),
    variance: Float32Array.from(variances),
  };
  const normalisation: Node = {
    name: 'unfolded',
    op: 'BatchNormalization',
    domain: '',
    inputs: [`${result}:raw`, ...Object.keys(constants).map((name) => `unfolded.${name}`)],
    outputs: [result],
    attributes: { epsilon: { kind: 'float', value: epsilon } },
    rest: [],
  };
  const nodes = graph.nodes.flatMap((node) =>
    node === first ? [{ ...node, inputs: node.inputs.slice(0, 2), outputs: [`${result}:raw`] }, normalisation] : [node],
  );
  const initializers = [
    ...graph.initializers,
    ...Object.entries(constants).map(([name, values]) => tensorOf(`unfolded.${name}`, values)),
  ];
  return { ...model, graph: { ...graph, nodes, initializers } };
}
