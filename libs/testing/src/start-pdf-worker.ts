import { Worker } from 'node:worker_threads';

const typescript = new URL('../../../test/typescript.mjs', import.meta.url);
const worker = new URL('../../../apps/receipts/src/render/pdf-worker.ts', import.meta.url);

/** Starts the thread that draws receipts from its TypeScript source; Jest puts it in the place of the built one. */
export function startPdfWorker(): Worker {
  return new Worker(worker, { execArgv: ['--import', typescript.href] });
}
