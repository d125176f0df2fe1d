import type { RecordedEvent } from '#kernel/domain-event.js';
import { inTransaction, type Database } from '#postgres/pool.js';
import { ImportRefused, LogOrder, type Imported } from '../importing.js';
import { recordOf } from '../log-record.js';
import { insertRecords } from './log-records.js';

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
    for await (const page of pages) {
      const records = order.taken(page).map(recordOf);
      await insertRecords(session, records, order.count - page.length);
    }
    const above = Math.max(rows[0]?.incarnation ?? 0, order.incarnation);
    const incarnation = await give(above);
    if (incarnation <= above) throw new ImportRefused(`incarnation ${incarnation} was given before`);
    await session.query('UPDATE event_store.head SET incarnation = $1', [incarnation]);
    return { events: order.count, incarnation };
  });
}
