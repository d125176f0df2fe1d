import type { Database } from '#postgres/pool.js';

/** What decides how durable and how fast PostgreSQL is; figures of other values are not to be compared. */
const names = [
  'shared_buffers',
  'fsync',
  'synchronous_commit',
  'full_page_writes',
  'wal_level',
  'wal_sync_method',
  'max_wal_size',
  'checkpoint_timeout',
  'commit_delay',
  'max_connections',
  'work_mem',
  'autovacuum',
] as const;

/** Settings of the PostgreSQL that was measured, by name, with their units. */
export type ServerSettings = Readonly<Record<string, string>>;

let noted: ServerSettings = {};

/** Asks a server for its settings and keeps them for {@link serverNoted}. */
export async function noteServer(database: Database): Promise<void> {
  const { rows } = await database.query<{ readonly name: string; readonly value: string }>(
    'SELECT name, current_setting(name) AS value FROM unnest($1::text[]) WITH ORDINALITY n (name, nth) ORDER BY nth',
    [names],
  );
  noted = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}

/** Settings of the server that was asked last; none before the first. */
export function serverNoted(): ServerSettings {
  return noted;
}
