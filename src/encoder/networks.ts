import type { InferenceSession } from 'onnxruntime-node';
import { TransferEvidenceError } from '../errors.ts';
import { openSession } from '../runtime/device.ts';
import { type OnnxRuntime, requireNative } from '../runtime/require-native.ts';
import { inputLength, type WorkerSetup } from './describe-protocol.ts';
import type { Encoder } from './encoder.ts';
import { headOutput, withHeads } from './source-head.ts';

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
    try {
      for (const encoder of encoders) {
        // The runtime does not read shared memory.
        const model = Uint8Array.from(withHeads(encoder.model, encoder.heads ?? []));
        const opened = await openSession(onnxruntime, model, { device, threads, name: encoder.name });
        open.push({ encoder, session: opened.session });
        wholly &&= opened.wholly;
      }
    } catch (error) {
      await releaseAll(open);
      throw error;
    }
    return new Networks(onnxruntime, open, wholly);
  }

  /**
   * Features of `images` images, one row after the other; each row goes on with the probabilities of the encoder's heads. A
   * head that gives something else than finite probabilities of its classes gives zeros.
   * @param input one image after the other, as the network's layout has it
   * @throws model-unsupported when the network fails, or answers with something that is not finite numbers per image
   */
  async run(which: number, input: Float32Array, images: number): Promise<Float32Array> {
    const { encoder, session } = this.#open[which]!;
    const { channels, height, width, layout, fixedBatch, name } = encoder;
    const rows = fixedBatch ?? images;
    const data = rows === images ? input : new Float32Array(rows * inputLength(encoder));
    if (data !== input) data.set(input);
    const [output, ...heads] = await this.#run(
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
    const probabilities = heads.map((own, index) => {
      const { classes } = encoder.heads![index]!;
      const fits = own instanceof Float32Array && own.length === rows * classes && own.every(Number.isFinite);
      return { data: fits ? own : new Float32Array(rows * classes), columns: classes };
    });
    return sideBySide([{ data: features, columns: features.length / images }, ...probabilities], images);
  }

  /**
   * Gives back what the runtime holds. A thread that ends does it before: left to the end of the thread, sessions would be
   * taken apart while the thread's own memory is.
   */
  async close(): Promise<void> {
    await releaseAll(this.#open.splice(0));
  }

  async #run(
    session: InferenceSession,
    { name, input, output, heads = [] }: Encoder,
    tensor: InferenceSession.OnnxValueMapType[string],
  ): Promise<unknown[]> {
    try {
      const outputs = [output, ...heads.map((_, index) => headOutput(index))];
      const results = await session.run({ [input]: tensor }, outputs);
      return outputs.map((wanted) => results[wanted]!.data);
    } catch (error) {
      throw new TransferEvidenceError(
        'model-unsupported',
        `The network ${name} cannot be run: ${String((error as Error).message).split('\n')[0]}`,
        { cause: error },
      );
    }
  }
}

async function releaseAll(open: readonly { session: InferenceSession }[]): Promise<void> {
  for (const { session } of open) await session.release();
}

/** The first `rows` rows of several tables as those of one. */
function sideBySide(parts: readonly { data: Float32Array; columns: number }[], rows: number): Float32Array {
  if (parts.length === 1) return parts[0]!.data;
  const whole = parts.reduce((sum, { columns }) => sum + columns, 0);
  const out = new Float32Array(rows * whole);
  let from = 0;
  for (const { data, columns } of parts) {
    for (let row = 0; row < rows; row++) out.set(data.subarray(row * columns, (row + 1) * columns), row * whole + from);
    from += columns;
  }
  return out;
}
