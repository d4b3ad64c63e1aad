import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseDevice, type DeviceCheck, knownConvolution, openSession } from '../../src/runtime/device.ts';
import { loadNatives } from '../../src/runtime/natives.ts';
import type { OnnxRuntime } from '../../src/runtime/require-native.ts';
import { selfCheck } from '../../src/runtime/self-check.ts';
import { writePackage } from '../helpers/fake-packages.ts';

const scratch = await mkdtemp(join(tmpdir(), 'device-'));
afterAll(() => rm(scratch, { recursive: true }));

let folder: string;
let onnxruntime: OnnxRuntime;
beforeAll(async () => {
  const natives = await loadNatives({ need: ['onnxruntime-node'], log: () => {} });
  folder = natives.from['onnxruntime-node']!.folder;
  onnxruntime = natives.onnxruntime!;
});

/** An onnxruntime-node that claims some backends and otherwise runs a script. */
async function claiming(backends: { name: string; bundled: boolean }[], script = ''): Promise<string> {
  const home = await mkdtemp(join(scratch, 'claiming-'));
  await writePackage(
    home,
    'onnxruntime-node',
    '1.0.0',
    `exports.listSupportedBackends = () => (${JSON.stringify(backends)});${script}`,
  );
  return home;
}

const both = [
  { name: 'cuda', bundled: true },
  { name: 'webgpu', bundled: true },
];

function only(works: string): DeviceCheck {
  return async (_, device) => (device === works ? { works: true } : { works: false, reason: `${device} is broken` });
}

describe('choosing a device', () => {
  it('takes the first that works: cuda, then webgpu, then the processor', async () => {
    const home = await claiming(both);
    expect(await chooseDevice('auto', home, only('cuda'))).toEqual({ device: 'cuda', passedOver: [] });
    expect(await chooseDevice('auto', home, only('webgpu'))).toEqual({
      device: 'webgpu',
      passedOver: [{ device: 'cuda', reason: 'cuda is broken' }],
    });
    expect((await chooseDevice('auto', home, only('none'))).device).toBe('cpu');
  });

  it('never tries a device whose libraries are not there', async () => {
    const home = await claiming([{ name: 'cuda', bundled: false }]);
    const { device, passedOver } = await chooseDevice('auto', home, async () => ({ works: true }));
    expect(device).toBe('cpu');
    expect(passedOver.map(({ reason }) => reason)).toEqual([
      expect.stringContaining('libraries'),
      expect.stringContaining('has no webgpu'),
    ]);
  });

  it('refuses a named device that does not work, with the reason', async () => {
    await expect(chooseDevice('webgpu', await claiming(both), only('cuda'))).rejects.toMatchObject({
      code: 'device-unavailable',
      message: expect.stringContaining('webgpu is broken'),
    });
  });

  it('tries nothing for the processor', async () => {
    expect(await chooseDevice('cpu', join(scratch, 'absent'))).toEqual({ device: 'cpu', passedOver: [] });
  });
});

describe('trying a device', () => {
  it('passes when the known convolution comes out right', async () => {
    expect(await selfCheck(folder, 'cpu', knownConvolution())).toEqual({ works: true });
  });

  it('fails when a number is wrong', async () => {
    const known = knownConvolution();
    const check = await selfCheck(folder, 'cpu', { ...known, expected: [54, 18, 0, 7] });
    expect(check).toEqual({ works: false, reason: 'it computed 0 where 7 is right' });
  });

  it('passes over a device that computes rightly and far more slowly than the processor, where there is a choice', async () => {
    // The same answers from both, the device's after 100 ms.
    const home = await claiming(
      both,
      `exports.Tensor = class {};
      exports.InferenceSession = { create: async (_, { executionProviders: [on] }) => ({
        run: () => new Promise((resolve) => setTimeout(resolve, on === 'webgpu' ? 100 : 1, { y: { data: [312 - 312, 312 - 276, 168, 132] } })),
      }) };`,
    );
    const known = { ...knownConvolution(), expected: [0, 36, 168, 132] };
    const slow: DeviceCheck = (at, device, { race }) =>
      device === 'cuda'
        ? Promise.resolve({ works: false, reason: 'none here' })
        : selfCheck(at, device, race ? { ...known, race } : known);
    const { device, passedOver } = await chooseDevice('auto', home, slow);
    expect(device).toBe('cpu');
    expect(passedOver[1]?.reason).toMatch(/far slower than the processor.*against/);
    expect((await chooseDevice('webgpu', home, slow)).device).toBe('webgpu');
  });

  it('runs the race itself on the real runtime', async () => {
    let race: Uint8Array | undefined;
    await chooseDevice('auto', await claiming(both), async (_, __, known) => {
      race = known.race;
      return { works: true };
    });
    expect(await selfCheck(folder, 'cpu', { ...knownConvolution(), race: race! })).toEqual({ works: true });
  });

  it('outlives a driver that crashes the process', async () => {
    const home = await claiming([], 'process.abort();');
    expect(await selfCheck(home, 'webgpu', knownConvolution())).toMatchObject({
      works: false,
      reason: expect.stringMatching(/ended/),
    });
  });

  it('outlives a driver that hangs', async () => {
    const home = await claiming([], 'for (;;);');
    expect(await selfCheck(home, 'webgpu', knownConvolution(), 300)).toMatchObject({ works: false });
  });
});

describe('opening a network', () => {
  it('runs it on the processor', async () => {
    const { model, input, expected } = knownConvolution();
    const { session, wholly } = await openSession(onnxruntime, model, { device: 'cpu', threads: 1, name: 'known' });
    const { y } = await session.run({ x: new onnxruntime.Tensor('float32', Float32Array.from(input), [1, 1, 4, 4]) });
    expect([...(y!.data as Float32Array)]).toEqual(expected);
    expect(wholly).toBe(true);
  });

  it('names the network that the runtime refuses', async () => {
    await expect(
      openSession(onnxruntime, Uint8Array.of(8, 99), { device: 'cpu', threads: 1, name: 'odd.onnx' }),
    ).rejects.toMatchObject({
      code: 'model-unsupported',
      message: expect.stringContaining('odd.onnx'),
    });
  });
});
