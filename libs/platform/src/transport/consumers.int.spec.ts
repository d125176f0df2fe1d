import { afterEach, beforeEach, describe, it } from '@jest/globals';
import { PostgresCheckpointStore } from '#postgres/postgres-checkpoint-store.js';
import { postgresStores, type PostgresStores } from '#testing/postgres-store.js';
import { walkCases } from './consumers.contract.js';
import { PostgresHoldStore } from './postgres-hold-store.js';

describe('a consumer over PostgreSQL', () => {
  let stores: PostgresStores;
  beforeEach(async () => {
    stores = await postgresStores();
  });
  afterEach(() => stores.drop());

  it.each(walkCases)(
    '$name',
    async ({ run }) => {
      const { database, open } = stores;
      const checkpoints = await PostgresCheckpointStore.open(database, 'platform');
      await run({ open, checkpoints, holds: await PostgresHoldStore.open(database, 'cash') });
    },
    60_000,
  );
});
