import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { createPool, type Database } from '#postgres/pool.js';
import { testDatabase, type TestDatabase } from '#testing/postgres.js';
import { placeCases } from '../publisher-places.contract.js';
import { PostgresPublisherPlaces } from './postgres-publisher-places.js';

describe('places of publishers on PostgreSQL', () => {
  let database: TestDatabase;
  let pool: Database;
  beforeAll(async () => {
    database = await testDatabase();
    pool = createPool(database.url, { name: 'places' });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it.each(placeCases.map((one, index) => ({ ...one, index })))('$name', async ({ run, index }) => {
    await run(await PostgresPublisherPlaces.open(pool, `platform_${index}`));
  });
});
