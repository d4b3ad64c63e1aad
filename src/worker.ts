import { workerData } from 'node:worker_threads';
import type { WorkerKind } from './worker-entry.ts';

// The entry of every worker thread: one file, so that each bundle needs only one neighbour.
const { kind, data } = workerData as { kind: WorkerKind; data: never };
switch (kind) {
  case 'describe': {
    const { runDescribeWorker } = await import('./encoder/describe-worker.ts');
    await runDescribeWorker(data);
    break;
  }
  case 'probe': {
    const { runProbeWorker } = await import('./probe/probe-worker.ts');
    await runProbeWorker(data);
    break;
  }
  case 'train': {
    const { runTrainWorker } = await import('./training/train-worker.ts');
    runTrainWorker(data);
    break;
  }
}
