import { afterAll, afterEach, beforeAll, describe, it } from '@jest/globals';
import { kurrentDbStores, restoredKurrentDbStores, type KurrentDbStores } from '#testing/kurrentdb-store.js';
import { boxesOn, type HandleRig } from '../contract-boxes.contract.js';
import { handleCases } from '../handle.contract.js';
import { InMemorySnapshotStore } from '../in-memory/in-memory-snapshots.js';
import { snapshotCases } from '../snapshots.contract.js';

const timeoutMs = 60_000;

describe('handle over KurrentDB’s protocol', () => {
  let stores: KurrentDbStores;
  const others: KurrentDbStores[] = [];
  beforeAll(async () => {
    stores = await kurrentDbStores();
  });
  afterEach(async () => {
    await stores.closeStores();
    for (const other of others.splice(0)) await other.drop();
  });
  afterAll(() => stores.drop());
  const restored: HandleRig['restored'] = async (store, upTo) => {
    const other = await restoredKurrentDbStores(store, upTo);
    others.push(other);
    return other.open();
  };

  it.each(handleCases)('$name', ({ run }) => run({ open: stores.open, restored, boxesOn }), timeoutMs);

  describe('a snapshot', () => {
    it.each(snapshotCases)(
      '$name',
      ({ run }) => run({ open: stores.open, snapshots: new InMemorySnapshotStore() }),
      timeoutMs,
    );
  });
});
