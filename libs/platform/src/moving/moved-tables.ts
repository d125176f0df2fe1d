import { createHash } from 'node:crypto';
import { PostgresSnapshotStore } from '#event-store/postgres/snapshots.js';
import { migrate } from '#postgres/migrate.js';
import { inTransaction, plainName, type Database, type Session } from '#postgres/pool.js';
import { dueDateMigrations } from '../due-dates/due-dates.js';
import { PostgresHoldStore } from '../transport/postgres-hold-store.js';
import { MoveRefused } from './move-refused.js';
import type { MovedService } from './moved-service.js';

/** Rows of one table that go into another. */
interface Moved {
  readonly from: string;
  readonly to: string;
  /** Prefixes of the streams whose rows go; all rows when absent. */
  readonly streams?: readonly string[];
}

const pageRows = 500;

/**
 * Brings a service what it keeps beside events and read models: messages that are held, which due dates were sent, and
 * its snapshots, which only save time. What is there already must be the same; throws {@link MoveRefused}.
 */
export async function moveTables(
  from: Database,
  to: Database,
  { name, streams }: MovedService,
): Promise<void> {
  await PostgresHoldStore.open(to, name);
  await migrate(to, name, dueDateMigrations);
  await PostgresSnapshotStore.open(to, name);
  const kept = ['held_keys', 'held_messages', 'letters_read_again', 'due_dates_sent'].map((table): Moved => ({
    from: `${plainName(name)}.${table}`,
    to: `${plainName(name)}.${table}`,
  }));
  for (const table of [...kept, { from: 'platform.snapshots', to: `${plainName(name)}.snapshots`, streams }])
    await inTransaction(from, (reading) => inTransaction(to, (writing) => moveRows(reading, writing, table)));
}

async function moveRows(reading: Session, writing: Session, moved: Moved): Promise<void> {
  for (const session of [reading, writing]) await session.query(`SET LOCAL TIME ZONE 'UTC'`);
  const { rows } = await reading.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    moved.from,
  ]);
  if (rows[0]?.there !== true) return;
  const [source, target] = [queryOf(moved.from, moved.streams), queryOf(moved.to)];
  const { rowCount } = await writing.query(`SELECT FROM ${moved.to} LIMIT 1`);
  if (rowCount === 0)
    for await (const lines of pagesOf(reading, source))
      await writing.query(
        `INSERT INTO ${moved.to} SELECT * FROM json_populate_recordset(NULL::${moved.to}, $1::json)`,
        [`[${lines.join(',')}]`],
      );
  if ((await digestOf(reading, source)) !== (await digestOf(writing, target)))
    throw new MoveRefused(`${moved.to} in the target's database holds other rows already`);
}

function queryOf(table: string, streams?: readonly string[]): string {
  const ours = streams?.map((prefix) => `stream ^@ '${prefix.replaceAll("'", '')}'`).join(' OR ');
  const where = ours === undefined ? '' : `WHERE ${ours}`;
  return `SELECT row_to_json(t)::text AS line FROM ${table} t ${where} ORDER BY row_to_json(t)::text COLLATE "C"`;
}

async function digestOf(session: Session, query: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const lines of pagesOf(session, query)) for (const line of lines) hash.update(`${line}\n`);
  return hash.digest('hex');
}

async function* pagesOf(session: Session, query: string): AsyncIterable<readonly string[]> {
  await session.query(`DECLARE moved NO SCROLL CURSOR FOR ${query}`);
  for (;;) {
    const { rows } = await session.query<{ line: string }>(`FETCH ${String(pageRows)} FROM moved`);
    if (rows.length === 0) break;
    yield rows.map(({ line }) => line);
  }
  await session.query('CLOSE moved');
}
