import { applyUsers, userNames, type UsersOptions } from '#platform/database-users/apply-users.js';
import { withPassword } from '#platform/settings.js';
import { createPool } from '#postgres/pool.js';

const password = 'of-tests';

/** The same database for another user of the services' or the auditor, such as `mangnon_ledger`. */
export function addressFor(user: string, superusersUrl: string): string {
  const url = new URL(superusersUrl);
  url.username = user;
  return withPassword(url.href, password);
}

/**
 * Makes the users of services in a pair of databases, with the password that {@link addressFor} gives. Users are those of the
 * whole server, and of all who test on it at that moment: one after the other.
 */
export async function makeUsers(options: UsersOptions): Promise<void> {
  const server = new URL(options.databaseUrl);
  server.pathname = '/postgres';
  const lock = createPool(server.href, { name: 'users-of-tests', connectionsMax: 1, statementTimeoutMs: 0 });
  try {
    const session = await lock.connect();
    await session.query(`SELECT pg_advisory_lock(hashtextextended('users of tests', 0))`);
    await applyUsers(options, new Map(userNames(options.services).map((name) => [name, password])));
    session.release(true);
  } finally {
    await lock.end();
  }
}
