import { mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readPinned } from '../../src/runtime/pinned.ts';
import { stepNames } from '../../src/training/step-graph.ts';
import { writePackage } from './fake-packages.ts';

/** The checkout: its node_modules hold the runtime. */
const checkout = join(import.meta.dirname, '../..');

/** Bytes of a network beyond which it is none of the self-check's. */
const larger = 2000;

/**
 * A folder for runtime-path whose onnxruntime-node is the real one, but that it has a CUDA device: one that passes the self-check and
 * then fails. On `opening` a network the real runtime is asked for a device that no machine has. With `steps` networks are computed by
 * the processor until a thread has taken so many training steps.
 */
export async function failingDevice(folder: string, fails: 'opening' | { steps: number }): Promise<string> {
  const steps = fails === 'opening' ? null : fails.steps;
  const script = `
const real = require('node:module').createRequire(${JSON.stringify(join(checkout, 'package.json'))})('onnxruntime-node');
let left = ${steps};
const create = async (model, given = {}) => {
  const { executionProviders: [wanted] = [], extra, ...options } = given;
  if (wanted !== 'cuda') return real.InferenceSession.create(model, given);
  if (left === null && model.byteLength > ${larger})
    return real.InferenceSession.create(model, { ...options, executionProviders: [{ name: 'cuda', deviceId: 99 }] });
  const session = await real.InferenceSession.create(model, { ...options, executionProviders: ['cpu'] });
  const run = session.run.bind(session);
  session.run = async (feeds, ...rest) => {
    const steps = feeds[${JSON.stringify(stepNames.steps)}];
    if (left !== null && steps) left -= Number(steps.data[0]);
    if (left < 0) throw new Error('CUDA failure 2: out of memory');
    return run(feeds, ...rest);
  };
  return session;
};
module.exports = { ...real, listSupportedBackends: () => [{ name: 'cuda', bundled: true }], InferenceSession: { create } };
`;
  const { versions } = readPinned();
  await writePackage(folder, 'onnxruntime-node', versions['onnxruntime-node'], script);
  const sharp = join(folder, 'node_modules/sharp');
  await mkdir(dirname(sharp), { recursive: true });
  await symlink(join(checkout, 'node_modules/sharp'), sharp);
  return folder;
}
