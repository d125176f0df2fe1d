import { createPool } from '#postgres/pool.js';
import { vaultKinds } from '#vault/master-keys.js';
import type { UsersOptions } from './apply-users.js';
import { eventsSchema, usersOf, type DatabaseUser } from './database-users.js';

/** What is not as it should be of a user; nothing where both are empty. */
export interface UserStanding {
  readonly name: string;
  /** What it should be able to do and is not, such as `act as mangnon_reader`. */
  readonly lacks: readonly string[];
  /** What it can do and should not, such as `enter donations`. */
  readonly beyond: readonly string[];
}

/** Everything that a user can do with the schemas in $2, each in a few words; what is its own is told as that alone. */
const abilities = `
  SELECT r.rolname AS name, can FROM pg_roles r CROSS JOIN LATERAL (
    SELECT 'log in' WHERE r.rolcanlogin
    UNION SELECT 'rule the server' WHERE r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls
    UNION SELECT 'act as ' || g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid
    UNION SELECT 'connect to the ' || $3 WHERE has_database_privilege(r.oid, current_database(), 'CONNECT')
    UNION SELECT 'make schemas in the ' || $3 WHERE has_database_privilege(r.oid, current_database(), 'CREATE')
    UNION SELECT 'own ' || n.nspname FROM pg_namespace n WHERE n.nspname = ANY ($2) AND n.nspowner = r.oid
      AND NOT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid AND c.relowner <> r.oid)
    UNION SELECT 'enter ' || n.nspname FROM pg_namespace n
      WHERE n.nspname = ANY ($2) AND n.nspowner <> r.oid AND has_schema_privilege(r.oid, n.oid, 'USAGE')
    UNION SELECT 'make tables in ' || n.nspname FROM pg_namespace n
      WHERE n.nspname = ANY ($2 || '{public}'::text[]) AND n.nspowner <> r.oid AND has_schema_privilege(r.oid, n.oid, 'CREATE')
    UNION SELECT 'write into ' || n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY ($2) AND c.relkind IN ('r', 'p') AND n.nspowner <> r.oid
        AND has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
  ) told (can) WHERE r.rolname = ANY ($1)`;

/** How each user stands against what it should be able to do, in the order of their making. Changes nothing. */
export async function standingOfUsers(options: UsersOptions): Promise<readonly UserStanding[]> {
  const users = usersOf(options.services);
  const names = users.map(({ name }) => name);
  const schemas = [eventsSchema, ...options.services.map(({ name }) => name)];
  const told = [
    ...(await asked(options.databaseUrl, [names, schemas, 'books'])),
    ...(await asked(options.vaultUrl, [names, vaultKinds, 'vault'])),
  ];
  return users.map((user) => {
    const can = new Set(told.filter(({ name }) => name === user.name).map((row) => row.can));
    const should = shouldOf(user);
    return {
      name: user.name,
      lacks: [...should].filter((what) => !can.has(what)),
      beyond: [...can].filter((what) => !should.has(what)).sort(),
    };
  });
}

async function asked(
  url: string,
  values: readonly unknown[],
): Promise<readonly { readonly name: string; readonly can: string }[]> {
  const database = createPool(url, { name: 'mangnon-roles', connectionsMax: 1 });
  try {
    const { rows } = await database.query<{ name: string; can: string }>(abilities, [...values]);
    return rows;
  } finally {
    await database.end();
  }
}

function shouldOf({ groups, owns, reads, rooms }: DatabaseUser): ReadonlySet<string> {
  return new Set([
    'log in',
    ...groups.map((group) => `act as ${group}`),
    'connect to the books',
    ...(owns === undefined ? [] : [`own ${owns}`]),
    ...[eventsSchema, ...reads].map((schema) => `enter ${schema}`),
    ...(rooms.length > 0 ? ['connect to the vault'] : []),
    ...rooms.flatMap((room) => [`enter ${room}`, `write into ${room}`]),
  ]);
}
