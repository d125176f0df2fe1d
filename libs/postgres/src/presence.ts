import type { Database, Session } from './pool.js';

/**
 * Has the server look after a silent connection so soon that it notices within half a minute when the machine at the
 * other end is gone; where both are one machine it notices at once.
 */
const begin = `
  WITH drawn AS MATERIALIZED (SELECT hashtextextended(gen_random_uuid()::text, 0) AS number)
  SELECT number, pg_try_advisory_lock(number) AS held, set_config('tcp_keepalives_idle', '10', false),
    set_config('tcp_keepalives_interval', '5', false), set_config('tcp_keepalives_count', '3', false)
  FROM drawn`;

/**
 * This process as a database knows it: a number that is present while one connection of the pool lives, which it keeps for
 * itself. However the process ends, the server lets go of the number with the connection.
 */
export class Presence {
  #begun: Promise<string> | undefined;
  #number: string | undefined;
  #leave: () => void = () => undefined;

  constructor(private readonly database: Database) {}

  /** The number that is present now, as text; another one than before where the connection had broken. */
  number(): Promise<string> {
    this.#begun ??= this.#begin().catch((error: unknown) => {
      this.#begun = undefined;
      throw error;
    });
    return this.#begun;
  }

  /** Whether it is still present under this number, as far as this process has heard. */
  isUnder(number: string): boolean {
    return this.#number === number;
  }

  /** Leaves; others see that at once. */
  async end(): Promise<void> {
    await this.#begun?.catch(() => undefined);
    this.#leave();
  }

  async #begin(): Promise<string> {
    const session = await this.database.connect();
    const leave = (): void => {
      if (this.#leave !== leave) return;
      this.#begun = this.#number = undefined;
      this.#leave = () => undefined;
      session.release(true);
    };
    this.#leave = leave;
    session.on('error', leave);
    session.on('end', leave);
    try {
      this.#number = await numberOf(session);
      return this.#number;
    } catch (error) {
      leave();
      throw error;
    }
  }
}

async function numberOf(session: Session): Promise<string> {
  const { rows } = await session.query<{ number: string; held: boolean }>(begin);
  const [row] = rows;
  if (row?.held !== true) throw new Error('the number of a presence is taken');
  return row.number;
}

/** SQL that is true where nobody is present under the number that `expression`, a bigint, gives. */
export function isGone(expression: string): string {
  return `NOT EXISTS (
    SELECT FROM pg_locks l
    WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
      AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
      AND (l.classid::bigint << 32 | l.objid::bigint) = ${expression})`;
}
