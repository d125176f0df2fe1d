import type { ServerReads } from './server-reads.js';
import { dataOf, logPositionOf, storeStream, type ClientEvent } from './stored.js';

/** What the store writes about itself, in {@link storeStream}. */
export const marks = { opened: 'IncarnationOpened', filling: 'FillingBegan' } as const;

/** For so long what was read of {@link storeStream} is taken to be all that there is, in milliseconds. */
const freshMs = 5_000;
const marksMax = 1_000;

interface Mark {
  readonly commit: bigint;
  readonly incarnation: number;
}

/**
 * Which incarnation each place of the log belongs to: the last one that was opened before it, 1 at first. Whether an
 * event came before or after is told by the log's own order, so that no writer can be behind.
 */
export class Incarnations {
  #marks: Mark[] = [];
  #filledFrom: bigint | undefined;
  #readAt = -Infinity;
  #reading: Promise<void> | undefined;

  constructor(private readonly reads: ServerReads) {}

  /** The last one opened. */
  get current(): number {
    return this.#marks.at(-1)?.incarnation ?? 1;
  }

  /** Whether somebody has begun to copy a log into this one and has not finished. */
  get filling(): boolean {
    const opened = this.#marks.at(-1)?.commit ?? -1n;
    return this.#filledFrom !== undefined && this.#filledFrom > opened;
  }

  /** The one that this place of the log belongs to. */
  at(commit: bigint): number {
    return this.#marks.findLast((mark) => mark.commit < commit)?.incarnation ?? 1;
  }

  /** Resolves when what is known is not older than a few seconds. */
  async fresh(): Promise<void> {
    if (performance.now() - this.#readAt < freshMs) return;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  /** What is known may be out of date: the connection was lost, and the store may have been restored meanwhile. */
  doubt(): void {
    this.#readAt = -Infinity;
  }

  /** Takes up an event of {@link storeStream} as a subscription brings it: an old one too, where that reads from the start. */
  learn(event: ClientEvent): void {
    const { commit } = logPositionOf(event);
    if (event.type === marks.filling && commit > (this.#filledFrom ?? -1n)) this.#filledFrom = commit;
    if (event.type !== marks.opened) return;
    const { incarnation } = dataOf(event) as { readonly incarnation: number };
    if (!this.#marks.some((mark) => mark.commit === commit)) this.#marks.push({ commit, incarnation });
  }

  async #read(): Promise<void> {
    const began = performance.now();
    const events = await this.reads.stream(storeStream, 0, marksMax);
    this.#marks = [];
    this.#filledFrom = undefined;
    for (const event of events) this.learn(event);
    this.#readAt = began;
  }
}
