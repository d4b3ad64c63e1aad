import { availableParallelism } from 'node:os';
import type { ImageRecord } from '../dataset/types.ts';
import { TransferEvidenceError } from '../errors.ts';
import { type Matrix, matrix, selectRows } from '../matrix.ts';
import { chooseDevice, type Device, type DeviceChoice } from '../runtime/device.ts';
import type { Natives } from '../runtime/natives.ts';
import { visualColumns } from '../similarity/visual/index.ts';
import { describeApart } from './describe-apart.ts';
import type { WorkerSetup } from './describe-protocol.ts';
import { describeWhole, type Sink } from './describe-whole.ts';
import type { Encoder } from './encoder.ts';

export interface DescribeOptions {
  encoders: readonly Encoder[];
  /** Whether the visual row of each image is wanted. */
  visual: boolean;
  device: Device;
  /** Where the native packages were found (see loadNatives). */
  natives: Natives['from'];
  /** Processor threads. Default: as many as the machine has. */
  threads?: number;
  /** Images that a graphics device takes at a time. A processor is fastest with one. */
  batch?: number;
  /** Images with more pixels count as unreadable. Default: that of decode(). */
  pixelLimit?: number;
  onProgress?: (done: number, total: number) => void;
  /** Told of each device that `auto` passed over, with the reason: once per process where the device is at fault. */
  onPassedOver?: (device: string, reason: string) => void;
  signal?: AbortSignal;
}

export interface Described {
  /** Positions of the readable images: row r of every matrix belongs to `images[kept[r]]`. */
  kept: number[];
  unreadable: { id: string; reason: string }[];
  /** By encoder id, kept images × dimension; by digest of each of its heads, kept images × classes. */
  features: Map<string, Matrix<Float32Array>>;
  /** Kept images × visual columns; null when not asked for. */
  visual: Matrix<Float64Array> | null;
  /** The device that the networks really ran on. */
  device: string;
}

/**
 * Decodes every image once and computes all that needs its pixels: the visual row and each encoder's features. On the
 * processor the numbers depend on the image and the encoder alone; memory does not grow with the number of images beyond
 * the rows themselves. Images that cannot be read are named and left out.
 * @throws device-unavailable, model-unsupported, cancelled
 */
export async function describeImages(images: readonly ImageRecord[], options: DescribeOptions): Promise<Described> {
  const { encoders, natives, signal } = options;
  const choice: DeviceChoice =
    encoders.length === 0
      ? { device: 'cpu', passedOver: [] }
      : await chosenDevice(options, natives['onnxruntime-node']!.folder);
  try {
    return await describeOn(choice.device, images, options);
  } catch (error) {
    const mayMove = options.device === 'auto' && choice.device !== 'cpu' && !signal?.aborted;
    if (!mayMove || !(error instanceof TransferEvidenceError)) throw error;
    options.onPassedOver?.(choice.device, error.message);
    // A network that this graphics device cannot run may still run on the processor; if not, that error is the one to show.
    return describeOn('cpu', images, options);
  }
}

const choices = new Map<string, Promise<DeviceChoice>>();

/** The device that networks run on. Devices are tried once per process. */
export function chosenDevice(
  { device, onPassedOver }: Pick<DescribeOptions, 'device' | 'onPassedOver'>,
  folder: string,
): Promise<DeviceChoice> {
  const key = `${device} ${folder}`;
  const known = choices.get(key);
  if (known) return known;
  const choice = chooseDevice(device, folder).then((made) => {
    for (const { device: passed, reason } of made.passedOver) onPassedOver?.(passed, reason);
    return made;
  });
  choices.set(key, choice);
  return choice;
}

async function describeOn(
  device: DeviceChoice['device'],
  images: readonly ImageRecord[],
  options: DescribeOptions,
): Promise<Described> {
  const { encoders, visual, natives, pixelLimit, signal } = options;
  const rows = new Rows(images.length, encoders, visual, options.onProgress);
  const { workers, threadsEach } = shareCores(
    Math.min(options.threads ?? availableParallelism(), Math.max(1, images.length)),
    encoders,
  );
  const setup: Omit<WorkerSetup, 'role'> = {
    natives,
    encoders: encoders.map((encoder) => ({
      ...encoder,
      model: shared(encoder.model),
      heads: (encoder.heads ?? []).map((head) => ({ ...head, model: shared(head.model) })),
    })),
    visual,
    device,
    threads: device === 'cpu' ? threadsEach : 1,
    pixelLimit,
  };
  let wholly = true;
  if (images.length > 0)
    wholly =
      device === 'cpu'
        ? await describeWhole(images, setup, workers, rows, signal)
        : await describeApart(
            images,
            setup,
            { threads: options.threads ?? availableParallelism(), batch: options.batch ?? 16 },
            rows,
            signal,
          );
  return { ...rows.finish(images), device: wholly ? device : `${device}, some operators on cpu` };
}

/**
 * Every thread holds its own copy of each network, about three times the file while it opens. Networks too large for
 * that many copies get fewer threads with more cores each.
 */
function shareCores(cores: number, encoders: readonly Encoder[]): { workers: number; threadsEach: number } {
  const bytes = ({ model, heads = [] }: Encoder) =>
    heads.reduce((sum, head) => sum + head.model.byteLength, model.byteLength);
  const copy = 3 * encoders.reduce((sum, encoder) => sum + bytes(encoder), 0);
  const workers = Math.max(1, Math.min(cores, Math.floor(process.availableMemory() / 2 / Math.max(1, copy))));
  return { workers, threadsEach: Math.max(1, Math.floor(cores / workers)) };
}

function shared(model: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(model.byteLength));
  copy.set(model);
  return copy;
}

/** The matrices while they fill. */
class Rows implements Sink {
  readonly #total: number;
  readonly #encoders: readonly Encoder[];
  /** By encoder: its features, then the probabilities of each of its heads. */
  readonly #features: { key: string; columns: number; data: Float32Array }[][];
  readonly #visual: Float64Array | null;
  readonly #reasons = new Map<number, string>();
  readonly #onProgress: DescribeOptions['onProgress'];
  #finished = 0;

  constructor(total: number, encoders: readonly Encoder[], visual: boolean, onProgress: DescribeOptions['onProgress']) {
    this.#total = total;
    this.#encoders = encoders;
    const table = (key: string, columns: number) => ({ key, columns, data: new Float32Array(total * columns) });
    this.#features = encoders.map(({ id, dimension, heads = [] }) => [
      table(id, dimension),
      ...heads.map(({ digest, classes }) => table(digest, classes)),
    ]);
    this.#visual = visual ? new Float64Array(total * visualColumns) : null;
    this.#onProgress = onProgress;
  }

  features(encoder: number, index: number, row: Float32Array): void {
    const { name, dimension, heads = [] } = this.#encoders[encoder]!;
    const given = row.length - heads.reduce((sum, { classes }) => sum + classes, 0);
    if (given !== dimension)
      throw new TransferEvidenceError(
        'model-unsupported',
        `The network ${name} was expected to give ${dimension} features an image; it gives ${given}.`,
      );
    let from = 0;
    for (const { data, columns } of this.#features[encoder]!) {
      data.set(row.subarray(from, from + columns), index * columns);
      from += columns;
    }
  }

  visual(index: number, row: Float64Array): void {
    this.#visual!.set(row, index * visualColumns);
  }

  unreadable(index: number, reason: string): void {
    this.#reasons.set(index, reason);
  }

  finished(): void {
    this.#onProgress?.(++this.#finished, this.#total);
  }

  finish(images: readonly ImageRecord[]): Omit<Described, 'device'> {
    const kept = images.map((_, index) => index).filter((index) => !this.#reasons.has(index));
    const keep = <T extends Float32Array | Float64Array>(data: T, columns: number): Matrix<T> => {
      const all = matrix(data, this.#total, columns);
      return kept.length === this.#total ? all : selectRows(all, kept);
    };
    return {
      kept,
      unreadable: [...this.#reasons]
        .sort(([a], [b]) => a - b)
        .map(([index, reason]) => ({ id: images[index]!.id, reason })),
      features: new Map(this.#features.flat().map(({ key, data, columns }) => [key, keep(data, columns)])),
      visual: this.#visual && keep(this.#visual, visualColumns),
    };
  }
}
