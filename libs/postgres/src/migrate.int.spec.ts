import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '#testing/postgres.js';
import { migrate, MigrationRefused, type Migration } from './migrate.js';
import { createPool, type Database } from './pool.js';

const one: Migration = { id: 'shelf/0001-books', sql: 'CREATE TABLE books (title text)' };
const two: Migration = { id: 'shelf/0002-pages', sql: 'ALTER TABLE books ADD pages int; SELECT 1' };

describe('migrate', () => {
  let home: TestDatabase;
  let database: Database;
  let schema: string;
  let schemas = 0;

  beforeAll(async () => {
    home = await testDatabase();
    database = createPool(home.url, { name: 'migrate-spec' });
  });
  beforeEach(() => {
    schemas += 1;
    schema = `shelf_${String(schemas)}`;
  });
  afterAll(async () => {
    await database.end();
    await home.drop();
  });

  const applied = async (): Promise<readonly string[]> => {
    const { rows } = await database.query<{ id: string }>(
      `SELECT id FROM ${schema}.migrations ORDER BY applied_as`,
    );
    return rows.map(({ id }) => id);
  };

  it('creates the schema, applies each migration once and only what is new later', async () => {
    await migrate(database, schema, [one]);
    await migrate(database, schema, [one]);
    await migrate(database, schema, [one, two]);
    expect(await applied()).toEqual([one.id, two.id]);
    await database.query(`INSERT INTO ${schema}.books (title, pages) VALUES ('Mầm', 12)`);
  });

  it('lets ten processes that start together apply everything once', async () => {
    await Promise.all(Array.from({ length: 10 }, () => migrate(database, schema, [one, two])));
    expect(await applied()).toEqual([one.id, two.id]);
  });

  it('keeps lists of different owners apart in one schema', async () => {
    const other: Migration = { id: 'desk/0001-pens', sql: 'CREATE TABLE pens (colour text)' };
    await migrate(database, schema, [one]);
    await migrate(database, schema, [other]);
    await migrate(database, schema, [one, two]);
    expect(await applied()).toEqual([one.id, other.id, two.id]);
  });

  it('applies nothing at all when one of them fails', async () => {
    const wrong: Migration = { id: 'shelf/0002-wrong', sql: 'CREATE TABLE books (again text)' };
    await expect(migrate(database, schema, [one, wrong])).rejects.toThrow('already exists');
    await expect(applied()).rejects.toThrow('does not exist');
  });

  it('refuses a migration that was changed after it had been applied', async () => {
    await migrate(database, schema, [one]);
    const changed = { ...one, sql: 'CREATE TABLE books (name text)' };
    const migrating = migrate(database, schema, [changed, two]);
    await expect(migrating).rejects.toThrow(MigrationRefused);
    await expect(migrating).rejects.toThrow(
      'migration "shelf/0001-books" of the schema "' + schema + '" was changed',
    );
    expect(await applied()).toEqual([one.id]);
  });

  it('refuses a database that a newer release has migrated', async () => {
    await migrate(database, schema, [one, two]);
    await expect(migrate(database, schema, [one])).rejects.toThrow(
      'was migrated by a newer release (it has "shelf/0002-pages")',
    );
  });

  it('refuses a migration put in front of one that is applied', async () => {
    await migrate(database, schema, [one]);
    await expect(migrate(database, schema, [two, one])).rejects.toThrow('only ever added at the end');
  });

  it('asks who may not migrate only to see that all is applied', async () => {
    await migrate(database, schema, [one]);
    await database.query(`GRANT USAGE ON SCHEMA ${schema} TO pg_monitor`);
    const seeing = createPool(home.url, { name: 'migrate-spec', role: 'pg_monitor' });
    const run = 'run "npx mangnon roles apply" of this release first';
    await expect(migrate(seeing, schema, [one])).rejects.toThrow(run);
    await database.query(`GRANT SELECT ON ${schema}.migrations TO pg_monitor`);
    await migrate(seeing, schema, [one]);
    const migrating = migrate(seeing, schema, [one, two]);
    await expect(migrating).rejects.toThrow(MigrationRefused);
    await expect(migrating).rejects.toThrow(run);
    await expect(migrate(seeing, 'of_nobody', [one])).rejects.toThrow(run);
    expect(await applied()).toEqual([one.id]);
    await seeing.end();
  });

  it('refuses a schema whose name would need quotes', async () => {
    await expect(migrate(database, 'a"; DROP SCHEMA public', [one])).rejects.toThrow(RangeError);
  });
});
