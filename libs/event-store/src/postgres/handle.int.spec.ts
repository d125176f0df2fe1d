import { afterAll, afterEach, beforeAll, describe, it } from '@jest/globals';
import { postgresStores, type PostgresStores } from '#testing/postgres-store.js';
import { boxesOn } from '../contract-boxes.contract.js';
import { handleCases } from '../handle.contract.js';
import { snapshotCases } from '../snapshots.contract.js';
import { PostgresSnapshotStore } from './snapshots.js';

const timeoutMs = 60_000;

describe('handle over PostgreSQL', () => {
  let stores: PostgresStores;
  beforeAll(async () => {
    stores = await postgresStores();
  });
  afterEach(() => stores.closeStores());
  afterAll(() => stores.drop());

  it.each(handleCases)('$name', ({ run }) => run({ open: stores.open, boxesOn }), timeoutMs);

  describe('a snapshot', () => {
    it.each(snapshotCases)(
      '$name',
      async ({ run }) => {
        const snapshots = await PostgresSnapshotStore.open(stores.database, 'ledger');
        await run({ open: stores.open, snapshots });
      },
      timeoutMs,
    );
  });
});
