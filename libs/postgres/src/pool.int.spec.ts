import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing/eventually.js';
import { testDatabase, type TestDatabase } from '#testing/postgres.js';
import { createPool, inTransaction, isConnectionError, type Database } from './pool.js';

describe('a pool', () => {
  let home: TestDatabase;
  let database: Database;
  let watcher: Database;
  const idleErrors: Error[] = [];

  beforeAll(async () => {
    home = await testDatabase();
    watcher = createPool(home.url, { name: 'watcher' });
    database = createPool(home.url, {
      name: 'pool-spec',
      connectionsMax: 2,
      onIdleError: (error) => idleErrors.push(error),
    });
    await database.query('CREATE TABLE notes (text text)');
  });
  afterAll(async () => {
    await database.end();
    await watcher.end();
    await home.drop();
  });

  const notes = async (): Promise<readonly string[]> =>
    (await watcher.query<{ text: string }>('SELECT text FROM notes')).rows.map(({ text }) => text);
  const cut = (): Promise<unknown> =>
    watcher.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pool-spec'`,
    );

  it('gives large numbers and dates as text and instants as Date', async () => {
    const { rows } = await database.query(
      `SELECT 9007199254740993::int8 AS big, 12345678901234567890.10::numeric AS exact, '2025-05-29'::date AS day,
              '2025-05-29T01:02:03.004Z'::timestamptz AS instant, 7::int4 AS small`,
    );
    expect(rows).toEqual([
      {
        big: '9007199254740993',
        exact: '12345678901234567890.10',
        day: '2025-05-29',
        instant: new Date('2025-05-29T01:02:03.004Z'),
        small: 7,
      },
    ]);
  });

  it('survives a connection that breaks while idle, and tells it', async () => {
    await database.query('SELECT 1');
    await cut();
    await eventually(() => {
      expect(idleErrors.length).toBeGreaterThan(0);
    });
    expect((await database.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('commits what resolves and rolls back what rejects', async () => {
    await inTransaction(database, (session) => session.query(`INSERT INTO notes VALUES ('kept')`));
    const failing = inTransaction(database, async (session) => {
      await session.query(`INSERT INTO notes VALUES ('dropped')`);
      throw new Error('thought better of it');
    });
    await expect(failing).rejects.toThrow('thought better of it');
    expect(await notes()).toEqual(['kept']);
  });

  it('tells a lost connection from a wrong statement, and goes on after both', async () => {
    const lost = inTransaction(database, async (session) => {
      await session.query('SELECT 1');
      await cut();
      await session.query('SELECT 1');
    });
    const cause = await lost.catch((error: unknown) => error);
    expect(isConnectionError(cause)).toBe(true);
    const wrong = await database.query('SELEC 1').catch((error: unknown) => error);
    expect(isConnectionError(wrong)).toBe(false);
    expect((await database.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('takes a server that nobody answers at for a lost connection', async () => {
    const nowhere = createPool('postgresql://nobody@127.0.0.1:1/none', { name: 'pool-spec' });
    const cause = await nowhere.query('SELECT 1').catch((error: unknown) => error);
    expect(isConnectionError(cause)).toBe(true);
    await nowhere.end();
  });

  it('has the server end a statement that runs too long', async () => {
    const hasty = createPool(home.url, { name: 'hasty', statementTimeoutMs: 50 });
    await expect(hasty.query('SELECT pg_sleep(20)')).rejects.toThrow('statement timeout');
    await hasty.end();
  });

  it('runs statements under the role that it is given', async () => {
    const reader = createPool(home.url, { name: 'reader', role: 'pg_read_all_data' });
    expect((await reader.query('SELECT current_user::text AS role')).rows).toEqual([
      { role: 'pg_read_all_data' },
    ]);
    await expect(reader.query(`INSERT INTO notes VALUES ('no')`)).rejects.toThrow('permission denied');
    await reader.end();
    expect(() => createPool(home.url, { name: 'x', role: 'a -c b=c' })).toThrow(RangeError);
  });
});
