import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { createPool, type Database } from '#postgres/pool.js';
import { testDatabase, type TestDatabase } from '#testing/postgres.js';
import { holdStoreCases } from './hold-store.contract.js';
import { PostgresHoldStore } from './postgres-hold-store.js';

describe('the hold store on PostgreSQL', () => {
  let database: TestDatabase;
  let pool: Database;
  beforeAll(async () => {
    database = await testDatabase();
    pool = createPool(database.url, { name: 'holds' });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it.each(holdStoreCases.map((one, index) => ({ ...one, index })))('$name', async ({ run, index }) => {
    await run(await PostgresHoldStore.open(pool, `service_${index}`));
  });
});
