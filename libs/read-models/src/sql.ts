import { DataSource, type QueryRunner } from 'typeorm';

/** A record as the driver gives it. */
export type SqlRecord = Readonly<Record<string, unknown>>;

/** Runs one statement; the records it returns. */
export type Sql = (text: string, parameters?: readonly unknown[]) => Promise<readonly SqlRecord[]>;

/** What TypeORM lends of the driver: its own way to a statement can give it no name, and costs as much again. */
interface Connection {
  query(statement: string | Named): Promise<{ readonly rows: readonly SqlRecord[] }>;
}

interface Named {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}

const names = new Map<string, string>();

/** One name for each text; there are a few for every table. */
function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) names.set(text, (name = `read-models-${String(names.size)}`));
  return name;
}

/**
 * Statements through one connection, outside or inside its transaction. Those with parameters are parsed and planned once a
 * connection. Throws the driver's errors.
 */
export function sqlOf(runner: QueryRunner): Sql {
  return async (text, parameters) => {
    const connection = (await runner.connect()) as Connection;
    const { rows } = await connection.query(
      parameters ? { name: nameOf(text), text, values: [...parameters] } : text,
    );
    return rows;
  };
}

/** Statements each on any connection of the pool and in a transaction of its own. */
export function sqlBeside(database: DataSource): Sql {
  return async (text, parameters) => {
    const runner = database.createQueryRunner();
    try {
      return await sqlOf(runner)(text, parameters);
    } finally {
      await runner.release();
    }
  };
}

/**
 * Runs the work in one READ COMMITTED transaction; rolls back when it throws. An `unflushed` one resolves before it is on
 * disk, and a crash of the server may undo it: only for what a later transaction compares before anything rests on it.
 */
export async function inTransaction<T>(
  database: DataSource,
  work: (sql: Sql) => Promise<T>,
  commit: 'flushed' | 'unflushed' = 'flushed',
): Promise<T> {
  return database.transaction(async (manager) => {
    if (!manager.queryRunner) throw new Error('a transaction without a connection');
    const sql = sqlOf(manager.queryRunner);
    if (commit === 'unflushed') await sql('SET LOCAL synchronous_commit = off');
    return work(sql);
  });
}

/**
 * Runs the work while this process alone holds the locks of those of the names that no other holds, which it is told; never
 * waits for one. The locks have a connection of their own beside the database's pool: whoever keeps one of a pool and
 * waits for a second can block everybody.
 */
export async function whileLocked<T>(
  database: DataSource,
  names: readonly string[],
  work: (held: ReadonlySet<string>) => Promise<T>,
): Promise<T> {
  const { options } = database;
  if (options.type !== 'postgres') throw new TypeError('read models live on PostgreSQL');
  const beside = await new DataSource({ ...options, poolSize: 1 }).initialize();
  try {
    const sql = sqlOf(beside.createQueryRunner());
    const rows = await sql(
      `SELECT name FROM unnest($1::text[]) AS name WHERE pg_try_advisory_lock(hashtextextended(name, 0))`,
      [names],
    );
    return await work(new Set(rows.map((row) => String(row['name']))));
  } finally {
    await beside.destroy();
  }
}

/** A name quoted for SQL; `quoted('ledger', 'entries')` is `"ledger"."entries"`. */
export function quoted(...names: readonly string[]): string {
  return names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.');
}

/** The SQLSTATE of a failed statement, where the server gave one. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** SQLSTATE of a lock that was not to be had in time. */
export const lockTimeout = '55P03';
