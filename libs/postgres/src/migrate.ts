import { createHash } from 'node:crypto';
import { inTransaction, plainName, type Database, type Session } from './pool.js';

/** One step of a schema, never edited once released. */
export interface Migration {
  /**
   * Unique in its schema, in the shape `list/0001-what-it-does`. What stands before the slash names the list that it
   * belongs to, so that lists of different owners may live in one schema.
   */
  readonly id: string;
  /** Any number of statements, run in one transaction with the schema first on the search path. */
  readonly sql: string;
}

interface Applied {
  readonly id: string;
  readonly checksum: string;
}

/** Chosen once for all schemas: two processes that start together migrate one after the other. */
const lockKey = '7305091162884141';

/** What the server answers to who lacks a right. */
const insufficientPrivilege = '42501';

/** The schema cannot be brought to what the code expects; the message is one sentence for whoever runs it. */
export class MigrationRefused extends Error {
  override readonly name = 'MigrationRefused';
}

/**
 * Creates the schema where it is missing and applies, in order and in one transaction, the migrations that it has not
 * seen. Throws {@link MigrationRefused}, changing nothing, where an applied migration differs from the code's, the database
 * knows one that the code does not, or the user lacks a right. Needs the rights of the schema's owner only when there is
 * something to do, otherwise that of reading its table `migrations`.
 */
export async function migrate(
  database: Database,
  schema: string,
  migrations: readonly Migration[],
): Promise<void> {
  const name = plainName(schema);
  if (migrations.length === 0) return;
  const migrating = inTransaction(database, async (session) => {
    await session.query('SET LOCAL statement_timeout = 0');
    await patiently(session, `SELECT pg_advisory_xact_lock(${lockKey})`);
    const applied = await appliedIn(session, name, migrations);
    refuseDifferences(name, applied, migrations);
    await apply(session, name, migrations.slice(applied.length));
  });
  await migrating.catch((error: unknown) => {
    throw lacksRight(error) ? withoutRight(name, error) : error;
  });
}

function lacksRight(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === insufficientPrivilege;
}

/** Whoever runs as a user that may not migrate needs to hear what comes first. */
function withoutRight(schema: string, cause: Error): MigrationRefused {
  return new MigrationRefused(
    `the schema "${schema}" is not as this release needs it, and this user of the database may not change it (${cause.message}); run "npx mangnon roles apply" of this release first`,
    { cause },
  );
}

/** The statement that makes a schema where it is missing; where it is there, no right to make schemas is needed. */
export function makeSchemaSql(schema: string): string {
  const name = plainName(schema);
  return `DO $$ BEGIN IF to_regnamespace('${name}') IS NULL THEN CREATE SCHEMA ${name}; END IF; END $$`;
}

async function appliedIn(
  session: Session,
  schema: string,
  migrations: readonly Migration[],
): Promise<readonly Applied[]> {
  const { rows: tables } = await session.query('SELECT WHERE to_regclass($1) IS NOT NULL', [
    `${schema}.migrations`,
  ]);
  if (tables.length === 0) return [];
  const lists = new Set(migrations.map(listOf));
  const { rows } = await session.query<Applied>(
    `SELECT id, checksum FROM ${schema}.migrations ORDER BY applied_as`,
  );
  return rows.filter((row) => lists.has(listOf(row)));
}

function refuseDifferences(
  schema: string,
  applied: readonly Applied[],
  migrations: readonly Migration[],
): void {
  const known = new Set(migrations.map(({ id }) => id));
  const newer = applied.find(({ id }) => !known.has(id));
  if (newer)
    throw new MigrationRefused(
      `the schema "${schema}" was migrated by a newer release (it has "${newer.id}"); run that release or restore an older backup`,
    );
  applied.forEach((row, index) => {
    const ours = migrations[index];
    if (ours?.id !== row.id)
      throw new MigrationRefused(
        `the schema "${schema}" has "${row.id}" where this release has "${ours?.id ?? 'nothing'}"; migrations are only ever added at the end`,
      );
    if (checksumOf(ours) !== row.checksum)
      throw new MigrationRefused(
        `migration "${row.id}" of the schema "${schema}" was changed after it had been applied; restore its text and add a new migration instead`,
      );
  });
}

async function apply(session: Session, schema: string, missing: readonly Migration[]): Promise<void> {
  if (missing.length === 0) return;
  await session.query(makeSchemaSql(schema));
  await session.query(
    `CREATE TABLE IF NOT EXISTS ${schema}.migrations (
      id text PRIMARY KEY,
      checksum text NOT NULL,
      applied_as bigint GENERATED ALWAYS AS IDENTITY,
      applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )`,
  );
  await session.query(`SET LOCAL search_path = ${schema}, public`);
  for (const migration of missing) {
    await patiently(session, migration.sql);
    await session.query(`INSERT INTO ${schema}.migrations (id, checksum) VALUES ($1, $2)`, [
      migration.id,
      checksumOf(migration),
    ]);
  }
}

/** Without the pool's limit: an index on a large table may take as long as it takes. */
async function patiently(session: Session, text: string): Promise<void> {
  const statement = { text, query_timeout: 2_147_483_647 };
  await session.query(statement);
}

function listOf({ id }: { readonly id: string }): string {
  return id.includes('/') ? id.slice(0, id.indexOf('/')) : '';
}

function checksumOf({ sql }: Migration): string {
  return createHash('sha256').update(sql).digest('hex');
}
