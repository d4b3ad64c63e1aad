import { describe, expect, it } from 'vitest';
import { TransferEvidenceError } from '../../src/errors.ts';
import { linearProbe } from '../../src/probe/linear/evaluate.ts';
import { runProbes } from '../../src/probe/run.ts';
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
    for (const { id, features } of jobs) expect(one.get(id)).toEqual(linearProbe(features, protocol));
    expect(seen).toEqual(Array.from({ length: 10 }, (_, i) => [i + 1, 10]));
  });

  it('survive being stored as JSON', () => {
    const result = linearProbe(jobs[1]!.features, protocol);
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
