import { migrateEventStore } from '#event-store/postgres/schema.js';
import { createPool, type Database } from '#postgres/pool.js';
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
