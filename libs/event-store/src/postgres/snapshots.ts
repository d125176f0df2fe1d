import type { InboxRecord } from '#kernel/inbox.js';
import type { Json } from '#kernel/json.js';
import { migrate, type Migration } from '#postgres/migrate.js';
import { plainName, type Database } from '#postgres/pool.js';
import type { Snapshot, SnapshotStore } from '../snapshots.js';

/** The table of snapshots; a schema may carry it beside other lists of migrations. Its rows may be deleted at any time. */
const snapshotMigrations: readonly Migration[] = [
  {
    id: 'snapshots/0001-table',
    sql: `CREATE TABLE snapshots (
      stream text PRIMARY KEY,
      decider_version integer NOT NULL,
      revision integer NOT NULL,
      event_id text NOT NULL,
      state text NOT NULL,
      inbox text NOT NULL,
      kept_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )`,
  },
];

interface SnapshotRow {
  readonly decider_version: number;
  readonly revision: number;
  readonly event_id: string;
  readonly state: string;
  readonly inbox: string;
}

/** Snapshots in the table `snapshots` of one schema, one row a stream. */
export class PostgresSnapshotStore implements SnapshotStore {
  readonly #database: Database;
  readonly #schema: string;

  private constructor(database: Database, schema: string) {
    this.#database = database;
    this.#schema = plainName(schema);
  }

  /** Makes the table where it is missing and opens it. */
  static async open(database: Database, schema: string): Promise<PostgresSnapshotStore> {
    await migrate(database, schema, snapshotMigrations);
    return new PostgresSnapshotStore(database, schema);
  }

  async find(stream: string): Promise<Snapshot | undefined> {
    const { rows } = await this.#database.query<SnapshotRow>(
      `SELECT decider_version, revision, event_id, state, inbox FROM ${this.#schema}.snapshots WHERE stream = $1`,
      [stream],
    );
    const [row] = rows;
    return row && snapshotOf(stream, row);
  }

  async keep(snapshot: Snapshot): Promise<void> {
    const { stream, deciderVersion, revision, eventId, state, inbox } = snapshot;
    await this.#database.query(
      `INSERT INTO ${this.#schema}.snapshots (stream, decider_version, revision, event_id, state, inbox)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (stream) DO UPDATE SET decider_version = excluded.decider_version, revision = excluded.revision,
         event_id = excluded.event_id, state = excluded.state, inbox = excluded.inbox, kept_at = clock_timestamp()`,
      [stream, deciderVersion, revision, eventId, JSON.stringify(state), JSON.stringify(inbox)],
    );
  }
}

function snapshotOf(stream: string, row: SnapshotRow): Snapshot {
  return {
    stream,
    deciderVersion: row.decider_version,
    revision: row.revision,
    eventId: row.event_id,
    state: JSON.parse(row.state) as Json,
    inbox: JSON.parse(row.inbox) as InboxRecord,
  };
}
