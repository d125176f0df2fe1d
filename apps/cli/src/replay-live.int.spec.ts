import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store.js';
import { migrateEventStore } from '#event-store/postgres/schema.js';
import { messageOf } from '#kernel/message-of.js';
import { openEventLog, patientPool } from '#platform/archive/event-log.js';
import type { AnyProjection, Projection } from '#read-models/projection.js';
import { ReadModels } from '#read-models/read-models.js';
import { eventually } from '#testing/eventually.js';
import { aCount, count, jars, jarsTopic, readDatabase, shelves } from '#testing/read-models.js';
import type { Databases } from './databases.js';
import { replayLive } from './replay-live.js';
import { Terminal } from './terminal.js';

type Typed = {
  readonly id: string;
  readonly exact: string;
  readonly day: string;
  readonly at: string;
  readonly words: readonly string[];
  readonly yes: boolean;
  readonly none: string | null;
};

let database: Awaited<ReturnType<typeof readDatabase>>['database'];
let url: string;
let drop: () => Promise<void>;
let store: PostgresEventStore;
let models: ReadModels;
let databases: Databases;
const projections: readonly AnyProjection[] = [jars(), shelves()];

beforeEach(async () => {
  ({ database, url, drop } = await readDatabase());
  const pool = patientPool(url);
  await migrateEventStore(pool);
  await pool.end();
  store = new PostgresEventStore({ url });
  models = await started();
  const log = openEventLog(url);
  databases = { url, vaultUrl: url, log, close: () => log.close(), abandon: () => log.close() };
});

afterEach(async () => {
  await databases.close();
  await models.stop();
  await store.close();
  await drop();
});

async function started(registered = projections): Promise<ReadModels> {
  const starting = new ReadModels({ store, database, lingerMs: 5 });
  starting.register('pantry', registered);
  starting.registerSources([jarsTopic]);
  await starting.start();
  await starting.settled(10_000);
  return starting;
}

async function counted(times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    const stream = `jar-${String(n % 3)}`;
    const position = await count(store, stream, aCount('1'));
    await models.waitFor('pantry', position, 5_000);
    await deliver(stream);
  }
}

/** The topic's messages of one jar come to the shelves, again and again. */
async function deliver(stream: string): Promise<void> {
  for await (const page of store.read(stream))
    await models.applyMessages(
      [shelves()],
      page.flatMap((event) => messageOf(jarsTopic, event) ?? []),
    );
}

async function replayed(wanted = projections): Promise<{ readonly same: boolean; readonly told: string }> {
  let told = '';
  const streams = { out: (text: string) => void (told += text), err: () => undefined, isScreen: false };
  const replay = { projections: wanted, sources: [jarsTopic], checks: [] };
  const same = await replayLive(databases, new Terminal(streams, 'en'), replay);
  return { same, told };
}

describe('mangnon replay', () => {
  it('finds the live tables equal, each at its own checkpoint', async () => {
    await counted(12);
    expect(await replayed()).toEqual({
      same: true,
      told: '✓ pantry.jars: 3 rows equal at position 1.12\n✓ pantry.shelves: 3 rows equal at position 1.12\n',
    });
    await count(store, 'jar-0', aCount('1'));
    await models.waitFor('pantry', { incarnation: 1, number: 13 }, 5_000);
    const { told } = await replayed();
    expect(told).toContain('✓ pantry.jars: 3 rows equal at position 1.13');
    expect(told).toContain('✓ pantry.shelves: 3 rows equal at position 1.12');
  });

  it.each<[string, string, string]>([
    [
      'another value',
      `UPDATE pantry.jars SET total = total + 1 WHERE jar = 'jar-1'`,
      '1 rows differ at position 1.12; first: key jar-1, column total: live "5", replayed "4"',
    ],
    [
      'a missing row',
      `DELETE FROM pantry.jars WHERE jar <> 'jar-0'`,
      '2 rows differ at position 1.12; first: key jar-1: live no such row, replayed "jar-1"',
    ],
    [
      'a row too many',
      `INSERT INTO pantry.jars VALUES ('jar-x', 1, 1, '')`,
      '1 rows differ at position 1.12; first: key jar-x: live "jar-x", replayed no such row',
    ],
    [
      'a missing value',
      `UPDATE pantry.jars SET note = NULL WHERE jar = 'jar-2'`,
      'first: key jar-2, column note: live null, replayed ""',
    ],
    [
      'a row of messages',
      `UPDATE pantry.shelves SET counts = 9 WHERE jar = 'jar-0'`,
      'pantry.shelves: 1 rows differ at position 1.12; first: key jar-0, column counts: live 9, replayed 4',
    ],
  ])('names the first difference: %s', async (_what, statement, difference) => {
    await counted(12);
    await database.query(statement);
    const { same, told } = await replayed();
    expect(same).toBe(false);
    expect(told).toContain(difference);
  });

  it('names the event that a differing row should come from', async () => {
    await counted(12);
    await count(store, 'jar-2', aCount('1'));
    await models.waitFor('pantry', { incarnation: 1, number: 13 }, 5_000);
    await database.query(`UPDATE pantry.jars SET counts = 0 WHERE jar = 'jar-1'`);
    expect((await replayed()).told).toContain('the last event of that row stands at position 1.11');
  });

  it('finds an event that a live table has lost', async () => {
    await counted(3);
    await models.stop();
    await count(store, 'jar-0', aCount('100'));
    const head = await store.head();
    await database.query(
      `UPDATE pantry.read_model SET cursor = $1, number = $2, event_id = $3 WHERE name = 'pantry.jars'`,
      [head!.cursor, head!.position.number, head!.eventId],
    );
    expect((await replayed()).told).toContain('key jar-0, column total: live "1", replayed "101"');
  });

  it('holds what it sees still while events keep coming and tables are swapped', async () => {
    await counted(9);
    const writing = counted(20);
    const results: boolean[] = [];
    for (let n = 0; n < 3; n += 1) {
      results.push((await replayed()).same);
      await models.rebuild('pantry.jars');
    }
    await writing;
    results.push((await replayed()).same);
    expect(results).toEqual([true, true, true, true]);
  });

  it('keeps a table from being swapped between what it sees and what it compares', async () => {
    await counted(9);
    let swapped = false;
    const rebuilding: Promise<void>[] = [];
    const session = await databases.log.database.connect();
    const query = session.query.bind(session) as (...given: unknown[]) => Promise<unknown>;
    const swapping = async (...given: unknown[]) => {
      if (rebuilding.length === 0 && String(given[0]).startsWith('SELECT count(*)')) {
        rebuilding.push(models.rebuild('pantry.jars').then(() => void (swapped = true)));
        await eventually(async () => {
          const waiting = await database.query<object[]>('SELECT 1 FROM pg_locks WHERE NOT granted');
          expect(swapped || waiting.length > 0).toBe(true);
        });
      }
      return query(...given);
    };
    databases.log.database.connect = () => Promise.resolve(Object.assign(session, { query: swapping }));
    expect((await replayed()).same).toBe(true);
    await Promise.all(rebuilding);
  });

  it('fails for a table that is not there, is stopped or is of another version', async () => {
    await counted(3);
    const absent = jars({ name: 'pantry.absent' });
    expect(await replayed([absent])).toEqual({ same: false, told: '✗ pantry.absent: has not been made\n' });
    expect(await replayed([jars({ name: 'attic.jars' })])).toMatchObject({ same: false });
    expect(await replayed([jars({ version: 2 })])).toEqual({
      same: false,
      told: '✗ pantry.jars: is of version 1 and waits to be rebuilt as 2\n',
    });
    await database.query(`UPDATE pantry.read_model SET stopped = 'mould' WHERE name = 'pantry.shelves'`);
    expect((await replayed([shelves()])).told).toBe('✗ pantry.shelves: is stopped: mould\n');
  });

  it('tells where a projection cannot be folded', async () => {
    await counted(3);
    const fussy = jars({
      keysOf: () => {
        throw new Error('mould');
      },
    });
    expect(await replayed([fussy])).toEqual({ same: false, told: '✗ pantry.jars at position 1.1: mould\n' });
  });

  it('compares every type of column as PostgreSQL keeps it', async () => {
    const all: Projection<Typed> = {
      name: 'pantry.types',
      version: 1,
      key: 'id',
      columns: {
        id: 'uuid',
        exact: 'numeric',
        day: 'date',
        at: 'timestamptz',
        words: 'text[]',
        yes: 'boolean',
        none: 'bigint',
      },
      streams: ['jar-'],
      keysOf: (event) => [event.id.toUpperCase()],
      project: (_row, event, id) => ({
        id,
        exact: '0012.50',
        day: '2025-05-29',
        at: event.recordedAt,
        words: ['măng "non"', 'a\\b', '', '{x,y}'],
        yes: true,
        none: null,
      }),
    };
    await counted(5);
    const others = await started([all]);
    await others.stop();
    expect((await replayed([all])).told).toBe('✓ pantry.types: 5 rows equal at position 1.5\n');
  });
});
