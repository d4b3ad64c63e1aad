import { spawn } from 'node:child_process';

/** What one try of a device found. `reason` says why it does not work. */
export type SelfCheck = { works: true } | { works: false; reason: string };

/**
 * Runs as a process of its own with `node -e`: a bad graphics driver ends the process it is loaded into, and that must
 * not be the review. It computes a known convolution on the device, without a way back to the processor; where there is
 * a choice it then races the processor.
 */
const script = `
const { createRequire } = require('node:module');
const [folder, provider, model, input, expected, race] = process.argv.slice(1);
const numbers = (text) => new Float32Array(JSON.parse(text));
(async () => {
  const { InferenceSession, Tensor } = createRequire(folder + '/package.json')('onnxruntime-node');
  const open = (bytes, on) => InferenceSession.create(Buffer.from(bytes, 'base64'), {
    executionProviders: [on], logSeverityLevel: 3, extra: { session: { disable_cpu_ep_fallback: on === 'cpu' ? '0' : '1' } },
  });
  const session = await open(model, provider);
  const { y } = await session.run({ x: new Tensor('float32', numbers(input), [1, 1, 4, 4]) });
  const wrong = [...numbers(expected)].findIndex((value, i) => Math.abs(y.data[i] - value) > 1e-3);
  if (wrong >= 0) throw new Error('it computed ' + y.data[wrong] + ' where ' + numbers(expected)[wrong] + ' is right');
  const time = async (on) => {
    const runner = await open(race, on);
    const feed = { x: new Tensor('float32', new Float32Array(1), [1, 1]) };
    await runner.run(feed);
    const start = performance.now();
    await runner.run(feed);
    return performance.now() - start;
  };
  if (race) {
    const [device, processor] = [await time(provider), await time('cpu')];
    // A real device may lose a little on work this small; a driver in software was seen to take 200 times as long.
    if (device > 10 * processor) throw new Error('it is far slower than the processor, as drivers in software are: ' + device.toFixed(1) + ' against ' + processor.toFixed(1) + ' ms');
  }
  process.stdout.write('correct\\n', () => process.kill(process.pid, 'SIGKILL'));
})().catch((error) => process.stdout.write(String(error.message).split('\\n')[0].replace(/^.* was false\\. /, '').slice(0, 400) + '\\n', () => process.exit(1)));
`;

/** One convolution and its result on small whole numbers, which every number format holds exactly. */
export interface KnownResult {
  model: Uint8Array;
  input: readonly number[];
  expected: readonly number[];
  /** Work from one number `x` that the device must not take ten times as long for as the processor. */
  race?: Uint8Array;
}

/** Tries an execution provider in a short-lived process of its own. Never throws. */
export function selfCheck(folder: string, provider: string, known: KnownResult, timeout = 60_000): Promise<SelfCheck> {
  const args = [
    folder,
    provider,
    Buffer.from(known.model).toString('base64'),
    JSON.stringify(known.input),
    JSON.stringify(known.expected),
    known.race ? Buffer.from(known.race).toString('base64') : '',
  ];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['-e', script, '--', ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout,
      killSignal: 'SIGKILL',
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on('error', (error) => resolve({ works: false, reason: error.message }));
    child.on('close', (status, signal) => {
      const said = output.trim();
      // Drivers are known to crash at exit: the child says "correct" and then kills itself.
      if (said.endsWith('correct')) resolve({ works: true });
      else
        resolve({
          works: false,
          reason:
            said || (signal ? `the driver ended the process (${signal})` : `the process ended with status ${status}`),
        });
    });
  });
}
