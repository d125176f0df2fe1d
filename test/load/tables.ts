import type { Database } from '#postgres/pool.js';
import type { Invariant } from '../faults/invariants.js';

/** What PostgreSQL says of itself at one moment. */
export interface TablesLooked {
  readonly connections: number;
  /** Rows that were replaced or removed and still take room, of all rows, in percent. */
  readonly deadPercent: number;
  /** Bytes of each table with its indexes, by its id. */
  readonly sizes: ReadonlyMap<string, number>;
}

interface TableRow {
  readonly id: string;
  readonly dead: string;
  readonly live: string;
  readonly bytes: string;
  readonly connections: string;
}

/** Tables with at most so many rows are to stay small, however often those are written. */
const fewRows = 1_000;

/** The room that tables take, and whether autovacuum keeps up with it. */
export class Tables {
  constructor(private readonly database: Database) {}

  /** Looks once. */
  async look(): Promise<TablesLooked> {
    const { rows } = await this.database.query<TableRow>(
      `SELECT relid::text AS id, n_dead_tup AS dead, n_live_tup AS live, pg_total_relation_size(relid) AS bytes,
         (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections
       FROM pg_stat_user_tables`,
    );
    const total = (of: 'dead' | 'live'): number => rows.reduce((sum, row) => sum + Number(row[of]), 0);
    return {
      connections: Number(rows[0]?.connections ?? 0),
      deadPercent: (100 * total('dead')) / Math.max(1, total('dead') + total('live')),
      sizes: new Map(rows.map(({ id, bytes }) => [id, Number(bytes)])),
    };
  }

  /** What the tables that have few rows now took each time, together, in MB. */
  async small(looks: readonly TablesLooked[]): Promise<readonly number[]> {
    const { rows } = await this.database.query<{ readonly id: string }>(
      'SELECT relid::text AS id FROM pg_stat_user_tables WHERE n_live_tup <= $1',
      [fewRows],
    );
    return looks.map(({ sizes }) => rows.reduce((sum, { id }) => sum + (sizes.get(id) ?? 0), 0) / 1_048_576);
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
}
