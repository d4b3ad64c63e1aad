import * as ort from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { GraphBuilder } from '../../src/onnx/build.ts';
import type { RunningDevice } from '../../src/runtime/device.ts';
import { openGraph } from '../../src/training/open-graph.ts';
import { denseNetwork } from '../helpers/training.ts';

/** One that this machine’s runtime does not come with. */
const absent = (['cuda', 'webgpu'] as const).find(
  (device) => !ort.listSupportedBackends().some(({ name, bundled }) => name === device && bundled),
);
const open = (model: ReturnType<typeof denseNetwork>, device: RunningDevice) =>
  openGraph(ort, model, { device, threads: 1, name: 'dense' });
/** No runtime knows its operator. */
const impossible = () => {
  const graph = new GraphBuilder('impossible');
  graph.output(graph.node('Impossible', [graph.input('x', [1])]), [1]);
  return graph.model(18);
};

it('a graph that the processor takes and a device does not is the device’s fault', async ({ skip }) => {
  if (!absent) skip('this runtime comes with every device');
  await expect(open(denseNetwork(), absent!)).rejects.toMatchObject({
    code: 'device-unavailable',
    message: expect.stringContaining(`The network dense cannot be opened on ${absent}: `),
  });
});

it('a graph that no device takes is the network’s fault', async ({ skip }) => {
  await expect(open(impossible(), 'cpu')).rejects.toMatchObject({ code: 'model-unsupported' });
  if (!absent) skip('this runtime comes with every device');
  await expect(open(impossible(), absent!)).rejects.toMatchObject({
    code: 'model-unsupported',
    message: expect.stringContaining('cannot be opened on cpu: '),
  });
});

it('a graph opens on the processor', async () => {
  const session = await open(denseNetwork(), 'cpu');
  expect(session.outputNames).toEqual(['features']);
  await session.release();
});
