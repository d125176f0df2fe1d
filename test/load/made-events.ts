import { newId } from '#event-store/command-id.js';
import type { NewEvent } from '#kernel/domain-event.js';
import type { Database } from '#postgres/pool.js';
import { newEvent } from '#testing/events.js';
import { aSource, fundId, vnd } from '#testing/fund-stories.js';

/** A donation as it is recorded, on its way into a store. */
export function aDonation(): NewEvent {
  return newEvent('DonationRecorded', { fundId, source: aSource(newId(), { amount: vnd(250_000) }) });
}

const bytes = { metadata: 420, data: 400 };

/** Fills an empty log with so many events of about a donation's size, one a stream, in the database itself. */
export async function fillLog(database: Database, count: number): Promise<void> {
  await database.query(
    `INSERT INTO event_store.events
       (seq, id, stream, revision, incarnation, number, recorded_at, schema_version, type, metadata, data)
     SELECT n, gen_random_uuid(), 'donation-' || gen_random_uuid(), 0, 1, n,
       timestamptz '2024-01-01' + n * interval '1 ms', 1, 'DonationRecorded',
       format('{"salt":"%s"}', repeat(md5(n::text), ${String(Math.floor(bytes.metadata / 32))})),
       format('{"memo":"%s"}', repeat(md5((-n)::text), ${String(Math.floor(bytes.data / 32))}))
     FROM generate_series(1, $1::bigint) n`,
    [count],
  );
  await database.query('VACUUM ANALYZE event_store.events');
  await database.query('CHECKPOINT');
}
