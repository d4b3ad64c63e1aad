import { preprocessing } from '../../src/manifest/schema.ts';
import { GraphBuilder } from '../../src/onnx/build.ts';
import { writeModel } from '../../src/onnx/write.ts';

/** What the features of a tiny network are made by, from its input to [N, D]. */
export type TinyBody = (graph: GraphBuilder, input: string) => string;

/** An ONNX file of one input `input` and one output `features`. */
export function tinyNetwork(dims: (number | string)[], dimension: number, body: TinyBody): Uint8Array {
  const graph = new GraphBuilder('tiny');
  const made = body(graph, graph.input('input', dims));
  graph.node('Identity', [made], {}, 'features');
  graph.output('features', [dims[0]!, dimension]);
  return writeModel(graph.model());
}

/** The mean of each channel: what it says about an image can be worked out by hand. */
export const meanOfChannels: TinyBody = (graph, input) =>
  graph.node('Flatten', [graph.node('GlobalAveragePool', [input])], { axis: 1 });

export const plain = preprocessing.parse({});
