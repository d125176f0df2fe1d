import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import pg from 'pg';
import { services } from '#apps/standalone/src/standalone.module.js';
import type { RecordedEvent } from '#kernel/domain-event.js';
import { sightings, type Sighting } from './canaries.js';

/** Looks into every file below a folder, PostgreSQL's own ones included. */
export function inFiles(folder: string): readonly Sighting[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.flatMap((file) => sightings(`file ${relative(folder, file)}`, readFileSync(file)));
}

/**
 * Looks into every row of every table of a database as text, PostgreSQL's own ones left out, and into what its connections
 * last asked. Also says how many rows each table has, so that a look at nothing is seen.
 */
export async function inDatabase(
  name: string,
  url: string,
): Promise<{ readonly seen: readonly Sighting[]; readonly rows: ReadonlyMap<string, number> }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ readonly table: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS table FROM information_schema.tables
        WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
    );
    const seen: Sighting[] = [];
    const counts = new Map<string, number>();
    for (const { table } of [...tables, { table: 'pg_stat_activity' }]) {
      const { rows } = await client.query<{ readonly row: string }>(`SELECT t::text AS row FROM ${table} t`);
      counts.set(table, rows.length);
      seen.push(...sightings(`${name} ${table}`, Buffer.from(rows.map(({ row }) => row).join('\n'))));
    }
    return { seen, rows: counts };
  } finally {
    await client.end();
  }
}

/** Looks into every message that exported events (JSON Lines) come to on the topics; says how many there were. */
export function inTopics(exported: string): {
  readonly seen: readonly Sighting[];
  readonly messages: number;
} {
  const [, ...lines] = exported.trimEnd().split('\n');
  const events = lines.map((line) => JSON.parse(line) as RecordedEvent).filter(({ type }) => Boolean(type));
  const messages = services
    .flatMap(({ publishers }) => publishers)
    .flatMap(({ topic, streams, translate }) =>
      events
        .filter(({ stream }) => streams.some((prefix) => stream.startsWith(prefix)))
        .flatMap((event) => translate(event) ?? [])
        .map((message) => ({ topic, text: JSON.stringify(message) })),
    );
  return {
    seen: messages.flatMap(({ topic, text }) => sightings(`topic ${topic}`, Buffer.from(text))),
    messages: messages.length,
  };
}
