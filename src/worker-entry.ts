import { existsSync } from 'node:fs';
import { type ResourceLimits, Worker } from 'node:worker_threads';

/** What a worker thread is started for; see worker.ts. */
export type WorkerKind = 'describe' | 'probe' | 'train';

/** Starts a worker thread of this program, from the sources or from any of the bundles. */
export function startWorker(kind: WorkerKind, data: unknown, resourceLimits: ResourceLimits = {}): Worker {
  return new Worker(workerFile(), { workerData: { kind, data }, resourceLimits });
}

/**
 * The sources keep the worker beside this file; the bundles keep it at dist/worker, seen from dist/index.js or
 * dist/cli/index.js. The names are put together at run time so that the bundler leaves them alone.
 */
function workerFile(): URL {
  const places = import.meta.url.endsWith('.ts')
    ? [['.', 'worker.ts']]
    : [
        ['.', 'worker', 'index.js'],
        ['..', 'worker', 'index.js'],
      ];
  const candidates = places.map((parts) => new URL(parts.join('/'), import.meta.url));
  return candidates.find((url) => existsSync(url)) ?? candidates[0]!;
}
