import { setTimeout as delay } from 'node:timers/promises';
import { CheckpointLost, type Checkpoint } from '#kernel/checkpoint.js';
import { isConnectionError } from '#postgres/pool.js';
import { batchEventsMaxDefault, inStreams } from '../batches.js';
import type { EventBatch, SubscribeOptions } from '../event-store.js';
import type { LogPage, LogReader } from './log-reader.js';
import type { Tail } from './tail.js';

/** How long a subscriber goes on trying while the database cannot be reached, in milliseconds. */
const patienceMs = 60_000;
const retryMsMin = 50;
const retryMsMax = 2_000;
const lingerStepMs = 25;
/** While it lingers it looks so often for what other processes append. */
const freshMs = 25;

/** One subscriber: history by pages of its own, the live end from the tail that all share. */
export class Subscription {
  readonly #reader: LogReader;
  readonly #tail: Tail;
  readonly #options: SubscribeOptions;
  readonly #max: number;
  #at: Checkpoint | undefined;
  /** Whether the tail is at or before where this one goes on, as far as is known. */
  #live = false;
  /** Whether there was nothing more when it last looked. */
  #caughtUp = false;
  #failingSince: number | undefined;
  #retryMs = retryMsMin;

  constructor(reader: LogReader, tail: Tail, options: SubscribeOptions) {
    this.#reader = reader;
    this.#tail = tail;
    this.#options = options;
    this.#max = options.batchEventsMax ?? batchEventsMaxDefault;
    this.#at = options.after;
  }

  /** The next batch, as soon as there is one; undefined when it has to be asked again. */
  async next(): Promise<EventBatch | undefined> {
    if (this.#caughtUp) await this.#wait();
    const page = await this.#page();
    const last = page?.entries.at(-1);
    this.#caughtUp = page ? page.atEnd || !last : false;
    if (!page || !last) return undefined;
    this.#at = last.checkpoint;
    const matching = page.entries.filter(({ stream }) => inStreams(stream, this.#options.streams));
    return { events: matching.map(({ event }) => event), checkpoint: this.#at, caughtUp: page.atEnd };
  }

  async #page(): Promise<LogPage | undefined> {
    const kept = this.#live ? this.#tail.after(this.#at, this.#max) : undefined;
    return kept ?? this.#history();
  }

  async #history(): Promise<LogPage | undefined> {
    const { consumer, streams } = this.#options;
    try {
      const page = await this.#reader.page(this.#at, this.#max, streams);
      this.#failingSince = undefined;
      this.#retryMs = retryMsMin;
      if (!page && this.#at) throw new CheckpointLost(consumer, this.#at);
      this.#live = page?.atEnd ?? false;
      return page;
    } catch (error) {
      await this.#endure(error);
      return undefined;
    }
  }

  /** Waits a little after a lost connection; throws what it was when it is something else or lasts too long. */
  async #endure(error: unknown): Promise<void> {
    this.#failingSince ??= performance.now();
    if (!isConnectionError(error) || performance.now() - this.#failingSince > patienceMs) throw error;
    await delay(this.#retryMs, undefined, { signal: this.#options.signal }).catch(() => undefined);
    this.#retryMs = Math.min(this.#retryMs * 2, retryMsMax);
  }

  /** Until there is something new, and then until the batch is full or the linger is over. */
  async #wait(): Promise<void> {
    const { signal, lingerMs = 0 } = this.#options;
    this.#live = await this.#tail.heard(this.#at, signal);
    const until = performance.now() + lingerMs;
    while (this.#live && !signal.aborted && this.#tail.known(this.#at) < this.#max) {
      const left = until - performance.now();
      if (left <= 0) return;
      await delay(Math.min(left, lingerStepMs), undefined, { signal }).catch(() => undefined);
      await this.#tail.freshen(freshMs);
    }
  }
}
