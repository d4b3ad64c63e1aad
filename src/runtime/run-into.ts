import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { GraphBuilder } from '../onnx/build.ts';

/**
 * Gives a graph, as the first of its outputs, the one that keeps a run from handing over the others; see {@link runInto}. It is a
 * sequence, which onnxruntime-node computes and cannot hand over.
 */
export function withholdOutputs(graph: GraphBuilder): void {
  const nothing = graph.constant('nothing', new Float32Array(1));
  graph.sequenceOutput(graph.node('SequenceConstruct', [nothing], {}, 'withheld'));
}

/** What onnxruntime-node says, word for word, when all has been computed and it comes to an output that is no tensor. */
const noTensor = 'Non tensor type is temporarily not supported.';

/**
 * Runs a graph and leaves its outputs where they were asked to be, and nowhere else.
 *
 * onnxruntime-node 1.30 copies each output into a new array, also one that lies in an array of the caller's already (mended by its
 * change 32346, in no release yet). Of all weights and moments, once a training step, the copies cost up to a quarter of the step's
 * time and more memory than the weights themselves. It copies after the run, in the order of the graph's outputs, and ends
 * with an error at the first that is not a tensor. So that error is what is expected here: where a sequence comes first, it
 * says that all is computed and nothing was copied. The program runs the one version of onnxruntime-node that this was seen of.
 * @param graph as {@link withholdOutputs} leaves it
 * @param into where the other outputs go, by their names
 * @throws what the runtime throws when it could not compute the outputs
 */
export async function runInto(
  graph: InferenceSession,
  feeds: Record<string, Tensor>,
  into: Record<string, Tensor>,
): Promise<void> {
  const [withheld, ...outputs] = graph.outputNames;
  // The runtime passes over names that it does not know.
  for (const name of Object.keys(into))
    if (!outputs.includes(name)) throw new Error(`The graph has no output ${name} beside its first.`);
  try {
    await graph.run(feeds, { [withheld!]: null, ...into });
  } catch (error) {
    if ((error as Error).message !== noTensor) throw error;
  }
}
