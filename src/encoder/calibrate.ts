import type { InferenceSession } from 'onnxruntime-node';
import { TransferEvidenceError } from '../errors.ts';
import { float32Of, type Model } from '../onnx/model.ts';
import { writeModel } from '../onnx/write.ts';
import { openSession } from '../runtime/device.ts';
import type { OnnxRuntime } from '../runtime/require-native.ts';
import { probeOf } from './calibration-probe.ts';
import { inputOf } from './network-input.ts';
import { replaceConstants } from './replace-constants.ts';

/**
 * A network with random weights, scaled to the images that it will see: layer-sequential unit variance (Mishkin & Matas 2016). Each kernel
 * is divided by the standard deviation of what its layer gives on the batch before the bias, images, channels and positions together. A
 * convolution with a bias of its own is centred and scaled channel by channel (Krähenbühl et al. 2016, within-layer initialisation; Salimans &
 * Kingma 2016, section 3), and the running statistics of batch normalisations become the means and variances of their inputs. Thus a network starts
 * alike whether an exporter folded its batch normalisations into convolutions or not, and sanely if it never had any. Scaling alone would
 * leave folded networks with channels that hardly differ between images.
 *
 * Layers then have standard deviation 1 on the batch. Where weights are shared, the first layer decides for the others; a layer or channel that gives
 * one number only is not scaled. The layers are measured in order in a single run, on one processor thread: the same network and batch
 * give the same bytes, whatever the number of cores.
 * @param model as `randomlyInitialised` makes it; it is not changed
 * @param batch images as the network takes them, preprocessed; 16 or more, for statistics by channel
 * @throws shape-mismatch when the batch holds another number of values than its shape says; model-unsupported when the network takes no single
 *   image, cannot be run on the batch, or a layer gives numbers that are not finite
 */
export async function calibrated(
  model: Model,
  batch: { data: Float32Array; dims: readonly number[] },
  runtime: OnnxRuntime,
): Promise<Model> {
  const { data, dims } = batch;
  if (data.length !== dims.reduce((a, b) => a * b, 1))
    throw new TransferEvidenceError(
      'shape-mismatch',
      `A batch of shape [${dims.join(', ')}] was expected; ${data.length} numbers were given.`,
    );
  const probe = probeOf(model);
  if (probe.divisors.size + probe.replacements.size === 0) return model;
  const measured = await run(probe.model, new runtime.Tensor('float32', data, [...dims]), runtime);
  const values = (output: string): Float32Array => {
    const found = measured[output]!.data as Float32Array;
    if (found.every(Number.isFinite)) return found;
    throw new TransferEvidenceError(
      'model-unsupported',
      `With random weights the network gives numbers that are not finite (${output}). Check its preprocessing (range, mean, std).`,
    );
  };
  return replaceConstants(model, (name, tensor) => {
    const divisor = probe.divisors.get(name);
    if (divisor !== undefined) return divided(float32Of(tensor), values(divisor));
    const replacement = probe.replacements.get(name);
    // A copy: the runtime keeps the memory of its outputs.
    return replacement === undefined ? undefined : values(replacement).slice();
  });
}

/** A kernel divided by one number, or by one for each result, which lie first in a convolution's kernel. */
function divided(kernel: Float32Array, divisors: Float32Array): Float32Array {
  const each = kernel.length / divisors.length;
  return kernel.map((weight, i) => weight / divisors[Math.floor(i / each)]!);
}

async function run(
  probe: Model,
  images: InferenceSession.OnnxValueMapType[string],
  runtime: OnnxRuntime,
): Promise<InferenceSession.OnnxValueMapType> {
  const name = 'with random weights';
  const input = inputOf(probe).name;
  const { session } = await openSession(runtime, writeModel(probe), { device: 'cpu', threads: 1, name });
  try {
    return await session.run({ [input]: images });
  } catch (error) {
    throw new TransferEvidenceError(
      'model-unsupported',
      `The network ${name} cannot be run on images of shape [${images.dims.join(', ')}]: ${String((error as Error).message).split('\n')[0]}`,
      { cause: error },
    );
  } finally {
    await session.release();
  }
}
