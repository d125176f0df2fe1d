import { startEmbeddedPostgres } from '#platform/embedded-postgres/embedded-postgres.js';
import { openEventLog } from '#platform/archive/event-log.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { comparePositions } from '#kernel/position.js';
import { createPool } from '#postgres/pool.js';
import { eventsAfter } from './events-after.js';

/** What a consumer has answered, in streams that begin so, when its place is behind it. */
const owed: Readonly<Record<string, { readonly types: readonly string[]; readonly answeredIn: string }>> = {
  'donations-to-ledger': {
    types: ['DonationRecorded', 'RefundApproved', 'VoidApproved', 'DonationMatched', 'BankItemRecorded'],
    answeredIn: 'fund-',
  },
  'ledger-to-receipts': { types: ['DonationPosted'], answeredIn: 'receipt-book-' },
};

/**
 * Looks at the data directory of a process that has died at its consumers' places: whatever is behind a place is
 * answered, and something is behind it where `isMoved`. Nothing goes on there meanwhile.
 */
export async function assertNothingPassedOver(
  dataDirectory: string,
  way: string,
  isMoved: boolean,
): Promise<void> {
  const answer = owed[way];
  if (!answer) return;
  const postgres = await startEmbeddedPostgres({ dataDirectory });
  try {
    const [events, place] = [await eventsIn(postgres.url), await placeIn(postgres.url, way)];
    const behind = events.filter(
      ({ type, position }) => answer.types.includes(type) && comparePositions(position, place) <= 0,
    );
    const answered = new Set(
      events.flatMap(({ stream, cause }) =>
        stream.startsWith(answer.answeredIn) && cause.kind === 'message' ? [cause.eventId] : [],
      ),
    );
    const passedOver = behind.filter(({ id }) => !answered.has(id)).map(({ type, id }) => `${type} ${id}`);
    if (passedOver.length > 0) throw new Error(`${way} passed over ${passedOver.join(', ')}`);
    if (isMoved && behind.length === 0) throw new Error(`${way}: nothing was behind the place`);
  } finally {
    await postgres.stop();
  }
}

async function eventsIn(url: string): Promise<readonly RecordedEvent[]> {
  const log = openEventLog(url);
  return eventsAfter(log.store, undefined).finally(() => log.close());
}

async function placeIn(url: string, way: string): Promise<RecordedEvent['position']> {
  const [topic = '', group = ''] = way.split('-to-');
  const pool = createPool(url, { name: 'faults', connectionsMax: 1 });
  try {
    const { rows } = await pool.query<{ incarnation: number; number: string }>(
      'SELECT incarnation, number FROM platform.checkpoints WHERE consumer = $1',
      [`direct:${group}:mangnon.${topic}.v1`],
    );
    const [row] = rows;
    return row ? { incarnation: row.incarnation, number: Number(row.number) } : { incarnation: 0, number: 0 };
  } finally {
    await pool.end();
  }
}
