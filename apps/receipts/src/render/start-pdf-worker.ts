import { Worker } from 'node:worker_threads';

/** Starts the thread that draws. Specs, which run from sources, have one of their own in this place. */
export function startPdfWorker(): Worker {
  return new Worker(new URL('./pdf-worker.js', import.meta.url));
}
