import type { RunningDevice } from '../runtime/device.ts';
import type { NativeName, NativeOrigin } from '../runtime/natives.ts';
import type { Encoder } from './encoder.ts';

/**
 * What the threads that describe images tell each other. `whole` threads take a file and answer with rows: the way on a
 * processor. With a graphics device `prepare` threads decode, and one `infer` thread runs the networks.
 */
type WorkerRole = 'whole' | 'prepare' | 'infer';

/** Numbers of one image in the network's input. */
export function inputLength({ channels, height, width }: Pick<Encoder, 'channels' | 'height' | 'width'>): number {
  return channels * height * width;
}

export interface WorkerSetup {
  role: WorkerRole;
  natives: Partial<Record<NativeName, NativeOrigin>>;
  /** Their models' bytes lie in memory that all threads share. */
  encoders: Encoder[];
  visual: boolean;
  device: RunningDevice;
  /** Processor threads inside one operator. */
  threads: number;
  pixelLimit: number | undefined;
}

export type ToWorker =
  | { kind: 'image'; index: number; file: string }
  /** One encoder's input for `images` images; the answer carries the same `batch` and `encoder`. */
  | { kind: 'batch'; batch: number; encoder: number; images: number; data: Float32Array }
  /** Nothing more will be asked: end as soon as what runs is done. */
  | { kind: 'stop' };

export type FromWorker =
  /** The networks are open; `wholly` as in OpenSession. */
  | { kind: 'ready'; wholly: boolean }
  /** `whole`: features per encoder. `prepare`: network inputs per encoder. */
  | { kind: 'image'; index: number; visual: Float64Array | null; rows: Float32Array[] }
  | { kind: 'unreadable'; index: number; reason: string }
  | { kind: 'batch'; batch: number; encoder: number; features: Float32Array }
  | { kind: 'failed'; code: string; message: string };
