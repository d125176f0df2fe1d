import { Worker, type WorkerOptions } from 'node:worker_threads';

/** Starts the thread that writes a workbook. Specs, which run from sources, have one of their own in this place. */
export function startWorkbookWorker(options: WorkerOptions): Worker {
  return new Worker(new URL('./workbook-worker.js', import.meta.url), options);
}
