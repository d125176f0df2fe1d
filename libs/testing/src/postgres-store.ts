import type { EventStore } from '#event-store/event-store.js';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store.js';
import { importEvents } from '#event-store/postgres/restore.js';
import { migrateEventStore } from '#event-store/postgres/schema.js';
import type { Checkpoint } from '#kernel/checkpoint.js';
import { createPool, type Database } from '#postgres/pool.js';
import { eventsUpTo } from './events-up-to.js';
import { testDatabase } from './postgres.js';

/** A fresh database with an empty event log. */
export interface EventStoreDatabase {
  readonly url: string;
  /** Connected with the rights of the schema's owner. */
  readonly owner: Database;
  drop(): Promise<void>;
}

/** Makes one on the embedded PostgreSQL of this test run. */
export async function eventStoreDatabase(): Promise<EventStoreDatabase> {
  const database = await testDatabase();
  const { url } = database;
  const owner = createPool(url, { name: 'owner', connectionsMax: 40 });
  await migrateEventStore(owner);
  return {
    url,
    owner,
    drop: async () => {
      await owner.end();
      await database.drop();
    },
  };
}

/** The stores of several processes over one event log of their own. */
export interface PostgresStores {
  /** Its owner's pool, for tables beside the events. */
  readonly database: Database;
  /** Another store over the same events. */
  open(): Promise<PostgresEventStore>;
  /** Closes every store that is open. */
  closeStores(): Promise<void>;
  /** Closes every store and removes the database. */
  drop(): Promise<void>;
}

/** Makes an empty event store in a database of its own. */
export async function postgresStores(): Promise<PostgresStores> {
  const home = await eventStoreDatabase();
  const stores: PostgresEventStore[] = [];
  const closeStores = async (): Promise<void> => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  };
  return {
    database: home.owner,
    async open() {
      const store = new PostgresEventStore({ url: home.url, readConnectionsMax: 2 });
      stores.push(store);
      return store;
    },
    closeStores,
    async drop() {
      await closeStores();
      await home.drop();
    },
  };
}

/** The stores over another log with the events of this one up to the checkpoint, as after a restore. */
export async function restoredStores(store: EventStore, upTo: Checkpoint): Promise<PostgresStores> {
  const stores = await postgresStores();
  await importEvents(stores.database, eventsUpTo(store, upTo));
  return stores;
}
