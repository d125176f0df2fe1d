import type { Checkpoint } from '#kernel/checkpoint.js';
import type { NewEvent, RecordedEvent } from '#kernel/domain-event.js';
import { encodeAppend } from '../encoding.js';
import {
  AppendMixed,
  AppendTooLarge,
  WrongExpectedVersion,
  type Appended,
  type EventBatch,
  type EventStore,
  type ExpectedRevision,
  type SubscribeOptions,
} from '../event-store.js';
import { LogNotWhole } from '../importing.js';
import { Appends } from './appends.js';
import { Connection } from './connection.js';
import { Incarnations } from './incarnations.js';
import { Latest } from './latest.js';
import { LogEnd } from './log-end.js';
import { Names, type KurrentDbAddress } from './names.js';
import { ServerReads } from './server-reads.js';
import {
  anchorOf,
  checkpointAt,
  isOurs,
  logPositionOf,
  recordedOf,
  storeStream,
  type ClientEvent,
} from './stored.js';
import { Subscription } from './subscription.js';

/** How to open a {@link KurrentDbEventStore}. */
export interface KurrentDbEventStoreOptions extends KurrentDbAddress {
  /** How long each call may take, in milliseconds; 10,000 when absent. */
  readonly deadlineMs?: number;
}

const deadlineMsDefault = 10_000;
const pageEvents = 500;
/** Pages end at about this many bytes of data, so that no page of large events exhausts memory. */
const pageBytesMax = 4 * 1_048_576;
/** A client has a hundred streams in all, and reads and appends need theirs. */
const subscriptionsMax = 48;

/**
 * The event store on a KurrentDB or EventStoreDB server. The cursor is the event's place in that server's log, and so
 * is the number of its position, which rises and leaves gaps. Stores of one process over one server share its client;
 * subscribers outlast a minute without the server.
 */
export class KurrentDbEventStore implements EventStore {
  readonly #connection: Connection;
  readonly #names: Names;
  readonly #reads: ServerReads;
  readonly #incarnations: Incarnations;
  readonly #end: LogEnd;
  readonly #latest = new Latest();
  readonly #appends: Appends;
  readonly #closing = new AbortController();
  readonly #subscribed = new Set<Subscription>();

  constructor(options: KurrentDbEventStoreOptions) {
    const { url, deadlineMs = deadlineMsDefault } = options;
    this.#names = new Names(options);
    this.#connection = Connection.to(url);
    this.#reads = new ServerReads(this.#connection.client, this.#names, deadlineMs);
    this.#incarnations = new Incarnations(this.#reads);
    this.#end = new LogEnd(this.#reads);
    this.#appends = new Appends({
      connection: this.#connection,
      names: this.#names,
      reads: this.#reads,
      incarnations: this.#incarnations,
      end: this.#end,
      latest: this.#latest,
      deadlineMs,
    });
  }

  async append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
    after?: string,
  ): Promise<Appended> {
    this.#refuseWhenClosed();
    const encoded = encodeAppend(stream, events, expected, after);
    if (stream.startsWith('$') || stream === storeStream)
      throw new TypeError(`${stream} belongs to the server`);
    return this.#appends.submit(encoded).catch((error: unknown) => this.#doubt(error));
  }

  async *read(stream: string, fromRevision = 0): AsyncIterable<readonly RecordedEvent[]> {
    this.#refuseWhenClosed();
    for (let from = fromRevision; ;) {
      const page = await this.#reads.stream(stream, from, pageEvents, pageBytesMax);
      await this.#incarnations.fresh();
      if (page.length === 0) return;
      yield page.map((event) => this.#recorded(event));
      from += page.length;
    }
  }

  async *subscribe(options: SubscribeOptions): AsyncIterable<EventBatch> {
    this.#refuseWhenClosed();
    if (this.#subscribed.size >= subscriptionsMax)
      throw new Error(`a process has at most ${String(subscriptionsMax)} subscriptions of one event store`);
    const signal = AbortSignal.any([options.signal, this.#closing.signal]);
    const subscription = new Subscription(this.#parts, options, signal);
    this.#subscribed.add(subscription);
    try {
      while (!signal.aborted) {
        const batch = await subscription.next();
        if (batch) yield batch;
      }
    } finally {
      subscription.close();
      this.#subscribed.delete(subscription);
    }
  }

  async head(): Promise<Checkpoint | undefined> {
    this.#refuseWhenClosed();
    const last = await this.#end.find();
    await this.#incarnations.fresh();
    return last && checkpointAt(this.#anchor(last));
  }

  async incarnation(): Promise<number> {
    this.#refuseWhenClosed();
    await this.#incarnations.fresh();
    return this.#incarnations.current;
  }

  /** Throws {@link LogNotWhole} where another log is being copied in, or was until that was broken off. */
  async assertWhole(): Promise<void> {
    this.#refuseWhenClosed();
    this.#incarnations.doubt();
    await this.#incarnations.fresh();
    if (this.#incarnations.filling) throw new LogNotWhole();
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await this.#appends.drained();
    for (const subscription of this.#subscribed) subscription.close();
    await this.#connection.release();
  }

  get #parts(): ConstructorParameters<typeof Subscription>[0] {
    return {
      connection: this.#connection,
      names: this.#names,
      reads: this.#reads,
      end: this.#end,
      incarnations: this.#incarnations,
      latest: this.#latest,
    };
  }

  #recorded(event: ClientEvent): RecordedEvent {
    if (!isOurs(event))
      throw new Error(`${event.streamId} holds an event that was not written by this store`);
    return recordedOf(event, this.#anchor(event));
  }

  #anchor(event: ClientEvent): ReturnType<typeof anchorOf> {
    return anchorOf(event, this.#incarnations.at(logPositionOf(event).commit));
  }

  /** After an error that is no answer nothing is certain any more that was known of the log. */
  #doubt(error: unknown): never {
    if (!isAnswer(error)) {
      this.#incarnations.doubt();
      this.#end.doubt();
    }
    throw error;
  }

  #refuseWhenClosed(): void {
    if (this.#closing.signal.aborted) throw new Error('the event store is closed');
  }
}

function isAnswer(error: unknown): boolean {
  return [WrongExpectedVersion, AppendMixed, AppendTooLarge].some((kind) => error instanceof kind);
}
