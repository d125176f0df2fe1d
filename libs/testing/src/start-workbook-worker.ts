import { Worker, type WorkerOptions } from 'node:worker_threads';

const typescript = new URL('../../../test/typescript.mjs', import.meta.url);
const worker = new URL('../../../libs/platform/src/tabular/workbook-worker.ts', import.meta.url);

/** Starts the thread that writes workbooks from its TypeScript source; Jest puts it in the place of the built one. */
export function startWorkbookWorker(options: WorkerOptions): Worker {
  return new Worker(worker, { ...options, execArgv: ['--import', typescript.href] });
}
