import { afterAll, describe, it } from '@jest/globals';
import type { EventStore } from '#event-store/event-store.js';
import type { Checkpoint } from '#kernel/checkpoint.js';
import { PostgresCheckpointStore } from '#postgres/postgres-checkpoint-store.js';
import { directEngine } from '#testing/messaging-direct.js';
import { postgresStores, restoredStores, type PostgresStores } from '#testing/postgres-store.js';
import { messagingContract } from '../messaging.contract.js';
import { consumerCases } from './direct-consumers.contract.js';

const timeoutMs = 60_000;

describe('direct messaging over PostgreSQL', () => {
  const databases: PostgresStores[] = [];
  const fresh = async (): Promise<PostgresStores> => {
    const stores = await postgresStores();
    databases.push(stores);
    return stores;
  };
  afterAll(async () => {
    for (const stores of databases) await stores.drop();
  });

  messagingContract(async () => {
    const stores = await postgresStores();
    const checkpoints = await PostgresCheckpointStore.open(stores.database, 'platform');
    return directEngine({ store: await stores.open(), checkpoints, close: stores.drop });
  });

  it.each(consumerCases)(
    '$name',
    async ({ run }) => {
      const stores = await fresh();
      const store = await stores.open();
      const restored = async (upTo: Checkpoint): Promise<EventStore> => {
        const other = await restoredStores(store, upTo);
        databases.push(other);
        return other.open();
      };
      await run({
        store,
        checkpoints: await PostgresCheckpointStore.open(stores.database, 'platform'),
        restored,
      });
    },
    timeoutMs,
  );
});
