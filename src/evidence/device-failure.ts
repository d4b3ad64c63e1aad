import { TransferEvidenceError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import type { Device, RunningDevice } from '../runtime/device.ts';

/**
 * Trains on a device and, when it fails, starts all of it again on the processor, so that no number of one device stands beside
 * one of the other. A device that was asked for by name is not left.
 * @param wanted what the user asked for; `chosen`: what that came to
 * @throws device-unavailable when a device asked for by name fails, or the processor does; else what training throws
 */
export async function orOnProcessor<T>(
  { wanted, chosen }: { wanted: Device; chosen: RunningDevice },
  train: (device: RunningDevice) => Promise<T>,
  { log, signal }: { log: Progress; signal: AbortSignal },
): Promise<T> {
  try {
    return await train(chosen);
  } catch (error) {
    // On the processor there is nowhere left to go.
    if (!isDeviceFailure(error) || chosen === 'cpu' || signal.aborted) throw error;
    const reason = error.message.replace(/\.$/, '');
    if (wanted !== 'auto')
      throw new TransferEvidenceError(
        'device-unavailable',
        `The device ${chosen} was asked for and failed while networks were trained: ${reason}. Mend it, or ask for auto or cpu.`,
        { cause: error },
      );
    log.info(`${chosen} failed while networks were trained, so all of them are trained on the processor: ${reason}.`);
    return train('cpu');
  }
}

/** A network that cannot be trained has another code: see cannotBeTrained. */
function isDeviceFailure(error: unknown): error is TransferEvidenceError {
  return error instanceof TransferEvidenceError && error.code === 'device-unavailable';
}
