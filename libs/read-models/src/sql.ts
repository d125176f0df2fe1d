import type { DataSource, QueryRunner } from 'typeorm';
import { QueryFailedError } from 'typeorm';

/** A record as the driver gives it. */
export type SqlRecord = Readonly<Record<string, unknown>>;

/** Runs one statement; the records it returns. */
export type Sql = (text: string, parameters?: readonly unknown[]) => Promise<readonly SqlRecord[]>;

/** Statements through one connection, outside or inside its transaction. */
export function sqlOf(runner: QueryRunner): Sql {
  return async (text, parameters = []) => {
    const result = await runner.query(text, [...parameters], true);
    return result.records as readonly SqlRecord[];
  };
}

/** Runs the work in one READ COMMITTED transaction; rolls back when it throws. */
export async function inTransaction<T>(database: DataSource, work: (sql: Sql) => Promise<T>): Promise<T> {
  return database.transaction(async (manager) => {
    if (!manager.queryRunner) throw new Error('a transaction without a connection');
    return work(sqlOf(manager.queryRunner));
  });
}

/** Runs the work while this process alone holds the lock of that name; undefined, without waiting, when another holds it. */
export async function whileLocked<T>(
  database: DataSource,
  name: string,
  work: () => Promise<T>,
): Promise<{ readonly done: T } | undefined> {
  const runner = database.createQueryRunner();
  const sql = sqlOf(runner);
  try {
    const [answer] = await sql('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held', [name]);
    if (answer?.['held'] !== true) return undefined;
    try {
      return { done: await work() };
    } finally {
      await sql('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]).catch(() => undefined);
    }
  } finally {
    await runner.release();
  }
}

/** A name quoted for SQL; `quoted('ledger', 'entries')` is `"ledger"."entries"`. */
export function quoted(...names: readonly string[]): string {
  return names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.');
}

/** The SQLSTATE of a failed statement, where the server gave one. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof QueryFailedError)) return undefined;
  const driver = error.driverError as unknown;
  return typeof driver === 'object' && driver !== null && 'code' in driver && typeof driver.code === 'string'
    ? driver.code
    : undefined;
}
