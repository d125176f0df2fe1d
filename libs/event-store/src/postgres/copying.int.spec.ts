import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '#platform/clock.js';
import { postgresStores, type PostgresStores } from '#testing/postgres-store.js';
import { several } from '../contract-engine.contract.js';
import { copyCases } from '../copying.contract.js';
import { InMemoryEventStore } from '../in-memory/in-memory-event-store.js';
import { PostgresCopyTarget } from './copy-target.js';
import { closeGate, findGate, openGateIn } from './gate.js';
import { inTransaction } from '#postgres/pool.js';

describe('a log copied to PostgreSQL', () => {
  let to: PostgresStores;
  beforeEach(async () => {
    to = await postgresStores();
  });
  afterEach(() => to.drop());

  it.each(copyCases)('$name', ({ run }) =>
    run({
      source: new InMemoryEventStore(systemClock),
      target: () => new PostgresCopyTarget(to.database, 'a test'),
      open: () => to.open(),
    }),
  );

  it('once moved takes no event of any process, until that is taken back', async () => {
    const store = await to.open();
    await store.append('note-1', several(1), 'no_stream');
    await closeGate(to.database, { state: 'moving', other: 'elsewhere' });
    await closeGate(to.database, { state: 'moved', other: 'elsewhere' });
    await expect(store.append('note-1', several(1), 0)).rejects.toThrow();
    await expect(
      to.database.query('INSERT INTO event_store.events SELECT * FROM event_store.events'),
    ).rejects.toThrow(/takes no events: moved \(elsewhere\)/);
    expect(await findGate(to.database)).toEqual({ state: 'moved', other: 'elsewhere' });
    await expect(new PostgresCopyTarget(to.database, 'x').state()).rejects.toThrow(/moved elsewhere/);
    await inTransaction(to.database, openGateIn);
    expect(await findGate(to.database)).toBeUndefined();
    expect(await store.append('note-1', several(1), 0)).toMatchObject({ revision: 1 });
  });
});
