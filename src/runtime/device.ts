import type { InferenceSession } from 'onnxruntime-node';
import { TransferEvidenceError } from '../errors.ts';
import { GraphBuilder } from '../onnx/build.ts';
import { writeModel } from '../onnx/write.ts';
import { type OnnxRuntime, requireNative } from './require-native.ts';
import { type KnownResult, type SelfCheck, selfCheck } from './self-check.ts';

/** What a user can ask for. */
export const devices = ['auto', 'cuda', 'webgpu', 'cpu'] as const;
export type Device = (typeof devices)[number];
/** What a network really runs on. */
export type RunningDevice = Exclude<Device, 'auto'>;

export interface DeviceChoice {
  device: RunningDevice;
  /** The devices that were tried before it, with why they do not work here. */
  passedOver: { device: RunningDevice; reason: string }[];
}

/** How a device is tried; replaced in tests. */
export type DeviceCheck = (folder: string, device: RunningDevice, known: KnownResult) => Promise<SelfCheck>;

/**
 * The device that networks will run on. `auto` takes the first of cuda, webgpu and cpu that computes a known
 * convolution correctly and is not far slower than the processor; the graphics devices are tried in a process of their own.
 * @param folder that holds the node_modules with onnxruntime-node (see loadNatives)
 * @throws device-unavailable when the named device does not work here, with the reason
 */
export async function chooseDevice(
  wanted: Device,
  folder: string,
  check: DeviceCheck = selfCheck,
): Promise<DeviceChoice> {
  const passedOver: DeviceChoice['passedOver'] = [];
  if (wanted === 'cpu') return { device: 'cpu', passedOver };
  for (const device of wanted === 'auto' ? (['cuda', 'webgpu'] as const) : [wanted]) {
    const known = knownConvolution();
    const reason = await whyNot(device, folder, check, wanted === 'auto' ? { ...known, race: matrixProduct() } : known);
    if (reason === null) return { device, passedOver };
    passedOver.push({ device, reason });
  }
  if (wanted === 'auto') return { device: 'cpu', passedOver };
  throw new TransferEvidenceError(
    'device-unavailable',
    `The device ${wanted} was asked for and does not work here: ${passedOver[0]!.reason}. Mend it, or ask for auto or cpu.`,
  );
}

async function whyNot(
  device: RunningDevice,
  folder: string,
  check: DeviceCheck,
  known: KnownResult,
): Promise<string | null> {
  const backend = requireNative('onnxruntime-node', folder)
    .listSupportedBackends()
    .find(({ name }) => name === device);
  if (backend === undefined) return `onnxruntime-node has no ${device} on ${process.platform}-${process.arch}`;
  if (!backend.bundled)
    return `the ${device} provider libraries are not beside onnxruntime-node in ${folder}; install it there with its install script allowed (ONNXRUNTIME_NODE_INSTALL=${device}12), and give that folder as runtime-path`;
  const result = await check(folder, device, known);
  return result.works ? null : result.reason;
}

/** A 3 × 3 convolution of 0 … 15 on a 4 × 4 grid with the weights 0 … 8, taken from 312 and rectified. */
export function knownConvolution(): KnownResult {
  const input = Array.from({ length: 16 }, (_, i) => i);
  const kernel = Float32Array.from({ length: 9 }, (_, i) => i);
  const limit = 312;
  const graph = new GraphBuilder('self-check');
  const sums = graph.node('Conv', [graph.input('x', [1, 1, 4, 4]), graph.constant('kernel', kernel, [1, 1, 3, 3])]);
  const rest = graph.node('Sub', [graph.constant('limit', Float32Array.of(limit)), sums]);
  graph.output(graph.node('Relu', [rest], {}, 'y'), [1, 1, 2, 2]);
  const expected = [0, 1, 4, 5].map((corner) => {
    let sum = 0;
    for (let i = 0; i < 9; i++) sum += kernel[i]! * input[corner + Math.floor(i / 3) * 4 + (i % 3)]!;
    return Math.max(0, limit - sum);
  });
  return { model: writeModel(graph.model()), input, expected };
}

/** The product of two 640 × 640 matrices, averaged to one number so that little is carried back. */
function matrixProduct(): Uint8Array {
  const graph = new GraphBuilder('race');
  const shape = graph.constant('shape', [640, 640]);
  const matrix = graph.node('Expand', [graph.input('x', [1, 1]), shape]);
  const product = graph.node('MatMul', [matrix, matrix]);
  graph.output(graph.node('ReduceMean', [product], { keepdims: 1 }, 'y'), [1, 1]);
  return writeModel(graph.model());
}

export interface OpenSession {
  session: InferenceSession;
  /** False when some of the network's operators run on the processor because the device lacks them. */
  wholly: boolean;
}

/**
 * Opens a network on one device. On a graphics device it is first tried without a way back to the processor, so that
 * falling back is known and can be told.
 * @param threads processor threads inside one operator
 * @throws model-unsupported when the runtime refuses the network
 */
export async function openSession(
  onnxruntime: OnnxRuntime,
  model: Uint8Array,
  options: { device: RunningDevice; threads: number; name: string; memoryPattern?: boolean },
): Promise<OpenSession> {
  const { device, threads, name, memoryPattern = true } = options;
  const common: InferenceSession.SessionOptions = {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableMemPattern: memoryPattern,
    logSeverityLevel: 3,
  };
  const open = (more: InferenceSession.SessionOptions) =>
    onnxruntime.InferenceSession.create(model, { ...common, ...more });
  try {
    if (device === 'cpu') return { session: await open({ executionProviders: ['cpu'] }), wholly: true };
    try {
      const session = await open({
        executionProviders: [device],
        extra: { session: { disable_cpu_ep_fallback: '1' } },
      });
      return { session, wholly: true };
    } catch {
      return { session: await open({ executionProviders: [device, 'cpu'] }), wholly: false };
    }
  } catch (error) {
    throw new TransferEvidenceError(
      'model-unsupported',
      `The network ${name} cannot be opened on ${device}: ${String((error as Error).message).split('\n')[0]}`,
      { cause: error },
    );
  }
}
