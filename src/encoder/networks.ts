import type { InferenceSession } from 'onnxruntime-node';
import { TransferEvidenceError } from '../errors.ts';
import { openSession } from '../runtime/device.ts';
import { type OnnxRuntime, requireNative } from '../runtime/require-native.ts';
import { inputLength, type WorkerSetup } from './describe-protocol.ts';
import type { Encoder } from './encoder.ts';

/** The encoders of one thread, open on its device. */
export class Networks {
  readonly #onnxruntime: OnnxRuntime;
  readonly #open: { encoder: Encoder; session: InferenceSession }[];
  /** False when some operators run on the processor because the device lacks them. */
  readonly wholly: boolean;

  private constructor(
    onnxruntime: OnnxRuntime,
    open: { encoder: Encoder; session: InferenceSession }[],
    wholly: boolean,
  ) {
    this.#onnxruntime = onnxruntime;
    this.#open = open;
    this.wholly = wholly;
  }

  /** @throws model-unsupported when the runtime refuses a network */
  static async open({
    natives,
    encoders,
    device,
    threads,
  }: Pick<WorkerSetup, 'natives' | 'encoders' | 'device' | 'threads'>): Promise<Networks | null> {
    if (encoders.length === 0) return null;
    const onnxruntime = requireNative('onnxruntime-node', natives['onnxruntime-node']!.folder);
    const open: { encoder: Encoder; session: InferenceSession }[] = [];
    let wholly = true;
    for (const encoder of encoders) {
      // The runtime does not read shared memory.
      const opened = await openSession(onnxruntime, Uint8Array.from(encoder.model), {
        device,
        threads,
        name: encoder.name,
      });
      open.push({ encoder, session: opened.session });
      wholly &&= opened.wholly;
    }
    return new Networks(onnxruntime, open, wholly);
  }

  /**
   * Features of `images` images, one row after the other.
   * @param input one image after the other, as the network's layout has it
   * @throws model-unsupported when the network fails, or answers with something that is not finite numbers per image
   */
  async run(which: number, input: Float32Array, images: number): Promise<Float32Array> {
    const { encoder, session } = this.#open[which]!;
    const { channels, height, width, layout, fixedBatch, name } = encoder;
    const rows = fixedBatch ?? images;
    const data = rows === images ? input : new Float32Array(rows * inputLength(encoder));
    if (data !== input) data.set(input);
    const output = await this.#run(
      session,
      encoder,
      new this.#onnxruntime.Tensor(
        'float32',
        data,
        layout === 'NCHW' ? [rows, channels, height, width] : [rows, height, width, channels],
      ),
    );
    if (!(output instanceof Float32Array) || output.length % rows !== 0 || output.length === 0)
      throw new TransferEvidenceError(
        'model-unsupported',
        `The network ${name} was expected to give float32 features, the same number for each image.`,
      );
    // A copy: the runtime keeps the memory of its outputs.
    const features = output.slice(0, (output.length / rows) * images);
    if (!features.every(Number.isFinite))
      throw new TransferEvidenceError(
        'model-unsupported',
        `The network ${name} gives features that are not finite numbers. Check its preprocessing (range, mean, std) and its weights.`,
      );
    return features;
  }

  async #run(
    session: InferenceSession,
    { name, input, output }: Encoder,
    tensor: InferenceSession.OnnxValueMapType[string],
  ): Promise<unknown> {
    try {
      const results = await session.run({ [input]: tensor }, [output]);
      return results[output]!.data;
    } catch (error) {
      throw new TransferEvidenceError(
        'model-unsupported',
        `The network ${name} cannot be run: ${String((error as Error).message).split('\n')[0]}`,
        { cause: error },
      );
    }
  }
}
