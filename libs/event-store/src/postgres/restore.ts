import type { RecordedEvent } from '#kernel/domain-event.js';
import { inTransaction, type Database, type Session } from '#postgres/pool.js';
import { encodeEvent } from '../encoding.js';
import { ImportRefused, LogOrder, type Imported } from '../importing.js';

const importStatement = `INSERT INTO event_store.events
    (seq, id, stream, revision, incarnation, number, recorded_at, schema_version, type, metadata, data)
  SELECT $1 + t.n, t.id, t.stream, t.revision, t.incarnation, t.number, t.recorded_at, t.version, t.type, t.metadata, t.data
  FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::integer[], $6::bigint[], $7::timestamptz[], $8::smallint[],
    $9::text[], string_to_array($10, E'\\n'), string_to_array($11, E'\\n')) WITH ORDINALITY
    t (id, stream, revision, incarnation, number, recorded_at, version, type, metadata, data, n)
  ORDER BY t.n`;

/**
 * Fills an empty log with the events of another, in their order and with the positions, times and ids that they have, and
 * opens the incarnation that `give` answers with, above the one that it is told; all of it or nothing, so that no process
 * ever finds a log that goes on in an incarnation of another. Throws {@link ImportRefused} for a log that is not empty,
 * for events that are out of order or leave a gap in a stream and for an incarnation that is not above. Needs the rights
 * of the schema's owner.
 */
export async function importEvents(
  database: Database,
  pages: AsyncIterable<readonly RecordedEvent[]>,
  give: (above: number) => Promise<number> = (above) => Promise.resolve(above + 1),
): Promise<Imported> {
  return inTransaction(database, async (session) => {
    await session.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    const { rows } = await session.query<{ incarnation: number }>(
      'SELECT incarnation FROM event_store.head FOR UPDATE',
    );
    const { rowCount } = await session.query('SELECT FROM event_store.events LIMIT 1');
    if (rowCount !== 0) throw new ImportRefused('the event store is not empty; a restore needs an empty one');
    const order = new LogOrder();
    for await (const page of pages) await insert(session, order.taken(page), order.count - page.length);
    const above = Math.max(rows[0]?.incarnation ?? 0, order.incarnation);
    const incarnation = await give(above);
    if (incarnation <= above) throw new ImportRefused(`incarnation ${incarnation} was given before`);
    await session.query('UPDATE event_store.head SET incarnation = $1', [incarnation]);
    return { events: order.count, incarnation };
  });
}

async function insert(session: Session, events: readonly RecordedEvent[], before: number): Promise<void> {
  if (events.length === 0) return;
  const encoded = events.map(encodeEvent);
  await session.query({
    name: 'import',
    text: importStatement,
    values: [
      before,
      events.map(({ id }) => id),
      events.map(({ stream }) => stream),
      events.map(({ revision }) => revision),
      events.map(({ position }) => position.incarnation),
      events.map(({ position }) => position.number),
      events.map(({ recordedAt }) => recordedAt),
      events.map(({ schemaVersion }) => schemaVersion),
      events.map(({ type }) => type),
      encoded.map(({ metadata }) => metadata).join('\n'),
      encoded.map(({ data }) => data).join('\n'),
    ],
  });
}
