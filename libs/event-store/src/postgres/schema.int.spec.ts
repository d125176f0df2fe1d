import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inTransaction, createPool, type Database } from '#postgres/pool.js';
import { eventStoreDatabase, type EventStoreDatabase } from '#testing/postgres-store.js';
import { wholeStream } from '#testing/events.js';
import { everything, noted, several } from '../contract-engine.contract.js';
import { AppendMixed } from '../event-store.js';
import { PostgresEventStore } from './postgres-event-store.js';
import { assertOwnClock, setClockOffset, StoryDataRefused } from './store-clock.js';
import { appenderRole, migrateEventStore, readerRole } from './schema.js';

describe('the log in PostgreSQL', () => {
  let home: EventStoreDatabase;
  let store: PostgresEventStore;
  const pools: Database[] = [];

  beforeEach(async () => {
    home = await eventStoreDatabase();
    store = new PostgresEventStore({ url: home.url });
    await store.append('note-1', several(2), 'no_stream');
  });
  afterEach(async () => {
    await store.close();
    for (const pool of pools.splice(0)) await pool.end();
    await home.drop();
  });

  function as(role: string): Database {
    const pool = createPool(home.url, { name: role, role });
    pools.push(pool);
    return pool;
  }

  it.each([
    `UPDATE event_store.events SET data = '{}'`,
    'DELETE FROM event_store.events',
    'TRUNCATE event_store.events',
    'DELETE FROM event_store.head',
    'TRUNCATE event_store.head',
    'UPDATE event_store.head SET incarnation = 0',
  ])('refuses "%s", even to a superuser that passes triggers by', async (statement) => {
    await expect(home.owner.query(statement)).rejects.toThrow(/is refused|never falls/);
    const passingBy = inTransaction(home.owner, async (session) => {
      await session.query('SET LOCAL session_replication_role = replica');
      await session.query(statement);
    });
    await expect(passingBy).rejects.toThrow(/is refused|never falls/);
    expect(await wholeStream(store, 'note-1')).toHaveLength(2);
  });

  it('lets the appender append through the function and do nothing else', async () => {
    const appender = as(appenderRole);
    for (const statement of [
      'SELECT FROM event_store.events',
      'SELECT FROM event_store.head',
      `UPDATE event_store.head SET clock_offset = '1 day'`,
      `INSERT INTO event_store.events SELECT * FROM event_store.events`,
      'SELECT FROM event_store.migrations',
      'CREATE TABLE event_store.mine (id int)',
    ])
      await expect(appender.query(statement)).rejects.toThrow('permission denied');
    await store.append('note-1', several(1), 1);
  });

  it('lets the reader read and do nothing else', async () => {
    const reader = as(readerRole);
    expect((await reader.query('SELECT FROM event_store.events')).rowCount).toBe(2);
    for (const statement of [
      `INSERT INTO event_store.head DEFAULT VALUES`,
      `SELECT event_store.append('', '{}', '{}', '{}', '{}', '', '{}', '', '')`,
    ])
      await expect(reader.query(statement)).rejects.toThrow('permission denied');
  });

  it('lets nobody else call the function', async () => {
    await home.owner.query('GRANT USAGE ON SCHEMA event_store TO pg_monitor');
    const call = as('pg_monitor').query(
      `SELECT event_store.append('', '{}', '{}', '{}', '{}', '', '{}', '', '')`,
    );
    await expect(call).rejects.toThrow('permission denied for function append');
  });

  it('takes no call whose parts differ in length, nor one in a transaction that would not see the latest events', async () => {
    const [id] = several(1).map((event) => event.id);
    const append = 'SELECT outcome FROM event_store.append($1, $2, $3, $4, $5, $6, $7, $8, $9)';
    const call: unknown[] = ['note-1', [1], [1], [null], [id], 'Noted', [1], '{}', '{}'];
    for (const [part, wrong] of [
      [0, 'note-1\nnote-2'],
      [1, [1, 1]],
      [2, [2]],
      [2, [0]],
      [3, [null, null]],
      [4, [id, id]],
      [5, 'Noted\nNoted'],
      [6, []],
      [8, '{}\n{}'],
    ] as const)
      await expect(home.owner.query(append, call.with(part, wrong))).rejects.toThrow('differ in length');
    const stale = inTransaction(home.owner, async (session) => {
      await session.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      await session.query(append, call);
    });
    await expect(stale).rejects.toThrow('needs the isolation level read committed');
    expect((await home.owner.query(append, call)).rows).toEqual([{ outcome: 'appended' }]);
  });

  it('keeps the canonical bytes of data and metadata', async () => {
    await store.append('note-2', [noted({ đ: 1, b: [true, null], a: 'x "y" \\ \n' })], 'no_stream');
    const { rows } = await home.owner.query<{ data: string; metadata: string }>(
      `SELECT data, metadata FROM event_store.events WHERE stream = 'note-2'`,
    );
    expect(rows[0]?.data).toBe(String.raw`{"a":"x \"y\" \\ \n","b":[true,null],"đ":1}`);
    expect(rows[0]?.metadata).toMatch(
      /^\{"actor":".*","cause":\{"id":"note","kind":"command"\},"commandId":/,
    );
  });

  it('stamps times by its own clock moved by the offset, and never earlier than the event before', async () => {
    const hour = 3_600_000;
    await setClockOffset(home.owner, -500 * 24 * hour);
    await store.append('note-2', several(1), 'no_stream');
    await setClockOffset(home.owner, 24 * hour);
    await store.append('note-3', several(1), 'no_stream');
    await expect(assertOwnClock(home.owner)).rejects.toThrow(StoryDataRefused);
    await setClockOffset(home.owner, 0);
    await assertOwnClock(home.owner);
    await store.append('note-4', several(1), 'no_stream');
    const [, second, earlier, later, now] = (await everything(store)).map(({ recordedAt }) => recordedAt);
    expect(earlier).toBe(second);
    expect(Date.parse(later ?? '') - Date.now()).toBeGreaterThan(23 * hour);
    expect(now).toBe(later);
  });

  it('refuses ids that stand in another stream or at another revision, and spares those beside it in the call', async () => {
    const [known] = await wholeStream(store, 'note-1');
    if (!known) throw new Error('an event');
    const again = { ...noted(), id: known.id };
    const twin = noted();
    const outcomes = await Promise.allSettled([
      store.append('note-2', [again], 'no_stream'),
      store.append('note-3', several(1), 'no_stream'),
      store.append('note-4', [twin], 'no_stream'),
      store.append('note-5', [twin], 'no_stream'),
      store.append('note-1', [again], 1),
    ]);
    const refused = (index: number): unknown => {
      const outcome = outcomes[index];
      return outcome?.status === 'rejected' && outcome.reason;
    };
    expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual([false, true, true, false, false]);
    for (const index of [0, 3, 4]) expect(refused(index)).toBeInstanceOf(AppendMixed);
  });

  it('is not rewritten by a second process that migrates it', async () => {
    await migrateEventStore(home.owner);
    expect(await wholeStream(store, 'note-1')).toHaveLength(2);
  });

  it('never leaves dead rows behind, however many appends', async () => {
    for (let round = 0; round < 50; round += 1) await store.append(`many-${round}`, several(1), 'no_stream');
    const { rows } = await home.owner.query<{ pages: number }>(
      `SELECT pg_relation_size('event_store.head')::int / 8192 AS pages, (SELECT ctid::text FROM event_store.head) AS place`,
    );
    expect(rows).toEqual([{ pages: 1, place: '(0,1)' }]);
  });
});
