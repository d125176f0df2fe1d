import { withSession, type Database } from './pool.js';

/** Does the work unless another session is at what the lock names; the lock ends with the connection, however that ends. */
export async function alone(database: Database, lock: string, work: () => Promise<void>): Promise<void> {
  await withSession(database, async (session) => {
    const { rows } = await session.query<{ held: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held',
      [lock],
    );
    if (rows[0]?.held !== true) return;
    try {
      await work();
    } finally {
      await session.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [lock]);
    }
  });
}
