import { CheckpointLost, type Checkpoint } from '#kernel/checkpoint.js';
import type { NewEvent, RecordedEvent } from '#kernel/domain-event.js';
import { batchEventsMaxDefault, checkpointOf, inStreams } from '../batches.js';
import { encodeAppend } from '../encoding.js';
import type { Appended, EventBatch, EventStore, ExpectedRevision, SubscribeOptions } from '../event-store.js';
import { InMemoryLog } from './in-memory-log.js';

const pageEvents = 500;

/** The event store for tests and the memory mode: the port's every promise but durability. What it hands out is frozen. */
export class InMemoryEventStore implements EventStore {
  readonly #clock: { now(): Date };
  readonly #log: InMemoryLog;
  #closed = false;

  constructor(clock: { now(): Date }, log: InMemoryLog = new InMemoryLog()) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Closes this one and opens another over the same events, as a restart of the process would. */
  async reopened(): Promise<InMemoryEventStore> {
    await this.close();
    return new InMemoryEventStore(this.#clock, this.#log);
  }

  /**
   * Another store with the events up to and including the checkpoint (none without one) and the next incarnation, as
   * after a restore. Throws `RangeError` where the checkpoint does not stand.
   */
  restored(upTo?: Checkpoint): InMemoryEventStore {
    return new InMemoryEventStore(this.#clock, this.#log.restored(upTo));
  }

  async append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
    after?: string,
  ): Promise<Appended> {
    this.#refuseWhenClosed();
    return this.#log.append(encodeAppend(stream, events, expected, after), this.#clock.now());
  }

  async *read(stream: string, fromRevision = 0): AsyncIterable<readonly RecordedEvent[]> {
    this.#refuseWhenClosed();
    for (let from = fromRevision; ; from += pageEvents) {
      const page = this.#log.stream(stream).slice(from, from + pageEvents);
      if (page.length === 0) return;
      yield page;
    }
  }

  async *subscribe(options: SubscribeOptions): AsyncIterable<EventBatch> {
    const { batchEventsMax = batchEventsMaxDefault } = options;
    let at = this.#begin(options);
    let caughtUp = false;
    while (!this.#ends(options)) {
      if (caughtUp) await this.#gather(at, options);
      const scanned = this.#log.after(at, batchEventsMax);
      const last = scanned.at(-1);
      at += scanned.length;
      caughtUp = at === this.#log.length;
      if (!last || this.#ends(options)) continue;
      const events = scanned.filter(({ stream }) => inStreams(stream, options.streams));
      yield { events, checkpoint: checkpointOf(last), caughtUp };
    }
  }

  async head(): Promise<Checkpoint | undefined> {
    this.#refuseWhenClosed();
    const [last] = this.#log.after(this.#log.length - 1, 1);
    return last && checkpointOf(last);
  }

  async incarnation(): Promise<number> {
    this.#refuseWhenClosed();
    return this.#log.incarnation;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#log.bell.ring();
  }

  #begin({ after, consumer }: SubscribeOptions): number {
    this.#refuseWhenClosed();
    if (!after) return 0;
    if (!this.#log.holds(after)) throw new CheckpointLost(consumer, after);
    return Number(after.cursor);
  }

  /** Until there is something new, and then until the batch is full or the linger is over. */
  async #gather(at: number, options: SubscribeOptions): Promise<void> {
    const { signal, batchEventsMax = batchEventsMaxDefault, lingerMs = 0 } = options;
    if (this.#log.length === at) await this.#log.bell.heard(signal);
    const until = performance.now() + lingerMs;
    while (this.#log.length - at < batchEventsMax && !this.#ends(options)) {
      const left = until - performance.now();
      if (left <= 0) return;
      await this.#log.bell.heard(signal, left);
    }
  }

  #ends({ signal }: SubscribeOptions): boolean {
    return signal.aborted || this.#closed;
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new Error('the event store is closed');
  }
}
