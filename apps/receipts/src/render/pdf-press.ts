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

/** Who waits for a page: somebody at a screen, a mail, or nobody. */
export type Urgency = 'asked' | 'owed' | 'unhurried';

/** How the press works. */
export interface PressOptions {
  /** Starts the thread; the built one when absent. */
  readonly start?: () => Worker;
  /** A page that takes longer once it is begun is given up, in milliseconds; 30,000 when absent. */
  readonly drawingMs?: number;
}

interface Waiting {
  readonly drawing: Drawing;
  readonly urgency: Urgency;
  readonly done: (pdf: Uint8Array) => void;
  readonly failed: (error: Error) => void;
}

const inOrder = ['asked', 'owed', 'unhurried'] as const satisfies readonly Urgency[];

/**
 * Draws receipts in one worker thread, one after the other and the most urgent first, so that drawing never holds up the
 * event loop. The thread starts with the first page and again after it died; what had come in by then fails and may be
 * tried again.
 */
export class PdfPress {
  readonly #waiting = new Map<number, Waiting>();
  /** Runs while the thread has a page. */
  #timer: NodeJS.Timeout | undefined;
  #worker: Worker | undefined;
  #last = 0;

  constructor(private readonly options: PressOptions = {}) {}

  /** The PDF of a page, the same bytes for the same page; `owed` when no urgency is given. Throws {@link DrawingFailed}. */
  draw(page: ReceiptPage, urgency: Urgency = 'owed'): Promise<Uint8Array> {
    const worker = (this.#worker ??= this.#begin());
    const id = (this.#last += 1);
    return new Promise((done, failed) => {
      this.#waiting.set(id, { drawing: { id, page }, urgency, done, failed });
      this.#drawNext(worker);
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
    worker.on('message', (drawn: Drawn) => this.#settle(worker, drawn));
    worker.on('error', (error) => this.#abandon(worker, `the thread died: ${error.name}`));
    worker.on('exit', () => this.#abandon(worker, 'the thread ended'));
    // An idle press keeps no process alive; a listener for messages would, so this comes last.
    worker.unref();
    return worker;
  }

  /** Hands the thread the next page if it has none; pages of one urgency go in the order in which they came. */
  #drawNext(worker: Worker): void {
    if (this.#timer !== undefined) return;
    const waiting = [...this.#waiting.values()];
    const next = inOrder
      .map((urgency) => waiting.find((one) => one.urgency === urgency))
      .find((one) => one !== undefined);
    if (next === undefined) return;
    const tooLong = (): void => this.#abandon(worker, `no PDF within ${String(this.#drawingMs)} ms`);
    this.#timer = setTimeout(tooLong, this.#drawingMs);
    worker.postMessage(next.drawing);
  }

  #settle(worker: Worker, drawn: Drawn): void {
    const waiting = this.#waiting.get(drawn.id);
    if (waiting === undefined) return;
    this.#waiting.delete(drawn.id);
    this.#emptyHand();
    this.#drawNext(worker);
    if ('pdf' in drawn) waiting.done(drawn.pdf);
    else waiting.failed(new DrawingFailed(drawn.failure));
  }

  /** Everything in hand fails, and the next page gets a new thread. */
  #abandon(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#emptyHand();
    void worker.terminate();
    const abandoned = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { failed } of abandoned) failed(new DrawingFailed(reason));
  }

  #emptyHand(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
