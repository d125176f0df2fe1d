import { newId } from '#event-store/command-id.js';
import type { NewEvent } from '#kernel/domain-event.js';
import type { Database } from '#postgres/pool.js';

const statement = `INSERT INTO bare (seq, id, stream, revision, incarnation, number, recorded_at, schema_version, type, metadata, data)
  SELECT $1::bigint + n, id, stream, 0, 1, $1::bigint + n, now(), 1, type, metadata, data
  FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY t (id, stream, type, metadata, data, n)`;

/** Rows like those of the log in a table like it, so many in each transaction: what nobody who appends can be faster than. */
export class BareInserts {
  #seq = 0;

  private constructor(private readonly database: Database) {}

  /** Makes the table, with the log's columns and indexes. */
  static async into(database: Database): Promise<BareInserts> {
    await database.query('CREATE TABLE bare (LIKE event_store.events INCLUDING ALL)');
    return new BareInserts(database);
  }

  /** One transaction, durable as far as the server is. */
  async insert(events: readonly NewEvent[]): Promise<void> {
    const values = [
      this.#seq,
      events.map(({ id }) => id),
      events.map(() => `donation-${newId()}`),
      events.map(({ type }) => type),
      events.map(({ actor, commandId, cause, correlationId, salt }) =>
        JSON.stringify({ actor, commandId, cause, correlationId, salt }),
      ),
      events.map(({ data }) => JSON.stringify(data)),
    ];
    this.#seq += events.length;
    await this.database.query({ name: 'bare', text: statement, values });
  }
}
