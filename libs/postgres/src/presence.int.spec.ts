import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '#testing/postgres.js';
import { createPool, type Database } from './pool.js';
import { isGone, Presence } from './presence.js';

describe('a presence', () => {
  let home: TestDatabase;
  let database: Database;
  let watcher: Database;
  const present: Presence[] = [];

  beforeAll(async () => {
    home = await testDatabase();
    database = createPool(home.url, { name: 'presence-spec', connectionsMax: 2 });
    watcher = createPool(home.url, { name: 'watcher' });
  });
  afterEach(() => Promise.all(present.splice(0).map((one) => one.end())));
  afterAll(async () => {
    await database.end();
    await watcher.end();
    await home.drop();
  });

  const begun = (): Presence => {
    const presence = new Presence(database);
    present.push(presence);
    return presence;
  };
  const gone = async (number: string): Promise<boolean | undefined> => {
    const { rows } = await watcher.query<{ gone: boolean }>(`SELECT ${isGone('$1::bigint')} AS gone`, [
      number,
    ]);
    return rows[0]?.gone;
  };
  const cut = (): Promise<unknown> =>
    watcher.query(
      `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'presence-spec'`,
    );

  it('is seen by others under one number until it ends', async () => {
    const presence = begun();
    const [number, again] = await Promise.all([presence.number(), presence.number()]);
    expect(again).toBe(number);
    expect([await gone(number), presence.isUnder(number)]).toEqual([false, true]);
    await presence.end();
    expect(presence.isUnder(number)).toBe(false);
    const { rows } = await database.query<{ gone: boolean }>(`SELECT ${isGone('$1::bigint')} AS gone`, [
      number,
    ]);
    expect(rows).toEqual([{ gone: true }]);
  });

  it('is one of many, whose numbers have any sign', async () => {
    const numbers: string[] = [];
    for (let nth = 0; nth < 24; nth += 1) {
      const presence = begun();
      const number = await presence.number();
      numbers.push(number);
      expect(await gone(number)).toBe(false);
      await presence.end();
    }
    expect(new Set(numbers).size).toBe(24);
    expect(new Set(numbers.map((number) => number.startsWith('-'))).size).toBe(2);
  });

  it('is over when its connection breaks, and goes on under another number', async () => {
    const presence = begun();
    const before = await presence.number();
    await cut();
    expect(await gone(before)).toBe(true);
    const after = await presence.number();
    expect(after).not.toBe(before);
    expect([presence.isUnder(before), presence.isUnder(after)]).toEqual([false, true]);
    expect(await gone(after)).toBe(false);
  });

  it('begins again after the database could not be reached', async () => {
    const refused = createPool('postgres://nobody@127.0.0.1:1/none', { name: 'nowhere' });
    const nowhere = new Presence(refused);
    await expect(nowhere.number()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(nowhere.number()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await nowhere.end();
    await refused.end();
  });
});
