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

/** Every snapshot that the services keep, all together or each in a schema of its own; none where they keep none. */
export async function keptSnapshots(
  database: Database,
  services: readonly string[],
): Promise<readonly Snapshot[]> {
  const kept: Snapshot[] = [];
  for (const schema of ['platform', ...services])
    kept.push(...(await snapshotsIn(database, `${schema}.snapshots`)));
  return kept;
}

async function snapshotsIn(database: Database, table: string): Promise<readonly Snapshot[]> {
  const { rows: found } = await database.query<{ there: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS there',
    [table],
  );
  if (found[0]?.there !== true) return [];
  const { rows } = await database.query<SnapshotRow>(`SELECT * FROM ${table} ORDER BY stream`);
  return rows.map((row) => ({
    stream: row.stream,
    deciderVersion: row.decider_version,
    revision: row.revision,
    eventId: row.event_id,
    state: JSON.parse(row.state) as Json,
    inbox: JSON.parse(row.inbox) as InboxRecord,
  }));
}
