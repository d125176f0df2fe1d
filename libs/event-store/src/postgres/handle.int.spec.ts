import { afterAll, afterEach, beforeAll, describe, it } from '@jest/globals';
import { sharedStore, type SharedStore } from '#testing/postgres-store.js';
import { handleCases } from '../handle.contract.js';
import { snapshotCases } from '../snapshots.contract.js';
import { PostgresSnapshotStore } from './snapshots.js';

const timeoutMs = 60_000;

describe('handle over PostgreSQL', () => {
  let shared: SharedStore;
  beforeAll(async () => {
    shared = await sharedStore();
  });
  afterEach(() => shared.closeStores());
  afterAll(() => shared.drop());

  it.each(handleCases)('$name', ({ run }) => run(shared.open), timeoutMs);

  describe('a snapshot', () => {
    it.each(snapshotCases)(
      '$name',
      async ({ run }) => {
        const snapshots = await PostgresSnapshotStore.open(shared.database, 'ledger');
        await run({ open: shared.open, snapshots });
      },
      timeoutMs,
    );
  });
});
