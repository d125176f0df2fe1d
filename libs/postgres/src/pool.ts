import pg from 'pg';

/** A bounded pool of connections to one database. */
export type Database = pg.Pool;

/** One connection of a pool, as a transaction has it. */
export type Session = pg.PoolClient;

/** How to connect; every limit has a default, none can be switched off but where it says so. */
export interface PoolOptions {
  /** Shown as `application_name` in the server's activity. */
  readonly name: string;
  /** At most this many connections; 5 when absent. */
  readonly connectionsMax?: number;
  /** How long getting a connection may take, in milliseconds; 5,000 when absent. */
  readonly connectTimeoutMs?: number;
  /** The server ends a statement that runs longer than this, in milliseconds; 30,000 when absent, 0 for no limit. */
  readonly statementTimeoutMs?: number;
  /** The server ends a transaction that its client leaves idle for longer, in milliseconds; 30,000 when absent. */
  readonly idleInTransactionTimeoutMs?: number;
  /** The role that every statement runs under, of which the login is a member; the login itself when absent. */
  readonly role?: string;
  /** Server settings of every connection, plain names and values. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Told when a connection breaks while nobody uses it; the pool has replaced it by then. */
  readonly onIdleError?: (error: Error) => void;
}

/** How much longer than the server we wait for an answer before we take the server for frozen. */
const answerGraceMs = 5_000;

const asText = (value: string): string => value;
const textTypes = new Set<number>([
  pg.types.builtins.INT8,
  pg.types.builtins.NUMERIC,
  pg.types.builtins.DATE,
]);

/**
 * Opens a pool that outlives broken connections. int8, numeric and date come back as strings, timestamptz as Date.
 * Connects on first use, so a wrong url shows there; throws `RangeError` for a role or setting that is not a plain name.
 */
export function createPool(url: string, options: PoolOptions): Database {
  const { statementTimeoutMs = 30_000 } = options;
  const settings = { ...options.settings, ...(options.role === undefined ? {} : { role: options.role }) };
  const pool = new pg.Pool({
    connectionString: url,
    application_name: options.name,
    max: options.connectionsMax ?? 5,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 30_000,
    keepAlive: true,
    ...(statementTimeoutMs === 0 ? {} : { query_timeout: statementTimeoutMs + answerGraceMs }),
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${plainName(name)}=${plainName(value)}`)
      .join(' '),
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        textTypes.has(oid) ? asText : (pg.types.getTypeParser(oid, format) as (value: string) => unknown),
    },
  });
  pool.on('error', (error) => options.onIdleError?.(error));
  return pool;
}

/** The name itself, where it needs no quotes in SQL; throws `RangeError` otherwise. */
export function plainName(name: string): string {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name)) throw new RangeError(`"${name}" is not a plain SQL name`);
  return name;
}

/**
 * Lends `work` one connection. A connection that broke meanwhile is thrown away, any other goes back to the pool; throws
 * what `work` throws, or what kept the pool from connecting.
 */
export async function withSession<Answer>(
  database: Database,
  work: (session: Session) => Promise<Answer>,
): Promise<Answer> {
  const session = await database.connect();
  let broken: Error | undefined;
  const breaks = (error: Error): void => {
    broken = error;
  };
  session.on('error', breaks);
  try {
    return await work(session);
  } catch (error) {
    if (isConnectionError(error)) breaks(new Error('the connection broke', { cause: error }));
    throw error;
  } finally {
    session.off('error', breaks);
    session.release(broken);
  }
}

/**
 * Runs `work` in one transaction: committed when it resolves, rolled back when it rejects. When the commit itself fails,
 * whether it happened is unknown.
 */
export async function inTransaction<Answer>(
  database: Database,
  work: (session: Session) => Promise<Answer>,
): Promise<Answer> {
  return withSession(database, async (session) => {
    await session.query('BEGIN');
    try {
      const answer = await work(session);
      await session.query('COMMIT');
      return answer;
    } catch (error) {
      // What fails here has lost its connection, and the server rolls back by itself.
      await session.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
  });
}

const connectionStates = /^(08...|57P0[1-5]|53300)$/;
const connectionCodes = /^(ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/;
const connectionWords =
  /connection (terminated|timeout|ended)|query read timeout|timeout exceeded when trying to connect|not queryable/i;

/** Whether an error came from losing or not getting the connection, so that the same statement may succeed later. */
export function isConnectionError(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code === 'string' && (connectionStates.test(code) || connectionCodes.test(code))) return true;
  return typeof message === 'string' && connectionWords.test(message);
}

const turnedAway = /^(28...|3D000|42501)$/;

/** Whether the server turned the user away: wrong password, no such user or database, or no right to it. */
export function isTurnedAway(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && turnedAway.test(error.code)
  );
}
