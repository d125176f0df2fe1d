import type { Worker } from 'node:worker_threads';
import type { ReceiptPage } from './receipt-page.js';
import { startPdfWorker } from './start-pdf-worker.js';

/** A page on its way into the worker. */
export interface Drawing {
  readonly id: number;
  readonly page: ReceiptPage;
}

/** What comes back of it. */
export type Drawn =
  { readonly id: number; readonly pdf: Uint8Array } | { readonly id: number; readonly failure: string };

/** A page that could not be drawn; its message never says what stands on it. */
export class DrawingFailed extends Error {
  override readonly name = 'DrawingFailed';
}

/** How the press works. */
export interface PressOptions {
  /** Starts the thread; the built one when absent. */
  readonly start?: () => Worker;
  /** A page that takes longer is given up, in milliseconds; 30,000 when absent. */
  readonly drawingMs?: number;
}

interface Waiting {
  readonly done: (pdf: Uint8Array) => void;
  readonly failed: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/**
 * Draws receipts in one worker thread, so that drawing never holds up the event loop. The thread starts with the first
 * page and again after it died; what it had in hand then fails and may be tried again.
 */
export class PdfPress {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #last = 0;

  constructor(private readonly options: PressOptions = {}) {}

  /** The PDF of a page, the same bytes for the same page; throws {@link DrawingFailed}. */
  draw(page: ReceiptPage): Promise<Uint8Array> {
    const worker = (this.#worker ??= this.#begin());
    const id = (this.#last += 1);
    return new Promise((done, failed) => {
      const tooLong = (): void => this.#abandon(worker, `no PDF within ${String(this.#drawingMs)} ms`);
      const timer = setTimeout(tooLong, this.#drawingMs);
      this.#waiting.set(id, { done, failed, timer });
      worker.postMessage({ id, page } satisfies Drawing);
    });
  }

  /** Ends the thread; what is still being drawn fails. */
  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#abandon(worker, 'the press is closed');
    await worker.terminate();
  }

  /** Called when the application stops and nobody draws any more. */
  onApplicationShutdown(): Promise<void> {
    return this.close();
  }

  get #drawingMs(): number {
    return this.options.drawingMs ?? 30_000;
  }

  #begin(): Worker {
    const worker = (this.options.start ?? startPdfWorker)();
    worker.on('message', (drawn: Drawn) => this.#settle(drawn));
    worker.on('error', (error) => this.#abandon(worker, `the thread died: ${error.name}`));
    worker.on('exit', () => this.#abandon(worker, 'the thread ended'));
    // An idle press keeps no process alive; a listener for messages would, so this comes last.
    worker.unref();
    return worker;
  }

  #settle(drawn: Drawn): void {
    const waiting = this.#waiting.get(drawn.id);
    if (waiting === undefined) return;
    this.#waiting.delete(drawn.id);
    clearTimeout(waiting.timer);
    if ('pdf' in drawn) waiting.done(drawn.pdf);
    else waiting.failed(new DrawingFailed(drawn.failure));
  }

  /** Everything in hand fails, and the next page gets a new thread. */
  #abandon(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    void worker.terminate();
    const abandoned = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { failed, timer } of abandoned) {
      clearTimeout(timer);
      failed(new DrawingFailed(reason));
    }
  }
}
