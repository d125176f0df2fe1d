import type { EventStore } from '#event-store/event-store.js';
import type { KurrentDbAddress } from '#event-store/kurrentdb/names.js';
import { storeTrouble } from '#event-store/kurrentdb/store-trouble.js';
import { EventsElsewhere, findGate } from '#event-store/postgres/gate.js';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store.js';
import type { Imported } from '#event-store/importing.js';
import { importEvents } from '#event-store/postgres/restore.js';
import { migrateEventStore } from '#event-store/postgres/schema.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { comparePositions, type Position } from '#kernel/position.js';
import { createPool, type Database } from '#postgres/pool.js';

/** The events and read models of a database, for reading beside running services. */
export interface EventLog {
  readonly store: EventStore;
  /** For long read-only transactions: nothing in it is cut off for taking its time. */
  readonly database: Database;
  /** Throws `EventsElsewhere` or `LogNotWhole` where the events are only a part of a log that is being copied in. */
  assertWhole(): Promise<void>;
  close(): Promise<void>;
}

/** KurrentDB does not serve; the message is a sentence for whoever has set up how it is reached. */
export class EventStoreSilent extends Error {
  override readonly name = 'EventStoreSilent';
}

/** Opens the events and read models of a database; connects on first use, migrates nothing. */
export function openEventLog(url: string): EventLog {
  const store = new PostgresEventStore({ url, name: 'mangnon-cli', readConnectionsMax: 2 });
  const database = patientPool(url);
  return opened(store, database, async () => {
    const gate = await findGate(database);
    if (gate?.state === 'filling') throw new EventsElsewhere(gate);
  });
}

/**
 * The same where the events are kept on KurrentDB and the read models in the database. Throws {@link EventStoreSilent}
 * where that server does not answer.
 */
export async function openKurrentDbLog(url: string, address: KurrentDbAddress): Promise<EventLog> {
  const { KurrentDbEventStore } = await import('#event-store/kurrentdb/kurrentdb-event-store.js');
  const store = new KurrentDbEventStore(address);
  await store.head().catch(async (error: unknown) => {
    await store.close();
    const sentence = storeTrouble(error)?.sentence ?? (error instanceof Error ? error.message : '');
    throw new EventStoreSilent(sentence, { cause: error });
  });
  return opened(store, patientPool(url), () => store.assertWhole());
}

function opened(store: EventStore, database: Database, assertWhole: EventLog['assertWhole']): EventLog {
  const close = async (): Promise<void> => {
    await store.close();
    await database.end();
  };
  return { store, database, assertWhole, close };
}

/** A small pool whose transactions may sit idle and whose statements may take as long as they need. */
export function patientPool(url: string, connectionsMax = 2): Database {
  return createPool(url, {
    name: 'mangnon-cli',
    connectionsMax,
    statementTimeoutMs: 0,
    idleInTransactionTimeoutMs: 0,
  });
}

/** Every event up to and including the position, in order, a page at a time. */
export async function* eventsThrough(
  store: EventStore,
  last: Position | undefined,
): AsyncIterable<readonly RecordedEvent[]> {
  if (!last) return;
  const done = new AbortController();
  const reading = { consumer: 'mangnon', batchEventsMax: 2_000, signal: done.signal };
  try {
    for await (const { events, checkpoint } of store.subscribe(reading)) {
      if (comparePositions(checkpoint.position, last) < 0) {
        yield events;
        continue;
      }
      yield events.filter(({ position }) => comparePositions(position, last) <= 0);
      return;
    }
  } finally {
    done.abort();
  }
}

/**
 * Fills an empty database's event store with these events and opens the incarnation that `give` answers with, one above
 * the last of theirs or more, all of it or nothing. Throws `ImportRefused` where the store is not empty or the events are
 * no whole log.
 */
export async function restoreEventLog(
  url: string,
  pages: AsyncIterable<readonly RecordedEvent[]>,
  give: (above: number) => Promise<number>,
): Promise<Imported> {
  const log = openEventLog(url);
  try {
    await migrateEventStore(log.database);
    return await importEvents(log.database, pages, give);
  } finally {
    await log.close();
  }
}
