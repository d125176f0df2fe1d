import { canonicalJson } from '#kernel/json.js';
import type { Message } from '#kernel/message.js';
import type { Position } from '#kernel/position.js';
import { migrate, type Migration } from '#postgres/migrate.js';
import { inTransaction, plainName, type Database } from '#postgres/pool.js';
import { laterOf } from './gaps.js';
import type { HeldKey, HoldStore } from './hold-store.js';

const holdMigrations: readonly Migration[] = [
  {
    id: 'holds/0001-tables',
    sql: `CREATE TABLE held_keys (
        topic text NOT NULL,
        key text NOT NULL,
        reason text NOT NULL,
        held_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        PRIMARY KEY (topic, key)
      );
      CREATE TABLE held_messages (
        topic text NOT NULL,
        key text NOT NULL,
        message_id text NOT NULL,
        incarnation integer NOT NULL,
        number bigint NOT NULL,
        payload text NOT NULL,
        PRIMARY KEY (topic, key, message_id)
      );
      CREATE INDEX held_messages_in_order ON held_messages (topic, key, incarnation, number)`,
  },
  {
    id: 'holds/0002-passed',
    sql: `ALTER TABLE held_keys ADD COLUMN passed_incarnation integer, ADD COLUMN passed_number bigint`,
  },
  {
    id: 'holds/0003-letters-read-again',
    sql: `CREATE TABLE letters_read_again (
        topic text NOT NULL,
        key text NOT NULL,
        incarnation integer NOT NULL,
        number bigint NOT NULL,
        PRIMARY KEY (topic, key)
      )`,
  },
];

interface PositionRow {
  readonly incarnation: number;
  readonly number: string;
}

interface HeldKeyRow {
  readonly topic: string;
  readonly key: string;
  readonly reason: string;
  readonly held_at: Date;
  readonly messages: number;
}

/** Holds in the tables `held_keys`, `held_messages` and `letters_read_again` of the service's schema; payloads are canonical JSON. */
export class PostgresHoldStore implements HoldStore {
  readonly #database: Database;
  readonly #schema: string;

  private constructor(database: Database, schema: string) {
    this.#database = database;
    this.#schema = plainName(schema);
  }

  /** Makes the tables where they are missing and opens them. */
  static async open(database: Database, schema: string): Promise<PostgresHoldStore> {
    await migrate(database, schema, holdMigrations);
    return new PostgresHoldStore(database, schema);
  }

  async hold(
    topic: string,
    key: string,
    reason: string,
    messages: readonly Message[],
    passed?: Position,
  ): Promise<void> {
    await this.#database.query(
      `WITH held AS (
         INSERT INTO ${this.#schema}.held_keys (topic, key, reason, passed_incarnation, passed_number)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
       ) ${this.#insertFrom(6)} ON CONFLICT DO NOTHING`,
      [topic, key, reason, passed?.incarnation, passed?.number, ...columnsOf(messages)],
    );
  }

  async isHeld(topic: string, key: string): Promise<boolean> {
    const { rowCount } = await this.#database.query({
      name: `is-held-${this.#schema}`,
      text: `SELECT FROM ${this.#schema}.held_keys WHERE topic = $1 AND key = $2`,
      values: [topic, key],
    });
    return rowCount === 1;
  }

  /** The share lock keeps {@link letGo} from ending the hold in between. */
  async divert(topic: string, key: string, messages: readonly Message[]): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `WITH held AS (
         SELECT FROM ${this.#schema}.held_keys WHERE topic = $1 AND key = $2 FOR SHARE
       ), added AS (
         ${this.#insertFrom(3)} WHERE EXISTS (SELECT FROM held) ON CONFLICT DO NOTHING
       ) SELECT FROM held`,
      [topic, key, ...columnsOf(messages)],
    );
    return rowCount === 1;
  }

  async next(topic: string, key: string, max: number): Promise<readonly Message[]> {
    const { rows } = await this.#database.query<{ readonly payload: string }>(
      `SELECT payload FROM ${this.#schema}.held_messages WHERE topic = $1 AND key = $2
       ORDER BY incarnation, number LIMIT $3`,
      [topic, key, max],
    );
    return rows.map(({ payload }) => JSON.parse(payload) as Message);
  }

  async passed(topic: string, key: string): Promise<Position | undefined> {
    const { rows } = await this.#database.query<PositionRow>(
      `SELECT passed_incarnation AS incarnation, passed_number AS number FROM ${this.#schema}.held_keys
       WHERE topic = $1 AND key = $2 AND passed_number IS NOT NULL`,
      [topic, key],
    );
    return positionIn(rows);
  }

  async remove(topic: string, key: string, messages: readonly Message[]): Promise<void> {
    const last = lastOf(messages);
    if (!last) return;
    await this.#database.query(
      `WITH passed AS (
         UPDATE ${this.#schema}.held_keys SET passed_incarnation = $4, passed_number = $5
         WHERE topic = $1 AND key = $2 AND (
           passed_number IS NULL OR (passed_incarnation, passed_number) < ($4::integer, $5::bigint)
         )
       ) DELETE FROM ${this.#schema}.held_messages WHERE topic = $1 AND key = $2 AND message_id = ANY ($3)`,
      [topic, key, messages.map(({ id }) => id), last.incarnation, last.number],
    );
  }

  /** The lock is taken first, so that the deletion sees every message diverted before. */
  async letGo(topic: string, key: string): Promise<boolean> {
    const held = `${this.#schema}.held_keys WHERE topic = $1 AND key = $2`;
    return inTransaction(this.#database, async (session) => {
      const { rowCount: before } = await session.query(`SELECT FROM ${held} FOR UPDATE`, [topic, key]);
      const { rowCount: deleted } = await session.query(
        `DELETE FROM ${held} AND NOT EXISTS (
           SELECT FROM ${this.#schema}.held_messages WHERE topic = $1 AND key = $2
         )`,
        [topic, key],
      );
      return before === deleted;
    });
  }

  async noteReadAgain(topic: string, key: string, messages: readonly Message[]): Promise<void> {
    const last = lastOf(messages);
    if (!last) return;
    const table = `${this.#schema}.letters_read_again`;
    await this.#database.query(
      `INSERT INTO ${table} AS known (topic, key, incarnation, number) VALUES ($1, $2, $3, $4)
       ON CONFLICT (topic, key) DO UPDATE SET incarnation = EXCLUDED.incarnation, number = EXCLUDED.number
       WHERE (known.incarnation, known.number) < (EXCLUDED.incarnation, EXCLUDED.number)`,
      [topic, key, last.incarnation, last.number],
    );
  }

  async readAgain(topic: string, key: string): Promise<Position | undefined> {
    const { rows } = await this.#database.query<PositionRow>(
      `SELECT incarnation, number FROM ${this.#schema}.letters_read_again WHERE topic = $1 AND key = $2`,
      [topic, key],
    );
    return positionIn(rows);
  }

  async keys(): Promise<readonly HeldKey[]> {
    const { rows } = await this.#database.query<HeldKeyRow>(
      `SELECT k.topic, k.key, k.reason, k.held_at, (SELECT count(*)::integer FROM ${this.#schema}.held_messages m
         WHERE m.topic = k.topic AND m.key = k.key) AS messages
       FROM ${this.#schema}.held_keys k ORDER BY held_at`,
    );
    return rows.map(({ held_at, ...held }) => ({ ...held, heldAt: held_at.toISOString() }));
  }

  /** Inserts the arrays of {@link columnsOf}, which are parameters from `$first` on. */
  #insertFrom(first: number): string {
    const [ids, incarnations, numbers, payloads] = [0, 1, 2, 3].map((index) => `$${first + index}`);
    return `INSERT INTO ${this.#schema}.held_messages (topic, key, message_id, incarnation, number, payload)
      SELECT $1, $2, * FROM unnest(${ids}::text[], ${incarnations}::integer[], ${numbers}::bigint[], ${payloads}::text[])`;
  }
}

function positionIn([row]: readonly PositionRow[]): Position | undefined {
  return row && { incarnation: row.incarnation, number: Number(row.number) };
}

function lastOf(messages: readonly Message[]): Position | undefined {
  return messages.reduce<Position | undefined>(
    (latest, { position }) => laterOf(latest, position),
    undefined,
  );
}

function columnsOf(messages: readonly Message[]): readonly (readonly (string | number)[])[] {
  return [
    messages.map(({ id }) => id),
    messages.map(({ position }) => position.incarnation),
    messages.map(({ position }) => position.number),
    messages.map((message) => canonicalJson(message)),
  ];
}
