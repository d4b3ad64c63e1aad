import { type MessagePort, parentPort } from 'node:worker_threads';
import { TransferEvidenceError } from '../errors.ts';
import { decode } from '../image/decode.ts';
import { resize } from '../image/preprocess.ts';
import type { RawImage } from '../image/types.ts';
import { requireNative, type Sharp } from '../runtime/require-native.ts';
import { describeVisually } from '../similarity/visual/index.ts';
import { inputResizing } from '../similarity/visual/input-size.ts';
import { PlaneMemory } from '../similarity/visual/plane-memory.ts';
import { Planes } from '../similarity/visual/planes.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './describe-protocol.ts';
import type { Encoder } from './encoder.ts';
import { networkInput } from './network-pixels.ts';
import { Networks } from './networks.ts';

/** Decoded pixels that may wait in one thread; one image is always allowed. */
const waitingBytes = 96_000_000;

/** The life of one thread that describes images: it ends when it is asked to stop. */
export async function runDescribeWorker(setup: WorkerSetup): Promise<void> {
  const port = parentPort!;
  try {
    const networks = setup.role === 'prepare' ? null : await Networks.open(setup);
    if (setup.role === 'infer') inferBatches(port, networks!);
    else readImages(port, setup, networks);
    tell(port, { kind: 'ready', wholly: networks?.wholly ?? true });
  } catch (error) {
    fail(port, error);
  }
}

function inferBatches(port: MessagePort, networks: Networks): void {
  // One after the other, in the order asked: the runtime would queue them anyway.
  let last = Promise.resolve();
  let stopping = false;
  port.on('message', (task: ToWorker) => {
    if (task.kind === 'stop') {
      stopping = true;
      void last.then(() => networks.close()).finally(() => port.close());
    }
    if (task.kind !== 'batch') return;
    const { batch, encoder, images, data } = task;
    last = last
      .then(async () => {
        if (stopping) return;
        const features = await networks.run(encoder, data, images);
        tell(port, { kind: 'batch', batch, encoder, features }, [features.buffer as ArrayBuffer]);
      })
      .catch((error) => fail(port, error));
  });
}

/**
 * Decoding happens on sharp's threads while this one computes; images are finished in the order that they come in.
 */
function readImages(port: MessagePort, setup: WorkerSetup, networks: Networks | null): void {
  const sharp = requireNative('sharp', setup.natives.sharp!.folder);
  sharp.concurrency(1);
  sharp.cache(false);
  // What runs here is done with its input before the next image; what is sent away needs memory of its own.
  const reused = networks && setup.encoders.map(({ height, width }) => new Float32Array(3 * height * width));
  const memory = new PlaneMemory();
  const asked: { index: number; file: string }[] = [];
  const decoded: { index: number; image: RawImage }[] = [];
  let decoding = 0;
  let held = 0;
  // What an image under way is counted as: the largest so far, or a quarter of the room before anything is known.
  let largest: number | undefined;
  let computing = false;
  let computed: Promise<void> = Promise.resolve();
  let stopping = false;

  const room = () => held + (decoding + 1) * (largest ?? waitingBytes / 4) <= waitingBytes;
  const start = () => {
    while (asked.length > 0 && (decoding + decoded.length === 0 || room())) {
      const { index, file } = asked.shift()!;
      decoding++;
      decodeOne(sharp, file, setup.pixelLimit).then((result) => {
        decoding--;
        if (stopping) return;
        if ('reason' in result) tell(port, { kind: 'unreadable', index, reason: result.reason });
        else if ('error' in result) fail(port, result.error);
        else {
          held += result.data.byteLength;
          largest = Math.max(largest ?? 0, result.data.byteLength);
          decoded.push({ index, image: result });
          if (!computing) computed = compute();
        }
        start();
      });
    }
  };
  const compute = async () => {
    computing = true;
    try {
      for (let next = decoded.shift(); next !== undefined; next = decoded.shift()) {
        const { index, image } = next;
        const planes = setup.visual ? new Planes(image, memory) : null;
        const visual = planes && describeVisually(planes);
        const rows = prepare(image, setup.encoders, reused, planes);
        held -= image.data.byteLength;
        start();
        if (networks) for (const [i, row] of rows.entries()) rows[i] = await networks.run(i, row, 1);
        const buffers = [...rows, ...(visual ? [visual] : [])].map(({ buffer }) => buffer as ArrayBuffer);
        tell(port, { kind: 'image', index, visual, rows }, buffers);
      }
    } catch (error) {
      fail(port, error);
    }
    computing = false;
  };
  port.on('message', (task: ToWorker) => {
    if (task.kind === 'stop') {
      stopping = true;
      asked.length = 0;
      decoded.length = 0;
      void computed.then(() => networks?.close()).finally(() => port.close());
    }
    if (task.kind !== 'image') return;
    asked.push(task);
    start();
  });
}

async function decodeOne(
  sharp: Sharp,
  file: string,
  pixelLimit: number | undefined,
): Promise<RawImage | { reason: string } | { error: unknown }> {
  try {
    return await decode(sharp, file, pixelLimit === undefined ? {} : { pixelLimit });
  } catch (error) {
    const readable = error instanceof TransferEvidenceError && error.code.startsWith('image-');
    return readable ? { reason: error.message } : { error };
  }
}

/**
 * One network input per encoder, into the given memory when there is some; encoders of one size and resize mode share
 * the resizing, with each other and with the visual measures.
 */
function prepare(
  image: RawImage,
  encoders: readonly Encoder[],
  into: readonly Float32Array[] | null,
  planes: Planes | null,
): Float32Array[] {
  const keyOf = (to: { height: number; width: number; mode: string }) => `${to.height} ${to.width} ${to.mode}`;
  const resized = new Map<string, RawImage>();
  if (planes) resized.set(keyOf(inputResizing), planes.atInput);
  return encoders.map((encoder, i) => {
    const { height, width } = encoder;
    const mode = encoder.preprocessing.resize;
    const key = keyOf({ height, width, mode });
    const scaled = resized.get(key) ?? resize(image, { height, width, mode });
    resized.set(key, scaled);
    return networkInput(scaled, encoder, into?.[i] ?? new Float32Array(3 * height * width));
  });
}

function tell(port: MessagePort, message: FromWorker, transfer: ArrayBuffer[] = []): void {
  port.postMessage(message, transfer);
}

/** Known errors travel by code; anything else is a fault of the program and ends the thread with its stack. */
function fail(port: MessagePort, error: unknown): void {
  if (error instanceof TransferEvidenceError) tell(port, { kind: 'failed', code: error.code, message: error.message });
  else
    setImmediate(() => {
      throw error;
    });
}
