import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CheckpointMoved, type Checkpoint } from '#kernel/checkpoint.js';
import { testDatabase, type TestDatabase } from '#testing/postgres.js';
import { createPool, inTransaction, type Database } from './pool.js';
import { moveCheckpoint, PostgresCheckpointStore } from './postgres-checkpoint-store.js';

const at = (number: number): Checkpoint => ({
  cursor: String(number),
  position: { incarnation: 1, number },
  eventId: `00000000-0000-4000-8000-00000000000${String(number)}`,
});

describe('checkpoints in PostgreSQL', () => {
  let home: TestDatabase;
  let database: Database;
  let store: PostgresCheckpointStore;

  beforeAll(async () => {
    home = await testDatabase();
    database = createPool(home.url, { name: 'checkpoints-spec' });
    store = await PostgresCheckpointStore.open(database, 'ledger');
  });
  afterAll(async () => {
    await database.end();
    await home.drop();
  });

  it('finds what was moved to, also after being opened again, and nothing before', async () => {
    expect(await store.find('entries')).toBeUndefined();
    await store.move('entries', undefined, at(1));
    await store.move('entries', at(1), at(2));
    const again = await PostgresCheckpointStore.open(database, 'ledger');
    expect(await again.find('entries')).toEqual(at(2));
  });

  it('keeps each consumer and each schema apart', async () => {
    await store.move('balances', undefined, at(1));
    const receipts = await PostgresCheckpointStore.open(database, 'receipts');
    await receipts.move('balances', undefined, at(5));
    expect(await store.find('balances')).toEqual(at(1));
    expect(await receipts.find('balances')).toEqual(at(5));
  });

  it('moves for exactly one of many that move it from the same place', async () => {
    await store.move('contended', undefined, at(1));
    const moves = Array.from({ length: 8 }, () => store.move('contended', at(1), at(2)));
    const outcomes = await Promise.allSettled(moves);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(7);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(CheckpointMoved);
  });

  it('refuses a move from elsewhere: another place, another event at that place, or already begun', async () => {
    await store.move('strict', undefined, at(1));
    await expect(store.move('strict', at(2), at(3))).rejects.toThrow(CheckpointMoved);
    const forged = { ...at(1), eventId: at(9).eventId };
    await expect(store.move('strict', forged, at(3))).rejects.toThrow(CheckpointMoved);
    await expect(store.move('strict', undefined, at(3))).rejects.toThrow(CheckpointMoved);
    expect(await store.find('strict')).toEqual(at(1));
  });

  it('moves together with the rows of its transaction or not at all', async () => {
    const moving = inTransaction(database, async (session) => {
      await moveCheckpoint(session, 'ledger', 'atomic', undefined, at(1));
      throw new Error('the rows could not be written');
    });
    await expect(moving).rejects.toThrow('the rows could not be written');
    expect(await store.find('atomic')).toBeUndefined();
  });
});
