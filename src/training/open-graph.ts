import type { InferenceSession } from 'onnxruntime-node';
import { TransferEvidenceError } from '../errors.ts';
import type { Model } from '../onnx/model.ts';
import { writeModel } from '../onnx/write.ts';
import { openSession, type RunningDevice } from '../runtime/device.ts';
import type { OnnxRuntime } from '../runtime/require-native.ts';

/**
 * Opens a graph that is trained or evaluated. When a graphics device refuses it, the processor is asked: what both refuse is the
 * network's fault, what the processor takes is the device's.
 * @throws model-unsupported when the network is at fault; device-unavailable when the device is
 */
export async function openGraph(
  runtime: OnnxRuntime,
  model: Model,
  { device, threads, name }: { device: RunningDevice; threads: number; name: string },
): Promise<InferenceSession> {
  const file = writeModel(model);
  // A pattern would be one more block as large as all that a step keeps, beside the blocks that the first step made; none is as fast.
  const settings = { threads, name, memoryPattern: false };
  try {
    return (await openSession(runtime, file, { ...settings, device })).session;
  } catch (error) {
    if (device === 'cpu') throw error;
    const { session } = await openSession(runtime, file, { ...settings, device: 'cpu' });
    await session.release();
    throw new TransferEvidenceError('device-unavailable', (error as Error).message, { cause: error });
  }
}
