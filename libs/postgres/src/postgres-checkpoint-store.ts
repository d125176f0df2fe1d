import { CheckpointMoved, type Checkpoint, type CheckpointStore } from '#kernel/checkpoint.js';
import { migrate, type Migration } from './migrate.js';
import { plainName, type Database } from './pool.js';

/** The table of checkpoints; a schema may carry it beside other lists of migrations. */
export const checkpointMigrations: readonly Migration[] = [
  {
    id: 'checkpoints/0001-table',
    sql: `CREATE TABLE checkpoints (
      consumer text PRIMARY KEY,
      cursor text NOT NULL,
      incarnation integer NOT NULL,
      number bigint NOT NULL,
      event_id text NOT NULL,
      moved_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )`,
  },
];

/** What {@link moveCheckpoint} needs: a pool, or the session of a transaction to move it together with rows. */
export type Queryable = Pick<Database, 'query'>;

interface CheckpointRow {
  readonly cursor: string;
  readonly incarnation: number;
  readonly number: string;
  readonly event_id: string;
}

/** Checkpoints in the table `checkpoints` of one schema, one row a consumer. */
export class PostgresCheckpointStore implements CheckpointStore {
  readonly #database: Database;
  readonly #schema: string;

  /** Takes a schema that {@link checkpointMigrations} were applied to. */
  constructor(database: Database, schema: string) {
    this.#database = database;
    this.#schema = plainName(schema);
  }

  /** Applies {@link checkpointMigrations} to the schema and opens it. */
  static async open(database: Database, schema: string): Promise<PostgresCheckpointStore> {
    await migrate(database, schema, checkpointMigrations);
    return new PostgresCheckpointStore(database, schema);
  }

  async find(consumer: string): Promise<Checkpoint | undefined> {
    const { rows } = await this.#database.query<CheckpointRow>(
      `SELECT cursor, incarnation, number, event_id FROM ${this.#schema}.checkpoints WHERE consumer = $1`,
      [consumer],
    );
    const [row] = rows;
    return row && checkpointOf(row);
  }

  move(consumer: string, expected: Checkpoint | undefined, next: Checkpoint): Promise<void> {
    return moveCheckpoint(this.#database, this.#schema, consumer, expected, next);
  }
}

/**
 * Moves a consumer's checkpoint in `schema` by compare-and-set, in the caller's transaction if `queryable` is one.
 * Throws {@link CheckpointMoved} when it does not stand at exactly `expected`.
 */
export async function moveCheckpoint(
  queryable: Queryable,
  schema: string,
  consumer: string,
  expected: Checkpoint | undefined,
  next: Checkpoint,
): Promise<void> {
  const table = `${plainName(schema)}.checkpoints`;
  const values = [consumer, next.cursor, next.position.incarnation, next.position.number, next.eventId];
  const { rowCount } = expected
    ? await queryable.query({
        name: `move-${table}`,
        text: `UPDATE ${table} SET cursor = $2, incarnation = $3, number = $4, event_id = $5, moved_at = clock_timestamp()
         WHERE consumer = $1 AND cursor = $6 AND event_id = $7`,
        values: [...values, expected.cursor, expected.eventId],
      })
    : await queryable.query(
        `INSERT INTO ${table} (consumer, cursor, incarnation, number, event_id) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (consumer) DO NOTHING`,
        values,
      );
  if (rowCount !== 1) throw new CheckpointMoved(consumer);
}

function checkpointOf(row: CheckpointRow): Checkpoint {
  return {
    cursor: row.cursor,
    position: { incarnation: row.incarnation, number: Number(row.number) },
    eventId: row.event_id,
  };
}
