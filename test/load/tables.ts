import type { Database } from '#postgres/pool.js';
import type { Invariant } from '../faults/invariants.js';

/** What PostgreSQL says of itself at one moment. */
export interface TablesLooked {
  readonly connections: number;
  /** Rows that were replaced or removed and still take room. */
  readonly dead: number;
  /** Tables that hold few rows, however often those are written. */
  readonly smallMegabytes: number;
}

/** Tables with at most so many rows are to stay small. */
const fewRows = 1_000;

/** The room that tables take, and whether autovacuum keeps up with it. */
export class Tables {
  #small: readonly string[] | undefined;

  constructor(private readonly database: Database) {}

  /** Looks once; which tables have few rows is found out the first time. */
  async look(): Promise<TablesLooked> {
    this.#small ??= await this.#withFewRows();
    const { rows } = await this.database.query<Readonly<Record<keyof TablesLooked, string>>>(
      `SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
         (SELECT coalesce(sum(n_dead_tup), 0) FROM pg_stat_user_tables) AS dead,
         (SELECT coalesce(sum(pg_total_relation_size(id)), 0) / 1048576.0 FROM unnest($1::oid[]) id) AS "smallMegabytes"`,
      [this.#small],
    );
    const { connections, dead, smallMegabytes } = rows[0]!;
    return {
      ...{ connections: Number(connections), dead: Number(dead), smallMegabytes: Number(smallMegabytes) },
    };
  }

  /** Tables that autovacuum should have been at within the last three minutes and was not. */
  async overdue(): Promise<Invariant> {
    const { rows } = await this.database.query<{ readonly told: string; readonly isOverdue: boolean }>(
      `SELECT format('%s.%s: %s dead of %s', schemaname, relname, n_dead_tup, n_live_tup) AS told,
         n_dead_tup > 2 * (current_setting('autovacuum_vacuum_threshold')::float8
           + current_setting('autovacuum_vacuum_scale_factor')::float8 * n_live_tup)
         AND coalesce(last_autovacuum, '-infinity') < now() - interval '3 minutes' AS "isOverdue"
       FROM pg_stat_user_tables`,
    );
    const broken = rows.filter(({ isOverdue }) => isOverdue).map(({ told }) => told);
    return { rule: 'autovacuum keeps up', count: rows.length, broken };
  }

  async #withFewRows(): Promise<readonly string[]> {
    const { rows } = await this.database.query<{ readonly id: string }>(
      'SELECT relid::text AS id FROM pg_stat_user_tables WHERE n_live_tup <= $1',
      [fewRows],
    );
    return rows.map(({ id }) => id);
  }
}
