import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { testDatabase, type TestDatabase } from './postgres.js';

async function ask(url: string, statement: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows[0];
  } finally {
    await client.end();
  }
}

describe('a test database', () => {
  const opened: TestDatabase[] = [];
  beforeAll(async () => {
    opened.push(...(await Promise.all([testDatabase(), testDatabase()])));
  });
  afterAll(async () => {
    for (const database of opened) await database.drop();
  });

  it('keeps Vietnamese as UTF-8 and orders it by code point', async () => {
    const [first] = opened;
    const answer = await ask(
      first?.url ?? '',
      `SELECT getdatabaseencoding() AS encoding, datcollate AS collation, length('Măng Đỏ') AS letters
       FROM pg_database WHERE datname = current_database()`,
    );
    expect(answer).toEqual({ encoding: 'UTF8', collation: 'C.UTF-8', letters: 7 });
  });

  it('is not seen by another test', async () => {
    const [first, second] = opened;
    await ask(first?.url ?? '', 'CREATE TABLE mine (id int)');
    await expect(ask(second?.url ?? '', 'SELECT * FROM mine')).rejects.toThrow('does not exist');
  });

  it('is a copy of its template, which is filled once', async () => {
    let times = 0;
    const template = {
      fill: async (url: string): Promise<void> => {
        times += 1;
        await ask(url, 'CREATE TABLE shelf AS SELECT 7 AS jars');
      },
    };
    const [first, second] = [await testDatabase(template), await testDatabase(template)];
    opened.push(first, second);
    await ask(first.url, 'UPDATE shelf SET jars = 8');
    expect(await ask(second.url, 'SELECT jars FROM shelf')).toEqual({ jars: 7 });
    expect(times).toBe(1);
  });

  it('is gone once dropped, though somebody is still connected', async () => {
    const database = await testDatabase();
    const client = new pg.Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    await database.drop();
    await expect(ask(database.url, 'SELECT 1')).rejects.toThrow('does not exist');
    await client.end().catch(() => undefined);
  });
});
