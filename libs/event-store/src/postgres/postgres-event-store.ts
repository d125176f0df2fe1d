import type { Checkpoint } from '#kernel/checkpoint.js';
import type { NewEvent, RecordedEvent } from '#kernel/domain-event.js';
import { Gathered } from '#postgres/gathered.js';
import { createPool, type Database } from '#postgres/pool.js';
import { encodeAppend } from '../encoding.js';
import type { Appended, EventBatch, EventStore, ExpectedRevision, SubscribeOptions } from '../event-store.js';
import { appendCall } from './append-call.js';
import { AppendQueue, defaultLimits, type AppendQueueLimits } from './append-queue.js';
import { LogReader, type AskedStream, type StreamPage } from './log-reader.js';
import { appenderRole, readerRole } from './schema.js';
import { Subscription } from './subscription.js';
import { Tail } from './tail.js';

/** How to open a {@link PostgresEventStore}. */
export interface PostgresEventStoreOptions {
  /** Of a database that `migrateEventStore` was run on; its login is a member of the appender's and the reader's role. */
  readonly url: string;
  /** Shown as `application_name`; `mangnon-events` when absent. */
  readonly name?: string;
  /** Connections for reading, all subscribers together; 4 when absent. */
  readonly readConnectionsMax?: number;
  readonly limits?: Partial<AppendQueueLimits>;
}

/** An append that takes longer than this in the database is undone there, in milliseconds. */
const appendTimeoutMs = 10_000;

/** The most streams whose first pages are read in one statement. */
const streamsAtOnceMax = 64;

/**
 * The event store in the schema `event_store` of a PostgreSQL database. The cursor is the place in this database's log;
 * positions are gapless. Appends of this process share calls of one database function, subscribers share one reader of
 * the live end and outlast a minute without the database.
 */
export class PostgresEventStore implements EventStore {
  readonly #appender: Database;
  readonly #database: Database;
  readonly #queue: AppendQueue;
  readonly #reader: LogReader;
  /** First pages of streams. */
  readonly #reads: Gathered<AskedStream, StreamPage>;
  readonly #tail: Tail;
  #closed = false;

  constructor(options: PostgresEventStoreOptions) {
    const { url, name = 'mangnon-events' } = options;
    this.#appender = createPool(url, {
      name: `${name}-append`,
      role: appenderRole,
      connectionsMax: 1,
      statementTimeoutMs: appendTimeoutMs,
    });
    this.#database = createPool(url, {
      name: `${name}-read`,
      role: readerRole,
      connectionsMax: options.readConnectionsMax ?? 4,
      // A plan made while the log was small must not scan it when it is large.
      settings: { enable_seqscan: 'off' },
    });
    this.#reader = new LogReader(this.#database);
    this.#reads = new Gathered({
      together: (asked) => this.#reader.streams(asked),
      alone: ({ stream, fromRevision }) => this.#reader.stream(stream, fromRevision),
      togetherMax: streamsAtOnceMax,
    });
    this.#tail = new Tail(this.#reader);
    const call = appendCall(this.#appender);
    this.#queue = new AppendQueue(
      async (appends) => {
        const outcomes = await call(appends);
        this.#tail.hint();
        return outcomes;
      },
      { ...defaultLimits, ...options.limits },
    );
  }

  async append(
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
    after?: string,
  ): Promise<Appended> {
    this.#refuseWhenClosed();
    return this.#queue.submit(encodeAppend(stream, events, expected, after));
  }

  async *read(stream: string, fromRevision = 0): AsyncIterable<readonly RecordedEvent[]> {
    this.#refuseWhenClosed();
    let page = await this.#reads.ask({ stream, fromRevision });
    for (let from = fromRevision; ;) {
      if (page.events.length > 0) yield page.events;
      if (page.atEnd) return;
      from += page.events.length;
      page = await this.#reader.stream(stream, from);
    }
  }

  async *subscribe(options: SubscribeOptions): AsyncIterable<EventBatch> {
    this.#refuseWhenClosed();
    const subscription = new Subscription(this.#reader, this.#tail, options);
    while (!this.#ends(options)) {
      const batch = await subscription.next().catch((error: unknown) => {
        if (!this.#ends(options)) throw error;
      });
      if (batch && !this.#ends(options)) yield batch;
    }
  }

  async head(): Promise<Checkpoint | undefined> {
    this.#refuseWhenClosed();
    return this.#reader.head();
  }

  async incarnation(): Promise<number> {
    this.#refuseWhenClosed();
    return this.#reader.incarnation();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#queue.drained();
    await this.#tail.close();
    await Promise.all([this.#appender.end(), this.#database.end()]);
  }

  #ends({ signal }: SubscribeOptions): boolean {
    return signal.aborted || this.#closed;
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new Error('the event store is closed');
  }
}
