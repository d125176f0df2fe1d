import type { Snapshot } from '#event-store/snapshots.js';
import type { InboxRecord } from '#kernel/inbox.js';
import type { Json } from '#kernel/json.js';
import type { Database } from '#postgres/pool.js';

interface SnapshotRow {
  readonly stream: string;
  readonly decider_version: number;
  readonly revision: number;
  readonly event_id: string;
  readonly state: string;
  readonly inbox: string;
}

/** Every snapshot that the services keep; none where they keep none. */
export async function keptSnapshots(database: Database): Promise<readonly Snapshot[]> {
  const { rows: found } = await database.query<{ there: boolean }>(
    `SELECT to_regclass('platform.snapshots') IS NOT NULL AS there`,
  );
  if (found[0]?.there !== true) return [];
  const { rows } = await database.query<SnapshotRow>('SELECT * FROM platform.snapshots ORDER BY stream');
  return rows.map((row) => ({
    stream: row.stream,
    deciderVersion: row.decider_version,
    revision: row.revision,
    eventId: row.event_id,
    state: JSON.parse(row.state) as Json,
    inbox: JSON.parse(row.inbox) as InboxRecord,
  }));
}
