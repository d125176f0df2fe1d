import { afterAll, afterEach, beforeAll, describe, it } from '@jest/globals';
import { postgresStores, restoredStores, type PostgresStores } from '#testing/postgres-store.js';
import { boxesOn, type HandleRig } from '../contract-boxes.contract.js';
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
  const others: PostgresStores[] = [];
  const restored: HandleRig['restored'] = async (store, upTo) => {
    const other = await restoredStores(store, upTo);
    others.push(other);
    return other.open();
  };
  afterEach(async () => {
    for (const other of others.splice(0)) await other.drop();
  });

  it.each(handleCases)('$name', ({ run }) => run({ open: stores.open, restored, boxesOn }), timeoutMs);

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
