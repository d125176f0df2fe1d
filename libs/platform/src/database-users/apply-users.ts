import { migrateEventStore } from '#event-store/postgres/schema.js';
import { makeSchemaSql } from '#postgres/migrate.js';
import { createPool, inTransaction, plainName, type Database, type Session } from '#postgres/pool.js';
import { vaultKinds } from '#vault/master-keys.js';
import { migrateVault } from '#vault/postgres/postgres-vault.js';
import {
  eventsSchema,
  migratorUser,
  usersOf,
  type DatabaseUser,
  type ServiceRights,
} from './database-users.js';
import { passwordVerifier } from './password-verifier.js';

/** Where the databases are and who is to use them. */
export interface UsersOptions {
  /** As {@link migratorUser} or a superuser. */
  readonly databaseUrl: string;
  readonly vaultUrl: string;
  readonly services: readonly ServiceRights[];
}

/** Who runs this may not; the message is one sentence. */
export class UsersRefused extends Error {
  override readonly name = 'UsersRefused';
}

/** Every user that {@link applyUsers} makes. */
export function userNames(services: readonly ServiceRights[]): readonly string[] {
  return [migratorUser, ...usersOf(services).map(({ name }) => name)];
}

/**
 * Migrates what services share, makes the users that are missing and gives each what it needs; passwords, by user, are set
 * anew where they are given. May be run again at any time, beside running services too. Throws {@link UsersRefused} where
 * the address's user is neither the migrator nor a superuser, `MigrationRefused` and `RangeError` as below it.
 */
export async function applyUsers(
  { databaseUrl, vaultUrl, services }: UsersOptions,
  passwords: ReadonlyMap<string, string>,
): Promise<void> {
  const pool = { name: 'mangnon-roles', connectionsMax: 1 };
  const books = createPool(databaseUrl, pool);
  const vault = createPool(vaultUrl, pool);
  try {
    for (const database of [books, vault]) await assertMayApply(database);
    await migrateEventStore(books);
    await migrateVault(vaultUrl, vaultKinds);
    const users = usersOf(services);
    await inTransaction(books, async (session) => {
      await makeUsers(session, users, passwords);
      await ownDatabase(session, [eventsSchema], users);
      for (const user of users) await giveSchemas(session, user);
      await giveStreams(session, users);
    });
    const entering = users.filter(({ rooms }) => rooms.length > 0);
    await inTransaction(vault, (session) => ownDatabase(session, vaultKinds, entering));
  } finally {
    await books.end();
    await vault.end();
  }
}

async function assertMayApply(database: Database): Promise<void> {
  const { rows } = await database.query<{ user: string; database: string; may: boolean }>(
    `SELECT current_user AS user, current_database() AS database,
       r.rolsuper OR (r.rolname = $1 AND r.rolcreaterole AND d.datdba = r.oid) AS may
     FROM pg_roles r, pg_database d WHERE r.rolname = current_user AND d.datname = current_database()`,
    [migratorUser],
  );
  const [row] = rows;
  if (row?.may === true) return;
  throw new UsersRefused(
    `the user ${String(row?.user)} may not make users of the database ${String(row?.database)}: come as a superuser, or as ${migratorUser} where it has CREATEROLE and owns the database`,
  );
}

/** Users and their memberships are those of the whole server, whatever database one is in. */
async function makeUsers(
  session: Session,
  users: readonly DatabaseUser[],
  passwords: ReadonlyMap<string, string>,
): Promise<void> {
  const runner = await runnerOf(session);
  await makeUser(session, migratorUser, runner.isMigrator ? '' : 'LOGIN CREATEROLE', passwords);
  for (const { name } of users) await makeUser(session, name, 'LOGIN', passwords);
  await handOn(session, runner, [...new Set(users.flatMap(({ name, groups }) => [name, ...groups]))]);
  for (const { name, groups } of users) await joinGroups(session, name, groups);
}

/** Who runs this. */
interface Runner {
  readonly isMigrator: boolean;
  readonly isSuper: boolean;
}

async function runnerOf(session: Session): Promise<Runner> {
  const { rows } = await session.query<{ is_migrator: boolean; is_super: boolean }>(
    'SELECT rolname = $1 AS is_migrator, rolsuper AS is_super FROM pg_roles WHERE rolname = current_user',
    [migratorUser],
  );
  return { isMigrator: rows[0]?.is_migrator === true, isSuper: rows[0]?.is_super === true };
}

/** The migrator makes schemas over to the users, and later runs of this are its own; a superuser needs no membership. */
async function handOn(
  session: Session,
  { isMigrator, isSuper }: Runner,
  roles: readonly string[],
): Promise<void> {
  if (isMigrator && isSuper) return;
  const grant = `GRANT ${roles.join(', ')} TO ${migratorUser}`;
  await session.query(isSuper ? `${grant} WITH ADMIN OPTION` : grant);
}

async function makeUser(
  session: Session,
  name: string,
  attributes: string,
  passwords: ReadonlyMap<string, string>,
): Promise<void> {
  const { rowCount } = await session.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
  if (rowCount === 0) await session.query(`CREATE ROLE ${plainName(name)}`);
  const password = passwords.get(name);
  const changes = [
    attributes,
    ...(password === undefined ? [] : [`PASSWORD '${passwordVerifier(password)}'`]),
  ];
  const text = changes.join(' ').trim();
  if (text !== '') await session.query(`ALTER ROLE ${name} ${text}`);
}

/** Member of these and of no other; what somebody else has granted stays, and the list of users shows it. */
async function joinGroups(session: Session, name: string, groups: readonly string[]): Promise<void> {
  const { rows } = await session.query<{ group: string }>(
    `SELECT quote_ident(g.rolname) AS group FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
     WHERE m.member = to_regrole($1) AND g.rolname <> ALL ($2)`,
    [name, groups],
  );
  for (const { group } of rows) await session.query(`REVOKE ${group} FROM ${name}`);
  await session.query(`GRANT ${groups.join(', ')} TO ${name}`);
}

/** The database and what is shared in it is the migrator's; nobody may come in but these, and nobody makes anything. */
async function ownDatabase(
  session: Session,
  schemas: readonly string[],
  users: readonly DatabaseUser[],
): Promise<void> {
  const { rows } = await session.query<{ name: string }>('SELECT quote_ident(current_database()) AS name');
  const database = `DATABASE ${String(rows[0]?.name)}`;
  await session.query(`ALTER ${database} OWNER TO ${migratorUser}`);
  await session.query(`REVOKE ALL ON ${database} FROM PUBLIC`);
  await session.query(`GRANT CONNECT ON ${database} TO ${users.map(({ name }) => name).join(', ')}`);
  await session.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
  for (const schema of schemas) await makeOver(session, schema, migratorUser);
}

async function giveSchemas(session: Session, { name, owns, reads }: DatabaseUser): Promise<void> {
  if (owns !== undefined) {
    await session.query(makeSchemaSql(owns));
    await makeOver(session, owns, name);
  }
  for (const schema of reads) {
    await session.query(`GRANT USAGE ON SCHEMA ${schema} TO ${name}`);
    await session.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${name}`);
    // Also those that the schema's owner makes later: a rebuilt table is a new one.
    await session.query(
      `ALTER DEFAULT PRIVILEGES FOR ROLE mangnon_${schema} IN SCHEMA ${schema} GRANT SELECT ON TABLES TO ${name}`,
    );
  }
}

/** These streams are written by these users, and by nobody else but who owns the log. */
async function giveStreams(session: Session, users: readonly DatabaseUser[]): Promise<void> {
  const rows = users.flatMap(({ name, writes }) => writes.map((prefix) => ({ name, prefix })));
  await session.query(`DELETE FROM ${eventsSchema}.writers`);
  await session.query(
    `INSERT INTO ${eventsSchema}.writers (login, prefix) SELECT * FROM unnest($1::name[], $2::text[])`,
    [rows.map(({ name }) => name), rows.map(({ prefix }) => prefix)],
  );
}

/** A schema and all that is in it, as somebody else may have made it before there were users. */
async function makeOver(session: Session, schema: string, owner: string): Promise<void> {
  const { rows } = await session.query<{ statement: string }>(
    `SELECT statement FROM (
       SELECT 1 AS nth, format('ALTER SCHEMA %I OWNER TO %I', n.nspname, $2::text) AS statement
         FROM pg_namespace n WHERE n.nspname = $1 AND n.nspowner <> to_regrole($2)
       UNION ALL
       SELECT 2, format('ALTER TABLE %s OWNER TO %I', c.oid::regclass, $2::text)
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = $1 AND c.relkind IN ('r', 'p') AND c.relowner <> to_regrole($2)
       UNION ALL
       SELECT 2, format('ALTER ROUTINE %s OWNER TO %I', p.oid::regprocedure, $2::text)
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname = $1 AND p.proowner <> to_regrole($2)
     ) changes ORDER BY nth`,
    [schema, owner],
  );
  for (const { statement } of rows) await session.query(statement);
}
