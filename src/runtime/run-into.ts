import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { GraphBuilder } from '../onnx/build.ts';

/** The output that keeps a run from handing over the others; see runInto. */
export const notHandedOver = 'not handed over';

/** Gives a graph that output, which has to be its first. */
export function handNothingOver(graph: GraphBuilder): void {
  const nothing = graph.constant('nothing', new Float32Array(1));
  graph.sequenceOutput(graph.node('SequenceConstruct', [nothing], {}, notHandedOver));
}

/** What onnxruntime-node says when all has been computed and it comes to an output that is no tensor. */
const noTensor = 'Non tensor type is temporarily not supported.';

/**
 * Runs a graph and leaves its outputs where they were asked to be, and nowhere else.
 *
 * onnxruntime-node 1.30 copies each output into a new array, also one that lies in an array of the caller's already (mended by its
 * change 32346, in no release yet). Of all weights and moments, once a training step, the copies cost up to a quarter of the step's
 * time and more memory than the weights themselves. It copies the outputs in their order and gives up at one that is not a
 * tensor; so of a graph whose first output is a sequence it copies none.
 * @param graph has `notHandedOver` as its first output
 * @param into where each other output goes
 * @throws what the runtime throws when it could not compute the outputs
 */
export async function runInto(
  graph: InferenceSession,
  feeds: Record<string, Tensor>,
  into: Record<string, Tensor>,
): Promise<void> {
  try {
    await graph.run(feeds, { [notHandedOver]: null, ...into });
  } catch (error) {
    if (!(error instanceof Error && error.message.includes(noTensor))) throw error;
  }
}
