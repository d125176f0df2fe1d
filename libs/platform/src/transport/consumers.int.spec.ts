import { afterEach, beforeEach, describe, it } from '@jest/globals';
import { PostgresCheckpointStore } from '#postgres/postgres-checkpoint-store.js';
import { sharedStore, type SharedStore } from '#testing/postgres-store.js';
import { walkCases } from './consumers.contract.js';
import { PostgresHoldStore } from './postgres-hold-store.js';

describe('a consumer over PostgreSQL', () => {
  let shared: SharedStore;
  beforeEach(async () => {
    shared = await sharedStore();
  });
  afterEach(() => shared.drop());

  it.each(walkCases)(
    '$name',
    async ({ run }) => {
      const { database, open } = shared;
      const checkpoints = await PostgresCheckpointStore.open(database, 'platform');
      await run({ open, checkpoints, holds: await PostgresHoldStore.open(database, 'cash') });
    },
    60_000,
  );
});
