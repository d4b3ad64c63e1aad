import { describe, expect, it } from 'vitest';
import { TransferEvidenceError } from '../../src/errors.ts';
import { linearProbe } from '../../src/probe/linear/evaluate.ts';
import { runProbes } from '../../src/probe/run.ts';
import { loadNatives } from '../../src/runtime/natives.ts';
import { probeFeatures, probeProtocol } from '../helpers/probe.ts';

const protocol = probeProtocol(60, 3, { repeats: 1 });
const jobs = [
  { id: 'strong', features: probeFeatures(protocol, 60, 2, 1) },
  { id: 'weak', features: probeFeatures(protocol, 20, 0.5, 2) },
];

describe('probes in worker threads', { timeout: 60_000 }, () => {
  it('give the same numbers to the last bit however many threads there are, and tell how many splits are done', async () => {
    const seen: [number, number][] = [];
    const one = await runProbes(jobs, protocol, { threads: 1, onProgress: (done, total) => seen.push([done, total]) });
    const two = await runProbes(jobs, protocol, { threads: 2 });
    expect([...one.keys()]).toEqual(['strong', 'weak']);
    expect(two).toEqual(one);
    for (const { id, features } of jobs) expect(one.get(id)).toEqual(await linearProbe(features, protocol));
    expect(seen).toEqual(Array.from({ length: 10 }, (_, i) => [i + 1, 10]));
  });

  it('on the runtime too give the same numbers to the last bit, which are those of loops but for rounding', async () => {
    const { from } = await loadNatives({ need: ['onnxruntime-node'], log: () => undefined });
    const natives = from['onnxruntime-node']!.folder;
    // As many columns as take compiled products; fitted in the weights themselves, and by products of images.
    const larger = probeProtocol(210, 3, { repeats: 1 });
    const wide = [150, 400].map((columns) => ({
      id: `${columns}`,
      features: probeFeatures(larger, columns, 1, columns),
    }));
    const one = await runProbes(wide, larger, { threads: 1, natives });
    const two = await runProbes(wide, larger, { threads: 2, natives });
    expect(two).toEqual(one);
    for (const { id, features } of wide) {
      const loops = await linearProbe(features, larger);
      expect(one.get(id)!.configurations).toEqual(loops.configurations);
      one.get(id)!.predictions.probabilities.forEach((p, at) => {
        expect(Math.abs(p - loops.predictions.probabilities[at]!)).toBeLessThan(1.5e-5);
      });
    }
    const nowhere = runProbes(wide, larger, { threads: 2, natives: '/nowhere' });
    await expect(nowhere).rejects.toThrow('onnxruntime-node');
  });

  it('stop on the runtime within the split under way', async () => {
    const { from } = await loadNatives({ need: ['onnxruntime-node'], log: () => undefined });
    const larger = probeProtocol(300, 5, { repeats: 2 });
    const features = probeFeatures(larger, 200, 1, 3);
    const controller = new AbortController();
    let done = 0;
    const run = runProbes([{ id: 'any', features }], larger, {
      threads: 2,
      natives: from['onnxruntime-node']!.folder,
      onProgress: () => {
        done++;
        controller.abort();
      },
      signal: controller.signal,
    });
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(done).toBeLessThanOrEqual(2);
  });

  it('survive being stored as JSON', async () => {
    const result = await linearProbe(jobs[1]!.features, protocol);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it('stop when asked to, with the reason they were given', async () => {
    const controller = new AbortController();
    const timedOut = new TransferEvidenceError('time-out', 'The budget is spent.');
    const onProgress = () => controller.abort(timedOut);
    const run = runProbes(jobs, protocol, { threads: 1, onProgress, signal: controller.signal });
    await expect(run).rejects.toBe(timedOut);
    const aborted = runProbes(jobs, protocol, { threads: 1, signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('pass on what a probe refuses', async () => {
    const wrong = { ...protocol, metric: 'auc' as const };
    await expect(runProbes(jobs, wrong, { threads: 1 })).rejects.toMatchObject({ code: 'measure-refused' });
  });

  it('of no jobs are no results', async () => {
    expect(await runProbes([], protocol, { threads: 2 })).toEqual(new Map());
  });
});
