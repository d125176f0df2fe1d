import { CheckpointMoved, type Checkpoint } from '#kernel/checkpoint.js';
import type { Position } from '#kernel/position.js';
import { migrate, type Migration } from '#postgres/migrate.js';
import { plainName, type Database } from '#postgres/pool.js';
import type { PublisherPlace, PublisherPlaces } from '../publisher-places.js';

const placeMigrations: readonly Migration[] = [
  {
    id: 'publishers/0001-places',
    sql: `CREATE TABLE publisher_places (
        topic text PRIMARY KEY,
        cursor text NOT NULL,
        incarnation integer NOT NULL,
        number bigint NOT NULL,
        event_id text NOT NULL,
        moved_at timestamptz NOT NULL DEFAULT clock_timestamp()
      );
      CREATE TABLE publisher_keys (
        topic text NOT NULL,
        key text NOT NULL,
        incarnation integer NOT NULL,
        number bigint NOT NULL,
        PRIMARY KEY (topic, key)
      )`,
  },
];

interface PlaceRow {
  readonly cursor: string;
  readonly incarnation: number;
  readonly number: string;
  readonly event_id: string;
}

type LastOfKeys = Readonly<Record<string, readonly [incarnation: number, number: number]>>;

/** Places of publishers in the tables `publisher_places` and `publisher_keys` of one schema; a move is one statement. */
export class PostgresPublisherPlaces implements PublisherPlaces {
  readonly #database: Database;
  readonly #schema: string;

  private constructor(database: Database, schema: string) {
    this.#database = database;
    this.#schema = plainName(schema);
  }

  /** Makes the tables where they are missing and opens them. */
  static async open(database: Database, schema: string): Promise<PostgresPublisherPlaces> {
    await migrate(database, schema, placeMigrations);
    return new PostgresPublisherPlaces(database, schema);
  }

  /** One statement, so that both come from the same moment. */
  async find(topic: string): Promise<PublisherPlace | undefined> {
    const { rows } = await this.#database.query<PlaceRow & { readonly last: LastOfKeys | null }>(
      `SELECT cursor, incarnation, number, event_id, (
         SELECT json_object_agg(key, json_build_array(incarnation, number))
         FROM ${this.#schema}.publisher_keys WHERE topic = $1
       ) AS last FROM ${this.#schema}.publisher_places WHERE topic = $1`,
      [topic],
    );
    const [row] = rows;
    return row && { checkpoint: checkpointOf(row), last: lastOf(row.last ?? {}) };
  }

  async standing(topic: string): Promise<Checkpoint | undefined> {
    const { rows } = await this.#database.query<PlaceRow>(
      `SELECT cursor, incarnation, number, event_id FROM ${this.#schema}.publisher_places WHERE topic = $1`,
      [topic],
    );
    return rows[0] && checkpointOf(rows[0]);
  }

  async move(
    topic: string,
    expected: Checkpoint | undefined,
    next: Checkpoint,
    last: ReadonlyMap<string, Position>,
  ): Promise<void> {
    const { cursor, position, eventId } = next;
    const positions = [...last.values()];
    const { rowCount } = await this.#database.query(
      `WITH moved AS (${expected ? this.#update : this.#insert} RETURNING topic), keys AS (
         INSERT INTO ${this.#schema}.publisher_keys (topic, key, incarnation, number)
         SELECT $1::text, key, incarnation, number
         FROM unnest($6::text[], $7::integer[], $8::bigint[]) AS moving (key, incarnation, number)
         WHERE EXISTS (SELECT FROM moved)
         ON CONFLICT (topic, key) DO UPDATE SET incarnation = EXCLUDED.incarnation, number = EXCLUDED.number
       ) SELECT FROM moved`,
      [
        ...[topic, cursor, position.incarnation, position.number, eventId, [...last.keys()]],
        positions.map(({ incarnation }) => incarnation),
        positions.map(({ number }) => number),
        ...(expected ? [expected.cursor, expected.eventId] : []),
      ],
    );
    if (rowCount !== 1) throw new CheckpointMoved(`publisher:${topic}`);
  }

  async forget(topic: string): Promise<void> {
    await this.#database.query(
      `WITH keys AS (DELETE FROM ${this.#schema}.publisher_keys WHERE topic = $1)
       DELETE FROM ${this.#schema}.publisher_places WHERE topic = $1`,
      [topic],
    );
  }

  get #update(): string {
    return `UPDATE ${this.#schema}.publisher_places
      SET cursor = $2, incarnation = $3, number = $4, event_id = $5, moved_at = clock_timestamp()
      WHERE topic = $1 AND cursor = $9 AND event_id = $10`;
  }

  get #insert(): string {
    return `INSERT INTO ${this.#schema}.publisher_places (topic, cursor, incarnation, number, event_id)
      VALUES ($1, $2, $3, $4, $5) ON CONFLICT (topic) DO NOTHING`;
  }
}

function checkpointOf({ cursor, incarnation, number, event_id: eventId }: PlaceRow): Checkpoint {
  return { cursor, position: { incarnation, number: Number(number) }, eventId };
}

function lastOf(keys: LastOfKeys): ReadonlyMap<string, Position> {
  return new Map(Object.entries(keys).map(([key, [incarnation, number]]) => [key, { incarnation, number }]));
}
