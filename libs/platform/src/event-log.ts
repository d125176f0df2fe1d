import type { EventStore } from '#event-store/event-store.js';
import type { KurrentDbAddress } from '#event-store/kurrentdb/names.js';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store.js';
import { assertGateOpen } from '#event-store/postgres/gate.js';
import { migrateEventStore } from '#event-store/postgres/schema.js';
import { assertOwnClock, setClockOffset, storeTime } from '#event-store/postgres/store-clock.js';
import type { Database } from '#postgres/pool.js';
import type { Story } from './clock.js';

/** Where events are kept. */
export interface EventLog {
  readonly store: EventStore;
  /** What the clock that events are stamped by shows; rejects where the store does not answer. */
  readonly time: () => Promise<Date>;
}

/** How to open an {@link EventLog}. */
export interface EventLogOptions {
  readonly database: Database;
  readonly databaseUrl: string;
  /** KurrentDB, where events are kept there; in the database when absent. */
  readonly kurrentDb?: KurrentDbAddress | undefined;
  readonly story?: Story | undefined;
}

/**
 * Opens the store of events; throws `StoryDataRefused` for a demo's data without its story, `EventsElsewhere` for events
 * that were moved, `LogNotWhole` for a store on KurrentDB that a copy or a restore has not filled to its end.
 */
export async function openEventLog(options: EventLogOptions): Promise<EventLog> {
  const { database, databaseUrl, kurrentDb, story } = options;
  if (kurrentDb) return onKurrentDb(kurrentDb, database);
  await migrateEventStore(database);
  await assertGateOpen(database);
  await (story ? story.follow((offsetMs) => setClockOffset(database, offsetMs)) : assertOwnClock(database));
  return { store: new PostgresEventStore({ url: databaseUrl }), time: () => storeTime(database) };
}

/**
 * The driver is loaded where it is wanted alone. That server answers no question about its clock: it must be there, and
 * the time is the database's beside it.
 */
async function onKurrentDb(address: KurrentDbAddress, database: Database): Promise<EventLog> {
  const { KurrentDbEventStore } = await import('#event-store/kurrentdb/kurrentdb-event-store.js');
  const store = new KurrentDbEventStore(address);
  await store.assertWhole().catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const time = async (): Promise<Date> => {
    await store.head();
    const { rows } = await database.query<{ now: Date }>('SELECT clock_timestamp() AS now');
    return rows[0]?.now ?? new Date(NaN);
  };
  return { store, time };
}
