import { PostgresEventStore } from '#event-store/postgres/postgres-event-store.js';
import { migrateEventStore } from '#event-store/postgres/schema.js';
import { createPool, type Database } from '#postgres/pool.js';
import { testDatabase } from './postgres.js';

/** A fresh database with an empty event store, as several processes would share it. */
export interface SharedStore {
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
export async function sharedStore(): Promise<SharedStore> {
  const server = await testDatabase();
  const { url } = server;
  const database = createPool(url, { name: 'owner' });
  await migrateEventStore(database);
  const stores: PostgresEventStore[] = [];
  const closeStores = async (): Promise<void> => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  };
  return {
    database,
    async open() {
      const store = new PostgresEventStore({ url, readConnectionsMax: 2 });
      stores.push(store);
      return store;
    },
    closeStores,
    async drop() {
      await closeStores();
      await database.end();
      await server.drop();
    },
  };
}
