import { createPool } from '#postgres/pool.js';
import { vaultKinds } from '#vault/master-keys.js';
import type { UsersOptions } from './apply-users.js';
import { eventsSchema, groupRoles, migratorUser, usersOf, type DatabaseUser } from './database-users.js';

/** What is not as it should be of a user, or of a stranger; nothing where both are empty. */
export interface UserStanding {
  readonly name: string;
  /** What it should be able to do and is not, such as `act as mangnon_reader`. */
  readonly lacks: readonly string[];
  /** What it can do and should not, such as `enter donations`. */
  readonly beyond: readonly string[];
}

/**
 * Everything that users can do with the schemas in $2 and as the roles in $4, each in a few words; what is its own is told
 * as that alone. Of others than the users in $1 and the roles in $4 only what they were given; superusers need nothing.
 */
const abilities = `
  SELECT r.rolname AS name, can FROM pg_roles r CROSS JOIN LATERAL (
    SELECT 'log in' WHERE r.rolcanlogin
    UNION SELECT 'rule the server' WHERE r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls
    UNION SELECT 'act as ' || g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid
    UNION SELECT 'act as ' || g.rolname FROM pg_roles g
      WHERE g.rolname = ANY ($4) AND g.oid <> r.oid AND NOT r.rolsuper AND pg_has_role(r.oid, g.oid, 'MEMBER')
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
  ) told (can) WHERE r.rolname = ANY ($1)
    OR r.rolname <> ALL ($4) AND NOT r.rolsuper AND r.rolname !~ '^pg_' AND can ~ '^(own|enter|make|write|act as mangnon_)'`;

const writers = `SELECT login AS name, 'append to ' || prefix AS can FROM ${eventsSchema}.writers`;

/**
 * How each user stands against what it should be able to do, in the order of their making, and after them every stranger
 * that can do what only they should. Changes nothing.
 */
export async function standingOfUsers(options: UsersOptions): Promise<readonly UserStanding[]> {
  const users = usersOf(options.services);
  const names = users.map(({ name }) => name);
  const schemas = [eventsSchema, ...options.services.map(({ name }) => name)];
  const ours = [migratorUser, ...names, ...groupRoles];
  const inVault = await asked(options.vaultUrl, [names, vaultKinds, 'vault', ours]);
  const told = [...(await asked(options.databaseUrl, [names, schemas, 'books', ours])), ...inVault];
  const strangers = new Set(told.map(({ name }) => name).filter((name) => !ours.includes(name)));
  return [
    ...users.map((user) => standingOf(user.name, shouldOf(user), told)),
    ...[...strangers].sort().map((name) => standingOf(name, new Set(), told)),
  ];
}

interface Ability {
  readonly name: string;
  readonly can: string;
}

function standingOf(name: string, should: ReadonlySet<string>, told: readonly Ability[]): UserStanding {
  const can = new Set(told.filter((row) => row.name === name).map((row) => row.can));
  return {
    name,
    lacks: [...should].filter((what) => !can.has(what)),
    beyond: [...can].filter((what) => !should.has(what)).sort(),
  };
}

async function asked(url: string, values: readonly unknown[]): Promise<readonly Ability[]> {
  const database = createPool(url, { name: 'mangnon-roles', connectionsMax: 1 });
  try {
    const { rows } = await database.query<Ability>(abilities, [...values]);
    // Neither the vault nor books that no release has migrated yet have this table.
    const { rowCount } = await database.query('SELECT WHERE to_regclass($1) IS NOT NULL', [
      `${eventsSchema}.writers`,
    ]);
    return rowCount === 0 ? rows : [...rows, ...(await database.query<Ability>(writers)).rows];
  } finally {
    await database.end();
  }
}

function shouldOf({ groups, owns, reads, rooms, writes }: DatabaseUser): ReadonlySet<string> {
  return new Set([
    'log in',
    ...groups.map((group) => `act as ${group}`),
    'connect to the books',
    ...(owns === undefined ? [] : [`own ${owns}`]),
    ...[eventsSchema, ...reads].map((schema) => `enter ${schema}`),
    ...writes.map((prefix) => `append to ${prefix}`),
    ...(rooms.length > 0 ? ['connect to the vault'] : []),
    ...rooms.flatMap((room) => [`enter ${room}`, `write into ${room}`]),
  ]);
}
