import { availableParallelism, cpus } from 'node:os';
import { version } from '../version.ts';
import type { Evidence } from './schema.ts';

/** Fingerprint of hardware and software, for the evidence. */
export function environment(ran: {
  device: string;
  onnxruntime: string | null;
  sharp: string | null;
}): Evidence['environment'] {
  return {
    program: `transfer-evidence ${version}`,
    node: process.versions.node,
    onnxruntime: ran.onnxruntime,
    sharp: ran.sharp,
    platform: `${process.platform}-${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    device: ran.device,
  };
}
