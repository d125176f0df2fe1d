import { describe } from '@jest/globals';
import { eventStoreDatabase } from '#testing/postgres-store.js';
import type { Engine } from '../contract-engine.contract.js';
import { eventStoreContract } from '../event-store.contract.js';
import { PostgresEventStore } from './postgres-event-store.js';

async function open(): Promise<Engine> {
  const { url, drop } = await eventStoreDatabase();
  const stores = [new PostgresEventStore({ url })];
  const last = (): PostgresEventStore => stores.at(-1) ?? new PostgresEventStore({ url });
  return {
    store: last(),
    reopen: async () => {
      await last().close();
      stores.push(new PostgresEventStore({ url }));
      return last();
    },
    close: async () => {
      await last().close();
      await drop();
    },
  };
}

describe('the event store on PostgreSQL', () => {
  eventStoreContract(open);
});
